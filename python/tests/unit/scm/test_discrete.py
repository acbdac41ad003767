"""Nodes whose values are classes and counts: instances, modules, interventions."""

import numpy as np
import pytest
import torch
from scipy import stats

import ancestral as anc
from ancestral.mechanisms import ClassMechanism

MIXED = {
    "n_nodes": 10,
    "sparsity_param": 2.0,
    "calibration_rows": 64,
    "mlp_hidden": [4],
    "discretized_proportion": 0.3,
    "mechanism_proportions": {"linear": 2, "mlp": 1, "categorical": 2, "binary": 1, "count": 1},
}


def family(**options: object) -> anc.SCMFamily:
    return anc.SCMFamily.from_config({**MIXED, **options})


def test_instances_tell_what_values_are() -> None:
    seen: set[int] = set()
    for seed in range(8):
        task = family().sample_task(seed)
        assert task.kind.dtype == torch.int8
        assert task.n_classes.dtype == torch.int16
        x = task.sample(300, draw=0)
        for node, (kind, classes) in enumerate(zip(task.kind.tolist(), task.n_classes.tolist(), strict=True)):
            seen.add(kind)
            column = x[:, node]
            assert (classes > 0) == (kind in (1, 2))
            if kind == 0:
                assert not torch.equal(column, column.round())
                continue
            assert torch.equal(column, column.round())
            assert column.min() >= 0
            assert kind == 3 or column.max() < classes
    assert seen == {0, 1, 2, 3}
    plain = anc.SCMFamily(n_nodes=4, sparsity_param=1.0).sample_task(0)
    assert plain.kind.tolist() == plain.n_classes.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("score", ["linear", "mlp", "table"])
@pytest.mark.parametrize("reading", ["one_hot", "number"])
def test_modules_compute_what_the_engine_does(score: str, reading: str) -> None:
    options = {"categorical_score": score, "binary_score": score, "class_reading": reading}
    rows = 2000
    for seed in range(4):
        task = family(**options).sample_task(seed)
        x, noise = task.sample(rows, draw=0), task.noise(rows, draw=0)
        # Each node from the engine's parents, so that what one rounding decides in one node isn't counted in others.
        for node, module in enumerate(task.mechanisms):
            made = module(x[:, task.parents(node)], noise[:, node])
            if task.kind[node] == 0:
                torch.testing.assert_close(made, x[:, node], rtol=2e-4, atol=2e-4)
            else:
                # A score or an edge within some 1e-6 of another may fall on either side.
                assert (made != x[:, node]).sum() <= 2
        assert task.sample_from_noise(noise).shape == x.shape


def test_scores_are_log_probabilities_with_gradients() -> None:
    task = anc.SCMFamily(
        n_nodes=6, sparsity_param=1.5, mechanism_proportions={"categorical": 1}, categorical_score="table"
    ).sample_task(1)
    x = task.sample(50, draw=0)
    for node, module in enumerate(task.mechanisms):
        assert isinstance(module, ClassMechanism)
        scores = module.scores(x[:, task.parents(node)])
        assert scores.shape == (50, int(task.n_classes[node]))
        torch.testing.assert_close(scores.exp().sum(1), torch.ones(50), rtol=0, atol=1e-5)
        scores.logsumexp(1).sum().backward()
        assert module.get_parameter("probability").grad is not None


@pytest.mark.parametrize(
    ("kind", "value"), [("classes", 0.5), ("classes", -1.0), ("classes", 99.0), ("counts", 1.5), ("counts", -1.0)]
)
def test_only_values_of_a_node_are_taken(kind: str, value: float) -> None:
    task = family(mechanism_proportions={"categorical": 1} if kind == "classes" else {"count": 1}, discretized_proportion=0.0)
    with pytest.raises(anc.ConfigError, match=r"value of node 0.*must be a (class|count)"):
        task.sample_task(0).do({0: value})


