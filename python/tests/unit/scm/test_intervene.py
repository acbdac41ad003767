"""SCMInstance.intervene: each kind against the engine, closed forms and inversion of the mechanisms."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from small_instances import MODES, ROWS, doubled, family, middle


class Halved(nn.Module):
    """A mechanism of a user's own."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.5))

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return self.weight * parents.sum(1) + noise


# ------------------------------------------------------------------------------------------------ against the engine


def engine_rows(task: anc.SCMInstance, **settings: Any) -> tuple[Any, Any]:
    """The experiment of one regime for each node, on the noise of the observational rows; and the rows of a regime."""
    part = {"n_samples": 7 * ROWS, "regimes": 7, "allocation": "every_node", "noise": "shared", "values_per": "regime"}
    data = task.run(anc.Design(n_samples=ROWS, interventions=anc.Interventions(**{**part, **settings})), draw=3)
    return data, [data["X"][data["regime"] == regime] for regime in range(8)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("kind", "settings"),
    [("do", {}), ("shift", {}), ("noise_scale", {"factor_min": 3, "factor_max": 3})],
)
def test_its_rows_are_the_engines(mode: str, kind: str, settings: dict[str, Any]) -> None:
    task = family(mode).sample_task(5)
    data, rows = engine_rows(task, kind=kind, **settings)
    noise = task.noise(ROWS, draw=3)
    for regime in range(1, 8):
        (node,) = data["targets"][regime].nonzero()[0].tolist()
        value = 3.0 if kind == "noise_scale" else float(data["values"][regime, node])
        after = task.intervene(kind, {node: value})
        assert torch.allclose(after.sample_from_noise(noise), rows[regime], rtol=2e-4, atol=2e-4)
        assert torch.allclose(after.sample(ROWS, draw=3), rows[regime], rtol=2e-4, atol=2e-4)
        if after.parents(node) or kind == "do":
            assert not torch.allclose(rows[0][:, node], rows[regime][:, node], atol=1e-2)


@pytest.mark.parametrize("mode", MODES)
def test_changed_coefficients_are_the_engines(mode: str) -> None:
    task = family(mode, mechanism_proportions={"linear": 1}).sample_task(6)
    data, rows = engine_rows(task, kind="coefficient", coefficient_min=2, coefficient_max=2)
    noise, tested = task.noise(ROWS, draw=3), 0
    for regime in range(1, 8):
        node = int(data["targets"][regime].nonzero())
        n_parents = len(task.parents(node))
        if n_parents in (1, 2, 3):
            tested += 1
            signs = [torch.tensor(found) for found in itertools.product((-2.0, 2.0), repeat=n_parents)]
            worlds = [task.intervene("coefficient", {node: added}).sample_from_noise(noise) for added in signs]
            assert sum(torch.allclose(world, rows[regime], rtol=2e-4, atol=2e-4) for world in worlds) == 1
    assert tested >= 3


def test_values_for_each_row_are_as_many_interventions() -> None:
    task = family("internal").sample_task(5)
    node, values, noise = middle(task), torch.linspace(-2, 2, 8), task.noise(8)
    for kind in ("do", "shift", "noise_scale"):
        together = task.intervene(kind, {node: values}).sample_from_noise(noise)
        for row, value in enumerate(values):
            alone = task.intervene(kind, {node: float(value)}).sample_from_noise(noise)
            assert torch.allclose(together[row], alone[row], atol=1e-5)
        assert task.intervene(kind, {node: values.numpy()}).sample(8, draw=0).equal(together.detach())


# ------------------------------------------------------------------------------------------------ closed forms


def test_a_linear_world_moves_by_the_total_effect() -> None:
    task = doubled(family(mechanism_proportions={"linear": 1}).sample_task(6))
    weights = torch.zeros(7, 7, dtype=torch.float64)
    for node in task.topological_order:
        if task.parents(node):
            weights[task.parents(node), node] = task.mechanisms[node].weight.detach()  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue, reportCallIssue]
    total = torch.linalg.inv(torch.eye(7, dtype=torch.float64) - weights)
    noise, node = task.noise(ROWS).double(), middle(task)
    before = task.sample_from_noise(noise)
    shifted = task.intervene("shift", {node: 0.7}).sample_from_noise(noise)
    assert torch.allclose(shifted - before, 0.7 * total[node].expand(ROWS, 7))
    held = task.intervene("do", {node: torch.full((ROWS,), 1.5, dtype=torch.float64)}).sample_from_noise(noise)
    assert torch.allclose(held - before, (1.5 - before[:, node, None]) * total[node])


