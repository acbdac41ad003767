"""Writing a corpus on one machine: its bytes, its tasks, how it goes on and what is refused."""

import errno
import fcntl
import io
import json
import os
import pickle
import pty
import re
import struct
import termios
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor

import ancestral as anc
from ancestral._corpus.index import write_index
from ancestral._corpus.plan import CorpusPlan, begin
from ancestral._corpus.progress import progress
from ancestral._corpus.shard import make_shard
from ancestral._data.batches.drawing import Filling
from ancestral._data.sets.set_file import check_set_file, set_plan
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor
from ancestral._engine.extras import missing
from ancestral._files.atomic import write_text
from ancestral._files.checksums import checksum
from ancestral._files.tensor_reader import TensorFile

PLAIN = anc.SCMFamily(4, mechanism_proportions={"linear": 1, "mlp": 1}, sparsity_param=1.0)
RAGGED = anc.SCMFamily(4, n_nodes_max=7, sparsity_param=1.0)
MIXTURE = anc.SCMFamily.from_config(
    anc.MixtureConfig([anc.FamilyConfig(n_nodes=3, sparsity_param=0.5), anc.FamilyConfig(n_nodes=5)], weights=[1, 3])
)


class Terminal(io.StringIO):
    """What takes everything that is shown."""

    def isatty(self) -> bool:
        return True


class Chain:
    """A user's own graph generator."""

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return torch.diag(torch.ones(n_nodes - 1), 1) * (seed % 2)


OWN = anc.SCMFamily(4, graph_generator=Chain())


def corpus(folder: Path, family: anc.SCMFamily = PLAIN, n_tasks: int = 23, **settings: Any) -> anc.CorpusDataset:
    return anc.write_corpus(family, n_tasks, folder, **{"n_samples": 6, "tasks_per_shard": 5, **settings})


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def same(one: Any, two: Any) -> bool:
    return one.X.equal(two.X) and one.adjacency.equal(two.adjacency)


