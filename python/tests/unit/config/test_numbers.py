"""Whatever is a number or a text to Python is one to us, and what is neither is named."""

import enum
import io
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

import ancestral as anc

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)
GRAPH = [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
DATA = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))


class Word(str, enum.Enum):
    """As StrEnum, which Python has since 3.11; an f-string shows the member's name."""

    LEVEL = "mec"
    ORDER = "elastic"
    GRAPH = "scale_free"
    LAW = "laplace"
    KIND = "mlp"
    NAME = "id"
    HOW = "standardize"
    SPLIT = "train"


class Count(int):
    """A subclass, as enumerations and units have."""


class Index:
    """An object that counts."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


WHOLE: list[Callable[[int], Any]] = [np.int64, np.int8, np.uint8, np.intp, Count, Index, np.array, torch.tensor]
REAL: list[Callable[[float], Any]] = [np.float64, np.float32, np.longdouble, Fraction, Decimal, np.array, torch.tensor]


def own(n_nodes: int, *, seed: int) -> torch.Tensor:
    return torch.zeros(n_nodes, n_nodes)


def first(of: Any) -> Any:
    return next(iter(of)).X.tolist()


def stream(n: Callable[[int], Any]) -> Any:
    settings = {"batch_size": n(2), "base_seed": n(1), "rank": n(0), "world_size": n(1)}
    return first(anc.MetaIterableDataset(FAMILY, n_samples=n(2), **settings))


def fixed(n: Callable[[int], Any]) -> Any:
    found = anc.MetaFixedDataset(FAMILY, n_tasks=n(3), base_seed=n(1), n_samples=n(2))
    return found[n(2)].X.tolist(), found.instance(n(1)).graph_hash()


def loader(n: Callable[[int], Any]) -> Any:
    tasks = anc.MetaIterableDataset(FAMILY, n_samples=2)
    return first(anc.TaskLoader(tasks, batch_size=n(2), threads=n(1), prefetch=n(1)))


def module(n: Callable[[int], Any]) -> Any:
    settings = {"n_test": n(2), "num_workers": n(0), "batches_per_epoch": n(2), "base_seed": n(1)}
    return first(anc.DataModule(FAMILY, None, FAMILY, n_samples=n(2), batch_size=n(2), **settings).train_dataloader())


def summary(n: Callable[[int], Any]) -> Any:
    return anc.analysis.summary(FAMILY, n(10), n_samples=n(4), seed=n(1), threads=n(1)).statistics["edges"].mean


def distance(n: Callable[[int], Any]) -> Any:
    settings = {"n_tasks": n(10), "n_samples": n(4), "seed": n(1), "permutations": n(9)}
    return anc.analysis.distance(FAMILY, FAMILY, **settings)["edge_js"].value


COUNTS: dict[str, Callable[[Callable[[int], Any]], Any]] = {
    "seed": lambda n: FAMILY.sample_task(n(7)).graph_hash(),
    "rows and draw": lambda n: FAMILY.sample_task(7).sample(n(3), draw=n(1)).tolist(),
    "noise": lambda n: FAMILY.sample_task(7).noise(n(3), draw=n(1)).tolist(),
    "held value": lambda n: FAMILY.sample_task(7).do({1: n(2)}).sample(3, draw=0).tolist(),
    "held node": lambda n: FAMILY.sample_task(7).do({1 if n is np.array else n(1): 2.0}).sample(3, draw=0).tolist(),
    "parents": lambda n: FAMILY.sample_task(7).parents(n(1)),
    "generator": lambda n: anc.ErdosRenyi(1.0)(n(4), seed=n(3)).tolist(),
    "generator of one's own": lambda n: anc.SCMFamily(n(4), own).sample_task(1).adjacency_matrix.tolist(),
    "components": lambda n: FAMILY.component_counts(n(5), base_seed=n(2)),
    "stream": stream,
    "batched": lambda n: first(anc.MetaIterableDataset(FAMILY, n_samples=2).batched(n(3))),
    "place in a stream": lambda n: moved(n(3), n(2)),
    "stream_seed": lambda n: anc.MetaIterableDataset(FAMILY, n_samples=2).stream_seed(n(100), n(100), n(1)),
    "set": fixed,
    "seeds": lambda n: anc.MetaFixedDataset(FAMILY, [n(3), n(4)], n_samples=2, n_tasks=n(2)).seed_list,
    "loader": loader,
    "module": module,
    "padding": lambda n: anc.pad_collate([anc.Task(DATA, torch.tensor(GRAPH))], n_nodes=n(5), bucket=n(2)).X.tolist(),
    "summary": summary,
    "distance": distance,
}


def moved(position: Any, epoch: Any) -> Any:
    stream = anc.MetaIterableDataset(FAMILY, n_samples=2, batch_size=2)
    stream.set_epoch(epoch)
    stream.seek(position)
    return first(stream), stream.state_after(position)


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", COUNTS)
def test_every_whole_number_counts(name: str, kind: Callable[[int], Any]) -> None:
    assert COUNTS[name](kind) == COUNTS[name](int)


NO_COUNTS: list[Any] = [True, np.True_, 1.0, np.float64(1), "1", None, 1 + 0j, Fraction(1), Decimal(1), [1], np.array([1])]
TENSORS = [torch.tensor(True), torch.tensor(1.0), torch.tensor([1]), torch.empty((), dtype=torch.int64, device="meta")]


@pytest.mark.parametrize("wrong", NO_COUNTS + TENSORS)
@pytest.mark.parametrize("name", ["seed", "rows and draw", "generator", "batched", "stream_seed", "components", "padding"])
def test_what_counts_nothing_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"must be (a whole number|0 or more)"):
        COUNTS[name](lambda number: wrong)


NUMBERS: dict[str, Callable[[Callable[[float], Any]], Any]] = {
    "sparsity": lambda n: anc.SCMFamily(4, sparsity_param=n(1.5)).fingerprint(),
    "proportions": lambda n: anc.FamilyConfig(mechanism_proportions={"mlp": n(0.5), "linear": n(0.25)}).to_dict(),
    "a field": lambda n: anc.FamilyConfig(noise_variance_scale=n(0.25)).to_json(),
    "weights": lambda n: anc.MixtureConfig([FAMILY.config] * 2, [n(1.5), n(0.5)]).to_dict(),
    "strategy": lambda n: anc.SCMFamily(4, anc.ScaleFree(1.0, power=float(n(0.5)))).fingerprint(),
    "held value": lambda n: FAMILY.sample_task(7).do({1: n(2.5)}).sample(3, draw=0).tolist(),
}


@pytest.mark.parametrize("kind", REAL, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_one(name: str, kind: Callable[[float], Any]) -> None:
    assert NUMBERS[name](kind) == NUMBERS[name](float)


@pytest.mark.parametrize("wrong", [True, np.True_, 1 + 0j, torch.tensor(True), np.nan, b"1", object()])
@pytest.mark.parametrize("name", ["sparsity", "proportions", "weights", "held value"])
def test_what_is_no_number_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"must (be|not be)"):
        NUMBERS[name](lambda number: wrong)


@pytest.mark.parametrize("listed", [np.array([8, 4]), torch.tensor([8, 4]), (8, 4), [np.int64(8), Count(4)]])
def test_arrays_are_lists(listed: Any) -> None:
    assert anc.FamilyConfig(mlp_hidden=listed) == anc.FamilyConfig(mlp_hidden=[8, 4])
    pair = [FAMILY.config] * 2
    assert anc.MixtureConfig(pair, listed).to_dict() == anc.MixtureConfig(pair, [8.0, 4.0]).to_dict()


TEXTS: dict[str, Callable[[Callable[[Word], Any]], Any]] = {
    "graph": lambda t: anc.SCMFamily(9, t(Word.GRAPH), t(Word.KIND), noise_type=t(Word.LAW)).fingerprint(),
    "config": lambda t: anc.FamilyConfig(graph=t(Word.GRAPH), mechanism_proportions={t(Word.KIND): 1.0}).to_json(),
    "level": lambda t: (anc.graph_hash(GRAPH, t(Word.LEVEL)), FAMILY.sample_task(1).graph_hash(t(Word.LEVEL))),
    "hashes": lambda t: anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=1).graph_hashes(t(Word.LEVEL)),
    "registry": lambda t: repr(anc.HashRegistry(level=t(Word.LEVEL))),
    "order": lambda t: iter(anc.MetaIterableDataset(FAMILY, n_samples=2, order=t(Word.ORDER))).state_dict(),
    "normalize": lambda t: anc.collate([DATA], normalize=t(Word.HOW)).tolist(),
}


@pytest.mark.parametrize("kind", [np.str_, lambda word: word], ids=["np.str_", "StrEnum"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_one(name: str, kind: Callable[[Word], Any]) -> None:
    def plain(word: Word) -> str:
        return word.value

    assert TEXTS[name](lambda word: kind(word.value) if kind is np.str_ else word) == TEXTS[name](plain)


@pytest.mark.parametrize("word", [np.str_, Word], ids=lambda kind: kind.__name__)
def test_a_run_of_numpys_numbers_and_texts_is_written_and_replayed(word: Any, tmp_path: Path) -> None:
    family = anc.FamilyConfig(
        graph=word("scale_free"), noise_type=word("laplace"), n_nodes=np.int64(5), sparsity_param=np.float32(1)
    )
    sizes: dict[str, Any] = {
        "n_samples": np.int16(2),
        "batch_size": np.int16(2),
        "n_test": np.int16(2),
        "base_seed": np.uint64(3),
    }
    data = anc.DataModule(
        family, None, {word("id"): family}, disjoint=word("mec"), normalize=word("standardize"), output_dir=tmp_path, **sizes
    )
    data.setup()
    assert anc.verify(tmp_path, n_training_tasks=np.int64(10)) == []
    plain = anc.replay(tmp_path, "train", 1)[1]
    assert anc.replay(tmp_path, word("train"), np.int64(1))[1].X.equal(plain.X)
    assert len(anc.replay(tmp_path, "test/id", np.uint8(1))[1].X) == 2
    buffer = io.BytesIO()
    torch.save(data.state_dict(), buffer)
    buffer.seek(0)
    data.load_state_dict(torch.load(buffer, weights_only=True))  # Numpy's texts would be refused there.
    yaml.safe_dump(family.to_dict())
    data.close()


@pytest.mark.parametrize("index", [True, 1.0, "1", None])
def test_replay_refuses_what_counts_nothing(index: Any, tmp_path: Path) -> None:
    anc.DataModule(FAMILY, None, FAMILY, n_samples=2, batch_size=2, n_test=2, output_dir=tmp_path).setup()
    with pytest.raises(anc.ConfigError, match=r"^index = .*: must be a whole number from 0"):
        anc.replay(tmp_path, "train", index)