def test_a_stochastic_value_is_a_function_of_the_nodes_noise_or_given() -> None:
    task = family().sample_task(5)
    node, noise = middle(task), task.noise(ROWS)
    channel = task.mechanisms[node].channels.index("noise")  # pyright: ignore[reportCallIssue, reportAttributeAccessIssue]
    after = task.intervene("stochastic", {node: lambda own: 2 + 0.5 * own})
    assert after.parents(node) == []
    assert after.sample_from_noise(noise)[:, node].equal(2 + 0.5 * noise[:, node, channel])
    assert abs(float(after.sample(10_000, draw=1)[:, node].mean()) - 2) < 5 * 0.5 / 100
    values = torch.randn(ROWS, generator=torch.Generator().manual_seed(1))
    assert task.intervene("stochastic", {node: values}).sample(ROWS, draw=0)[:, node].equal(values)
    # What is done to it after that keeps the noise that the function reads, which is not the node's first channel.
    assert channel == 1
    scaled = after.intervene("noise_scale", {node: 3.0})
    assert scaled.sample_from_noise(noise)[:, node].equal(2 + 0.5 * (3 * noise[:, node, channel]))
    shifted = after.intervene("shift", {node: 4.0})
    assert shifted.sample_from_noise(noise)[:, node].equal(2 + 0.5 * noise[:, node, channel] + 4)
    alone: Any = after.mechanisms[node]
    assert alone(torch.empty(ROWS, 0), noise[:, node, channel]).equal(2 + 0.5 * noise[:, node, channel])


def test_a_removed_parent_is_read_in_other_rows() -> None:
    task = family("internal", sparsity_param=3.0).sample_task(2)
    node = next(j for j in task.topological_order if len(task.parents(j)) >= 2)
    first, second, *rest = parents = task.parents(node)
    noise, order = task.noise(ROWS), torch.randperm(ROWS, generator=torch.Generator().manual_seed(2))
    before = task.sample_from_noise(noise)
    after = task.intervene("edge_removal", {node: {first: order, second: 0.25}})
    inputs = before[:, parents].clone()
    inputs[:, 0], inputs[:, 1] = before[order, first], 0.25
    expected = task.mechanisms[node](inputs, noise[:, node])
    found = after.sample_from_noise(noise)
    assert torch.allclose(found[:, node], expected, atol=1e-5)
    assert after.parents(node) == rest
    assert (task.adjacency_matrix - after.adjacency_matrix).nonzero().tolist() == [[first, node], [second, node]]
    assert [bool(found[:, j].equal(before[:, j])) for j in parents] == [True] * len(parents)
    # By itself, each removed parent some rows before.
    rolled = task.intervene("edge_removal", {node: [first, second]}).sample_from_noise(noise)
    inputs[:, 0], inputs[:, 1] = before[:, first].roll(1), before[:, second].roll(2)
    assert torch.allclose(rolled[:, node], task.mechanisms[node](inputs, noise[:, node]), atol=1e-5)
    # One after the other is both at once.
    one = task.intervene("edge_removal", {node: {first: order}}).intervene("edge_removal", {node: {second: 0.25}})
    assert one.sample_from_noise(noise).equal(found)
    assert one.adjacency_matrix.equal(after.adjacency_matrix)
    assert one.do({node: 1.0}).sample(ROWS, draw=0)[:, node].equal(torch.ones(ROWS))


def test_another_mechanism_takes_the_parents_and_the_noise() -> None:
    task = family().sample_task(5)
    node, own, noise = middle(task), Halved(), task.noise(ROWS)
    after = task.intervene("mechanism", {node: own})
    found = after.sample_from_noise(noise)
    assert torch.allclose(found[:, node], 0.5 * found[:, task.parents(node)].sum(1) + noise[:, node, 0])
    found[:, node].sum().backward()
    assert own.weight.grad is not None
    assert after.adjacency_matrix.equal(task.adjacency_matrix)


# ------------------------------------------------------------------------------------------------ counterfactuals

INVERSES: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda value: value,
    "tanh": torch.atanh,
    "sigmoid": torch.logit,
    "cube": lambda value: value.sign() * value.abs() ** (1 / 3),
    "leaky_relu": lambda value: torch.where(value < 0, value / 0.1, value),
}


