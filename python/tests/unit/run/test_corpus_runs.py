"""Runs that train from a corpus: the stream's batches, read instead of drawn."""

import itertools
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._scm.family import engine_handle

PLAIN = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
RAGGED = anc.FamilyConfig(n_nodes=4, n_nodes_max=7, sparsity_param=0.75)
DESIGN = anc.Design(n_samples=8, interventions=anc.Interventions(n_samples=4, regimes=2), hidden=anc.Hidden(count=1))


def module(family: anc.FamilyConfig = PLAIN, **settings: Any) -> anc.DataModule:
    rows = {} if "design" in settings else {"n_samples": 6}
    given: dict[str, Any] = {"batch_size": 4, "n_val": 5, "base_seed": 3, "metrics": ["edge_kl"], **rows, **settings}
    return anc.DataModule(family, family, None, **given)


def written(folder: Path, family: anc.FamilyConfig = PLAIN, n_tasks: int = 18, **settings: Any) -> anc.CorpusDataset:
    """The corpus of a module's stream, in shards that its batches straddle."""
    data = module(family, **settings)
    data.setup()
    rows: dict[str, Any] = {"n_samples": 6} if data.design is None else {"design": data.design}
    return anc.write_corpus(data.train_family, n_tasks, folder, **rows, base_seed=3, reserved=data.reserved, tasks_per_shard=7)


def arrays(batch: Any) -> list[Any]:
    return list(batch.values()) if isinstance(batch, dict) else list(batch)


def batches(data: anc.DataModule, count: int = 7) -> list[Any]:
    found = list(itertools.islice(data.train_dataloader(), count))
    data.close()
    return found


@pytest.mark.parametrize(
    ("family", "settings"),
    [(PLAIN, {}), (RAGGED, {}), (PLAIN, {"design": DESIGN}), (RAGGED, {"normalize": "standardize"}), (PLAIN, {"threads": 3})],
    ids=["plain", "ragged", "design", "normalised", "threads"],
)
def test_batches_are_the_streams_within_the_corpus_and_past_its_end(
    tmp_path: Path, family: anc.FamilyConfig, settings: dict[str, Any]
) -> None:
    shown = {"design": settings["design"]} if "design" in settings else {}
    written(tmp_path, family, **shown)
    drawn, read = (batches(module(family, **settings, **more)) for more in ({}, {"corpus": tmp_path}))
    for one, two in zip(drawn, read, strict=True):
        assert type(one) is type(two)
        assert all(a.equal(b) for a, b in zip(arrays(one), arrays(two), strict=True))


def test_another_epoch_is_drawn(tmp_path: Path) -> None:
    written(tmp_path)
    found: list[list[Any]] = []
    for more in ({}, {"corpus": tmp_path}):
        data = module(**more)
        data.setup()
        data.train_dataset.set_epoch(1)
        found.append(batches(data, 2))
    assert all(one.X.equal(two.X) for one, two in zip(*found, strict=True))


def test_x_alone_is_read_too(tmp_path: Path) -> None:
    written(tmp_path)
    drawn, read = (batches(module(return_adjacency=False, **more)) for more in ({}, {"corpus": anc.CorpusDataset(tmp_path)}))
    assert all(a.equal(b) for a, b in zip(drawn, read, strict=True))


def test_what_the_corpus_has_is_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    data = module(corpus=tmp_path, threads=1, prefetch=0)
    data.setup()
    calls: list[int] = []
    fill, own = _ffi.tasks_fill, engine_handle(data.train_dataset.family)

    def counted(*args: Any, **kwargs: Any) -> None:
        # A loader of another test may still be drawing ahead in this process.
        if args[0] is own:
            calls.append(1)
        fill(*args, **kwargs)

    monkeypatch.setattr(_ffi, "tasks_fill", counted)
    loader = iter(data.train_dataloader())
    for _ in range(3):  # The loader is a batch ahead: tasks 12 to 15, which the corpus has.
        next(loader)
    assert not calls
    for _ in range(2):  # Up to tasks 16 to 19, of which the corpus has two.
        next(loader)
    assert calls
    data.close()


def test_a_run_is_recorded_resumed_and_verified(tmp_path: Path) -> None:
    written(tmp_path / "corpus")
    data = module(corpus=tmp_path / "corpus")
    right = batches(module(), 6)
    loader = iter(data.train_dataloader())
    for _ in range(2):
        next(loader)
    state = data.state_dict()
    data.write_registry(tmp_path / "run")
    data.close()
    assert anc.verify(tmp_path / "run") == []
    assert {task.number for task in data.train_dataset.drawn} >= set(range(8))
    other = module(corpus=tmp_path / "corpus")
    other.load_state_dict(state)
    for one, two in zip(right[2:], batches(other, 4), strict=True):
        assert one.X.equal(two.X)


def test_another_corpus_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    for settings, sentence in [
        ({"base_seed": 4}, "has base_seed 3, and the stream 4"),
        ({"n_samples": 7}, "has tasks of 6 rows, and n_samples is 7"),
        ({"n_val": 4}, "keeps clear of other graphs"),
        ({"disjoint": "mec"}, "keeps clear of other graphs"),
        ({"family": RAGGED}, "is of another family or design"),
    ]:
        data = module(corpus=tmp_path, **settings)
        with pytest.raises(anc.ConfigError, match=sentence):
            data.setup()
    with pytest.raises(anc.ConfigError, match="complete corpus"):
        module(corpus=tmp_path / "nowhere")


@pytest.mark.slow
def test_workers_read_it(tmp_path: Path) -> None:
    written(tmp_path)
    drawn, read = (batches(module(**more)) for more in ({}, {"corpus": tmp_path, "num_workers": 2}))
    assert all(one.X.equal(two.X) and one.adjacency.equal(two.adjacency) for one, two in zip(drawn, read, strict=True))
