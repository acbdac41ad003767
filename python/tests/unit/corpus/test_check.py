"""The check of a corpus: changed bytes, missing files and foreign tasks are found and named."""

import json
import os
import random
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor

import ancestral as anc
from ancestral._corpus.index import read_index, write_index
from ancestral._corpus.plan import CorpusPlan
from ancestral._engine import _ffi
from ancestral._files.checksums import checksum, json_text, sealed

PLAIN = anc.SCMFamily(4, mechanism_proportions={"linear": 1, "mlp": 1}, sparsity_param=1.0)


class Chain:
    """A user's own graph generator."""

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return torch.diag(torch.ones(n_nodes - 1), 1) * (seed % 2)


OWN = anc.SCMFamily(4, graph_generator=Chain())


def corpus(folder: Path, family: anc.SCMFamily = PLAIN, n_tasks: int = 23, **settings: Any) -> anc.CorpusDataset:
    return anc.write_corpus(family, n_tasks, folder, **{"n_samples": 6, "tasks_per_shard": 5, **settings})


def flip(path: Path, place: int) -> None:
    """Changes one bit."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_a_changed_byte_is_found_and_named(tmp_path: Path) -> None:
    corpus(tmp_path)
    assert anc.verify_corpus(tmp_path) == []
    rng = random.Random(0)
    for shard in range(5):
        path = tmp_path / f"shard-{shard:08d}.safetensors"
        whole = path.read_bytes()
        flip(path, rng.randrange(len(whole)))
        last = min(5 * shard + 4, 22)
        assert anc.verify_corpus(tmp_path) == [f"{path.name} (tasks {5 * shard} to {last}) is not as it was written."]
        path.write_bytes(whole)
    assert anc.verify_corpus(tmp_path) == []


def test_files_too_few_and_too_many_are_named(tmp_path: Path) -> None:
    corpus(tmp_path)
    (tmp_path / "shard-00000001.safetensors").rename(tmp_path / "shard-00000009.safetensors")
    (tmp_path / "plan.json").unlink()
    faults = anc.verify_corpus(tmp_path)
    assert [fault.split()[0].rsplit("/")[-1] for fault in faults] == [
        "plan.json",
        "shard-00000001.safetensors",
        "shard-00000009.safetensors",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
def test_a_named_pipe_in_a_corpus_is_not_waited_for(tmp_path: Path) -> None:
    """Without the mend each of these waits for a writer; a thread is it after some seconds, so that the test fails and ends."""
    corpus(tmp_path)
    for name in ("shard-00000001.safetensors", "plan.json", "index.json"):
        path = tmp_path / name
        whole = path.read_bytes()
        path.unlink()
        os.mkfifo(path)
        writer = threading.Timer(5, path.write_bytes, [whole])
        writer.start()
        try:
            if name == "index.json":
                for read in (anc.verify_corpus, anc.CorpusDataset):
                    with pytest.raises(anc.ConfigError, match=r"index.json .*it must be a regular file\): remove"):
                        read(tmp_path)
            else:
                (fault,) = anc.verify_corpus(tmp_path)
                assert "it must be a regular file" in fault
        finally:
            writer.cancel()
        path.unlink()
        path.write_bytes(whole)
    assert anc.verify_corpus(tmp_path) == []


def test_a_changed_index_is_refused(tmp_path: Path) -> None:
    corpus(tmp_path)
    path = tmp_path / "index.json"
    path.write_text(path.read_text().replace('"n_samples": 6', '"n_samples": 7'))
    for read in (anc.verify_corpus, anc.CorpusDataset):
        with pytest.raises(anc.ConfigError, match=r"index.json is not as it was written"):
            read(tmp_path)


def test_tasks_that_the_family_does_not_give_are_found(tmp_path: Path) -> None:
    corpus(tmp_path)
    path = tmp_path / "shard-00000004.safetensors"
    tensors = safetensors.torch.load_file(path)
    tensors["X"][2, 0, 0] += 1
    safetensors.torch.save_file(tensors, path)
    _, shards = read_index(tmp_path)
    forged = [checksum(tmp_path / shard.file) for shard in shards]
    write_index(tmp_path, CorpusPlan(PLAIN, 23, 6, tasks_per_shard=5), forged)
    assert anc.verify_corpus(tmp_path, n_redrawn=0) == []
    assert anc.verify_corpus(tmp_path, n_redrawn=2) == ["Task 22 is another one when it is drawn again."]
    assert anc.verify_corpus(tmp_path) == ["Task 22 is another one when it is drawn again."]


def forge(folder: Path, **members: Any) -> None:
    """Lets the plan and the index say something else, as whoever wrote them would have."""
    plan = {**json.loads((folder / "plan.json").read_text()), **members}
    index = {**json.loads((folder / "index.json").read_text()), **members}
    del index["digest"]
    (folder / "plan.json").write_text(json_text(plan))
    (folder / "index.json").write_text(sealed(index))


def test_tasks_from_the_first_to_the_last_are_drawn_again_at_equal_steps(tmp_path: Path) -> None:
    corpus(tmp_path)
    seen: list[int] = []

    def drawn(plan: CorpusPlan, first: int, count: int) -> Tensor:
        seen.append(first)
        return own(plan, first, count)

    own = CorpusPlan.seeds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CorpusPlan, "seeds", drawn)
        for count, right in ((1, [0]), (2, [0, 22]), (3, [0, 11, 22]), (5, [0, 5, 11, 16, 22]), (99, list(range(23)))):
            seen.clear()
            assert anc.verify_corpus(tmp_path, n_redrawn=count) == []
            assert seen == right


def test_numbers_of_any_kind_make_the_corpus_that_they_are(tmp_path: Path) -> None:
    seed = 2**63 + 0xABCDEF
    plain = corpus(tmp_path / "plain", n_tasks=7, base_seed=seed)
    assert plain.base_seed == seed
    assert anc.verify_corpus(plain.folder) == []
    assert plain[6].X.equal(next(iter(anc.MetaIterableDataset(PLAIN, n_samples=6, base_seed=seed, batch_size=7))).X[6])
    other = corpus(
        tmp_path / "other", n_tasks=np.int64(7), base_seed=2**64 + seed, n_samples=np.int32(6), tasks_per_shard=np.uint8(5)
    )
    for path in plain.folder.iterdir():
        assert (other.folder / path.name).read_bytes() == path.read_bytes()


def test_a_corpus_of_another_engine_or_family_is_found(tmp_path: Path) -> None:
    corpus(tmp_path)
    other = anc.SCMFamily(4, sparsity_param=1.0)
    assert anc.verify_corpus(tmp_path, family=other) == ["The family has another fingerprint here, so other tasks."]
    with pytest.raises(anc.ConfigError, match=r"^family is of type int: must be of type SCMFamily"):
        anc.verify_corpus(tmp_path, family=3)  # pyright: ignore[reportArgumentType]
    forge(tmp_path, engine_version="0.0.9")
    (fault,) = anc.verify_corpus(tmp_path)
    assert fault == f"The corpus is of engine 0.0.9, this is {_ffi.version()}: no task can be drawn again."
    forge(tmp_path, format=7)
    with pytest.raises(anc.ConfigError, match=r": format 7 of index\.json must be 1\.$"):
        anc.verify_corpus(tmp_path)


def test_an_index_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.json").symlink_to("index.json")
    with pytest.raises(anc.ConfigError, match=r"index\.json can't be read: "):
        anc.CorpusDataset(tmp_path)


def test_a_shard_of_other_shapes_is_made_anew(tmp_path: Path) -> None:
    """Their bytes are the same, and so is the checksum that the shard has of them."""
    path = corpus(tmp_path).folder / "shard-00000001.safetensors"
    whole = path.read_bytes()
    other = whole.replace(b'"shape":[5,6,4]', b'"shape":[5,4,6]')
    assert other != whole
    path.write_bytes(other)
    corpus(tmp_path)
    assert path.read_bytes() == whole


def test_a_family_with_own_strategies_is_needed_to_draw_again(tmp_path: Path) -> None:
    corpus(tmp_path, OWN)
    assert anc.verify_corpus(tmp_path, family=OWN) == []
    found = anc.verify_corpus(tmp_path)
    assert found == []
    assert "give `family`" in found.unproved[0]