def abducted(task: anc.SCMInstance, x: Tensor, inverse: Callable[[Tensor], Tensor]) -> Tensor:
    """The noise [rows, n, 1] behind rows of additive and post-nonlinear mechanisms: g(f(parents) + s noise) = x."""
    noise = torch.zeros(*x.shape, 1, dtype=x.dtype)
    for node in task.topological_order:
        mechanism, parents = task.mechanisms[node], x[:, task.parents(node)]

        def inside(value: Tensor, of: Any = mechanism) -> Tensor:
            raw = (value - of.output_shift) / of.output_gain
            return inverse(raw) if of.kind == "gp" else raw

        scale = getattr(mechanism, "noise_scale", 1.0)
        noise[:, node, 0] = (inside(x[:, node]) - inside(mechanism(parents, torch.zeros_like(x[:, 0])))) / scale
    return noise.detach()


@pytest.mark.parametrize("outer", INVERSES)
@pytest.mark.parametrize("mode", ["none", "internal"])
def test_abduction_gives_the_counterfactual(outer: str, mode: str) -> None:
    kinds = {"linear": 1, "mlp": 1, "gp": 2}
    task = doubled(family(mode, mechanism_proportions=kinds, mlp_noise="additive", gp_outer=outer).sample_task(4))
    assert {mechanism.kind for j, mechanism in enumerate(task.mechanisms) if task.parents(j)} >= {"gp", "mlp"}
    noise, node = task.noise(ROWS).double(), middle(task)
    x = task.sample_from_noise(noise).detach()
    found = abducted(task, x, INVERSES[outer])
    after = task.intervene("do", {node: torch.tensor(0.8, dtype=torch.float64, requires_grad=True)})
    again = after.sample_from_noise(found).detach()
    assert torch.allclose(again, after.sample_from_noise(noise).detach(), rtol=1e-5, atol=1e-5)
    assert torch.allclose(again.float(), task.do({node: 0.8}).sample(ROWS, draw=0), rtol=1e-3, atol=1e-3)
    assert not torch.allclose(again, x, atol=1e-2)
    # Consistency: what was is what a do of it gives, row by row.
    assert torch.allclose(task.intervene("do", {node: x[:, node]}).sample_from_noise(found), x, rtol=1e-5, atol=1e-5)


# ------------------------------------------------------------------------------------------------ what it keeps


def test_do_with_numbers_is_the_engines_do_to_the_bit() -> None:
    task = family("internal").sample_task(5)
    node = middle(task)
    after, right = task.intervene("do", {node: 1.5}), task.do({node: 1.5})
    assert after.sample(ROWS, draw=1).equal(right.sample(ROWS, draw=1))
    assert after.adjacency_matrix.equal(right.adjacency_matrix)
    assert after.run(anc.Design(n_samples=5), draw=0)["X"].equal(right.run(anc.Design(n_samples=5), draw=0)["X"])


def test_a_gradient_that_do_would_drop_is_refused() -> None:
    task, value = family().sample_task(5), torch.tensor(1.5, requires_grad=True)
    with pytest.raises(anc.ConfigError, match=r"value of node 2 requires a gradient.*intervene\(\"do\""):
        task.do({2: value})
    with pytest.raises(anc.ConfigError, match=r"is of a transform of functions.*intervene\(\"do\""):
        torch.func.vmap(lambda value: task.do({2: value}).sample(1))(torch.ones(3))
    assert task.do({2: value.detach()}).sample(ROWS, draw=0).equal(task.do({2: value.item()}).sample(ROWS, draw=0))
    task.intervene("do", {2: value}).sample_from_noise(task.noise(ROWS, draw=0)).sum().backward()
    assert value.grad is not None


def test_it_leaves_the_task_and_what_is_no_descendant() -> None:
    task = family().sample_task(5)
    before, graph = task.sample(ROWS, draw=0), task.adjacency_matrix.clone()
    node = task.topological_order[-1]
    after = task.intervene("shift", {node: 1.0})
    rest = [j for j in range(7) if j != node]
    assert torch.allclose(after.sample(ROWS, draw=0)[:, rest], before[:, rest], rtol=1e-4, atol=1e-4)
    assert task.sample(ROWS, draw=0).equal(before)
    assert task.adjacency_matrix.equal(graph)
    assert after.sample(ROWS).equal(after.sample(ROWS, draw=0))