def test_do_leaves_everything_else() -> None:
    task = family().sample_task(3)
    x = task.sample(200, draw=0)
    for node in range(task.n_nodes):
        after = task.do({node: 1.0})
        assert torch.equal(after.kind, task.kind)
        y = after.sample(200, draw=0)
        assert (y[:, node] == 1).all()
        moved = (x != y).any(0).nonzero()[:, 0].tolist()
        reached = torch.linalg.matrix_power(torch.eye(10) + task.adjacency_matrix, 10)[node] > 0
        assert all(reached[other] for other in moved)


def test_reading_the_modules_changes_nothing() -> None:
    task = family(mechanism_proportions={"tree": 1, "categorical": 1}).sample_task(2)
    design = anc.Design(n_samples=20)
    before = task.run(design, draw=0)["X"]
    assert len(task.mechanisms) == 10
    assert torch.equal(task.run(design, draw=0)["X"], before)


@pytest.mark.parametrize("kind", ["shift", "noise_scale"])
def test_what_classes_cannot_have_is_refused(kind: str) -> None:
    with pytest.raises(anc.ConfigError, match=r"interventions\.kind.*classes or counts"):
        anc.MetaIterableDataset(family(), design=anc.Design(interventions={"kind": kind}))


def test_the_mean_of_a_count_is_that_of_its_parents_as_they_are() -> None:
    options = {"mechanism_proportions": {"count": 1, "categorical": 1}, "discretized_proportion": 0.0, "n_nodes": 3}
    task = family(**options, sparsity_param=1.0).sample_task(6)
    x = task.sample(200_000, draw=0)
    node = next(node for node in task.topological_order[::-1] if task.kind[node] == 3 and task.parents(node))
    parents = x[:, task.parents(node)]
    mean = task.mechanisms[node].mean(parents).detach().double()  # type: ignore[operator]
    # Poisson: the variance is the mean, whatever the parents.
    assert abs(float((x[:, node] - mean).sum() / mean.sum().sqrt())) < 5
    assert abs(float(((x[:, node] - mean).square() / mean).mean()) - 1) < 0.05
    with pytest.raises(anc.ConfigError, match="parents has shape"):
        task.mechanisms[node].mean(parents[:, :0])  # type: ignore[operator]


def test_intervene_gives_classes_and_counts_only_what_they_can_have() -> None:
    task = family(
        mechanism_proportions={"categorical": 1}, discretized_proportion=0.0, n_nodes=3, sparsity_param=1.0
    ).sample_task(1)
    classes = int(task.n_classes[0])
    values = torch.tensor([0.0, classes - 1.0])
    assert task.intervene("do", {0: values}).sample(2)[:, 0].equal(values)
    for kind in ("do", "stochastic"):
        for wrong in (0.5, -1.0, float(classes), float("nan")):
            with pytest.raises(
                anc.ConfigError, match=rf"targets\[0\] has the value .*a class, a whole number from 0 to {classes - 1}"
            ):
                task.intervene(kind, {0: torch.tensor([0.0, wrong])})
    with pytest.raises(anc.ConfigError, match=r"targets\[0\] shifts node 0, which has classes"):
        task.intervene("shift", {0: 1.0})
    with pytest.raises(anc.ConfigError, match=r"scales the noise of node 0, which has classes or counts"):
        task.intervene("noise_scale", {0: 2.0})
    child = next(node for node in range(3) if task.parents(node))
    parent = task.parents(child)[0]
    with pytest.raises(anc.ConfigError, match=rf"targets\[{child}\]\[{parent}\] has the value 0.5"):
        task.intervene("edge_removal", {child: {parent: torch.tensor(0.5)}})
    for wrong in (torch.tensor(99), torch.full((40,), 0.5), np.full(40, 0.5)):
        with pytest.raises(anc.ConfigError, match=rf"targets\[{child}\]\[{parent}\] has the value (0.5|99): must have what"):
            task.intervene("edge_removal", {child: {parent: wrong}})
    for rows in (torch.arange(40).flip(0), np.arange(40)[::-1].copy()):  # Rows to read, whose numbers are no classes.
        assert task.intervene("edge_removal", {child: {parent: rows}}).sample(40).shape == (40, 3)
    counts = family(mechanism_proportions={"count": 1}, discretized_proportion=0.0, n_nodes=2, sparsity_param=0.5).sample_task(
        0
    )
    with pytest.raises(anc.ConfigError, match="has the value -1: must have what node 1 has, a count"):
        counts.intervene("do", {1: torch.tensor([7.0, -1.0])})
    with pytest.raises(anc.ConfigError, match="shifts node 1, which has counts"):
        counts.intervene("shift", {1: 1.0})


