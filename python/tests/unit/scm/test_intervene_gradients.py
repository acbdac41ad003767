"""SCMInstance.intervene: what gradients reach, and what copies keep."""

import copy
import pickle
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.autograd import forward_ad

import ancestral as anc
from small_instances import ROWS, doubled, family, middle


@pytest.mark.parametrize("kind", ["do", "stochastic", "shift", "noise_scale", "coefficient", "edge_removal"])
@pytest.mark.parametrize("mode", ["none", "internal"])
def test_gradients_are_finite_differences(kind: str, mode: str) -> None:
    task = doubled(family(mode, mechanism_proportions={"linear": 1}).sample_task(6))
    node = middle(task)
    shapes = {"stochastic": (5,), "coefficient": (len(task.parents(node)),), "edge_removal": (5,)}
    value = torch.rand(shapes.get(kind, ()), dtype=torch.float64, generator=torch.Generator().manual_seed(3)) + 0.5
    noise = task.noise(5).double()

    def rows(value: Tensor, noise: Tensor) -> Tensor:
        given = {task.parents(node)[0]: value} if kind == "edge_removal" else value
        return task.intervene(kind, {node: given}).sample_from_noise(noise)

    inputs = (value.requires_grad_(), noise.requires_grad_())
    assert torch.autograd.gradcheck(rows, inputs)
    (to_value, to_noise) = torch.autograd.grad(rows(*inputs).square().sum(), inputs)
    assert bool((to_value != 0).all())
    assert bool((to_noise != 0).any())


@pytest.mark.filterwarnings("ignore:.torch.jit")  # torch's of itself.
@pytest.mark.parametrize("kind", ["do", "shift", "noise_scale", "coefficient", "edge_removal"])
@pytest.mark.parametrize("mode", ["none", "internal"])
def test_transforms_of_functions_follow_one_number(kind: str, mode: str) -> None:
    task = doubled(family(mode, mechanism_proportions={"linear": 1}).sample_task(6))
    node = middle(task)
    noise = task.noise(5).double()

    def size(value: Tensor) -> Tensor:
        given = {task.parents(node)[0]: value} if kind == "edge_removal" else value
        return task.intervene(kind, {node: given}).sample_from_noise(noise).square().sum()

    numbers = torch.tensor([0.75, -1.0, 2.0], dtype=torch.float64)
    one, tangent = numbers[0], torch.tensor(3.0, dtype=torch.float64)
    asked = one.clone().requires_grad_()
    (slope,) = torch.autograd.grad(size(asked), asked, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, asked)
    assert bool(slope != 0)
    with forward_ad.dual_level():
        along = forward_ad.unpack_dual(size(forward_ad.make_dual(one, tangent))).tangent
    assert along is not None
    torch.testing.assert_close(along, 3 * slope)
    torch.testing.assert_close(torch.func.jvp(size, (one,), (tangent,))[1], 3 * slope)
    torch.testing.assert_close(torch.func.grad(size)(one), slope)
    torch.testing.assert_close(torch.func.hessian(size)(one), curvature)
    torch.testing.assert_close(torch.func.vmap(size)(numbers), torch.stack([size(value) for value in numbers]))


def test_one_set_of_mechanisms_learns_from_several_worlds() -> None:
    task = family(mechanism_proportions={"linear": 1}).sample_task(6)
    node = middle(task)
    child = int(task.adjacency_matrix[node].nonzero()[0, 0])
    for after in (task.intervene("do", {node: 1.0}), task.intervene("shift", {node: 1.0})):
        assert all(after.mechanisms[j] is task.mechanisms[j] for j in range(7) if j != node)
        task.mechanisms[child].zero_grad()
        after.sample_from_noise(task.noise(ROWS)).sum().backward()
        gradient = task.mechanisms[child].weight.grad  # pyright: ignore[reportAttributeAccessIssue]
        assert isinstance(gradient, Tensor)
        assert bool((gradient != 0).any())
    with torch.no_grad():
        task.mechanisms[child].bias.add_(1.0)  # pyright: ignore[reportCallIssue, reportAttributeAccessIssue]
    changed = task.intervene("do", {node: 1.0}).sample(ROWS, draw=0)[:, child]
    assert torch.allclose(changed, task.do({node: 1.0}).sample(ROWS, draw=0)[:, child], atol=1e-5)
    untrained = family(mechanism_proportions={"linear": 1}).sample_task(6).do({node: 1.0}).sample(ROWS, draw=0)[:, child]
    assert torch.allclose(changed - untrained, torch.ones(ROWS), atol=1e-4)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda task: pickle.loads(pickle.dumps(task)), lambda task: task.to("cpu")])
def test_copies_give_the_same_rows(copied: Callable[[anc.SCMInstance], anc.SCMInstance]) -> None:
    task = family("batch").sample_task(5)
    node = middle(task)
    child = int(task.adjacency_matrix[node].nonzero()[0, 0])
    after = task.intervene("noise_scale", {node: 2.0}).intervene("edge_removal", {child: [node]})
    assert copied(after).sample(ROWS, draw=0).equal(after.sample(ROWS, draw=0))
    assert copied(after).adjacency_matrix.equal(after.adjacency_matrix)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda task: task.to("cpu")])
def test_gradients_reach_what_was_given_from_copies(copied: Callable[[anc.SCMInstance], anc.SCMInstance]) -> None:
    task, size = family().sample_task(5), torch.tensor(0.5, requires_grad=True)
    after = copied(task.intervene("shift", {middle(task): 2 * size}))
    after.sample_from_noise(task.noise(ROWS))[:, middle(task)].sum().backward()
    assert float(size.grad if size.grad is not None else 0) == 2 * ROWS
