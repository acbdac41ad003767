"""SCMInstance.run: the experiment of a design on one SCM, and the same in a family's batches."""

import json
import pickle
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
DESIGN = anc.Design(n_samples=20, interventions={"n_samples": 10, "regimes": 3}, outputs=["order", "truth_noise"])
EFFECTS = anc.Design(n_samples=30, query=10, effects={"population_rows": 64, "mu_draws": 4})


def equal(first: Any, second: Any) -> bool:
    """Whether two items have the same arrays in one order, to the bit."""
    same = list(first) == list(second) and type(first) is type(second)
    return same and all(a.dtype == b.dtype and a.shape == b.shape and a.equal(b) for a, b in both(first, second))


def both(first: Any, second: Any) -> Any:
    return zip(first.values(), second.values(), strict=True)


def triangle(n_nodes: int, *, seed: int) -> torch.Tensor:
    """All edges of an order, but for one in four."""
    upper = torch.triu(torch.ones(n_nodes, n_nodes), 1)
    generator = torch.Generator().manual_seed(seed)
    return upper * (torch.rand(n_nodes, n_nodes, generator=generator) < 0.75)


def empty(n_nodes: int, *, seed: int) -> torch.Tensor:
    """A graph without edges, but for two in three seeds."""
    return torch.zeros(n_nodes, n_nodes) if seed % 3 else triangle(n_nodes, seed=seed)


def hopeless(n_nodes: int, *, seed: int) -> torch.Tensor:
    """A graph without edges."""
    return torch.zeros(n_nodes, n_nodes)


def test_it_gives_the_arrays_of_its_layout() -> None:
    data = FAMILY.sample_task(7).run(DESIGN)
    assert isinstance(data, dict)
    assert [array.name for array in data.layout] == list(data)
    for array in data.layout:
        assert (data[array.name].dtype, tuple(data[array.name].shape)) == (array.dtype, array.shape)
        assert len(array.axes) == len(array.shape)
        assert array.meaning
    assert data["X"].shape == (30, 6)
    assert data["regime"].tolist() == [0] * 20 + [1] * 4 + [2] * 3 + [3] * 3
    assert data["targets"].sum(1).tolist() == [0, 1, 1, 1]


def test_the_rows_without_an_intervention_are_those_of_the_instance() -> None:
    instance = FAMILY.sample_task(7)
    data = instance.run(DESIGN, draw=0)
    assert data["X"][:20].equal(instance.sample(20, draw=0))
    assert data["adjacency"].equal(instance.adjacency_matrix)
    assert [instance.topological_order.index(node) for node in data["order"].tolist()] == list(range(6))


def test_draws_go_on_by_themselves_and_share_what_is_drawn_once() -> None:
    instance = FAMILY.sample_task(7)
    first, second = instance.run(DESIGN), instance.run(DESIGN)
    assert equal(first, instance.run(DESIGN, draw=0))
    assert equal(second, instance.run(DESIGN, draw=1))
    assert not first["X"].equal(second["X"])
    assert first["targets"].equal(second["targets"])
    assert instance.sample(5).equal(instance.sample(5, draw=2))
    with pytest.raises(anc.ConfigError, match="draw = -1"):
        instance.run(DESIGN, draw=-1)


@pytest.mark.parametrize("design", [DESIGN, EFFECTS])
def test_a_copy_gives_the_same(design: anc.Design) -> None:
    instance = FAMILY.sample_task(7)
    copy = pickle.loads(pickle.dumps(instance))
    data = instance.run(design, draw=0)
    assert equal(data, copy.run(design, draw=0))
    again = pickle.loads(pickle.dumps(data))
    assert equal(data, again)
    assert again.layout == data.layout


def test_it_takes_a_design_in_any_form() -> None:
    instance = FAMILY.sample_task(7)
    assert equal(instance.run(DESIGN, draw=0), instance.run(DESIGN.to_dict(), draw=0))
    with pytest.raises(anc.ConfigError, match="is of type int: it must be a Design"):
        instance.run(3)  # pyright: ignore[reportArgumentType]
    with pytest.raises(anc.ConfigError, match=r"design\.interventions\.targets = 7: must be at most n_nodes, 6"):
        instance.run(anc.Design(interventions={"targets": 7}))


def test_under_do_the_graph_and_the_rows_are_those_after_it() -> None:
    instance = FAMILY.sample_task(7)
    node = instance.topological_order[-1]
    held = instance.do({node: 2.0})
    data = held.run(anc.Design(n_samples=8), draw=0)
    assert data["X"].equal(held.sample(8, draw=0))
    assert data["X"][:, node].eq(2.0).all()
    assert data["adjacency"][:, node].sum() == 0
    assert equal(data, pickle.loads(pickle.dumps(held)).run(anc.Design(n_samples=8), draw=0))