def mixed_task() -> tuple[anc.SCMInstance, int, int]:
    """A task with a continuous node that has a parent with classes, and both nodes."""
    mixed = family(mechanism_proportions={"linear": 1, "categorical": 1}, discretized_proportion=0.0, n_nodes=5)
    for seed in range(50):
        task = mixed.sample_task(seed)
        for child in range(5):
            for parent in task.parents(child):
                if task.kind[child] == 0 and task.n_classes[parent] > 0:
                    return task, child, parent
    raise AssertionError("No task has what is looked for.")


WRONG = (0.5, -1, 99, np.float32(0.5), np.int64(99))


@pytest.mark.parametrize("wrong", WRONG)
def test_a_number_that_is_no_class_is_refused_in_every_way_that_gives_a_node_one(wrong: float) -> None:
    task, child, parent = mixed_task()
    classes = int(task.n_classes[parent])
    shifted, learned = task.intervene("shift", {child: 1.0}), torch.tensor(1.0, requires_grad=True)
    ways = {
        "beside a value with a gradient": lambda value: task.intervene("do", {child: learned, parent: value}),
        "do after another kind": lambda value: shifted.do({parent: value}),
        "intervene after another kind": lambda value: shifted.intervene("do", {parent: value}),
        "read by a child": lambda value: task.intervene("edge_removal", {child: {parent: value}}),
        "read by a child, its name of numpy": lambda value: task.intervene("edge_removal", {child: {np.int64(parent): value}}),
    }
    for name, way in ways.items():
        with pytest.raises(
            anc.ConfigError, match=rf"has the value .*must have what node {parent} has, a class.* {classes - 1}"
        ):
            pytest.fail(f"{name}: {way(wrong)}")
        way(classes - 1).sample(3)


def test_classes_come_in_any_dtype_or_are_refused_in_a_sentence() -> None:
    task, child, parent = mixed_task()
    for dtype in (torch.uint8, torch.int8, torch.uint16, torch.int16, torch.uint32, torch.int64, torch.float16, torch.float64):
        one = torch.tensor(1, dtype=dtype)
        expected = task.do({parent: 1}).sample(3, draw=0)
        assert task.intervene("do", {parent: one}).sample(3, draw=0).equal(expected)
        with pytest.raises(anc.ConfigError, match=rf"has the value 9.*must have what node {parent} has, a class"):
            task.intervene("do", {parent: 9 * one})
    for truth in (torch.tensor(True), torch.tensor([True, False]), np.array([True, False])):
        for kind in ("do", "stochastic"):
            with pytest.raises(anc.ConfigError, match=rf"targets\[{parent}\] "):
                task.intervene(kind, {parent: truth})
        with pytest.raises(anc.ConfigError, match=rf"targets\[{child}\]\[{parent}\] "):
            task.intervene("edge_removal", {child: {parent: truth}})


def test_a_law_gives_a_node_with_classes_one_of_them_in_each_row() -> None:
    task = family(mechanism_proportions={"linear": 1}, discretized_proportion=1.0, n_nodes=2, sparsity_param=0.5).sample_task(3)
    node = task.topological_order[1]
    # Cut into classes, so that it has noise of a size.
    after = task.intervene("stochastic", {node: lambda own: (own > 0).to(own.dtype)})
    assert set(after.sample(50, draw=0)[:, node].tolist()) == {0.0, 1.0}
    truths = task.intervene("stochastic", {node: lambda own: own > 0})
    assert truths.sample(50, draw=0).equal(after.sample(50, draw=0))
    plain = task.intervene("stochastic", {node: lambda own: own})
    for run in (lambda: plain.sample(5, draw=0), lambda: plain.sample_from_noise(task.noise(5, draw=0))):
        with pytest.raises(
            anc.ConfigError, match=rf"targets\[{node}\] has the value .*must have what node {node} has, a class"
        ):
            run()
    law = torch.nn.Linear(1, 1)
    held = task.intervene("stochastic", {node: law}).mechanisms[node]
    assert [parameter is own for parameter, own in zip(held.parameters(), law.parameters(), strict=True)] == [True, True]


