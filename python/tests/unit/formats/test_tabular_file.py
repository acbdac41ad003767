"""HDF5 dumps of tables: the layout that TFM-Playground's loader reads, and files of a stranger."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=5, sparsity_param=1.0)


def written(path: Path, **settings: Any) -> formats.TabularFile:
    prior = formats.TabularPrior(FAMILY, base_seed=1, **settings)
    return formats.write_tabular(path, prior, n_tasks=12, batch_size=4, n_rows=20, n_features=3)


def test_the_layout_is_tfm_playgrounds(tmp_path: Path) -> None:
    written(tmp_path / "tables.h5", split=(5, 15), problem_type="classification", n_classes=(2, 4))
    with h5py.File(tmp_path / "tables.h5") as file:
        assert {name: (array.shape, array.dtype.str) for name, array in file.items()} == {
            "X": ((12, 20, 3), "<f4"),
            "y": ((12, 20), "<f4"),
            "num_features": ((12,), "<i4"),
            "num_datapoints": ((12,), "<i4"),
            "train_test_split_index": ((12,), "<i4"),
            "max_num_classes": ((1,), "<i8"),
            "original_batch_size": ((1,), "<i8"),
            "problem_type": ((), "|O"),
        }
        assert file["problem_type"][()].decode("utf-8") == "classification"
        assert file["max_num_classes"][0] == 4
        assert file["original_batch_size"][0] == 4
        assert file["num_features"][:].tolist() == [3] * 12
        assert file["num_datapoints"][:].tolist() == [20] * 12
        splits = file["train_test_split_index"][:].reshape(3, 4)
        assert (splits == splits[:, :1]).all()  # Its reader takes the first one's for the whole batch.
        assert len(set(splits[:, 0].tolist())) > 1


def test_the_calls_of_its_loader_give_the_priors_batches(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tables.h5"
    written(path, split=(5, 15))
    prior = formats.TabularPrior(FAMILY, base_seed=1, split=(5, 15))
    with h5py.File(path, "r") as f:
        assert "max_num_classes" not in f
        for pointer in (0, 4, 8):
            end = pointer + 4
            num_features = f["num_features"][pointer:end].max()
            longest = int(f["num_datapoints"][pointer:end].max())
            expected = prior(4, 20, 3)
            assert torch.from_numpy(f["X"][pointer:end, :longest, :num_features]).equal(expected["x"])
            assert torch.from_numpy(f["y"][pointer:end, :longest]).equal(expected["y"])
            assert f["train_test_split_index"][pointer:end][0].item() == expected["train_test_split_index"]


def test_a_file_gives_its_tables_one_by_one(tmp_path: Path) -> None:
    file = written(tmp_path / "tables.h5", split=7)
    expected = formats.TabularPrior(FAMILY, base_seed=1, split=7).batch(0, 12, 20, 3)
    assert len(file) == 12
    assert (file.problem_type, file.max_num_classes, file.max_rows, file.max_features) == ("regression", None, 20, 3)
    for index, table in enumerate(pickle.loads(pickle.dumps(file))):
        assert table["x"].equal(expected["x"][index])
        assert table["target_y"].equal(expected["y"][index])
        assert table["train_test_split_index"] == 7
    assert file[-1]["y"].equal(expected["y"][11])
    loader = torch.utils.data.DataLoader(file, batch_size=4, num_workers=2)
    assert torch.cat([batch["x"] for batch in loader]).equal(expected["x"])


def test_writing_takes_no_tasks_and_starts_where_it_is_told(tmp_path: Path) -> None:
    prior = formats.TabularPrior(FAMILY)
    file = formats.write_tabular(tmp_path / "a.h5", prior, n_tasks=2, batch_size=2, n_rows=9, n_features=2, first=5)
    assert prior.position == 0
    assert file[0]["x"].equal(prior.batch(5, 1, 9, 2)["x"][0])


def test_older_dumps_and_padding_are_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file["X"], file["y"] = np.ones((2, 6, 4), np.float32), np.ones((2, 6), np.float32)
        file["num_features"], file["single_eval_pos"] = np.array([2, 4]), np.array([3, 3])
        file.create_dataset("problem_type", data="regression", dtype=h5py.string_dtype())
    assert formats.TabularFile(tmp_path / "old.h5")[0]["x"].shape == (6, 2)
    with h5py.File(tmp_path / "old.h5", "a") as file:
        file["num_datapoints"] = np.array([5, 6])
    found = formats.TabularFile(tmp_path / "old.h5")
    assert (found[0]["x"].shape, found[0]["y"].shape, found[1]["x"].shape) == ((5, 2), (5,), (6, 4))


def _replace(name: str, value: Any) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        del file[name]
        if value is not None:
            file[name] = value

    return change


def _virtual(file: Any) -> None:
    del file["y"]
    layout = h5py.VirtualLayout((12, 20), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "y", (12, 20))
    file.create_virtual_dataset("y", layout)


def _external(file: Any) -> None:
    del file["y"]
    file.create_dataset("y", (12, 20), "f4", external=[("elsewhere.bin", 0, 960)])


def _huge(file: Any) -> None:
    del file["X"]
    file.create_dataset("X", (12, 1 << 20, 1 << 20), "f4", chunks=(1, 64, 64))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_replace("y", None), "has no array 'y' of its own"),
        (_replace("y", np.zeros((12, 19), np.float32)), "y of .* has shape (12, 19): must be [T, R] with R = 20"),
        (_replace("y", np.zeros((11, 20), np.float32)), "must be [T, R] with T = 12"),
        (_replace("X", np.zeros((12, 20), np.float32)), "must be an array of numbers [T, R, F]"),
        (_replace("y", np.full((12, 20), b"x")), "must be an array of numbers"),
        (_replace("num_features", np.zeros(13, np.int32)), "with T = 12"),
        (_replace("y", h5py.SoftLink("/X")), "has no array 'y' of its own"),
        (_replace("y", h5py.ExternalLink("elsewhere.h5", "/y")), "has no array 'y' of its own"),
        (_replace("problem_type", "ranking"), "problem_type of .* is 'ranking'"),
        (_replace("problem_type", 3), "must be 'regression' or 'classification'"),
        (_replace("train_test_split_index", None), "has no array 'single_eval_pos'"),
        (_virtual, "has its numbers in other files"),
        (_external, "has its numbers in other files"),
        (_huge, "have at most"),
    ],
)
def test_a_file_of_another_layout_is_refused(tmp_path: Path, change: Callable[[Any], None], told: str) -> None:
    written(tmp_path / "tables.h5")
    with h5py.File(tmp_path / "tables.h5", "a") as file:
        change(file)
    with pytest.raises(anc.ConfigError) as caught:
        formats.TabularFile(tmp_path / "tables.h5")
    for part in told.split(".*"):
        assert part.strip() in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("num_features", 4), ("num_features", 0), ("num_datapoints", 21), ("train_test_split_index", 20)]
)
def test_numbers_that_do_not_fit_are_refused(tmp_path: Path, name: str, value: int) -> None:
    written(tmp_path / "tables.h5")
    with h5py.File(tmp_path / "tables.h5", "a") as stored:
        stored[name][3] = value
    file = formats.TabularFile(tmp_path / "tables.h5")
    assert file[2]["x"].shape == (20, 3)
    with pytest.raises(anc.ConfigError, match=rf"{name}\[3\] .* is {value}: must be a whole number from"):
        file[3]
    with pytest.raises(IndexError):
        file[12]


def test_what_is_no_hdf5_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("no")
    for name in ("text.h5", "missing.h5"):
        with pytest.raises(anc.ConfigError, match="must be an HDF5 file that can be read"):
            formats.TabularFile(tmp_path / name)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tables.h5"
    prior = formats.TabularPrior(FAMILY)
    with pytest.raises(anc.ConfigError, match="n_tasks = 5: must be a multiple of batch_size, 2"):
        formats.write_tabular(path, prior, n_tasks=5, batch_size=2, n_rows=9, n_features=2)
    with pytest.raises(anc.ConfigError, match="n_features"):
        formats.write_tabular(path, prior, n_tasks=4, batch_size=2, n_rows=9, n_features=9)

    class Failing(formats.TabularPrior):
        def batch(self, first: int, batch_size: int, n_rows: int, n_features: int) -> dict[str, Any]:
            if first:
                raise RuntimeError("stopped")
            return super().batch(first, batch_size, n_rows, n_features)

    with pytest.raises(RuntimeError, match="stopped"):
        formats.write_tabular(path, Failing(FAMILY), n_tasks=4, batch_size=2, n_rows=9, n_features=2)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(anc.ConfigError, match=r"path = .*: must be a file that can be written"):
        formats.write_tabular(tmp_path / "file" / "x.h5", prior, n_tasks=2, batch_size=2, n_rows=9, n_features=2)


def test_an_error_of_a_strategy_is_none_of_the_file(tmp_path: Path) -> None:
    calls = 0

    def graphs(n_nodes: int, *, seed: int) -> torch.Tensor:
        nonlocal calls
        calls += 1
        if calls == 6:
            raise FileNotFoundError(2, "No such file or directory", "edges.tsv")
        return torch.zeros(n_nodes, n_nodes)

    prior = formats.TabularPrior(anc.SCMFamily(5, graphs))
    with pytest.raises(FileNotFoundError, match=r"edges\.tsv"):
        formats.write_tabular(tmp_path / "tables.h5", prior, n_tasks=12, batch_size=4, n_rows=20, n_features=3)
    assert not list(tmp_path.iterdir())
