"""Every option that changes a mechanism's formula: the module is the engine's function, and gradients flow through it."""

import json
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral._engine import _ffi
from ancestral.mechanisms import EngineMechanism, TreeMechanism
from mechanism_kinds import CONTINUOUS as KINDS
from small_instances import MODES

PROPERTIES: dict[str, Any] = json.loads(_ffi.schema())["properties"]


def values(field: str) -> list[str]:
    """The names that an option can take."""
    return PROPERTIES[field].get("items", PROPERTIES[field])["enum"]


# γ below 1: frequencies too fast to keep become the nugget.
ROUGH = {"gp_gamma_min": 0.3, "gp_gamma_max": 0.6, "gpcde_gamma_min": 0.3, "gpcde_gamma_max": 0.6}

OPTIONS: list[dict[str, Any]] = [
    *({"kind": kind, "noise_scale_law": law} for kind in ("linear", "gp") for law in values("noise_scale_law")),
    *({"kind": "mlp", "mlp_noise": "additive", "noise_scale_law": law} for law in values("noise_scale_law")),
    *({"kind": "mlp", "mlp_activation": name, "mlp_slope": 0.3} for name in values("mlp_activation")),
    *({"kind": "mlp", "mlp_noise": "additive", "mlp_activation": name} for name in values("mlp_activation")),
    *({"kind": "mlp", "mlp_init": init, "mlp_hidden": [7, 3]} for init in values("mlp_init")),
    *({"kind": "mlp", "mlp_bias_law": law, "mlp_bias_scale": 0.5} for law in values("mlp_bias_law")),
    *({"kind": "mlp", "mlp_noise": place, "function_range": 1.0} for place in values("mlp_noise")),
    {"kind": "linear", "function_range": 2.0, "standardization": "inputs"},
    {"kind": "linear", "root_noise_type": "uniform", "root_policy": "noise", "root_noise_scale": 0.5},
    {"kind": "linear", "linear_bias": 3.0, "linear_weights": "signed_uniform"},
    *({"kind": kind, f"{kind}_kernels": [kernel]} for kind in ("gp", "gpcde") for kernel in values(f"{kind}_kernels")),
    *({"kind": kind, f"{kind}_kernels": ["gamma_exponential", "rbf"], **ROUGH} for kind in ("gp", "gpcde")),
    {"kind": "gp", "gp_kernels": ["gamma_exponential"], "noise_scale_law": "gamma_variance_per_row", **ROUGH},
    *({"kind": "gp", "gp_outer": outer, "gp_bias": 1.0} for outer in values("gp_outer")),
    *({"kind": "gpcde", "gpcde_noise_scale_law": law, "gpcde_noise_scale": 0.5} for law in values("gpcde_noise_scale_law")),
    {"kind": "gpcde", "gpcde_jitter": 0.1, "gpcde_noise_scale_law": "gamma_per_row", "gpcde_mean_weight": 2.0},
    *({"kind": kind, "standardization": mode} for kind in KINDS for mode in MODES if mode != "none"),
    *({"kind": "gp", "noise_scale_law": "input", "standardization": mode} for mode in ("inputs", "internal")),
    *({"kind": kind, f"{kind}_parent_weight": 0.7} for kind in ("gp", "gpcde")),
    *(
        {"kind": kind, f"{kind}_length_law": law, f"{kind}_length_first": 0.5}
        for kind in ("gp", "gpcde")
        for law in values(f"{kind}_length_law")
    ),
    *(
        {"kind": kind, f"{kind}_mode": "exact", f"{kind}_kernels": [kernel]}
        for kind in ("gp", "gpcde")
        for kernel in values(f"{kind}_kernels")
    ),
    *(
        {"kind": kind, f"{kind}_mode": "exact", f"{kind}_parent_weight": 0.7, "standardization": mode}
        for kind in ("gp", "gpcde")
        for mode in MODES
        if mode != "none"
    ),
    {"kind": "gp", "gp_mode": "exact", "gp_kernels": ["gamma_exponential", "rbf"], "gp_outer": "tanh", **ROUGH},
    *({"kind": kind} for kind in KINDS),
    *({"kind": kind, "noise_scale_law": "input"} for kind in ("polynomial", "log_space", "tree")),
    *(  # Cubes of cubes need a scale.
        {"kind": kind, "post_nonlinear": [name], "standardization": "internal"}
        for name in values("post_nonlinear")
        for kind in ("linear", "periodic", "gpcde")
    ),
    {"kind": "polynomial", "polynomial_degree": 4, "polynomial_weight_scale": 0.2},
    {"kind": "quadratic", "quadratic_density": 1.0},
    {"kind": "product", "product_offset": 0.0, "noise_scale_law": "gamma_scale_per_row"},
    {"kind": "log_space", "log_space_offset": 0.0, "log_space_weight_scale": 0.2},
    {"kind": "periodic", "periodic_frequency_min": 20.0, "periodic_frequency_max": 50.0},
    {"kind": "logistic_map", "logistic_map_steps": 4},
    {"kind": "tree", "tree_count": 1, "tree_depth": 8, "post_nonlinear": ["tanh"], "standardization": "internal"},
]


