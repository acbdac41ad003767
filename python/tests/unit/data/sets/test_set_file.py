"""A fixed set's file: a pure function of its tasks, and every change in it is found and named."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open
from safetensors.torch import load_file

import ancestral as anc

FAMILY = anc.SCMFamily.from_config(anc.FamilyConfig(n_nodes=3, n_nodes_max=5, sparsity_param=0.5))
VECTORS = Path(__file__).parents[5] / "Tests" / "Vectors"


def frozen(folder: Path) -> Path:
    anc.MetaFixedDataset(FAMILY, n_tasks=4, base_seed=42, n_samples=6, cache_dir=folder)
    (path,) = folder.iterdir()
    return path


def with_header(path: Path, change: Callable[[dict[str, Any]], None], name: str = "changed.safetensors") -> Path:
    """A copy whose header is changed."""
    whole = path.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    copy = path.with_name(name)
    copy.write_bytes(len(text).to_bytes(8, "little") + text + whole[8 + length :])
    return copy


def changed_byte(path: Path, tensor: str, task: int) -> Path:
    """A copy with one bit of one task's part of a tensor changed."""
    whole = bytearray(path.read_bytes())
    length = int.from_bytes(whole[:8], "little")
    begin, end = json.loads(whole[8 : 8 + length])[tensor]["data_offsets"]
    whole[8 + length + begin + (end - begin) // 4 * task] ^= 1
    copy = path.with_name("changed.safetensors")
    copy.write_bytes(whole)
    return copy


def test_the_file_is_the_one_that_the_command_line_writes(tmp_path: Path) -> None:
    # The tool's own tests hold its file against the same checksum.
    family = anc.SCMFamily.from_config(VECTORS / "families" / "family.yaml")
    anc.MetaFixedDataset(family, n_tasks=4, base_seed=42, n_samples=6, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    assert f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" == (VECTORS / "frozen.sha256").read_text()
    assert anc.verify(path) == []


def test_a_file_of_experiments_is_the_one_that_the_command_line_writes(tmp_path: Path) -> None:
    anc.MetaFixedDataset(
        VECTORS / "families" / "family.yaml", n_tasks=4, base_seed=42, design=VECTORS / "design.yaml", cache_dir=tmp_path
    )
    (path,) = tmp_path.iterdir()
    assert f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" == (VECTORS / "designed.sha256").read_text()


def test_a_run_of_the_golden_files_is_as_it_was_written() -> None:
    assert anc.verify(VECTORS / "run", n_training_tasks=100) == []


def test_its_tensors_are_the_tasks(tmp_path: Path) -> None:
    held = load_file(frozen(tmp_path))
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=4, base_seed=42, n_samples=6)
    for index, task in enumerate(tasks):
        n = len(task.adjacency)
        assert held["node_counts"][index] == n
        assert held["X"][index, :, :n].equal(task.X)
        assert held["adjacency"][index, :n, :n].equal(task.adjacency)
        assert held["hashes"][index].numpy().tobytes().hex() == tasks.graph_hashes()[index]
        assert int.from_bytes(held["seeds"][index].numpy().tobytes(), "big") == tasks.seed_list[index]


@pytest.mark.parametrize("tensor", ["X", "adjacency", "node_counts", "hashes"])
def test_a_changed_value_is_named_with_its_task(tensor: str, tmp_path: Path) -> None:
    (fault,) = anc.verify(changed_byte(frozen(tmp_path), tensor, 2))
    assert fault.endswith(f"gives other values than {tensor}[2].")
    assert "changed.safetensors: seeds[2] = " in fault


def test_a_changed_seed_is_named(tmp_path: Path) -> None:
    (fault,) = anc.verify(changed_byte(frozen(tmp_path), "seeds", 1))
    assert "changed.safetensors: seeds[1] = " in fault
    assert "X[1]" in fault


def test_a_file_under_the_name_of_other_tasks_is_found(tmp_path: Path) -> None:
    path = frozen(tmp_path)
    anc.MetaFixedDataset(FAMILY, n_tasks=5, base_seed=42, n_samples=6, cache_dir=tmp_path / "other")
    (other,) = (tmp_path / "other").iterdir()
    path.replace(other)
    (fault,) = anc.verify(other)
    assert fault.endswith(f"its seeds, rows or config are not those of its name; theirs is {path.name}.")


def test_a_set_of_another_engine_is_found(tmp_path: Path) -> None:
    path = with_header(frozen(tmp_path), lambda header: header["__metadata__"].update(engine_version="0.0.9"))
    (fault,) = anc.verify(path)
    assert fault.endswith(f'metadata engine_version is "0.0.9", and this engine\'s is "{anc.__version__}".')


def test_another_config_or_fingerprint_is_found(tmp_path: Path) -> None:
    def set_config(header: dict[str, Any]) -> None:
        header["__metadata__"]["config"] = header["__metadata__"]["config"].replace(
            '"sparsity_param":0.5', '"sparsity_param":0.6'
        )

    for path in (
        with_header(frozen(tmp_path), set_config),
        with_header(frozen(tmp_path / "again"), lambda header: header["__metadata__"].update(fingerprint="0" * 64)),
    ):
        (fault,) = anc.verify(path)
        assert "metadata fingerprint is not that of its config" in fault


def test_any_truncation_is_one_sentence(tmp_path: Path) -> None:
    path = frozen(tmp_path)
    whole = path.read_bytes()
    cut = tmp_path / "cut.safetensors"
    for length in [0, 1, 7, 8, 9, 500, len(whole) - 1]:
        cut.write_bytes(whole[:length])
        (fault,) = anc.verify(cut)
        assert str(cut) in fault, length
        assert fault.endswith("."), length
    cut.write_bytes(whole + b"0")
    (fault,) = anc.verify(cut)
    assert "is cut off or changed" in fault


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match="can't be read: No such file or directory"):
        anc.verify(tmp_path / "nowhere.safetensors")
    with pytest.raises(anc.ConfigError, match="must be a regular file"):
        anc.verify("/dev/null")
    with pytest.raises(anc.ConfigError, match="n_training_tasks = -1"):
        anc.verify(tmp_path, n_training_tasks=-1)


def test_metadata_are_sorted(tmp_path: Path) -> None:
    with safe_open(frozen(tmp_path), framework="pt") as file:
        names: list[str] = list(file.metadata())
    assert sorted(names) == ["config", "engine_version", "fingerprint", "format"]
