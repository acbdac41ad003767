"""What is first touched under torch.inference_mode(), as in an evaluation before training, is as good in training."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc

FAMILY = anc.SCMFamily(4, sparsity_param=1.5, mechanism_factory="mlp")
DESIGN = anc.Design(n_samples=6, interventions={"n_samples": 4, "regimes": 2})
HELD = anc.HashRegistry(anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=1).graph_hashes())


def stream(**settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(FAMILY, n_samples=6, batch_size=2, **settings)


def data(**settings: Any) -> anc.DataModule:
    return anc.DataModule(FAMILY, val=None, test=FAMILY, n_samples=6, batch_size=2, n_test=4, **settings)


def seen(thing: Any) -> Any:
    """After an evaluation has used it."""
    for _ in thing.test_dataloader():
        next(iter(thing.train_dataloader()))
    return thing


def tasks(**settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=6, **settings)


def experiments(**settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=3, design=DESIGN, **settings)


def read(found: Any) -> Any:
    next(iter(found))
    return found


def first(found: Any) -> Any:
    return next(iter(found))


def table(found: Any) -> Tensor:
    return first(found)["X"]


def second(found: Any) -> Any:
    return found[1]


def itself(found: Any) -> Any:
    return found


def trained(found: anc.DataModule) -> Any:
    return next(iter(found.train_dataloader()))


def elsewhere(found: anc.MetaIterableDataset) -> Any:
    found.seek(4)
    found.set_epoch(2)
    return next(iter(found))


# What is made in an evaluation, and what training takes of it.
CASES: dict[str, tuple[Callable[[Path], Any], Callable[[Any], Any]]] = {
    "a stream": (lambda folder: stream(), first),
    "a stream that was read": (lambda folder: read(stream()), first),
    "a stream that is moved": (lambda folder: stream(), elsewhere),
    "an iterator": (lambda folder: iter(stream()), next),
    "its batch": (lambda folder: first(stream()), itself),
    "a pickled stream": (lambda folder: pickle.loads(pickle.dumps(stream())), elsewhere),
    "a copied stream": (lambda folder: copy.deepcopy(stream()), elsewhere),
    "reserved graphs": (lambda folder: stream(reserved=HELD), first),
    "reserved, copied": (lambda folder: copy.deepcopy(stream(reserved=HELD)), first),
    "a loader": (lambda folder: anc.TaskLoader(stream(), batch_size=2), first),
    "a pass": (lambda folder: iter(anc.TaskLoader(stream(), batch_size=2)), next),
    "a set": (lambda folder: tasks(), second),
    "a cached set": (lambda folder: tasks(cache_instances=True), second),
    "a set on disk": (lambda folder: tasks(cache_dir=folder), second),
    "a task of a set": (lambda folder: tasks(cache_dir=folder)[0], itself),
    "a corpus": (lambda folder: anc.write_corpus(FAMILY, 3, folder / "corpus", n_samples=6), second),
    "a module": (lambda folder: data(), trained),
    "a module in use": (lambda folder: seen(data()), trained),
    "a normalised module": (lambda folder: seen(data(normalize="robust")), trained),
    "a collated batch": (lambda folder: anc.collate([tasks()[0]], normalize="standardize"), itself),
    "a padded batch": (lambda folder: anc.pad_collate([tasks()[0]], n_nodes=6), itself),
    "an experiment": (lambda folder: FAMILY.sample_task(1).run(DESIGN)["X"], itself),
    "experiments": (lambda folder: anc.MetaIterableDataset(FAMILY, design=DESIGN, batch_size=2), table),
    "experiments on disk": (lambda folder: experiments(cache_dir=folder), table),
    "cached experiments": (lambda folder: experiments(cache_instances=True), table),
    "collated experiments": (lambda folder: [anc.collate([experiments()[0]], normalize="robust")], table),
    "a sample": (lambda folder: FAMILY.sample_task(1).sample(6), itself),
    "noise": (lambda folder: FAMILY.sample_task(1).noise(6), itself),
    "a graph": (lambda folder: FAMILY.sample_task(1).adjacency_matrix, itself),
    "a generated graph": (lambda folder: anc.ErdosRenyi(1.0)(4, seed=1), itself),
    "a CPDAG": (lambda folder: anc.cpdag([[0, 1], [0, 0]]), itself),
}


@pytest.mark.parametrize("case", CASES)
def test_training_takes_what_an_evaluation_made(case: str, tmp_path: Path) -> None:
    make, use = CASES[case]
    with torch.inference_mode():
        made = make(tmp_path)
    found = use(made)
    x: Tensor = found if isinstance(found, Tensor) else found.X
    weight = torch.ones((), requires_grad=True)
    (weight * x).sum().backward()  # Saves x, which torch refuses for inference tensors.
    assert weight.grad is not None
    assert not x.is_inference()


def touched(task: anc.SCMInstance) -> anc.SCMInstance:
    task.sample_from_noise(task.noise(3))
    assert task.adjacency_matrix.shape == (4, 4)
    return task


@pytest.mark.parametrize(
    "make",
    [
        lambda: touched(FAMILY.sample_task(1)),
        lambda: touched(FAMILY.sample_task(1).do({0: 1.0})),
        lambda: touched(FAMILY.sample_task(1)).to("cpu"),
        lambda: touched(copy.deepcopy(touched(FAMILY.sample_task(1).to("cpu")))),
        lambda: touched(pickle.loads(pickle.dumps(touched(FAMILY.sample_task(1).to("cpu"))))),
        lambda: anc.SCMFamily(4, sparsity_param=1.0, mechanism_factory=linears).sample_task(1),
        lambda: copy.deepcopy(anc.SCMFamily(4, sparsity_param=1.0, mechanism_factory=linears).sample_task(1)),
    ],
)
def test_gradients_reach_mechanisms_of_an_evaluation(make: Callable[[], anc.SCMInstance]) -> None:
    with torch.inference_mode():
        task = make()
    task.sample_from_noise(task.noise(8)).square().sum().backward()
    for mechanism in task.mechanisms:
        for name, parameter in mechanism.named_parameters():
            assert parameter.grad is not None or parameter.numel() == 0, name
    (torch.ones(4, 4, requires_grad=True) * task.adjacency_matrix).sum().backward()


class Linear(torch.nn.Module):
    """A mechanism of one's own, made as any module is."""

    def __init__(self, parents: int) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(parents + 1, 1)

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return self.layer(torch.cat([parents, noise[:, None]], dim=1))[:, 0]


def linears(adjacency_matrix: Tensor, *, seed: int) -> list[torch.nn.Module]:
    return [Linear(int(column.sum())) for column in adjacency_matrix.T]


def test_gradients_are_on_again_as_they_were() -> None:
    with torch.no_grad():
        FAMILY.sample_task(1).sample(3)
        assert not torch.is_grad_enabled()
    with torch.inference_mode():
        FAMILY.sample_task(1).sample(3)
        assert torch.is_inference_mode_enabled()
        assert not torch.is_grad_enabled()
