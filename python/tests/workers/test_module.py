"""DataModule: loaders that never overlap and resume exactly, and the registry that proves it."""

import io
import itertools
import json
import logging
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import omegaconf
import pytest
import torch
import yaml

import ancestral as anc

SMALL = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
OTHER = replace(SMALL, graph="scale_free")
DENSE = anc.FamilyConfig(n_nodes=4, sparsity_param=1.0)


def module(train: Any = SMALL, val: Any = SMALL, test: Any = None, **settings: Any) -> anc.DataModule:
    test = {"id": SMALL, "scale-free": OTHER} if test is None else test
    return anc.DataModule(train, val, test, **{"n_samples": 8, "batch_size": 4, "n_val": 10, "n_test": 7, **settings})


def tasks(items: Any, count: int = 99) -> list[bytes]:
    return [x.numpy().tobytes() for item in itertools.islice(items, count) for x in item.X]


def through_a_file(state: dict[str, Any]) -> dict[str, Any]:
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def test_resumes_to_the_bit_with_other_numbers_of_workers_twice() -> None:  # R12, bug reports 8, 10 and 16.
    expected = tasks(module().train_dataloader(), 20)
    first = module()
    found = tasks(first.train_dataloader(), 10)
    second = module(num_workers=2)
    second.load_state_dict(through_a_file(first.state_dict()))
    found += tasks(second.train_dataloader(), 6)
    third = module(num_workers=3)
    third.load_state_dict(through_a_file(second.state_dict()))
    found += tasks(third.train_dataloader(), 4)
    assert found == expected
    first.close()


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_every_iter_goes_on_without_a_gap(workers: int, persistent: bool) -> None:  # R4, bug report 2.
    settings = {"persistent_workers": True} if persistent and workers else None
    data = module(num_workers=workers, loader_settings=settings)
    loader = data.train_dataloader()
    assert [task for _ in range(3) for task in tasks(loader, 4)] == tasks(module().train_dataloader(), 12)
    data.close()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_pass_that_somebody_still_holds_moves_no_state(workers: int) -> None:
    data = module(num_workers=workers)
    held = iter(data.train_dataloader())
    next(held)
    state = data.state_dict()
    next(held)
    data.load_state_dict(state)
    next(held)
    assert data.state_dict() == state
    data.close()


def test_batches_are_counted_by_the_ranks_that_took_them(monkeypatch: pytest.MonkeyPatch) -> None:
    data = module()
    list(itertools.islice(data.train_dataloader(), 2))
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    rank = pickle.loads(pickle.dumps(data))  # As for a process that mp.spawn starts.
    with pytest.warns(UserWarning, match="was saved with 1 ranks and batch_size 4 and goes on with 2 and 4"):
        list(itertools.islice(rank.train_dataloader(), 3))
    assert rank.state_dict()["train"]["position"] == (2 + 3 * 2) * 4
    monkeypatch.delenv("RANK")
    monkeypatch.delenv("WORLD_SIZE")  # It has left its group.
    assert rank.state_dict()["train"] == data.state_dict()["train"] | {"position": 32, "world_size": 2}


def test_a_finite_epoch_has_its_length_and_the_same_tasks() -> None:  # R5
    data = module(batches_per_epoch=5)
    loader = data.train_dataloader()
    assert len(loader) == 5
    assert [task for _ in range(2) for task in tasks(loader)] == tasks(module().train_dataloader(), 10)
    assert data.state_dict()["train"]["position"] == 40
    with pytest.raises(TypeError, match="endless"):
        len(module().train_dataloader())


def test_another_run_or_format_is_an_error_in_words() -> None:  # R14
    state = module().state_dict()
    for other, says in (
        (module(base_seed=1), "base_seed"),
        (module(train=OTHER), "fingerprint"),
        (module(disjoint="iso"), "disjoint"),
    ):
        with pytest.raises(anc.ConfigError, match=rf"^state\['{says}'\] = .*: must be"):
            other.load_state_dict(state)
    for change, says in (({"format": 9}, "format"), ({"train": None}, "train")):
        with pytest.raises(anc.ConfigError, match=rf"^state\['{says}'\]"):
            module().load_state_dict({**state, **change})


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_no_training_task_has_a_graph_of_a_fixed_set(level: str) -> None:
    data = module(DENSE, DENSE, {"id": DENSE}, disjoint=level, n_val=3, n_test=3, batch_size=200)
    batch = next(iter(data.train_dataloader()))
    held = anc.HashRegistry([hash for found in data.hashes.values() for hash in found], level=level)
    assert len(held) > 1
    assert not any(anc.graph_hash(graph, level) in held for graph in batch.adjacency)
    assert data.train_dataset.rejections.rejected > 0
    data.close()