@pytest.mark.parametrize("mode", ["none", "internal"])
@pytest.mark.parametrize("counterfactuals", [None, {}])
@pytest.mark.parametrize("kind", ["do", "stochastic", "shift", "noise_scale", "mechanism", "edge_removal"])
def test_a_regime_changes_what_a_do_before_it_held(kind: str, counterfactuals: Any, mode: str) -> None:
    task = anc.SCMFamily(5, sparsity_param=1.5, standardization=mode).sample_task(2)
    node = next(node for node in task.topological_order if task.adjacency_matrix[node].any())
    child = int(task.adjacency_matrix[node].nonzero()[0])
    held = task.do({node: 5.0})
    per = "regime" if kind in ("do", "shift") else "row"
    part = {"n_samples": 20, "regimes": 5, "allocation": "every_node", "kind": kind, "values_per": per, "noise": "shared"}
    data = held.run({"n_samples": 4, "interventions": part, "counterfactuals": counterfactuals}, draw=0)
    regime = int(data["targets"][:, node].nonzero())
    there = data["regime"] == regime
    x = data["X"] if counterfactuals is None else data["X_counterfactual"]
    assert x[~there, node].eq(5.0).all()
    if counterfactuals is not None:
        assert data["X"][:, node].eq(5.0).all()
    if kind == "do":
        assert x[there, node].equal(data["values"][regime, node].expand(4))
    elif kind == "shift":
        assert torch.allclose(x[there, node], 5.0 + data["values"][regime, node].expand(4), atol=1e-5)
    elif kind in ("stochastic", "mechanism"):
        assert x[there, node].unique().numel() == 4
    else:
        assert torch.allclose(x[there, node], torch.full((4,), 5.0), atol=1e-5)
    with torch.no_grad():
        read = task.mechanisms[child](x[there][:, task.parents(child)], task.noise(4)[:, child])
    assert torch.allclose(read, x[there, child], atol=1e-4)


def test_effects_of_a_treatment_that_a_do_holds_are_refused() -> None:
    task = anc.SCMFamily(2, sparsity_param=0.5).sample_task(0)
    cause = next(node for node in range(2) if task.adjacency_matrix[node].any())
    said = rf"design\.effects = given: must not be asked for under a do that holds the treatment, node {cause}: run it on the"
    with pytest.raises(anc.ConfigError, match=said):
        task.do({cause: 1.0}).run(EFFECTS)
    assert task.run(EFFECTS)["roles"].tolist().index(2) == cause


def test_mechanisms_that_are_not_the_engines_are_refused() -> None:
    own = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], [torch.nn.Identity(), torch.nn.Identity()])
    with pytest.raises(anc.ConfigError, match="design can't be run on mechanisms of your own: must be"):
        own.run(DESIGN)
    changed = FAMILY.sample_task(7)
    with torch.no_grad():
        next(iter(changed.mechanisms[changed.topological_order[-1]].parameters())).mul_(2)
    with pytest.raises(anc.ConfigError, match="design can't be run on mechanisms that were changed: must be"):
        changed.run(DESIGN)
    looked_at = FAMILY.sample_task(7)
    assert len(looked_at.mechanisms) == 6
    assert equal(looked_at.run(DESIGN, draw=0), FAMILY.sample_task(7).run(DESIGN, draw=0))


def test_a_graph_without_room_for_the_design_is_refused() -> None:
    instance = anc.SCMFamily(4, sparsity_param=0.0).sample_task(0)
    with pytest.raises(anc.ConfigError, match=r"design\.effects\.treatment = \"with_descendant\": must be another one"):
        instance.run(EFFECTS)


NETWORK = {"network": {"variables": [{"name": "a", "parents": [], "intercept": 1.0, "coefficients": [], "variance": 2.0}]}}
CLASSES = {"n_nodes": 4, "sparsity_param": 1.0, "mechanism_proportions": {"categorical": 1.0}}