def family(options: dict[str, Any]) -> anc.SCMFamily:
    settings = {"gp_features": 48, "gpcde_features": 48, "mlp_hidden": [9, 5], "calibration_rows": 64, **options}
    return anc.SCMFamily(7, sparsity_param=1.5, mechanism_factory=settings.pop("kind"), **settings)


def name(options: dict[str, Any]) -> str:
    return " ".join(str(value) for value in options.values())


def inputs_of(task: anc.SCMInstance, node: int, rows: int) -> tuple[Tensor, Tensor]:
    x, noise = task.sample(rows, draw=3), task.noise(rows, draw=3)
    return x[:, task.parents(node)], noise[:, node]


def check_parity(task: anc.SCMInstance, dtype: torch.dtype, tolerance: float = 1e-4) -> None:
    x, noise = task.sample(300, draw=3), task.noise(300, draw=3)
    for node, mechanism in enumerate(task.mechanisms):
        mechanism = mechanism.to(dtype)
        with torch.no_grad():
            again = mechanism(x[:, task.parents(node)].to(dtype), noise[:, node].to(dtype))
        assert again.dtype == dtype
        # Float32 sums in another order: relative to the column's size, not to values that happen to be near 0.
        off = (again - x[:, node]).abs() / (x[:, node].abs() + x[:, node].std())
        assert float(off.max()) < tolerance, (task.seed, node, float(off.max()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("options", OPTIONS, ids=name)
def test_modules_give_the_engines_rows(options: dict[str, Any], dtype: torch.dtype) -> None:
    # A float64 module doesn't round its standardised parents, as the engine does. Half an ulp of a parent from 1 to 2, times
    # the 2^16 radians per unit of the fastest feature, is 2^-24 * 2^16 = 0.004 radians of a feature that is a fifth of all.
    fast = dtype == torch.float64 and "gpcde_gamma_min" in options
    for seed in range(2):
        check_parity(family(options).sample_task(seed), dtype, 5e-3 if fast else 1e-4)


def test_no_option_is_left_out() -> None:
    # A name that the schema has and no entry of OPTIONS takes: a formula that no test compares.
    for field, entry in PROPERTIES.items():
        names = entry.get("items", entry).get("enum")
        if names and field.startswith(("noise_scale_", *(f"{kind}_" for kind in KINDS))):
            taken = [options[field] for options in OPTIONS if field in options] + [entry["default"]]
            assert {name for value in taken for name in ([value] if isinstance(value, str) else value)} == set(names), field


@pytest.mark.parametrize("kind", ["gp", "gpcde"])
def test_frequencies_too_fast_to_keep_become_a_nugget(kind: str) -> None:
    task = family({"kind": kind, f"{kind}_kernels": ["gamma_exponential"], **ROUGH}).sample_task(1)
    rough = [m for m in task.mechanisms if "nugget" in m.channels]
    assert rough
    assert all(m.nugget_scale.item() > 0 for m in rough)
    # The variance that the kept features lack is the nugget's: 24 features of equal mean variance, 1/24 each.
    for mechanism in rough:
        assert mechanism.nugget_scale.item() ** 2 == pytest.approx(1 - len(mechanism.phase) / 24, abs=1e-6)


@pytest.mark.parametrize("options", OPTIONS, ids=name)
def test_gradients_reach_every_parameter_and_the_parents(options: dict[str, Any]) -> None:
    task = family(options).sample_task(1)
    for node, mechanism in enumerate(task.mechanisms):
        parents, noise = inputs_of(task, node, 50)
        mechanism(parents.requires_grad_(), noise).square().sum().backward()
        check_gradients(mechanism, parents)


def check_gradients(mechanism: EngineMechanism, parents: Tensor) -> None:
    # A tree is piecewise constant in its parents; the size of its noise may be a function of them.
    is_constant = isinstance(mechanism, TreeMechanism) and "noise_function_phase" not in dict(mechanism.named_parameters())
    if is_constant:
        assert parents.grad is None
    elif parents.numel():
        assert parents.grad is not None
        assert bool((parents.grad != 0).any(dim=0).all())
    for label, parameter in mechanism.named_parameters():
        if parameter.numel() == 0:
            continue
        if is_constant and label.startswith("input_"):
            assert parameter.grad is None
            continue
        assert parameter.grad is not None, label
        assert bool(parameter.grad.isfinite().all()), label
        # What multiplies a channel that the mechanism has not, or parents where it has none: its gradient is 0, and only its.
        idle = label.endswith("nugget_scale") and "nugget" not in mechanism.channels
        idle = idle or (label == "parent_weight" and not parents.shape[1])
        assert idle or bool((parameter.grad != 0).any()), label


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "linear", "noise_scale_law": "input"},
        {"kind": "mlp", "mlp_activation": "tanh"},
        {"kind": "mlp", "mlp_noise": "additive", "mlp_activation": "sigmoid", "noise_scale_law": "gamma_scale_per_row"},
        {"kind": "gpcde", "gpcde_noise_scale_law": "gamma_per_row", "gpcde_jitter": 0.1},
        {"kind": "gp", "gp_outer": "tanh", "noise_scale_law": "input", "standardization": "internal"},
        {"kind": "polynomial", "polynomial_degree": 3, "post_nonlinear": ["tanh"]},
        {"kind": "quadratic", "quadratic_density": 1.0},
        *({"kind": kind} for kind in ("product", "log_space", "sigmoid_additive", "periodic", "logistic_map")),
    ],
    ids=name,
)
def test_gradients_are_those_of_finite_differences(options: dict[str, Any]) -> None:
    task = family(options).sample_task(2)
    for node, mechanism in enumerate(task.mechanisms):
        parents, noise = inputs_of(task, node, 4)
        if parents.numel():
            arguments = parents.double().requires_grad_(), noise.double().requires_grad_()
            assert torch.autograd.gradcheck(mechanism.double(), arguments)


