"""SCMInstance.to and sample_from_noise: the mechanisms in torch give the engine's rows, with gradients, on any device."""

import itertools
import pickle
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from mechanism_kinds import CONTINUOUS as KINDS
from small_instances import MODES

EXACT = [{f"{kind}_mode": "exact", "kind": kind, "calibration_rows": 64} for kind in ("gpcde", "gp")]
CASES: list[dict[str, Any]] = [
    *({"kind": kind, "standardization": mode} for kind, mode in itertools.product(KINDS, MODES)),
    *(
        {**exact, f"{exact['kind']}_kernels": [kernel]}
        for exact in EXACT
        for kernel in ("rbf", "matern12", "gamma_exponential")
    ),
    *({"kind": kind, "root_policy": "noise"} for kind in KINDS),
    {"kind": "gp", "noise_scale_law": "input"},
    {"kind": "mlp", "noise_scale_law": "gamma_variance_per_row", "mlp_noise": "additive"},
]
PRESETS = sorted(set(anc.FamilyConfig.presets()) - {"bcnp-code"})
DTYPES = (torch.float32, torch.float64)


def name(settings: dict[str, Any]) -> str:
    return " ".join(str(value) for value in settings.values())


def family(settings: dict[str, Any]) -> anc.SCMFamily:
    rest = {"gpcde_features": 64, "gp_features": 64, **settings}
    return anc.SCMFamily(7, mechanism_factory=rest.pop("kind"), sparsity_param=1.5, **rest)


def of_dtype(task: anc.SCMInstance, dtype: torch.dtype) -> anc.SCMInstance:
    """A copy that computes in it, where the task is."""
    own = task.to(task.adjacency_matrix.device)
    for mechanism in own.mechanisms:
        mechanism.to(dtype)
    return own


def check_rows(task: anc.SCMInstance, dtype: torch.dtype = torch.float32) -> None:
    own = of_dtype(task, dtype)
    for draw in (0, 3):  # Draw 0 holds the rows at which exact Gaussian processes are anchored.
        expected, noise = task.sample(200, draw=draw), task.noise(200, draw=draw).to(dtype)
        with torch.no_grad():
            again = own.sample_from_noise(noise)
        assert again.dtype == dtype
        # Float32 rounding, which each mechanism passes on: relative to the column's size.
        off = (again - expected).abs() / (expected.abs() + expected.std(dim=0))
        assert float(off.max()) < 1e-4, (task.seed, draw, off.max(dim=0).values)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("settings", CASES, ids=name)
def test_every_kind_gives_the_engines_rows(settings: dict[str, Any], dtype: torch.dtype) -> None:
    for seed in range(2):
        check_rows(family(settings).sample_task(seed), dtype)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(
    "preset", [pytest.param(name, marks=pytest.mark.slow if name == "avici-scm-v0" else []) for name in PRESETS]
)
def test_every_preset_gives_the_engines_rows(preset: str, dtype: torch.dtype) -> None:
    config = anc.FamilyConfig.preset(preset)
    if isinstance(config, anc.FamilyConfig):  # A shallow graph: each step of a path magnifies the rounding before it.
        config = anc.FamilyConfig.preset(preset, n_nodes=8, sparsity_param=1.0)
    for seed in range(8 if isinstance(config, anc.MixtureConfig) else 3):
        check_rows(anc.SCMFamily.from_config(config).sample_task(seed), dtype)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_roughest_functions_give_the_engines_roots_and_the_engines_scale(dtype: torch.dtype) -> None:
    # Features of bcnp-code turn by up to 2^16 radians per unit: an ulp of a parent, 2^-24, is 0.004 radians, and what is late
    # in the graph can be any other value. Roots have no parents, and a column's law stays.
    for seed in range(3):
        task = anc.SCMFamily.from_config(anc.FamilyConfig.preset("bcnp-code")).sample_task(seed)
        expected, noise = task.sample(2000, draw=3), task.noise(2000, draw=3).to(dtype)
        with torch.no_grad():
            again = of_dtype(task, dtype).sample_from_noise(noise)
        roots = [j for j in range(task.n_nodes) if not task.parents(j)]
        off = (again - expected).abs() / expected.std(dim=0)
        # Roots read their latent noise, whose rounding to float32 is the engine's own.
        assert float(off[:, roots].max()) < 1e-4
        torch.testing.assert_close(again.std(dim=0).float(), expected.std(dim=0), rtol=0.1, atol=0)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("settings", [{"kind": kind} for kind in KINDS] + EXACT, ids=name)