@pytest.mark.parametrize(
    ("family", "design", "said"),
    [
        (
            CLASSES,
            {"interventions": {"kind": "shift"}},
            r'design\.interventions\.kind = "shift": must be another one where nodes',
        ),
        (
            CLASSES,
            {"interventions": {"kind": "noise_scale"}},
            r'kind = "noise_scale": must be another one where nodes may have',
        ),
        (NETWORK, {"interventions": {"kind": "mechanism"}}, r'kind = "mechanism": must be another one for a network'),
        (
            {"noise_type": "cauchy"},
            {"effects": {}},
            r"design\.effects = given: must not be asked of a family with cauchy noise",
        ),
        ({"root_noise_type": "cauchy"}, {"effects": {}}, r"design\.effects = given: must not be asked of a family with cauchy"),
    ],
)
def test_what_a_stream_refuses_of_such_a_task_one_task_refuses_too(family: Any, design: Any, said: str) -> None:
    whole = anc.SCMFamily.from_config(family)
    with pytest.raises(anc.ConfigError, match=said):
        next(iter(anc.MetaIterableDataset(whole, design=design)))
    with pytest.raises(anc.ConfigError, match=said):
        whole.sample_task(3).run(design)


def test_a_task_without_classes_of_a_family_that_may_have_them_is_shifted() -> None:
    family = anc.SCMFamily(2, sparsity_param=0.5, mechanism_proportions={"linear": 3, "categorical": 1})
    continuous = next(task for task in map(family.sample_task, range(50)) if not task.kind.any())
    data = continuous.run({"n_samples": 5, "interventions": {"kind": "shift", "n_samples": 5, "regimes": 1}}, draw=0)
    assert data["intervened"].sum() == 5


def test_arrays_come_to_the_instance_s_device() -> None:
    data = FAMILY.sample_task(7).to("meta").run(DESIGN)
    assert {array.device.type for array in data.values()} == {"meta"}
    assert data.layout == FAMILY.sample_task(7).run(DESIGN).layout


def fill(family: anc.SCMFamily, design: anc.Design, count: int, **settings: Any) -> list[Any]:
    tasks = anc.MetaFixedDataset(family, design=design, n_tasks=count, base_seed=3, **settings)
    return [tasks[index] for index in range(count)]


@pytest.mark.parametrize("design", [DESIGN, EFFECTS])
def test_a_user_s_own_graphs_are_run_one_by_one(design: anc.Design) -> None:
    family = anc.SCMFamily(6, graph_generator=triangle, mechanism_factory="mlp")
    items = fill(family, design, 5)
    for seed, item in zip(seeds_from_tensor(_ffi.fixed_seeds(3, 5)), items, strict=True):
        assert equal(item, family.sample_task(seed).run(design, draw=0))
        assert item["adjacency"].equal(triangle(6, seed=seed))


def test_own_graphs_without_room_are_drawn_again_as_the_engine_draws_them() -> None:
    family = anc.SCMFamily(6, graph_generator=empty)
    tasks = anc.MetaFixedDataset(family, design=EFFECTS, n_tasks=6, base_seed=3)
    moved = 0
    for index, seed in enumerate(tasks.seed_list):
        attempt = next(k for k in range(100) if (_ffi.retry_seed(seed, k) if k else seed) % 3 == 0)
        right = family.sample_task(_ffi.retry_seed(seed, attempt) if attempt else seed)
        assert equal(tasks[index], right.run(EFFECTS, draw=0))
        assert tasks.instance(index).seed == right.seed
        assert tasks.graph_hashes()[index] == right.graph_hash()
        moved += attempt > 0
    assert moved > 0


def test_own_graphs_none_of_which_has_room_end_in_a_sentence() -> None:
    tasks = anc.MetaFixedDataset(anc.SCMFamily(3, graph_generator=hopeless), design=EFFECTS, n_tasks=1)
    with pytest.raises(anc.ConfigError, match="design can't be had of 1000 graphs in a row, from seed"):
        tasks[0]


def test_own_graphs_of_several_sizes_are_padded_as_the_engine_s_are() -> None:
    design = anc.Design(n_samples=8, interventions={"n_samples": 4, "regimes": 2}, knowledge={"unknown_min": 0.0})
    ours, own = anc.SCMFamily(3, n_nodes_max=7, sparsity_param=1.0), anc.SCMFamily(3, n_nodes_max=7, graph_generator=triangle)
    layout = anc.MetaFixedDataset(ours, design=design, n_tasks=1)[0].layout
    sizes = set[int]()
    for item in fill(own, design, 8):
        count = int(item["n_nodes"])
        assert item.layout == layout
        assert not item["X"][:, count:].any()
        assert item["knowledge"][count:].eq(-1).all()
        assert item["X"][:, :count].any(0).all()
        sizes.add(count)
    assert len(sizes) > 1


