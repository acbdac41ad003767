"""Which nodes a design draws, and matrices that hold of every graph, by what both must be."""

import itertools

import torch
from torch import Tensor

import ancestral as anc

FAMILY = anc.SCMFamily(n_nodes=4, sparsity_param=1.0)
TASKS = 2000


def ran(**design: object) -> list[anc.ExperimentData]:
    return list(anc.MetaFixedDataset(FAMILY, n_tasks=TASKS, design={"n_samples": 2, **design}))


def near(count: float, share: float) -> bool:
    """Within five deviations of a binomial law."""
    return abs(count / TASKS - share) < 5 * (share * (1 - share) / TASKS) ** 0.5


def test_each_column_without_holes_may_cause_those_of_another() -> None:
    # Two of four columns have holes, each with one cause among the other two: 1/2 for j, 2/3 for i beside it, 1/2 to be taken.
    observation = {"missing": "mar", "missing_share": 0.5, "missing_causes": 1}
    causes = torch.stack([task["missing_adjacency"] for task in ran(observation=observation)])
    assert causes.sum((1, 2)).eq(2).all()
    found: Tensor = causes.sum(0)
    assert found.diagonal().eq(0).all()
    assert all(near(float(found[i, j]), 1 / 6) for i, j in itertools.permutations(range(4), 2))


def test_root_treatments_have_children_and_no_parents() -> None:
    treated = torch.zeros(4)
    for task in ran(effects={"treatment": "root", "impossible": "task"}):
        (node,) = (task["roles"] == 2).nonzero().flatten().tolist()
        assert task["adjacency"][:, node].sum() == 0 < task["adjacency"][node].sum()
        treated[node] += 1
    # Labels of nodes say nothing.
    assert all(near(float(count), 1 / 4) for count in treated)


def test_without_hidden_variables_the_mag_is_the_graph() -> None:
    arrowhead, tail = 2, 3
    for task in ran(outputs=["mag"]):
        edges = task["adjacency"].bool()
        assert task["mag"].equal((arrowhead * edges + tail * edges.T).to(torch.int8))


def test_noise_alone_has_no_coefficients_to_move() -> None:
    family = anc.SCMFamily(5, mechanism_factory="linear", root_policy="noise", standardization="internal")
    interventions = {"n_samples": 20, "kind": "coefficient", "regimes": None}
    design = {"n_samples": 3, "interventions": interventions, "outputs": ["truth_noise"]}
    moved = 0
    for task in anc.MetaFixedDataset(family, n_tasks=20, design=design):
        roots = task["adjacency"].sum(0) == 0
        assert roots.any()
        assert task["X"][:, roots].equal(task["truth_noise"][:, roots])
        moved += int(task["targets"][:, roots].sum())
    assert moved > 0


def test_a_row_that_is_hardly_ever_kept_is_drawn_until_it_is() -> None:
    # Sixteen calibration rows tell badly which share is kept: of this task it is one in 10,000.
    family = anc.SCMFamily(3, sparsity_param=1.0, mechanism_factory="mlp", calibration_rows=16)
    instance = family.sample_task(1330)
    design = {"n_samples": 8, "selection": {"kept": 0.05, "slope": 3.0}, "outputs": ["truth_noise"]}
    data = instance.run(design, draw=0)
    assert data["tries"].max() > 1 << 14
    assert data["X"].unique(dim=0).shape == (8, 3)
    assert torch.allclose(instance.sample_from_noise(data["truth_noise"][..., None]), data["X"], atol=1e-4)
    fewer = instance.run({**design, "n_samples": 3}, draw=0)
    assert fewer["X"].equal(data["X"][:3])
    assert fewer["tries"].equal(data["tries"][:3])


def test_a_hole_tells_nothing_of_the_value_in_it() -> None:
    for missing in ("mcar", "mar", "mnar"):
        for task in ran(observation={"missing": missing, "missing_share": 0.5})[:50]:
            holes = task["X"][~task["observed"]]
            assert holes.eq(0).all()
            assert not holes.signbit().any()  # -0.0 would tell that the value is negative.
