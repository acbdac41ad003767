"""What the sentences of options say, held against what is drawn."""

import json
import re

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi

PROPERTIES = json.loads(_ffi.schema())["properties"]
KINDS = sorted(PROPERTIES["mechanism_proportions"]["properties"])


def sentence(name: str) -> str:
    return PROPERTIES[name]["description"]


@pytest.mark.parametrize("kind", KINDS)
def test_none_names_the_kinds_that_read_standardised_parents_in_any_case(kind: str) -> None:
    # Roots of deviation 5, so that no parent is standardised by chance.
    family = anc.SCMFamily(2, mechanism_factory=kind, sparsity_param=0.5, root_policy="noise", root_noise_scale=5.0)
    task = family.sample_task(1)
    gain = task.mechanisms[task.topological_order[1]].get_parameter("input_gain").item()
    named = re.search(r"none \(.*?; (.*?) read standardised parents in any case\)", sentence("standardization"))
    assert named is not None
    assert (kind in re.split(", | and ", named[1])) == (gain != 1)


def test_batch_standardises_the_rows_that_data_sets_have() -> None:
    options = {"standardization": "batch", "calibration_rows": 64}
    family = anc.SCMFamily(4, mechanism_factory="mlp", sparsity_param=1.0, **options)
    task = next(iter(anc.MetaIterableDataset(family, n_samples=64)))
    assert task.X.mean(0).abs().max() < 1e-6
    assert (task.X.var(0, correction=0) - 1).abs().max() < 1e-5
    assert not torch.allclose(family.sample_task(3).sample(64, draw=1).mean(0), torch.zeros(4), atol=1e-3)
    assert "the first calibration_rows rows of draw 0" in sentence("standardization")


@pytest.mark.parametrize("kind", KINDS)
def test_what_noise_scale_law_leaves_out_does_not_depend_on_it(kind: str) -> None:
    def rows(scale: float, **options: str) -> torch.Tensor:
        law = {"noise_scale_law": "uniform", "noise_scale_min": scale, "noise_scale_max": scale}
        family = anc.SCMFamily(3, mechanism_factory=kind, sparsity_param=1.0, **law, **options)
        return family.sample_task(2).sample(16, draw=0)

    left_out = {"gpcde", "binary", "categorical", "count", "mlp"}
    assert torch.equal(rows(0.5), rows(2.0)) == (kind in left_out)
    assert "all but gpcde, kinds of classes and counts and, with mlp_noise = input, mlp" in sentence("noise_scale_law")
    if kind == "mlp":
        for place in ("scaled_input", "additive"):
            assert not torch.equal(rows(0.5, mlp_noise=place), rows(2.0, mlp_noise=place))


def test_noise_roots_stay_uncut() -> None:
    for policy, cut in (("mechanism", {2}), ("noise", {0})):
        family = anc.SCMFamily(5, sparsity_param=0.0, root_policy=policy, discretized_proportion=1.0, discretized_classes_min=3)
        assert set(family.sample_task(0).kind.tolist()) == cut
    assert "Nodes without parents under root_policy = noise are not cut" in sentence("discretized_proportion")


@pytest.mark.parametrize(
    ("graph", "edges"), [("scale_free", {36, 51}), ("watts_strogatz", {40, 60}), ("fixed_in_degree", {37, 54})]
)
def test_a_density_between_whole_numbers_of_edges_is_a_mixture_of_the_two(graph: str, edges: set[int]) -> None:
    density = 2.2
    family = anc.SCMFamily(20, graph, sparsity_param=density)
    counts = [int(family.sample_task(seed).adjacency_matrix.sum()) for seed in range(400)]
    assert set(counts) == edges
    low, high = min(edges), max(edges)
    share = (density * 20 - low) / (high - low)
    found = sum(count == high for count in counts) / 400
    assert abs(found - share) < 5 * (share * (1 - share) / 400) ** 0.5
    described = json.loads(_ffi.schema())["x-graphs"]
    text = next(entry["description"] for entry in described if entry["kind"] == graph)
    assert "m is drawn per task" in text


