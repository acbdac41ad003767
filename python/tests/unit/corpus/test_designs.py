"""Corpora of experiments: every array of every task, the same bytes whoever made them, other designs refused in words."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._corpus.index import write_index
from ancestral._corpus.plan import CorpusPlan, begin
from ancestral._corpus.shard import make_shard
from ancestral._data.sets.set_file import check_set_file, set_plan
from ancestral._engine.checks import seeds_from_tensor
from ancestral._files.checksums import is_sealed, sealed
from ancestral._files.tensor_reader import TensorFile

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)
RAGGED = anc.SCMFamily(3, n_nodes_max=6, sparsity_param=1.0)


class Star:
    """A user's own graphs, some without an edge."""

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        graph = torch.zeros(n_nodes, n_nodes, dtype=torch.uint8)
        graph[0, 1:] = 1 if seed % 3 else 0
        return graph


OWN = anc.SCMFamily(4, graph_generator=Star())
ROWS = anc.Design(n_samples=6, n_samples_max=9, interventions=anc.Interventions(n_samples=4, regimes=2), outputs=("order",))
EFFECTS = anc.Design(n_samples=6, query=2, effects=anc.Effects(population_rows=32, mu_draws=2))
COEFFICIENT = anc.Design(n_samples=4, interventions=anc.Interventions(n_samples=3, regimes=3, kind="coefficient"))


def corpus(folder: Path, family: Any = FAMILY, design: Any = EFFECTS, n_tasks: int = 13, **settings: Any) -> anc.CorpusDataset:
    return anc.write_corpus(family, n_tasks, folder, design=design, **{"tasks_per_shard": 5, **settings})


def content(item: Any) -> dict[str, bytes]:
    assert type(item) is anc.ExperimentData
    return {name: array.numpy().tobytes() for name, array in item.items()}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("design", [ROWS, EFFECTS, COEFFICIENT])
@pytest.mark.parametrize("family", [FAMILY, RAGGED, OWN])
def test_task_i_is_that_of_the_training_stream(family: anc.SCMFamily, design: anc.Design, tmp_path: Path) -> None:
    found = corpus(tmp_path, family, design, base_seed=3)
    stream = iter(anc.MetaIterableDataset(family, design=design, base_seed=3))
    right = [content(next(stream)) for _ in range(13)]
    assert [content(item) for item in found] == right
    assert found.design == design
    assert found.fingerprint == family.fingerprint(design)
    assert found.n_samples == design.n_samples
    again = pickle.loads(pickle.dumps(found))
    assert [content(again[index]) for index in (12, 0, -2)] == [right[12], right[0], right[11]]
    assert anc.verify_corpus(tmp_path, family=family) == []
    assert anc.verify(tmp_path / "shard-00000001.safetensors") == []


def test_reserved_graphs_do_not_come_up(tmp_path: Path) -> None:
    reserved = anc.HashRegistry(anc.MetaFixedDataset(FAMILY, n_tasks=60, design=EFFECTS).graph_hashes())
    found = corpus(tmp_path, reserved=reserved, n_tasks=30)
    stream = anc.MetaIterableDataset(FAMILY, design=EFFECTS, reserved=reserved)
    items = iter(stream)
    assert [content(item) for item in found] == [content(next(items)) for _ in range(30)]
    assert stream.rejections.rejected > 0
    assert not any(anc.graph_hash(item["adjacency"]) in reserved for item in found)
    assert anc.verify_corpus(tmp_path) == []


@pytest.mark.parametrize("family", [FAMILY, OWN])
def test_the_bytes_do_not_depend_on_who_made_them_nor_when(family: anc.SCMFamily, tmp_path: Path) -> None:
    corpus(tmp_path / "one", family, threads=1)
    corpus(tmp_path / "two", family, threads=3)
    plan = pickle.loads(pickle.dumps(CorpusPlan(family, 13, None, tasks_per_shard=5, design=EFFECTS)))
    begin(tmp_path / "three", plan)
    sums = {shard: make_shard(tmp_path / "three", plan, shard, 1) for shard in (2, 0, 1)}
    write_index(tmp_path / "three", plan, [sums[shard] for shard in range(3)])
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "three")


def test_a_shard_is_a_fixed_set(tmp_path: Path) -> None:
    corpus(tmp_path, RAGGED)
    path = tmp_path / "shard-00000001.safetensors"
    plan = CorpusPlan(RAGGED, 13, None, tasks_per_shard=5, design=EFFECTS)
    check_set_file(path, set_plan(plan.filling, plan.seeds(5, 5)), TensorFile(path))
    fixed = anc.MetaFixedDataset(RAGGED, seeds_from_tensor(plan.seeds(5, 5)), design=EFFECTS)
    file = TensorFile(path)
    for name, array in fixed[3].items():
        assert file.whole(name)[3].equal(array), name


