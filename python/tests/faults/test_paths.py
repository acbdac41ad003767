"""A path means one file all run long, however it is written and whatever folder the process works in later."""

import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)


def module(**settings: Any) -> anc.DataModule:
    return anc.DataModule(FAMILY, FAMILY, None, n_samples=5, batch_size=2, n_val=4, threads=1, **settings)


def cached(folder: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=5, cache_dir=folder)


# Everything that takes a path.
USES: dict[str, Callable[[Any], object]] = {
    "cache_dir": cached,
    "cache_dir of a module": lambda path: module(cache_dir=path),
    "output_dir": lambda path: module(output_dir=path),
    "write_registry": lambda path: module().write_registry(path),
    "write_corpus": lambda path: anc.write_corpus(FAMILY, 2, path, n_samples=2),
    "CorpusDataset": anc.CorpusDataset,
    "verify_corpus": anc.verify_corpus,
    "save": anc.HashRegistry().save,
    "load": anc.HashRegistry.load,
    "report": lambda path: anc.analysis.report(FAMILY, path, n_tasks=2, n_samples=4),
    "verify": anc.verify,
    "replay": lambda path: anc.replay(path, "train", 0),
    "from_config": anc.SCMFamily.from_config,
}


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_was_given_before_a_change_of_folder_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, elsewhere = tmp_path / "start", tmp_path / "elsewhere"
    start.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(start)
    right = [task.X for task in anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=5)]
    fixed = cached("cache")
    corpus = anc.write_corpus(FAMILY, 4, "corpus", n_samples=5, tasks_per_shard=2)
    data = module(cache_dir="module", output_dir="run")
    given = pickle.dumps([fixed, corpus])
    monkeypatch.chdir(elsewhere)
    assert [task.X.equal(x) for task, x in zip(fixed, right, strict=True)] == [True] * 3
    stream: list[Any] = list(zip(range(4), anc.MetaIterableDataset(FAMILY, n_samples=5), strict=False))
    assert all(corpus[index].X.equal(task.X) for index, task in stream)
    for other in pickle.loads(given):
        assert other[1].X.shape == (5, 4)
    data.setup()
    data.write_registry(data.output_dir or "")
    assert files(elsewhere) == []
    assert len([name for name in files(start) if name.startswith("run/")]) == 6
    assert len([name for name in files(start) if name.startswith("module/")]) == 1
    assert anc.verify(start / "run") == []


def test_all_ways_to_write_one_folder_share_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "real" / "cache"
    folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(tmp_path / "real")
    ways = [folder, str(folder), f"{folder}/", "cache", "./cache", "../real/cache", "../link", f"{tmp_path}/real//cache/."]
    # After a link, `..` is where the link leads: the text alone would be tmp_path/cache.
    ways.append(f"{tmp_path}/link/../cache")
    for way in ways:
        cached(way)
        assert module(output_dir=way).output_dir is not None
    assert [name for name in files(tmp_path) if not name.endswith("config.json")] == [
        f"real/cache/{path.name}" for path in folder.glob("fixed-*")
    ]
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("use", USES)
def test_what_can_be_no_path_is_refused(use: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    values: list[tuple[Any, str]] = [("", "must"), ("a\0b", "character|ending"), (3, "type int"), ("\ud800", "must|encode")]
    for path, says in values:
        with pytest.raises(anc.ConfigError, match=says):
            USES[use](path)
    assert files(tmp_path) == []


GONE = """
import os, sys, tempfile
sys.path.insert(0, {folder!r})
from test_paths import USES, anc
gone = tempfile.mkdtemp()
os.chdir(gone)
os.rmdir(gone)
for name, use in USES.items():
    try:
        use("x.yaml" if name == "from_config" else "x")
        print(name, "went through")
    except anc.ConfigError as error:
        print("refused:", "x" in str(error) and ("absolute" in str(error) or "No such file" in str(error)))
"""


def test_a_working_folder_that_is_gone_is_told_in_a_sentence(python: Callable[..., str]) -> None:
    said = python("-c", GONE.format(folder=str(Path(__file__).parent))).splitlines()
    assert said == ["refused: True"] * len(USES)


def test_an_absolute_path_needs_no_working_folder(tmp_path: Path, python: Callable[..., str]) -> None:
    os.mkdir(tmp_path / "gone")
    code = (
        "import os, ancestral as anc\n"
        f"os.chdir({str(tmp_path / 'gone')!r}); os.rmdir(os.getcwd())\n"
        "family = anc.SCMFamily(4, sparsity_param=1.0)\n"
        f"fixed = anc.MetaFixedDataset(family, n_tasks=2, n_samples=2, cache_dir={str(tmp_path)!r})\n"
        "print(fixed[1].X.shape[0])"
    )
    assert python("-c", code) == "2\n"


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    """A folder whose name is of an old encoding."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    return folder


def test_what_the_engine_reads_has_a_name_in_utf8(latin: Path, tmp_path: Path) -> None:
    data = anc.DataModule(FAMILY, val=None, test=FAMILY, n_samples=4, batch_size=2, n_test=2, output_dir=latin / "run")
    data.setup()
    data.close()
    for read in (lambda: anc.verify(latin / "run"), lambda: anc.replay(latin / "run", "train", 0)):
        with pytest.raises(anc.ConfigError, match=r"must be UTF-8, as the engine .* give a link to it"):
            read()
    (tmp_path / "link").symlink_to(latin)
    assert not anc.verify(tmp_path / "link" / "run", n_training_tasks=2)


def test_a_temporary_folder_has_a_name_in_utf8(latin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(latin))
    with pytest.raises(anc.ConfigError, match=r"its name is not UTF-8.*: set TMPDIR"):
        anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=4, cache_instances=True, cache_bytes=0)
    assert not list(latin.iterdir())