def test_rejections_in_workers_are_counted() -> None:
    data = module(DENSE, DENSE, {"id": DENSE}, n_val=20, num_workers=2)
    tasks(data.train_dataloader(), 20)
    drawn, rejected = data.train_dataset.rejections
    assert drawn >= 80
    assert rejected > 0


def test_fixed_sets_can_be_made_disjoint_from_each_other() -> None:
    families = {"id": DENSE, "ood": replace(DENSE, graph="fixed_edge_count")}

    def shared(data: anc.DataModule) -> set[str]:
        data.setup()
        one, two, three = (set(data.hashes[name]) for name in ("val", "test/id", "test/ood"))
        return (one & two) | (one & three) | (two & three)

    assert shared(module(DENSE, DENSE, families, n_val=40, n_test=40))
    apart = module(DENSE, DENSE, families, n_val=40, n_test=40, disjoint_sets=True)
    assert not shared(apart)
    for name, found in apart.fixed_sets.items():
        assert found.graph_hashes() == apart.hashes[name]


def test_a_fixed_set_that_leaves_nothing_is_refused_at_setup() -> None:  # Bug report 27.
    pair = anc.FamilyConfig(n_nodes=2, sparsity_param=0.25)
    with pytest.raises(anc.DisjointnessError, match=r"2 nodes .* reserved .* 3 graphs exist"):
        module(pair, pair, {}, n_val=25).setup()


def test_train_val_and_test_share_no_task_and_no_set_moves_another() -> None:  # R3
    data = module(n_test=10)
    sets = {name: found.seed_list for name, found in (data.setup(), data.fixed_sets)[1].items()}
    assert len({seed for seeds in sets.values() for seed in seeds}) == 30
    fewer = module(val=None, test={"scale-free": OTHER}, n_test=10)
    fewer.setup()
    assert fewer.fixed_sets["test/scale-free"].seed_list == sets["test/scale-free"]
    everything = tasks(data.train_dataloader(), 9) + tasks(data.val_dataloader())
    everything += [task for loader in data.test_dataloader().values() for task in tasks(loader)]
    assert len(set(everything)) == 9 * 4 + 30
    data.close()


@pytest.mark.parametrize("workers", [0, 2])
def test_fixed_loaders_are_equal_for_every_number_of_workers(workers: int) -> None:  # R10
    data = module(num_workers=workers, normalize="standardize")
    loaders = {"val": data.val_dataloader(), **data.test_dataloader()}
    assert list(loaders) == ["val", "id", "scale-free"]
    for name, loader in loaders.items():
        found = data.fixed_sets["val" if name == "val" else f"test/{name}"]
        expected = anc.collate([found[index] for index in range(len(found))], normalize="standardize")
        for _ in range(2):
            batches = list(loader)
            assert len(batches) == len(loader)
            assert torch.cat([batch.X for batch in batches]).equal(expected.X)
            assert {type(batch) for batch in batches} == {anc.Task}


def test_set_up_is_idempotent_and_state_comes_before_or_after() -> None:  # R21
    data = module()
    data.prepare_data()
    data.setup("fit")
    reserved, dataset = data.reserved, data.train_dataset
    data.setup("test")
    data.setup()
    assert data.reserved is reserved
    assert data.train_dataset is dataset
    assert module().state_dict() == data.state_dict()