def test_a_whole_shard_is_left_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    corpus(tmp_path)
    right = files(tmp_path)
    paths = [tmp_path / f"shard-{shard:08d}.safetensors" for shard in range(3)]
    before = [path.stat().st_ino for path in paths]
    data = bytearray(paths[1].read_bytes())
    data[TensorFile(paths[1]).entry("ate").start] ^= 1
    paths[1].write_bytes(data)
    (tmp_path / "index.json").unlink()
    corpus(tmp_path)
    assert files(tmp_path) == right
    assert [path.stat().st_ino == old for path, old in zip(paths, before, strict=True)] == [True, False, True]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"design": EFFECTS}, {"design": ROWS}, "holds a corpus with another design"),
        ({"design": EFFECTS}, {"n_samples": 6}, "holds a corpus with a design"),
        ({"n_samples": 6}, {"design": EFFECTS}, "holds a corpus without a design"),
    ],
)
def test_a_folder_of_another_design_is_refused(first: Any, second: Any, said: str, tmp_path: Path) -> None:
    anc.write_corpus(FAMILY, 3, tmp_path, **first)
    before = files(tmp_path)
    with pytest.raises(anc.ConfigError, match=rf"^out_dir = '{tmp_path}': {said}; give another folder, or"):
        anc.write_corpus(FAMILY, 3, tmp_path, **second)
    assert files(tmp_path) == before
    anc.write_corpus(FAMILY, 3, tmp_path, **first)


def test_batches_are_stacked(tmp_path: Path) -> None:
    found = corpus(tmp_path, RAGGED, ROWS, n_tasks=8)
    assert repr(found) == f"CorpusDataset(8 tasks of {RAGGED.config!r}, design={ROWS!r})"
    right = [content(found[index]) for index in range(8)]
    tasks = anc.TaskLoader(found, batch_size=4)
    loaded = DataLoader(found, batch_size=4, collate_fn=anc.collate)
    for loader in (tasks, loaded):
        batches = list(loader)
        assert all(type(batch) is anc.ExperimentData for batch in batches)
        assert [
            {name: array[k].numpy().tobytes() for name, array in batch.items()} for batch in batches for k in range(4)
        ] == right
    tasks.close()


def test_changes_are_found(tmp_path: Path) -> None:
    corpus(tmp_path, n_tasks=4)
    path = tmp_path / "shard-00000000.safetensors"
    right, index = path.read_bytes(), (tmp_path / "index.json").read_text()
    data = bytearray(right)
    data[TensorFile(path).entry("mu1").start + 1] ^= 1
    path.write_bytes(data)
    assert anc.verify_corpus(tmp_path) == ["shard-00000000.safetensors (tasks 0 to 3) is not as it was written."]
    assert any("gives other values than mu1[0]" in fault for fault in anc.verify(path))
    # Somebody who knows how to seal an index.
    from ancestral._files.checksums import checksum

    described = json.loads(index)
    del described["digest"]
    described["shards"][0]["sha256"] = checksum(path)
    (tmp_path / "index.json").write_text(sealed(described))
    assert is_sealed((tmp_path / "index.json").read_text())
    assert anc.verify_corpus(tmp_path) == ["Task 0 is another one when it is drawn again."]
    path.write_bytes(right)
    (tmp_path / "index.json").write_text(index)
    plan = json.loads((tmp_path / "plan.json").read_text())
    plan["design"]["query"] = 3
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert anc.verify_corpus(tmp_path) == [
        "plan.json is of another corpus than index.json: it holds a corpus with another design."
    ]


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    per_batch = {"n_samples": 3, "n_samples_max": 9, "n_samples_per": "per_batch"}
    for settings, said in [
        ({"n_samples": 4, "design": EFFECTS}, r"n_samples = 4: must be left out beside a design"),
        ({}, "n_samples is missing: must be given, or a design, which has it"),
        ({"design": per_batch}, r'design\.n_samples_per = "per_batch": must be "per_task" in a corpus'),
        ({"design": {"hidden": {"count": 4}}}, r"design\.hidden\.count = 4: must leave a node"),
    ]:
        with pytest.raises(anc.ConfigError, match=said):
            anc.write_corpus(FAMILY, 3, tmp_path / "none", **settings)
    assert not (tmp_path / "none").exists()
    corpus(tmp_path / "some", n_tasks=2)
    with pytest.raises(anc.ConfigError, match="return_adjacency = False: must be left out for a corpus with a design"):
        anc.CorpusDataset(tmp_path / "some", return_adjacency=False)


def test_own_graphs_of_two_nodes_have_room_for_a_design(tmp_path: Path) -> None:
    design = anc.Design(n_samples=6, interventions={"n_samples": 4, "regimes": 1})
    corpus = anc.write_corpus(anc.SCMFamily(2, graph_generator=Star()), 3, tmp_path / "corpus", design=design)
    item = anc.CorpusDataset(tmp_path / "corpus")[1]
    assert item["X"].shape == (10, 2)
    assert int(item["adjacency"].sum()) == 1
    assert len(corpus) == 3