@pytest.mark.parametrize("size", [None, 0.8, 5.0])
def test_a_count_is_the_quantile_of_its_law(size: float | None) -> None:
    options = {} if size is None else {"count_size": size}
    task = anc.SCMFamily(4, sparsity_param=1.0, mechanism_proportions={"count": 1.0}, **options).sample_task(1)
    x, noise = task.sample(500, draw=0), task.noise(500, draw=0)
    for node, mechanism in enumerate(task.mechanisms):
        parents = x[:, task.parents(node)]
        with torch.no_grad():
            mean, found = mechanism.mean(parents).double().numpy(), mechanism(parents, noise[:, node])  # pyright: ignore
        law = stats.poisson(mean) if size is None else stats.nbinom(size, size / (size + mean))
        right = law.ppf(0.5 + noise[:, node, 0].double().numpy() / np.sqrt(12))
        # Of float32's means one row in some thousand may be at another step of the law.
        assert (found.numpy() != right).mean() < 0.01
        assert (x[:, node].numpy() != right).mean() < 0.01
        assert len(set(right)) > 2


@pytest.mark.parametrize("size", [None, 0.8])
def test_a_count_ends_whatever_its_noise_and_its_mean(size: float | None) -> None:
    options = {} if size is None else {"count_size": size}
    task = anc.SCMFamily(1, sparsity_param=0.0, mechanism_proportions={"count": 1.0}, **options).sample_task(1)
    (mechanism,) = task.mechanisms
    noise = torch.tensor([-9.0, 0.0, 1.73, 1.8, 9.0])
    with torch.no_grad():
        least, _, high, beyond, far = mechanism(noise.new_empty(5, 0), noise).tolist()
        assert least == 0
        assert high < beyond == far < 1e4  # Quantiles of a level of 1 have no end; the sum of probabilities has one.
        mechanism.get_parameter("mean_max").fill_(float("inf"))
        assert mechanism(noise.new_empty(5, 0), noise).isnan().all()
        if size is None:
            mechanism.get_parameter("mean_max").fill_(1e5)  # exp(-mean) is 0.
            assert mechanism(noise.new_empty(5, 0), noise).isnan().all()
    with pytest.raises(anc.EngineError, match="not finite"):
        task.sample(3)


@pytest.mark.parametrize("kind", ["categorical", "binary", "count"])
def test_another_mechanism_under_a_do_knows_what_values_are(kind: str) -> None:
    """A held node is none of the nodes without parents that are noise: it and its children keep their kinds."""
    given = family(
        mechanism_proportions={kind: 1}, discretized_proportion=0.0, n_nodes=6, root_policy="noise", count_mean_max=2.0
    )
    design = anc.Design(
        n_samples=20, interventions=anc.Interventions(kind="mechanism", n_samples=120, regimes=6, allocation="every_node")
    )
    compared = 0
    for seed in range(4):
        task = given.sample_task(seed)
        plain = task.run(design)
        inner = task.adjacency_matrix.any(dim=0).nonzero()[:, 0].tolist()
        for held in inner:
            found = task.do({held: 1.0}).run(design)
            values = found["X"][:, inner]
            assert values.equal(values.round())
            assert values.min() >= 0
            if kind != "count":
                assert (values < task.n_classes[inner]).all()
            # With the same parents and the same noise another node's other mechanism gives the same as without the do.
            for node in set(inner) - {held}:
                parents = task.parents(node)
                same = (found["X"][:, parents] == plain["X"][:, parents]).all(dim=1)
                assert found["X"][same, node].equal(plain["X"][same, node])
                compared += int((same & found["intervened"][:, node]).sum()) if held in parents else 0
    assert compared > 50