@pytest.mark.parametrize("form", ["dict", "DictConfig", "SCMFamily", "yaml", "named DictConfig"])
def test_takes_a_family_in_every_form(form: str, tmp_path: Path) -> None:  # R24
    values = SMALL.to_dict()
    (tmp_path / "family.yaml").write_text(yaml.safe_dump(values))
    given: Any = {
        "dict": values,
        "DictConfig": omegaconf.OmegaConf.create(values),
        "SCMFamily": anc.SCMFamily.from_config(SMALL),
        "yaml": str(tmp_path / "family.yaml"),
        "named DictConfig": omegaconf.OmegaConf.create({"train": values}).train,
    }[form]
    test = omegaconf.OmegaConf.create({"a": {"n_nodes": 5}}) if "Dict" in form else {"a": given}
    data = module(given, given, test)
    assert data.families["train"].fingerprint() == data.families["val"].fingerprint() == SMALL.fingerprint()
    assert list(data.families) == ["train", "val", "test/a"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"train": {"n_node": 5}}, r"In train: .*n_node.*n_nodes"),
        ({"val": {"n_node": 5}}, r"In val: .*n_node.*n_nodes"),
        ({"test": {"id": {"n_nodes": 0}}}, r"In test\.id: n_nodes"),
        ({"test": {"a/b": SMALL}}, r"test has the name 'a/b': must be"),
        ({"test": {"": SMALL}}, r"test has the name '': must be"),
        ({"n_val": 0}, r"n_val = 0: must be"),
        ({"disjoint": "graph"}, r"disjoint = 'graph': must be"),
        ({"normalize": "z"}, r"normalize = 'z': must be"),
        ({"num_workers": -1}, r"num_workers = -1: must be"),
        ({"batches_per_epoch": 0}, r"batches_per_epoch = 0: must be"),
    ],
)
def test_a_wrong_value_is_named(settings: dict[str, Any], says: str) -> None:  # R25, bug report 28.
    with pytest.raises(anc.ConfigError, match=f"^{says}"):
        module(**settings)


def test_the_registry_says_which_tasks_were_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:  # R29
    with caplog.at_level(logging.INFO, logger="ancestral"):
        data = module(base_seed=2**64 - 1, output_dir=tmp_path / "run")
    for family in data.families.values():
        assert family.fingerprint() in caplog.text
    folder = tmp_path / "run"
    assert [path.name for path in folder.iterdir()] == ["config.json"]
    config = json.loads((folder / "config.json").read_text())
    for name, family in data.families.items():
        assert config[name]["fingerprint"] == family.fingerprint()
        assert anc.FamilyConfig.from_dict(config[name]["config"]) == family.config
    tasks(data.train_dataloader(), 3)
    data.close()
    data.write_registry(folder)
    names = ["config.json", "distances.json", "hashes.json", "manifest.json", "seeds.json", "training.json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    seeds, hashes, manifest = (json.loads((folder / f"{name}.json").read_text()) for name in ("seeds", "hashes", "manifest"))
    assert seeds["base_seed"] == "f" * 16
    for name, found in data.fixed_sets.items():
        assert all(len(seed) == 16 for seed in seeds["sets"][name])
        assert [int(seed, 16) for seed in seeds["sets"][name]] == found.seed_list
        again = anc.MetaFixedDataset(data.families[name], [int(seed, 16) for seed in seeds["sets"][name]], n_samples=8)
        assert again.graph_hashes() == hashes["sets"][name]
    assert manifest["versions"]["ancestral"] == anc.__version__
    assert manifest["reserved"] == len(data.reserved)
    assert manifest["rejections"]["tasks"] >= 12
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert str(tmp_path) not in everything


def test_only_rank_0_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # R29
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    data = module(output_dir=tmp_path / "run")
    data.write_registry(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(anc.ConfigError, match=r"^output_dir = .*file.*: must be a folder"):
        module(output_dir=tmp_path / "file")


def test_pickles_with_its_place() -> None:  # R18
    data = module()
    tasks(data.train_dataloader(), 3)
    other = pickle.loads(pickle.dumps(data))
    assert tasks(other.train_dataloader(), 4) == tasks(data.train_dataloader(), 4)
    data.close()
    other.close()


def test_pins_only_where_there_is_an_accelerator() -> None:  # R22
    data = module(pin_memory=True)
    assert isinstance(data.train_dataloader().loader, anc.TaskLoader)
    batch = next(iter(data.train_dataloader()))
    assert batch.X.is_pinned() == torch.cuda.is_available()
    data.close()
