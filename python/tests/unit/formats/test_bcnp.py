"""BCNP's HDF5 files and data set."""

import pickle
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=4, sparsity_param=1.0)


def test_a_file_has_data_and_labels(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=70, n_samples=20)  # More than one block.
    formats.write_bcnp(tmp_path / "train" / "train_0.hdf5", tasks)
    with h5py.File(tmp_path / "train" / "train_0.hdf5") as file:
        assert {name: (array.shape, array.dtype.str) for name, array in file.items()} == {
            "data": ((70, 20, 4), "<f4"),
            "label": ((70, 4, 4), "<f4"),
        }
        for index in (0, 63, 64, 69):
            assert (file["data"][index] == tasks[index].X.numpy()).all()
            assert (file["label"][index] == tasks[index].adjacency.numpy()).all()  # Row causes column, as in BCNP.


def test_the_data_set_standardises_as_bcnps_does(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=20)
    from_file, from_tasks = formats.write_bcnp(tmp_path / "a.hdf5", tasks), formats.BCNPDataset(tasks)
    assert len(from_file) == len(from_tasks) == 3
    for dataset in (from_file, from_tasks, pickle.loads(pickle.dumps(from_file))):
        for index in (1, -2):
            data, label = dataset[index]
            x = tasks[1].X.double().numpy()
            assert data.dtype == label.dtype == np.float32
            np.testing.assert_allclose(data, (x - x.mean(axis=0)[None]) / x.std(axis=0)[None], rtol=1e-6)
            assert (label == tasks[1].adjacency.numpy()).all()
        with pytest.raises(IndexError):
            dataset[3]


def test_the_collate_functions_of_bcnp_take_its_items() -> None:
    dataset = formats.BCNPDataset(anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=20))
    batch = [dataset[0], dataset[2]]
    inputs, targets = (torch.from_numpy(np.stack([item[part] for item in batch], axis=0)).float() for part in (0, 1))
    assert (inputs.shape, targets.shape) == ((2, 20, 4), (2, 4, 4))


def test_a_constant_column_is_0() -> None:
    data, _ = formats.BCNPDataset([anc.Task(torch.tensor([[1.0, 2.0], [1.0, 4.0]]), torch.zeros(2, 2))])[0]
    assert data.tolist() == [[0.0, -1.0], [0.0, 1.0]]
    many = torch.tensor([[0.1, 1e5 / 3]]).repeat(1000, 1)  # Whose mean in float32 is another number.
    assert not formats.BCNPDataset([anc.Task(many, torch.zeros(2, 2))])[0][0].any()


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_columns_of_any_size_are_standardised(scale: float) -> None:
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(0)) * scale
    data, _ = formats.BCNPDataset([anc.Task(x, torch.zeros(2, 2))])[0]
    np.testing.assert_allclose([data.mean(axis=0), data.std(axis=0)], [[0, 0], [1, 1]], atol=1e-6)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            anc.MetaFixedDataset(
                FAMILY, n_tasks=2, design=anc.Design(n_samples=5, interventions=anc.Interventions(n_samples=4, regimes=2))
            ),
            "source has rows under interventions",
        ),
        (
            anc.MetaFixedDataset(anc.SCMFamily(n_nodes=3, n_nodes_max=6, sparsity_param=1.0), n_tasks=9, n_samples=5),
            "must be (5, ",
        ),
        ([], "source is empty"),
    ],
)
def test_what_has_no_place_is_refused_and_leaves_no_file(tmp_path: Path, source: Any, told: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        formats.write_bcnp(tmp_path / "a.hdf5", source)
    assert told in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_batch_is_no_data_set() -> None:
    batch = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=5, batch_size=2)))
    for source in (batch, batch.X, None, anc.MetaIterableDataset(FAMILY, n_samples=5)):
        with pytest.raises(anc.ConfigError, match="must be the path of a file, a MetaFixedDataset or a list of tasks"):
            formats.BCNPDataset(source)
    with pytest.raises(anc.ConfigError, match=r"source\[1\] holds 2 tasks: must be one"):
        formats.BCNPDataset([anc.Task(batch.X[0], batch.adjacency[0]), batch])[1]


def test_numbers_beyond_float32_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.hdf5", "w") as file:
        file["data"], file["label"] = np.full((3, 9, 4), 1e300), np.zeros((3, 4, 4))
    dataset = formats.BCNPDataset(tmp_path / "a.hdf5")
    with pytest.raises(anc.ConfigError, match=r"data\[2\] of .*a\.hdf5 has the number 1e\+300: must be at most 3\.403e\+38"):
        dataset[2]


@pytest.mark.parametrize("label", [np.zeros((3, 4, 3)), np.zeros((2, 4, 4)), np.zeros((3, 5, 5)), None])
def test_another_layout_is_refused(tmp_path: Path, label: Any) -> None:
    with h5py.File(tmp_path / "a.hdf5", "w") as file:
        file["data"] = np.zeros((3, 9, 4))
        if label is not None:
            file["label"] = label
    with pytest.raises(anc.ConfigError, match="label"):
        formats.BCNPDataset(tmp_path / "a.hdf5")


def test_an_error_of_a_strategy_is_none_of_the_file(tmp_path: Path) -> None:
    calls = 0

    def graphs(n_nodes: int, *, seed: int) -> torch.Tensor:
        nonlocal calls
        calls += 1
        if calls == 68:  # Once the file is begun: tasks are drawn in parts of 64.
            raise ConnectionResetError(104, "Connection reset by peer")
        return torch.zeros(n_nodes, n_nodes)

    tasks = anc.MetaFixedDataset(anc.SCMFamily(4, graphs), n_tasks=70, n_samples=5)
    with pytest.raises(ConnectionResetError, match="reset by peer"):
        formats.write_bcnp(tmp_path / "train.hdf5", tasks)
    assert not list(tmp_path.iterdir())