@pytest.mark.parametrize("mode", PROPERTIES["standardization"]["enum"])
def test_mechanisms_read_a_binary_treatment_as_it_is(mode: str) -> None:
    family = anc.SCMFamily(2, sparsity_param=0.5, standardization=mode)
    design = anc.Design(n_samples=40, query=20, effects=anc.Effects(treatment_kind="logistic"))
    for seed in range(4):
        task = family.sample_task(seed)
        outcome = task.mechanisms[task.topological_order[1]]
        weight = (outcome.get_parameter("output_gain") * outcome.get_parameter("weight")).item()
        data = task.run(design, draw=0)
        assert torch.allclose(data["y1"] - data["y0"], torch.tensor(weight), rtol=1e-4, atol=1e-5)
    text = json.loads(_ffi.design_schema())["schema"]
    assert "Under any standardization, mechanisms read 0 and 1 as they are" in json.dumps(text)


def test_post_nonlinear_leaves_classes_and_counts() -> None:
    kinds = {"categorical": 1, "binary": 1, "count": 1, "linear": 3}
    family = anc.SCMFamily(12, sparsity_param=1.0, mechanism_proportions=kinds, post_nonlinear=["tanh"])
    task = family.sample_task(0)
    assert {0, 2, 3} <= set(task.kind.tolist())
    for node, mechanism in enumerate(task.mechanisms):
        assert (mechanism.settings.get("post_nonlinear") == "tanh") == (task.kind[node] == 0)  # type: ignore[union-attr]
    assert "to the continuous value that its mechanism of any kind gives" in sentence("post_nonlinear")


def test_function_range_leaves_nodes_without_parents_as_they_are_drawn() -> None:
    def family(function_range: float) -> anc.SCMFamily:
        return anc.SCMFamily(5, mechanism_factory="mlp", sparsity_param=1.0, function_range=function_range)

    plain, ranged = (family(size).sample_task(1).sample(256, draw=0) for size in (0.0, 1.5))
    task = family(1.5).sample_task(1)
    # The latest of the nodes are ranged, noise included; roots are the same to the bit.
    for node in range(5):
        same = torch.equal(plain[:, node], ranged[:, node])
        assert same == (not task.parents(node))
        if task.parents(node):
            quantiles = torch.quantile(ranged[:, node], torch.tensor([0.01, 0.99]))
            assert torch.allclose(quantiles, torch.tensor([-1.5, 1.5]), atol=1e-4)
    assert "nodes without parents, and 0, have functions as they are drawn" in sentence("function_range")


def test_a_divergent_task_by_its_seed_is_refused_with_what_would_help() -> None:
    family = anc.SCMFamily(8, mechanism_factory="polynomial", polynomial_degree=6, divergence="redraw")
    task = family.sample_task(0)
    with pytest.raises(anc.EngineError, match=r"let data sets draw another in its place \(divergence = redraw\)"):
        task.sample(300, draw=0)
    assert "a task asked for by its seed is refused" in sentence("divergence")


def test_components_of_mixtures_have_equal_shares() -> None:
    options = {"noise_type": "gaussian_mixture", "noise_mixture_components": 2, "noise_mixture_spread": 1000.0}
    rows = anc.SCMFamily(8, sparsity_param=0.0, root_policy="noise", **options).sample_task(1).sample(10_000, draw=0)
    # Means hundreds of deviations apart, on either side of 0, the mean of all: 5 deviations of a share of one half.
    assert ((rows > 0).double().mean(0) - 0.5).abs().max() < 5 * 0.5 / 10_000**0.5
    assert "of equal shares" in sentence("noise_mixture_components")


@pytest.mark.parametrize("options", [{"function_range": 1.5}, {"discretized_proportion": 1.0}])
def test_calibration_rows_give_the_quantiles_of_ranges_and_cuts(options: dict[str, float]) -> None:
    few, many = (
        anc.SCMFamily(4, sparsity_param=1.0, calibration_rows=count, **options).sample_task(2).sample(200, draw=0)
        for count in (64, 256)
    )
    assert not torch.equal(few, many)
    assert "the quantiles of function_range and of nodes that are cut" in sentence("calibration_rows")