def test_interventions_give_the_engines_rows(settings: dict[str, Any], dtype: torch.dtype) -> None:
    task = family(settings).sample_task(4)
    node = next(j for j in task.topological_order if task.parents(j))
    for after in (task.do({node: 1.5}), task.to("cpu").do({node: 1.5})):
        check_rows(after, dtype)
        assert after.sample_from_noise(after.noise(3))[:, node].tolist() == [1.5] * 3


class Tilted(nn.Module):
    """A user's own, which takes the noise as [rows] and changes its input in place."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.7))

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        assert noise.ndim == 1
        value = self.slope * parents.sum(dim=1).tanh() + noise
        with torch.no_grad():
            parents.zero_()
            noise.zero_()
        return value


def tilted(adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
    return [Tilted() for _ in adjacency_matrix]


def test_modules_of_a_users_own_give_their_rows() -> None:
    task = anc.SCMFamily(8, mechanism_factory=tilted).sample_task(3)
    noise = task.noise(50, draw=2)
    kept = noise.clone()
    assert task.sample_from_noise(noise).equal(task.sample(50, draw=2))
    assert noise.equal(kept)
    moved = task.to("cpu")
    check_rows(moved)
    check_rows(moved.do({1: 0.5}), torch.float64)


def halves(parents: Tensor, noise: Tensor) -> Tensor:
    return parents.sum(dim=1) / 2 + noise


def test_plain_functions_give_their_rows() -> None:
    family = anc.SCMFamily(6, mechanism_factory=lambda adjacency_matrix, *, seed: [halves] * 6)
    task = family.sample_task(1)
    assert task.to("cpu").sample_from_noise(task.noise(9)).equal(task.sample(9, draw=0))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("settings", CASES, ids=name)
def test_gradients_reach_the_noise_and_every_mechanism(settings: dict[str, Any], dtype: torch.dtype) -> None:
    task = of_dtype(family(settings).sample_task(1), dtype)
    noise = task.noise(40, draw=2).to(dtype).requires_grad_()
    task.sample_from_noise(noise).square().sum().backward()
    assert noise.grad is not None
    assert bool(noise.grad.isfinite().all())
    assert bool(noise.grad.abs().sum(dim=(0, 2)).gt(0).all())  # Each node has noise.
    for node, mechanism in enumerate(task.mechanisms):
        for label, parameter in mechanism.named_parameters():
            # A tree is piecewise constant in its parents.
            if parameter.numel() and not (mechanism.kind == "tree" and label.startswith("input_")):
                assert parameter.grad is not None, (node, label)
                assert bool(parameter.grad.isfinite().all()), (node, label)
        assert mechanism.output_shift.grad != 0


@pytest.mark.parametrize("settings", EXACT, ids=name)
def test_gradients_pass_the_anchors_of_exact_processes(settings: dict[str, Any]) -> None:
    task = family(settings).sample_task(1)
    child = next(j for j in task.topological_order if task.parents(j))
    parent = task.parents(child)[0]
    noise = task.noise(64, draw=0).requires_grad_()
    task.sample_from_noise(noise)[:, child].sum().backward()
    assert noise.grad is not None
    assert bool(noise.grad[:, parent].abs().sum(dim=1).gt(0).all())


def test_reads_the_parameters_of_its_own_mechanisms() -> None:
    task = anc.SCMFamily(5, sparsity_param=1.0).sample_task(2)
    own, noise = task.to("cpu"), task.noise(20)
    with torch.no_grad():
        before = task.sample_from_noise(noise)
        root = own.topological_order[0]
        own.mechanisms[root].output_shift.add_(1.0)
        assert own.sample_from_noise(noise)[:, root].equal(before[:, root] + 1)
        assert task.sample_from_noise(noise).equal(before)  # Those of the original are others.
        again = pickle.loads(pickle.dumps(own))
        assert again.sample_from_noise(noise).equal(own.sample_from_noise(noise))
    assert own.sample(20, draw=0).equal(own.sample_from_noise(noise).detach())  # The engine's noise, the changed modules.
    assert task.sample(20, draw=0).equal(anc.SCMFamily(5, sparsity_param=1.0).sample_task(2).sample(20, draw=0))


@pytest.mark.parametrize("settings", CASES, ids=name)
def test_runs_on_the_instances_device(settings: dict[str, Any]) -> None:
    task = family(settings).sample_task(0)
    moved = task.to("meta")
    assert (moved.device.type, task.device.type) == ("meta", "cpu")
    assert {p.device.type for mechanism in moved.mechanisms for p in mechanism.parameters()} == {"meta"}
    assert {p.device.type for mechanism in task.mechanisms for p in mechanism.parameters()} == {"cpu"}
    rows = moved.sample_from_noise(task.noise(9))  # Given on another device.
    assert (rows.device.type, rows.shape) == ("meta", (9, 7))
    assert {value.device.type for value in (moved.sample(3), moved.noise(3), moved.adjacency_matrix)} == {"meta"}
    assert pickle.loads(pickle.dumps(moved)).do({0: 1.0}).sample_from_noise(task.noise(2)).device.type == "meta"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("settings", CASES, ids=name)
def test_a_gpu_gives_the_engines_rows(settings: dict[str, Any]) -> None:
    task = family(settings).sample_task(0)
    moved = task.to("cuda")
    check_rows(moved)
    rows = moved.do({0: 0.5}).sample_from_noise(task.noise(9))
    assert rows.device.type == "cuda"
    assert moved.visualize() is not None


def test_what_has_no_values_cannot_leave_the_device_meta() -> None:
    moved = anc.SCMFamily(5).sample_task(2).to("meta")
    assert moved.to("meta").device.type == "meta"
    for taken in (lambda: moved.to("cpu"), moved.visualize):
        with pytest.raises(anc.ConfigError, match=r"device = 'cpu': must be \"meta\", since the mechanisms are on it"):
            taken()


def test_draws_go_on_after_a_move() -> None:
    task = anc.SCMFamily(5).sample_task(2)
    task.sample(4)
    assert task.to("cpu").sample(4).equal(task.sample(4, draw=1))
    assert (task.to("cpu").seed, task.to(torch.device("cpu")).n_nodes) == (2, 5)


def test_no_rows_of_noise_are_no_rows() -> None:
    task = anc.SCMFamily(5, mechanism_factory="gpcde").sample_task(2)
    assert task.sample_from_noise(task.noise(0)).shape == (0, 5)


@pytest.mark.parametrize(
    ("noise", "says"),
    [
        (torch.ones(3, 5), r"^noise has shape \[3, 5\]: must be a floating-point tensor \[n_samples, 5, 2\]"),
        (torch.ones(3, 4, 2), r"^noise has shape \[3, 4, 2\]: must be .*\[n_samples, 5, 2\]"),
        (torch.ones(3, 5, 1), r"^noise has shape \[3, 5, 1\]: must be .*\[n_samples, 5, 2\]"),
        (torch.ones(3, 5, 2, dtype=torch.int64), r"^noise has dtype torch.int64: must be a floating-point"),
        (torch.ones(3, 5, 2).to_sparse(), r"^noise has layout torch.sparse_coo: must be .*which is dense"),
        ([[0.0]], "^noise is of type list: must be a floating-point tensor"),
    ],
)
def test_refuses_noise_of_another_shape_or_type(noise: Any, says: str) -> None:
    task = anc.SCMFamily(5, mechanism_factory="gpcde").sample_task(2)
    with pytest.raises(anc.ConfigError, match=says):
        task.sample_from_noise(noise)


@pytest.mark.parametrize("device", ["gpu9", 3.5, None, ""])
def test_refuses_what_is_no_device(device: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^device = .*: must be a torch.device or its name"):
        anc.SCMFamily(5).sample_task(2).to(device)