def test_own_modules_are_changed_too() -> None:
    chain = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], [lambda parents, noise: noise, Halved()])
    before = chain.sample(ROWS, draw=0)
    noisy = chain.intervene("noise_scale", {1: 3.0}).sample(ROWS, draw=0)
    assert torch.allclose(noisy[:, 1] - 0.5 * before[:, 0], 3 * (before[:, 1] - 0.5 * before[:, 0]), atol=1e-5)
    held = chain.intervene("do", {0: 2.0}).sample(ROWS, draw=0)
    assert torch.allclose(held[:, 1], before[:, 1] + 0.5 * (2 - before[:, 0]), atol=1e-5)


# ------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("kind", "targets", "words"),
    [
        ("set", {1: 1.0}, "kind = 'set': must be one of 'do', 'stochastic'"),
        ("do", {}, "targets = {}: must map at least one node"),
        ("do", {9: 1.0}, "node = 9: must be a whole number from 0 to 3"),
        ("do", {1: "high"}, r"targets\[1\] = 'high': must be a finite number"),
        ("shift", {1: float("nan")}, r"targets\[1\] = nan: must be a finite number"),
        ("shift", {1: torch.tensor([1.0, float("inf")])}, r"targets\[1\] has a value that is not finite"),
        ("shift", {1: torch.zeros(2, 2)}, r"targets\[1\] is a tensor \[2, 2\]"),
        ("shift", {1: torch.zeros(2, dtype=torch.int64)}, "of torch.int64: must be a number, or floating-point"),
        ("stochastic", {1: 2.0}, "must be a tensor with a value for each row, or a function"),
        ("mechanism", {1: 2.0}, "must be a module"),
        ("mechanism", {1: Halved}, "must be a module"),
        ("coefficient", {0: 1.0}, "node 0, whose mechanism is noise: must be a linear one"),
        ("coefficient", {1: torch.zeros(3)}, r"targets\[1\] is a tensor \[3\]: must be a number or a tensor \[1\]"),
        ("edge_removal", {1: [2]}, r"targets\[1\]\[2\] is no parent of node 1: must be one of 0"),
        ("edge_removal", {1: {0.0: 1.0}}, r"a parent of targets\[1\] = 0.0: must be a whole number from 0 to"),
        ("edge_removal", {1: [False]}, r"a parent of targets\[1\] = False: must be a whole number from 0 to"),
        ("edge_removal", {0: [2]}, "must be another node, as it has none"),
        ("edge_removal", {1: 0}, r"targets\[1\] = 0: must be a list of parents of node 1"),
        ("edge_removal", {1: {0: torch.tensor([0, 5])}}, "has rows from 0 to 5: must be from 0 to 1"),
    ],
)
def test_what_is_wrong_is_said(kind: str, targets: Any, words: str) -> None:
    with pytest.raises(anc.ConfigError, match=words):
        linear_chain().intervene(kind, targets)


def linear_chain() -> anc.SCMInstance:
    chain = np.diag(np.ones(3), 1)
    return anc.SCMFamily(4, lambda n_nodes, *, seed: torch.tensor(chain), "linear", root_policy="noise").sample_task(0)


def test_rows_that_do_not_fit_are_refused_where_they_are_asked_for() -> None:
    task = linear_chain()
    with pytest.raises(anc.ConfigError, match=r"targets\[1\] has 3 values, one for each row, but there are 4 rows"):
        task.intervene("shift", {1: torch.zeros(3)}).sample(4)
    with pytest.raises(anc.ConfigError, match="there are 1 rows: must be 2 at least"):
        task.intervene("edge_removal", {1: [0]}).sample(1)
    with pytest.raises(anc.ConfigError, match=r"The mechanism of node 1 gave a tensor \[\]: must give a tensor \[4\]"):
        task.intervene("stochastic", {1: lambda own: own.sum()}).sample(4)
    with pytest.raises(anc.ConfigError, match="held and has none"):
        task.do({1: 1.0}).intervene("noise_scale", {1: 2.0})
    with pytest.raises(anc.ConfigError, match="held and has none"):
        task.do({1: 1.0}).intervene("stochastic", {1: lambda own: own})
    with pytest.raises(anc.ConfigError, match="held and has none"):
        task.intervene("do", {1: 1.0}).intervene("noise_scale", {1: 2.0})
    with pytest.raises(anc.ConfigError, match="design can't be run under intervene"):
        task.intervene("shift", {1: 1.0}).run(anc.Design(n_samples=5))