@pytest.mark.parametrize("options", OPTIONS, ids=name)
def test_a_module_reads_each_parent_and_no_other_node(options: dict[str, Any]) -> None:
    task = family(options).sample_task(0)
    for node, mechanism in enumerate(task.mechanisms):
        parents, noise = inputs_of(task, node, 50)
        with torch.no_grad():
            before = mechanism(parents, noise)
            for column in range(parents.shape[1]):
                other = parents.clone()
                other[:, column] += 1.5
                assert not mechanism(other, noise).equal(before), (node, column)
            with pytest.raises(anc.ConfigError, match=rf"parents has shape \[50, {parents.shape[1] + 1}\]"):
                mechanism(torch.cat([parents, torch.ones(50, 1)], dim=1), noise)
            if parents.shape[1] > 1:
                with pytest.raises(anc.ConfigError, match=rf"must be \[rows, {parents.shape[1]}\]"):
                    mechanism(parents[:, :1], noise)


@pytest.mark.parametrize("options", [{"kind": kind} for kind in KINDS], ids=name)
def test_in_the_engine_a_node_changes_with_its_parents_and_nothing_else(options: dict[str, Any]) -> None:
    task = family(options).sample_task(4)
    for node in range(task.n_nodes):
        held = dict.fromkeys(task.parents(node), 0.5)
        others = [other for other in range(task.n_nodes) if other != node]
        base = (task.do(held) if held else task).sample(40, draw=0)[:, node]
        for other in others:
            # Far to either side, so that a threshold of a tree lies between.
            changed = [task.do({**held, other: value}).sample(40, draw=0)[:, node] for value in (-15.0, 15.0)]
            assert all(found.equal(base) for found in changed) != (other in held), (node, other)


@pytest.mark.parametrize("standardization", MODES)
def test_modules_under_an_intervention_are_the_engines(standardization: str) -> None:
    mixed = dict.fromkeys(KINDS, 1.0)
    settings = {"mechanism_proportions": mixed, "standardization": standardization, "gpcde_features": 48, "gp_features": 48}
    task = anc.SCMFamily(9, **settings).sample_task(3)
    node = task.topological_order[4]
    after = task.do({node: 1.25, task.topological_order[0]: -0.5})
    assert after.mechanisms[node].kind == "constant"
    check_parity(after, torch.float32)
    check_parity(after, torch.float64)
    value = after.mechanisms[node](torch.empty(6, 0), torch.zeros(6))
    # A value of the data, which some modes scale there and back.
    scaled = after.mechanisms[node].output_gain.item() != 1
    assert value.tolist() == pytest.approx([1.25] * 6, rel=1e-6 if scaled else 0)
    value.sum().backward()
    check_gradients(after.mechanisms[node], torch.empty(6, 0))
