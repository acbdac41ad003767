"""A run's registry proves which tasks were used, and a change anywhere in it is found and named."""

import json
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc

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


def test_a_registry_that_was_written_for_other_tasks_is_found(tmp_path: Path) -> None:
    # Consistent files, but a hash that no task has: what a faulty writer would leave.
    run(tmp_path)
    from ancestral.data import run_files

    hashes = json.loads((tmp_path / "hashes.json").read_text())
    hashes["sets"]["test/ood"][2] = "0" * 64
    run_files.write_json(tmp_path / "hashes.json", hashes)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"]["hashes.json"] = run_files.checksum(tmp_path / "hashes.json")
    run_files.write_json(tmp_path / "manifest.json", {**manifest, "digest": run_files.manifest_digest(manifest)})
    found = anc.verify(tmp_path, n_training_tasks=50)
    assert len(found) == 1
    assert found[0].startswith("test/ood[2]: the graph of seed ")


def test_any_task_is_replayed_to_the_bit(tmp_path: Path) -> None:
    data = run(tmp_path)
    for split, fixed in data.fixed_sets.items():
        instance, task = anc.replay(tmp_path, split, 4)
        assert task.X.equal(fixed[4].X)
        assert task.adjacency.equal(fixed[4].adjacency)
        assert instance.sample(6, draw=0).equal(task.X)
    batches = iter(data.train_dataloader())
    batch = [next(batches) for _ in range(8)]
    for index in range(32):
        _, task = anc.replay(tmp_path, "train", index)
        assert task.X.equal(batch[index // 4].X[index % 4]), index
    data.close()


def test_a_wrong_split_index_or_folder_is_named(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(anc.ConfigError, match="split = 'test': must be one of train, val, test/id, test/ood"):
        anc.replay(tmp_path, "test", 0)
    with pytest.raises(anc.ConfigError, match="index = 5: must be a whole number from 0 below 5"):
        anc.replay(tmp_path, "val", 5)
    with pytest.raises(anc.ConfigError, match="index = -1: must be a whole number from 0"):
        anc.replay(tmp_path, "train", -1)
    with pytest.raises(anc.ConfigError, match=r"manifest\.json can't be read"):
        anc.verify(tmp_path / "nowhere")
