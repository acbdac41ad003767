"""A run's registry proves which tasks were used, and a change anywhere in it is found and named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor
from ancestral._files.checksums import checksum, sealed
from ancestral._run import registry_files

SMALL = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
OTHER = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75, graph="scale_free")


def run(folder: Path, **settings: Any) -> anc.DataModule:
    data = anc.DataModule(
        SMALL, SMALL, {"id": SMALL, "ood": OTHER}, n_samples=6, batch_size=4, n_val=5, n_test=5, base_seed=3, **settings
    )
    data.setup()
    data.write_registry(folder)
    return data


def faults(folder: Path) -> list[str]:
    """What `verify` finds, or what it says of a folder that it can't read."""
    try:
        return anc.verify(folder)
    except anc.ConfigError as error:
        return [str(error)]


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_a_registry_as_it_was_written_has_no_fault(tmp_path: Path, level: str) -> None:
    data = run(tmp_path, disjoint=level)
    assert len(data.reserved) > 3
    assert anc.verify(tmp_path, n_training_tasks=200) == []


def test_a_changed_byte_anywhere_is_found_and_named(tmp_path: Path) -> None:
    run(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for place in (3, len(whole) // 2, len(whole) - 3):
            changed = bytearray(whole)
            # A digit, a letter or a quote: what is left is another number or text, or no JSON at all.
            changed[place] = ord("7") if changed[place] != ord("7") else ord("8")
            path.write_bytes(bytes(changed))
            assert any(path.name in fault for fault in faults(tmp_path)), (path.name, place)
        path.write_bytes(whole)
    assert anc.verify(tmp_path) == []
    (tmp_path / "hashes.json").unlink()
    assert anc.verify(tmp_path) == ["hashes.json can't be read: No such file or directory."]
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(anc.ConfigError, match=r"manifest\.json can't be read: No such file"):
        anc.verify(tmp_path)


def forge(folder: Path, name: str, change: Callable[[Any], None]) -> list[str]:
    """The faults of a registry whose writer was wrong: one file is changed, and the manifest agrees with it."""
    path = folder / name
    content = json.loads(path.read_text())
    change(content)
    registry_files.write_json(path, content)
    registry_files.write_manifest(folder, json.loads((folder / "manifest.json").read_text()))
    return anc.verify(folder, n_training_tasks=50)


def test_a_registry_that_was_written_for_other_tasks_is_found(tmp_path: Path) -> None:
    # Consistent files, but a hash that no task has: what a faulty writer would leave.
    run(tmp_path)
    (fault,) = forge(tmp_path, "hashes.json", lambda found: found["sets"]["test/ood"].__setitem__(2, "0" * 64))
    assert fault.startswith("hashes.json: test/ood[2]: the graph of seed ")


def test_a_seed_that_is_not_its_places_own_is_found(tmp_path: Path) -> None:
    data = run(tmp_path)
    other = data.fixed_sets["val"].seed_list[3]
    faults = forge(tmp_path, "seeds.json", lambda found: found["sets"]["test/id"].__setitem__(1, f"{other:016x}"))
    assert f"seeds.json: test/id[1]: {other:016x} is not the seed of its place." in faults
    assert "seeds.json: val[3]: has the seed of test/id[1]." in faults


def test_a_config_line_that_gives_other_tasks_is_found(tmp_path: Path) -> None:
    run(tmp_path)
    (fault,) = forge(tmp_path, "config.json", lambda found: found["val"]["config"].__setitem__("sparsity_param", 0.5))
    assert fault.startswith("config.json: val: this engine gives the family another fingerprint than manifest.json has")
    (fault,) = forge(tmp_path, "config.json", lambda found: found["val"]["config"].__setitem__("n_nodes", -1))
    assert fault == "config.json can't be used: val: n_nodes = -1: must be an integer from 1 to 2048."


def test_a_run_of_another_engine_is_found(tmp_path: Path) -> None:
    run(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["versions"]["engine"] = "0.0.9"
    registry_files.write_manifest(tmp_path, manifest)
    assert anc.verify(tmp_path) == [f"manifest.json: engine 0.0.9 drew the run, and this engine is {_ffi.version()}."]


def test_a_changed_file_is_named_whatever_was_changed(tmp_path: Path) -> None:
    run(tmp_path)
    for name, old, new in [
        ("seeds.json", '"base_seed": "0000000000000003"', '"base_seed": "0000000000000004"'),
        ("distances.json", '"p": ', '"p": 1'),
        ("config.json", '"sparsity_param": 0.75', '"sparsity_param": NaN'),
        ("config.json", '"train":', '"train": ['),
    ]:
        path = tmp_path / name
        whole = path.read_text()
        assert old in whole
        path.write_text(whole.replace(old, new, 1))
        assert anc.verify(tmp_path) == [f"{name} is not as it was written."]
        path.write_text(whole)


def test_sets_that_keep_clear_of_each_other_are_verified_by_their_retries(tmp_path: Path) -> None:
    data = run(tmp_path, disjoint_sets=True, disjoint="iso")
    slots = {name: seeds_from_tensor(_ffi.fixed_seeds(3, 5, name)) for name in data.fixed_sets}
    assert any(data.fixed_sets[name].seed_list != seeds for name, seeds in slots.items())
    assert anc.verify(tmp_path, n_training_tasks=50) == []
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    registry_files.write_manifest(tmp_path, {**manifest, "disjoint_sets": False})
    assert any("is not the seed of its place" in fault for fault in anc.verify(tmp_path))


def test_any_task_is_replayed_to_the_bit(tmp_path: Path) -> None:
    data = run(tmp_path)
    for split, fixed in data.fixed_sets.items():
        instance, task = anc.replay(tmp_path, split, np.int64(4))  # What is a number to Python is one here.
        assert task.X.equal(fixed[4].X)
        assert task.adjacency.equal(fixed[4].adjacency)
        assert instance.sample(6, draw=0).equal(task.X)
    batches = iter(data.train_dataloader())
    batch = [next(batches) for _ in range(8)]
    for index in range(32):
        _, task = anc.replay(tmp_path, "train", index)
        assert task.X.equal(batch[index // 4].X[index % 4]), index
    data.close()


def test_a_run_is_verified_and_replayed_whatever_its_base_seed(tmp_path: Path) -> None:
    data = anc.DataModule(SMALL, SMALL, n_samples=6, batch_size=4, n_val=5, base_seed=2**63 + 0xABCDEF, output_dir=tmp_path)
    batch = next(iter(data.train_dataloader()))
    data.close()
    assert anc.verify(tmp_path) == []
    for index in range(4):
        assert anc.replay(tmp_path, "train", index)[1].X.equal(batch.X[index])


def test_an_older_run_has_its_families_in_yaml(tmp_path: Path) -> None:
    data = run(tmp_path)
    configs = json.loads((tmp_path / "config.json").read_text())
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    for name in ("config.json", "training.json"):
        (tmp_path / name).unlink()
        del manifest["files"][name]
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(configs), encoding="utf-8")
    manifest["files"]["config.yaml"] = checksum(tmp_path / "config.yaml")
    (tmp_path / "manifest.json").write_text(sealed({**manifest, "format": 2}), encoding="utf-8")
    assert anc.verify(tmp_path) == []
    _, task = anc.replay(tmp_path, "test/ood", 3)
    assert task.X.equal(data.fixed_sets["test/ood"][3].X)
    for content in ("[1", "test/id: 2000-01-01", "train: .nan"):  # No YAML, and what JSON has no place for.
        (tmp_path / "config.yaml").write_text(content, encoding="utf-8")
        assert anc.verify(tmp_path) == ["config.yaml is not as it was written."]


def test_a_wrong_split_index_or_folder_is_named(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(anc.ConfigError, match="split = 'test': must be one of train, test/id, test/ood, val"):
        anc.replay(tmp_path, "test", 0)
    with pytest.raises(anc.ConfigError, match="index = 5: must be a whole number from 0 below 5"):
        anc.replay(tmp_path, "val", 5)
    for index in (-1, 2**40):
        with pytest.raises(anc.ConfigError, match=f"^index = {index}: must be a whole number from 0 below {2**40}"):
            anc.replay(tmp_path, "train", index)
    with pytest.raises(anc.ConfigError, match=r"nowhere can't be read: No such file"):
        anc.verify(tmp_path / "nowhere")


def test_families_that_say_nothing_are_refused(tmp_path: Path) -> None:
    run(tmp_path / "run")
    wrong: Any
    for wrong, says in ((["val"], "^families is of type list: must be"), ({"val": SMALL}, r"\['val'\] is of type Fam")):
        with pytest.raises(anc.ConfigError, match=says):
            anc.verify(tmp_path / "run", families=wrong)
    family = anc.SCMFamily.from_config(SMALL)
    anc.write_corpus(family, 2, tmp_path / "corpus", n_samples=2)
    _ = anc.MetaFixedDataset(family, n_tasks=2, n_samples=2, cache_dir=tmp_path)[0]
    (file,) = tmp_path.glob("*.safetensors")
    for path, what in ((tmp_path / "corpus", "a corpus"), (file, "a fixed set's file")):
        assert anc.verify(path) == []
        with pytest.raises(anc.ConfigError, match=rf"^families = \['val'\]: must be left out for {what}"):
            anc.verify(path, families={"val": family})


@pytest.mark.parametrize(
    ("name", "content"),
    [("seeds.json", '{"sets": {"test/id": ["zz"]}}'), ("seeds.json", "{}"), ("config.json", "[1]"), ("config.json", "{}")],
)
def test_a_forged_registry_replays_nothing_and_says_so(tmp_path: Path, name: str, content: str) -> None:
    run(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(anc.ConfigError, match=rf"(must have|has no|must hold) .*{name}.*\.$|^.*{name} (must|has).*\.$"):
        anc.replay(tmp_path, "test/id", 0)
    assert any(name in fault for fault in faults(tmp_path))
