"""Runs with designs: batches, registries that know each set's design, replay of what training saw, and what verify finds."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._run import registry_files

FAMILY = anc.FamilyConfig(n_nodes=4, n_nodes_max=6, sparsity_param=1.0)
DESIGN = anc.Design(n_samples=12, interventions=anc.Interventions(n_samples=6, regimes=2), hidden=anc.Hidden(count=1))
EFFECTS = anc.Design(n_samples=12, query=4, effects=anc.Effects(population_rows=32, mu_draws=4))
PER_BATCH = anc.Design(n_samples=5, n_samples_max=40, n_samples_per="per_batch")


def module(**settings: Any) -> anc.DataModule:
    given: dict[str, Any] = {"design": DESIGN, "n_val": 3, "n_test": 5, "batch_size": 4, "metrics": ["edge_kl"], **settings}
    test = {"id": FAMILY, "ood": FAMILY}
    return anc.DataModule(given.pop("train", FAMILY), given.pop("val", FAMILY), given.pop("test", test), **given)


def content(item: Any) -> dict[str, bytes]:
    assert type(item) is anc.ExperimentData
    return {name: array.numpy().tobytes() for name, array in item.items()}


def registry(folder: Path, **settings: Any) -> anc.DataModule:
    """A run whose first three batches were drawn."""
    data = module(set_designs={"test/ood": EFFECTS}, **settings)
    batches = iter(data.train_dataloader())
    for _ in range(3):
        next(batches)
    data.write_registry(folder)
    data.close()
    return data


def rewrite(folder: Path, name: str, change: Any) -> None:
    """Lets a file be another one, and the manifest say so."""
    content, manifest = (json.loads((folder / file).read_text()) for file in (name, "manifest.json"))
    change(content)
    if name != "manifest.json":
        registry_files.write_json(folder / name, content)
        registry_files.write_manifest(folder, manifest)
    else:
        registry_files.write_manifest(folder, content)


def test_each_set_has_its_design(tmp_path: Path) -> None:
    data = registry(tmp_path)
    assert (data.design, data.n_samples) == (DESIGN, 12)
    assert {name: found.design for name, found in data.fixed_sets.items()} == {
        "val": DESIGN,
        "test/id": DESIGN,
        "test/ood": EFFECTS,
    }
    batch = next(iter(data.val_dataloader()))
    assert tuple(batch["X"].shape) == (3, 18, 5)
    assert "ate" in next(iter(data.test_dataloader()["ood"]))
    config, manifest = (json.loads((tmp_path / name).read_text()) for name in ("config.json", "manifest.json"))
    assert {name: entry["design"] for name, entry in config.items()} == {
        "train": DESIGN.to_dict(),
        "val": DESIGN.to_dict(),
        "test/id": DESIGN.to_dict(),
        "test/ood": EFFECTS.to_dict(),
    }
    right = {name: DESIGN.fingerprint(FAMILY) for name in ("train", "val", "test/id")}
    assert manifest["fingerprints"] == right | {"test/ood": EFFECTS.fingerprint(FAMILY)}
    assert manifest["n_samples"] is None


def test_some_sets_may_be_plain(tmp_path: Path) -> None:
    data = module(design=None, n_samples=7, set_designs={"test/ood": EFFECTS})
    data.write_registry(tmp_path)
    assert data.design is None
    assert next(iter(data.train_dataloader())).X.shape[1] == 7
    assert set(json.loads((tmp_path / "config.json").read_text())["test/id"]) == {"fingerprint", "config"}
    assert anc.verify(tmp_path) == []
    assert anc.replay(tmp_path, "test/id", 1)[1].X.shape[0] == 7
    data.close()


def test_a_set_whose_design_is_none_has_that_of_the_run() -> None:
    data = module(set_designs={"test/id": None, "test/ood": EFFECTS})
    assert data.designs == {"train": DESIGN, "val": DESIGN, "test/id": DESIGN, "test/ood": EFFECTS}


@pytest.mark.parametrize("disjoint_sets", [False, True])
def test_a_run_is_verified_and_replayed(tmp_path: Path, disjoint_sets: bool) -> None:
    data = registry(tmp_path, disjoint_sets=disjoint_sets)
    found = anc.verify(tmp_path)
    assert (list(found), list(found.unproved)) == ([], [])
    assert len(json.loads((tmp_path / "training.json").read_text())["tasks"]) >= 12
    for name, tasks in data.fixed_sets.items():
        for index in (0, len(tasks) - 1):
            instance, task = anc.replay(tmp_path, name, index)
            assert content(task) == content(tasks[index])
            assert instance.graph_hash() == data.hashes[name][index]


@pytest.mark.parametrize("design", [DESIGN, EFFECTS, PER_BATCH])
def test_replay_gives_what_training_saw(tmp_path: Path, design: anc.Design) -> None:
    # Few graphs with room for a pair, many of them reserved, so that places have another graph than their seed's.
    small = anc.FamilyConfig(n_nodes=4, sparsity_param=0.5)
    data = module(train=small, val=None, test=small, n_test=30, design=design, set_designs={"test": DESIGN}, batch_size=4)
    batches = iter(data.train_dataloader())
    seen = [next(batches) for _ in range(5)]
    data.write_registry(tmp_path)
    assert anc.verify(tmp_path) == []
    assert data.train_dataset.rejections.rejected > 0
    for number in range(20):
        instance, task = anc.replay(tmp_path, "train", number)
        own = {name: array[number % 4].numpy().tobytes() for name, array in seen[number // 4].items()}
        assert content(task) == own, number
        assert instance.graph_hash() not in data.reserved
    data.close()


def test_training_goes_on_where_it_was(tmp_path: Path) -> None:
    data, other = module(), module()
    batches = iter(data.train_dataloader())
    next(batches)
    state = json.loads(json.dumps(data.state_dict()))
    right = content(next(batches))
    other.load_state_dict(state)
    assert content(next(iter(other.train_dataloader()))) == right
    with pytest.raises(anc.ConfigError, match=r"state\['design'\]"):
        module(design=EFFECTS).load_state_dict(state)
    data.close()
    other.close()


def test_verify_finds_a_changed_design(tmp_path: Path) -> None:
    registry(tmp_path)
    rewrite(tmp_path, "config.json", lambda configs: configs["test/ood"]["design"].update(query=3))
    assert anc.verify(tmp_path) == [
        "config.json: test/ood: this engine gives the family another fingerprint than manifest.json has, so other tasks."
    ]
    rewrite(tmp_path, "config.json", lambda configs: configs["test/ood"].pop("design"))
    assert "test/ood: this engine gives the family another fingerprint" in anc.verify(tmp_path)[0]
    rewrite(tmp_path, "config.json", lambda configs: configs["test/ood"].update(design={"query": -3}))
    assert anc.verify(tmp_path) == [
        "config.json can't be used: test/ood: design.query = -3: must be a number from 0.0 to 16777216.0."
    ]


def test_verify_finds_changed_seeds_hashes_and_training_tasks(tmp_path: Path) -> None:
    data = registry(tmp_path)
    right = {name: (tmp_path / name).read_text() for name in ("seeds.json", "hashes.json", "training.json", "manifest.json")}

    def faults(name: str, change: Any) -> list[str]:
        for file, text in right.items():
            (tmp_path / file).write_text(text)
        rewrite(tmp_path, name, change)
        return list(anc.verify(tmp_path))

    def seed(content: Any) -> None:
        content["sets"]["test/ood"][2] = f"{data.fixed_sets['test/ood'].seed_list[2] ^ 1:016x}"

    assert any("test/ood[2]: " in fault and "is not the seed of its place" in fault for fault in faults("seeds.json", seed))

    def digest(content: Any) -> None:
        content["sets"]["test/ood"][2] = "00" * 32

    assert any("test/ood[2]: the graph of seed" in fault for fault in faults("hashes.json", digest))

    def task(content: Any) -> None:
        content["tasks"][1]["hash"] = "00" * 32

    assert faults("training.json", task) == ["train[1]: its graph is not the one that keeps clear of the fixed sets."]


def test_a_graph_without_room_for_the_design_is_no_training_graph(tmp_path: Path) -> None:
    sparse = anc.FamilyConfig(n_nodes=3, sparsity_param=0.4)
    data = module(train=sparse, val=None, test=None, design=EFFECTS)
    next(iter(data.train_dataloader()))
    data.write_registry(tmp_path)
    data.close()
    tasks = json.loads((tmp_path / "training.json").read_text())["tasks"]
    firsts = [anc.SCMFamily.from_config(sparse).sample_task(int(task["seed"], 16)).graph_hash() for task in tasks]
    place = next(index for index, task in enumerate(tasks) if task["hash"] != firsts[index])
    assert anc.verify(tmp_path) == []
    rewrite(tmp_path, "training.json", lambda content: content["tasks"][place].update(hash=firsts[place]))
    assert anc.verify(tmp_path) == [f"train[{place}]: its graph is not the one that keeps clear of the fixed sets."]


def test_own_graphs_take_part(tmp_path: Path) -> None:
    def run(fixed: Any) -> anc.DataModule:
        data = module(train=own, val=None, test=fixed, n_test=6, design=EFFECTS, batch_size=4)
        next(iter(data.train_dataloader()))
        return data

    own = anc.SCMFamily(4, graph_generator=Coin())
    data = run(own)
    data.write_registry(tmp_path)
    assert len(anc.verify(tmp_path).unproved) == 2
    assert anc.verify(tmp_path, families=data.families) == []
    for index in range(6):
        instance, task = anc.replay(tmp_path, "test", index, graph_generator=Coin())
        assert content(task) == content(data.fixed_sets["test"][index])
        assert instance.graph_hash() == data.hashes["test"][index]
    rewrite(tmp_path, "hashes.json", lambda content: content["sets"]["test"].__setitem__(3, "00" * 32))
    assert any("test[3]: the graph of seed" in fault for fault in anc.verify(tmp_path, families=data.families))
    data.close()


class Coin:
    """Graphs that have no edge now and then."""

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        graph = torch.zeros(n_nodes, n_nodes, dtype=torch.uint8)
        for child in range(1, n_nodes):
            for parent in range(child):
                graph[parent, child] = seed >> (n_nodes * parent + child) & 1 if seed % 5 else 0
        return graph

    def fingerprint(self) -> str:
        return "coin"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"design": None}, "^n_samples is missing: must be given, or a design, which has it"),
        (
            {"design": None, "set_designs": {"val": DESIGN}},
            "^n_samples is missing: must be given for 'train', 'test/id', 'test/ood', or a design, which has it",
        ),
        ({"n_samples": 9}, r"^n_samples = 9: must be left out beside a design"),
        ({"return_adjacency": False}, "^In train: return_adjacency = False: must be left out beside a design"),
        ({"design": PER_BATCH}, r'^In val: design\.n_samples_per = "per_batch": must be "per_task" in a fixed set; give it'),
        ({"design": {"query": -1}}, r"^In train: design\.query = -1: must be a number from 0"),
        ({"set_designs": {"test/odd": EFFECTS}}, "^a name in set_designs = 'test/odd': must be one of 'val', .*'test/ood'"),
        ({"set_designs": {"train": EFFECTS}}, "^a name in set_designs = 'train': must be one of 'val'"),
        ({"set_designs": "do-pfn"}, "^set_designs = 'do-pfn': must map names of fixed sets"),
        (
            {"set_designs": {"test/ood": {"interventions": {"targets": 5}}}},
            r"^In test/ood: design\.interventions\.targets = 5: must be at most n_nodes, 4",
        ),
        ({"seeds": {"test/id": [3, 4, 3]}}, r"^seeds\['test/id'\]\[2\] = 3: must be another seed"),
        ({"seeds": {"test/id": [3], "val": [3]}}, r"= 3: must be another seed"),
    ],
)
def test_wrong_designs_are_refused_at_once(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(anc.ConfigError, match=said):
        module(**settings)


def test_one_scm_may_be_tested_under_two_designs(tmp_path: Path) -> None:
    data = module(seeds={"test/id": [3, 4], "test/ood": [3, 4]}, set_designs={"test/ood": EFFECTS})
    data.write_registry(tmp_path)
    assert anc.verify(tmp_path) == []


def test_the_log_tells_each_design(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ancestral")
    module(set_designs={"test/ood": EFFECTS})
    lines = {line.partition(":")[0]: line for line in caplog.messages}
    assert "under Design(n_samples=12" in lines["train"]
    assert lines["test/id"].endswith("the same as train, under the design of train")
    assert "the same as train, under Design(n_samples=12" in lines["test/ood"]
    assert "query=4" in lines["test/ood"]