def test_own_mechanisms_are_refused_before_the_first_task() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0, mechanism_factory=lambda graph, *, seed: [torch.nn.Identity() for _ in graph])
    for kind in (anc.MetaIterableDataset, anc.MetaFixedDataset):
        with pytest.raises(anc.ConfigError, match="design must be left out with a mechanism_factory of your own"):
            kind(family, design=DESIGN, **({"n_tasks": 1} if kind is anc.MetaFixedDataset else {}))


def test_each_family_of_a_mixture_gives_its_own() -> None:
    parts = [anc.FamilyConfig(n_nodes=4, sparsity_param=1.0, mechanism_proportions={"mlp": 1}), anc.FamilyConfig(n_nodes=7)]
    mixture = anc.SCMFamily.from_config(anc.MixtureConfig(parts))
    design = anc.Design(n_samples=8, interventions={"n_samples": 8, "regimes": 2, "kind": "mechanism"})
    tasks = anc.MetaFixedDataset(mixture, design=design, n_tasks=10)
    assert len({int(tasks[index]["n_nodes"]) for index in range(10)}) == 2
    for index, seed in enumerate(tasks.seed_list):
        instance = tasks.instance(index)
        alone = anc.SCMFamily.from_config(parts[instance.component]).sample_task(seed).run(design, draw=0)
        count = instance.n_nodes
        assert tasks[index]["X"][:, :count].equal(alone["X"])
        assert instance.run(design, draw=0)["X"].equal(alone["X"])


def test_the_interventional_essential_graph() -> None:
    chain = torch.tensor([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    assert anc.cpdag(chain).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    assert anc.cpdag(chain, [[1]]).tolist() == chain.tolist()
    assert anc.cpdag(chain, [[0, 1], []]).tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert anc.cpdag(chain, [[2]]).tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert anc.cpdag(chain, torch.tensor([[False, False, True]])).tolist() == anc.cpdag(chain, [[2]]).tolist()
    assert anc.cpdag(chain, []).equal(anc.cpdag(chain))
    data = FAMILY.sample_task(7).run({**DESIGN.to_dict(), "outputs": ["cpdag"]})
    assert FAMILY.sample_task(7).cpdag(data["targets"]).equal(data["cpdag"])
    assert FAMILY.sample_task(7).cpdag().equal(anc.cpdag(FAMILY.sample_task(7).adjacency_matrix))


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ([[3]], r"a node of targets\[0\] = 3: must be a whole number from 0 to 2"),
        ([[-1]], r"a node of targets\[0\] = -1"),
        ([0], r"targets\[0\] = 0: must be a list of nodes"),
        (3, "targets = 3: must be a list of nodes for each regime"),
        ("01", "targets = '01': must be"),
        (torch.ones(2, 4), r"targets has shape \(2, 4\): must be a matrix of 0 and 1 with a row for each regime and 3 columns"),
        (torch.full((1, 3), 2), "must be a matrix of 0 and 1"),
    ],
)
def test_wrong_targets_are_refused(targets: Any, said: str) -> None:
    with pytest.raises(anc.ConfigError, match=said):
        anc.cpdag([[0, 1, 0], [0, 0, 1], [0, 0, 0]], targets)


def test_the_engine_describes_every_array_of_the_reference() -> None:
    names = {output["name"] for output in json.loads(_ffi.design_schema())["outputs"]}
    assert {array.name for design in (DESIGN, EFFECTS) for array in FAMILY.sample_task(0).run(design).layout} <= names


def test_two_nodes_are_treatment_and_outcome_without_covariates() -> None:
    family = anc.SCMFamily(2, sparsity_param=0.5)
    batch = next(iter(anc.MetaIterableDataset(family, design=EFFECTS, batch_size=3)))
    assert batch["X"].shape == (3, 20, 0)
    assert batch["X_query"].shape == (3, 10, 0)
    assert batch["covariate_mask"].shape == (3, 0)
    item = anc.MetaFixedDataset(family, [5], design=EFFECTS)
    task, found = item.instance(0), item[0]
    treatment, outcome = (int((found["roles"] == role).nonzero()[0, 0]) for role in (2, 3))
    # Linear: the effect is the weight, and the query rows are those of the two worlds.
    for value, name in ((0.0, "y0"), (1.0, "y1")):
        assert found[name].equal(task.do({treatment: value}).sample(30, draw=0)[20:, outcome])
    weight = float(task.mechanisms[outcome].weight.detach())  # type: ignore[union-attr]
    assert float(found["ate"]) == pytest.approx(weight, rel=1e-6)
    assert anc.collate([found], normalize="standardize", rows="context")["X"].shape == (1, 20, 0)