def flip(path: Path, place: int) -> None:
    """Changes one bit."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("family", [PLAIN, RAGGED, MIXTURE, OWN])
def test_task_i_is_that_of_the_training_stream(family: anc.SCMFamily, tmp_path: Path) -> None:
    found = corpus(tmp_path, family, base_seed=3)
    stream = anc.MetaIterableDataset(family, n_samples=6, base_seed=3)
    assert len(found) == 23
    assert all(map(same, found, stream))


@pytest.mark.parametrize("level", ["exact", "iso"])
def test_reserved_graphs_do_not_come_up(level: str, tmp_path: Path) -> None:
    reserved = anc.HashRegistry([anc.graph_hash(task.adjacency, level) for task in corpus(tmp_path / "all")][:4], level=level)
    found = corpus(tmp_path / "rest", reserved=reserved)
    assert all(map(same, found, anc.MetaIterableDataset(PLAIN, n_samples=6, reserved=reserved)))
    assert not any(anc.graph_hash(task.adjacency, level) in reserved for task in found)
    assert not all(map(same, found, anc.CorpusDataset(tmp_path / "all")))
    assert anc.verify_corpus(tmp_path / "rest") == []


@pytest.mark.parametrize("family", [PLAIN, RAGGED, MIXTURE, OWN])
def test_the_bytes_do_not_depend_on_who_made_them_nor_when(family: anc.SCMFamily, tmp_path: Path) -> None:
    corpus(tmp_path / "one", family, threads=1)
    corpus(tmp_path / "two", family, threads=3)
    plan = pickle.loads(pickle.dumps(CorpusPlan(family, 23, 6, tasks_per_shard=5)))
    begin(tmp_path / "three", plan)
    sums = {shard: make_shard(tmp_path / "three", plan, shard, 1) for shard in (3, 0, 4, 2, 1)}
    write_index(tmp_path / "three", plan, [sums[shard] for shard in range(5)])
    expected = content(tmp_path / "one")
    assert sorted(expected) == ["index.json", "plan.json", *(f"shard-{shard:08d}.safetensors" for shard in range(5))]
    assert content(tmp_path / "two") == content(tmp_path / "three") == expected


def test_a_process_that_finds_no_name_for_a_strategy_makes_the_same_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So it is in Ray's workers, where what the caller's script defines arrives by its code.
    corpus(tmp_path / "one", OWN)
    plan = CorpusPlan(OWN, 23, 6, tasks_per_shard=5)
    begin(tmp_path / "other", plan)
    monkeypatch.setattr(Chain, "__module__", "__main__")
    with pytest.raises(anc.ConfigError, match="no module has under its own name"):
        OWN.fingerprint()
    made = [make_shard(tmp_path / "other", plan, shard, 1) for shard in range(plan.n_shards)]
    write_index(tmp_path / "other", plan, made)
    assert content(tmp_path / "other") == content(tmp_path / "one")


def test_a_shard_is_a_fixed_set(tmp_path: Path) -> None:
    corpus(tmp_path, RAGGED)
    seeds = _ffi.stream_seeds(0, -1, -1, 10, 5)
    path = tmp_path / "shard-00000002.safetensors"
    check_set_file(path, set_plan(Filling(RAGGED, 6), seeds), TensorFile(path))
    tensors = safetensors.torch.load_file(path)
    fixed = anc.MetaFixedDataset(RAGGED, seeds_from_tensor(seeds), n_samples=6)
    assert [bytes(row.tolist()).hex() for row in tensors["hashes"]] == fixed.graph_hashes()
    assert tensors["X"].shape == (5, 6, 7)
    for index, task in enumerate(fixed):
        n_nodes = int(tensors["node_counts"][index])
        assert tensors["X"][index, :, :n_nodes].equal(task.X)
        assert not tensors["X"][index, :, n_nodes:].any()


def test_the_index_says_what_the_corpus_is(tmp_path: Path) -> None:
    corpus(tmp_path, base_seed=17)
    index = json.loads((tmp_path / "index.json").read_text())
    assert index["fingerprint"] == PLAIN.fingerprint()
    assert anc.FamilyConfig.from_dict(index["config"]) == PLAIN.config
    assert (index["format"], index["engine_version"]) == (1, _ffi.version())
    assert (index["base_seed"], index["n_samples"], index["n_tasks"]) == ("0000000000000011", 6, 23)
    assert [(shard["first"], shard["count"]) for shard in index["shards"]] == [(0, 5), (5, 5), (10, 5), (15, 5), (20, 3)]
    assert all(shard["sha256"] == checksum(tmp_path / shard["file"]) for shard in index["shards"])


def test_goes_on_where_it_was_and_makes_only_what_is_missing(tmp_path: Path) -> None:
    corpus(tmp_path)
    expected = content(tmp_path)
    paths = [tmp_path / f"shard-{shard:08d}.safetensors" for shard in range(5)]
    (tmp_path / "index.json").unlink()
    (tmp_path / f".{paths[0].name}.0123.tmp").write_bytes(b"what a killed writer left")
    kept = [path.stat().st_ino for path in paths[:2]]
    paths[2].unlink()
    paths[3].write_bytes(paths[3].read_bytes()[:-1])
    flip(paths[4], -1000)
    with pytest.raises(anc.ConfigError, match="must hold a complete corpus"):
        anc.CorpusDataset(tmp_path)
    corpus(tmp_path)
    assert content(tmp_path) == expected
    assert [path.stat().st_ino for path in paths[:2]] == kept


def test_a_shard_of_another_corpus_is_made_anew(tmp_path: Path) -> None:
    corpus(tmp_path / "one")
    corpus(tmp_path / "two", base_seed=1)
    expected = content(tmp_path / "one")
    name = "shard-00000001.safetensors"
    (tmp_path / "one" / name).write_bytes((tmp_path / "two" / name).read_bytes())
    corpus(tmp_path / "one")
    assert content(tmp_path / "one") == expected


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_samples": 7}, "n_samples = 6, but 7"),
        ({"n_tasks": 24}, "n_tasks = 23, but 24"),
        ({"base_seed": 1}, "base_seed = '0000000000000000', but '0000000000000001'"),
        ({"tasks_per_shard": 6}, "tasks_per_shard = 5, but 6"),
        ({"family": RAGGED}, "fingerprint = "),
        ({"reserved": anc.HashRegistry(["0" * 64])}, "another reserved"),
    ],
)
def test_a_folder_of_another_corpus_is_refused(settings: dict[str, Any], says: str, tmp_path: Path) -> None:
    corpus(tmp_path)
    expected = content(tmp_path)
    with pytest.raises(anc.ConfigError, match=rf"^out_dir = .*holds a corpus with .*{says}"):
        corpus(tmp_path, **settings)
    assert content(tmp_path) == expected


@pytest.mark.parametrize("links", [True, False])
def test_of_two_corpora_begun_at_one_moment_one_has_the_folder(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, text: str, **settings: Any) -> None:
        if path.name == "plan.json":  # The other one has found none either, and is quicker.
            monkeypatch.undo()
            begin(tmp_path, CorpusPlan(PLAIN, 23, n_samples=6, base_seed=1))
            if not links:
                monkeypatch.setattr(os, "link", no_links)
        write_text(path, text, **settings)

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr("ancestral._corpus.plan.write_text", write)
    with pytest.raises(anc.ConfigError, match="holds a corpus with base_seed = '0000000000000001'"):
        corpus(tmp_path)
    assert list(content(tmp_path)) == ["plan.json"]


def test_a_complete_corpus_without_its_plan_is_not_written_over(tmp_path: Path) -> None:
    corpus(tmp_path)
    expected = content(tmp_path)
    (tmp_path / "plan.json").unlink()
    with pytest.raises(anc.ConfigError, match="holds a corpus with base_seed = '0000000000000000', but"):
        corpus(tmp_path, base_seed=1)
    corpus(tmp_path)
    assert content(tmp_path) == expected


@pytest.mark.parametrize("damaged", [b"", b"[1]", b"\xff", b'{"n_tasks": 23'])
def test_a_damaged_plan_is_refused_with_what_helps(damaged: bytes, tmp_path: Path) -> None:
    corpus(tmp_path)
    expected = content(tmp_path)
    (tmp_path / "plan.json").write_bytes(damaged)
    says = r"plan\.json can't be read \(.*\): remove it, and write_corpus again makes it anew\.$"
    with pytest.raises(anc.ConfigError, match=says):
        corpus(tmp_path)
    (fault,) = anc.verify_corpus(tmp_path)
    assert re.search(says, fault)
    (tmp_path / "plan.json").unlink()
    corpus(tmp_path)
    assert content(tmp_path) == expected


def test_is_quiet_unless_there_is_a_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    corpus(tmp_path)
    out, error = capfd.readouterr()
    assert out == error == ""


def test_a_terminal_gets_a_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    with open(theirs, "w", encoding="utf-8") as terminal, open(ours, "rb", buffering=0) as screen:
        monkeypatch.setattr("sys.stderr", terminal)
        corpus(tmp_path)
        terminal.flush()
        os.set_blocking(ours, False)
        assert b"23.0/23.0 [" in screen.read(1 << 16)


def test_a_terminal_leaves_the_errors_of_the_job_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    with pytest.raises(ImportError, match=r"^gadjid is not installed"), progress(3, "tasks"):
        raise missing("gadjid", "eval")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"family": 3}, "In family: The configuration is of type int"),
        ({"n_tasks": 0}, "n_tasks = 0"),
        ({"n_tasks": 2.0}, "n_tasks = 2.0"),
        ({"n_samples": -1}, "n_samples = -1"),
        ({"base_seed": -1}, "base_seed = -1"),
        ({"tasks_per_shard": 0}, "tasks_per_shard = 0"),
        ({"threads": 0}, "threads = 0"),
        ({"reserved": ["0" * 64]}, "reserved is of type list"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(settings: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=rf"^{says}: (it )?must be "):
        corpus(tmp_path / "none", **settings)
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(anc.ConfigError, match=r"^out_dir = .*file.*: must be a folder that can be written"):
        corpus(tmp_path / "file")
