"""A task whose mechanisms were changed is the same task after any way of copying it, in what it samples, and under do."""

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc

FAMILY = anc.SCMFamily(5, sparsity_param=1.5, mechanism_proportions={"linear": 1, "mlp": 1, "gp": 1}, gp_features=16)
Change = Callable[[anc.SCMInstance], Any]


def saved(task: anc.SCMInstance) -> anc.SCMInstance:
    buffer = io.BytesIO()
    torch.save(task, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=False)


def pickled(task: anc.SCMInstance) -> anc.SCMInstance:
    return pickle.loads(pickle.dumps(task))


WAYS: dict[str, Callable[[anc.SCMInstance], anc.SCMInstance]] = {
    "pickle": pickled,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "torch.save": saved,
    "to": lambda task: task.to("cpu"),
    "to, then pickle": lambda task: pickled(task.to("cpu")),
    "twice": lambda task: copy.deepcopy(pickled(task)),
}


class Shifted(nn.Module):
    """A module of one's own over one of the engine's."""

    def __init__(self, within: nn.Module) -> None:
        super().__init__()
        self.within = within

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return self.within(parents, noise) + 10.0


def in_place(task: anc.SCMInstance) -> None:
    with torch.no_grad():
        for mechanism in task.mechanisms:
            mechanism.output_shift.add_(1.0)


def through_data(task: anc.SCMInstance) -> None:  # Leaves no trace in the tensors' version counters.
    task.mechanisms[0].output_gain.data.mul_(3.0)


def loaded(task: anc.SCMInstance) -> None:
    mechanism = task.mechanisms[1]
    mechanism.load_state_dict({name: value * 2 for name, value in mechanism.state_dict().items()})


def replaced(task: anc.SCMInstance) -> None:
    task.mechanisms[2] = Shifted(task.mechanisms[2])


def swapped(task: anc.SCMInstance) -> None:
    roots = [j for j in range(task.n_nodes) if not task.parents(j)]
    if len(roots) > 1:
        task.mechanisms[roots[0]], task.mechanisms[roots[1]] = task.mechanisms[roots[1]], task.mechanisms[roots[0]]
    else:
        in_place(task)


def set_anew(task: anc.SCMInstance) -> None:
    task.mechanisms[0].output_shift = nn.Parameter(torch.tensor(2.5))


def halved(task: anc.SCMInstance) -> None:
    for mechanism in task.mechanisms:
        mechanism.to(torch.bfloat16).float()


CHANGES = [in_place, through_data, loaded, replaced, swapped, set_anew, halved]


def changed(change: Change, seed: int = 3) -> anc.SCMInstance:
    task = FAMILY.sample_task(seed)
    change(task)
    return task


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", CHANGES)
def test_every_copy_keeps_every_change(change: Change, way: str) -> None:
    task = changed(change)
    noise = FAMILY.sample_task(3).noise(6)
    right = task.sample_from_noise(noise)
    assert not right.equal(FAMILY.sample_task(3).sample_from_noise(noise))
    assert WAYS[way](task).sample_from_noise(noise).equal(right)
    assert WAYS[way](task).sample(6, draw=0).equal(right.detach())
    assert task.sample(6, draw=0).equal(right.detach())


@pytest.mark.parametrize("change", CHANGES)
def test_do_moves_descendants_alone_and_holds_the_node(change: Change) -> None:
    task = changed(change)
    root = task.topological_order[0]
    below = torch.linalg.matrix_exp(task.adjacency_matrix.double())[root] > 0
    before, noise = task.sample(50, draw=2), task.noise(50, draw=2)
    after = pickled(task.do({root: 1.5}))
    held = after.sample(50, draw=2)
    assert held[:, ~below].equal(before[:, ~below])
    assert held[:, root].tolist() == [1.5] * 50
    assert not held[:, below].equal(before[:, below])
    assert after.sample_from_noise(noise).detach().equal(held)
    twice = after.do({task.topological_order[-1]: 0.0})
    kept = [j for j in range(task.n_nodes) if j != task.topological_order[-1]]
    assert twice.sample(50, draw=2)[:, kept].equal(held[:, kept])


def test_a_task_under_do_has_modules_of_its_own() -> None:
    task = changed(in_place)
    before = task.sample(4, draw=0)
    in_place(task.do({0: 1.0}))
    assert task.sample(4, draw=0).equal(before)


def test_dtype_gradients_and_mode_are_kept() -> None:
    task = FAMILY.sample_task(3)
    task.mechanisms[0].double()
    task.mechanisms[1].requires_grad_(False)
    task.mechanisms[2].eval()
    for way in WAYS.values():
        again = way(task).mechanisms
        assert {parameter.dtype for parameter in again[0].parameters()} == {torch.float64}
        assert not any(parameter.requires_grad for parameter in again[1].parameters())
        assert not again[2].training
    noise = task.noise(3).double()
    double = FAMILY.sample_task(3)
    for mechanism in double.mechanisms:
        mechanism.double()
    assert copy.deepcopy(double).sample_from_noise(noise).dtype == torch.float64
    assert double.do({0: 1.0}).sample_from_noise(noise).dtype == torch.float64


def test_what_was_only_looked_at_stays_the_engines() -> None:
    plain, seen = FAMILY.sample_task(3), FAMILY.sample_task(3)
    for mechanism in seen.mechanisms:
        mechanism.double()  # Another dtype alone is no other mechanism.
    looked = FAMILY.sample_task(3)
    looked.sample_from_noise(looked.noise(2)).sum().backward()
    assert seen.sample(20, draw=1).equal(plain.sample(20, draw=1))
    assert looked.sample(20, draw=1).equal(plain.sample(20, draw=1))
    assert looked.do({0: 1.0}).sample(20, draw=1).equal(plain.do({0: 1.0}).sample(20, draw=1))
    assert len(pickle.dumps(looked)) < len(pickle.dumps(plain)) + 100  # By its seed.


def test_shared_parameters_stay_shared() -> None:
    task = changed(in_place)
    task.mechanisms[1].output_shift = task.mechanisms[0].output_shift
    again = copy.deepcopy(task)
    assert again.mechanisms[1].output_shift is again.mechanisms[0].output_shift


def test_a_changed_mechanism_that_gives_no_number_is_named() -> None:
    task = FAMILY.sample_task(3)
    with torch.no_grad():
        task.mechanisms[1].output_shift.fill_(torch.inf)
    with pytest.raises(anc.EngineError, match=r"^The mechanism of node 1 gave a value that is not finite \(seed 3\)"):
        task.sample(3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda modules: modules.pop(), "mechanisms has 4 modules: must have 5, one per node"),
        (lambda modules: modules.append(modules[0]), "mechanisms has 6 modules: must have 5, one per node"),
        (lambda modules: modules.__setitem__(2, None), r"mechanisms\[2\] = None: must be a module"),
    ],
)
def test_what_is_no_list_of_a_module_for_each_node_is_refused(change: Callable[[list[nn.Module]], Any], says: str) -> None:
    task = FAMILY.sample_task(3)
    noise = task.noise(4)
    change(task.mechanisms)
    for run in (lambda: task.sample(4), lambda: task.sample_from_noise(noise)):
        with pytest.raises(anc.ConfigError, match=says):
            run()
