"""Classes, counts and missing cells in other trainers' and tools' formats."""

from pathlib import Path
from typing import Any

import pandas
import pytest
import torch

import ancestral as anc
from ancestral import formats

MIXED: dict[str, Any] = {
    "n_nodes": 6,
    "n_nodes_max": 8,
    "sparsity_param": 1.5,
    "mechanism_proportions": {"linear": 2, "categorical": 1, "binary": 1, "count": 1},
    "categorical_score": "linear",
}
WHOLE = anc.MetaFixedDataset(MIXED, [3, 4, 5], n_samples=40)
HOLED = anc.MetaFixedDataset(MIXED, [3, 4, 5], design={"n_samples": 40, "observation": {"missing_rate": 0.3}})


def own(item: Any) -> torch.Tensor:
    """X of an item's own nodes, NaN where a cell is missing."""
    n = int(item["n_nodes"])
    x = item["X"][:, :n]
    return torch.where(item["observed"][:, :n], x, torch.nan) if "observed" in item else x


@pytest.mark.parametrize("tasks", [WHOLE, HOLED], ids=["whole", "holed"])
def test_tables_have_types_and_come_back(tasks: anc.MetaFixedDataset, tmp_path: Path) -> None:
    seen: set[int] = set()
    for item in (tasks[k] for k in range(3)):
        data, adjacency = formats.to_pandas(item)
        x = own(item)
        for column, (kind, classes) in enumerate(zip(item["kind"].tolist(), item["n_classes"].tolist(), strict=True)):
            if column == x.shape[1]:
                break
            seen.add(kind)
            found = data[f"X{column}"]
            missing = bool(x[:, column].isnan().any())
            if classes:
                assert isinstance(found.dtype, pandas.CategoricalDtype)
                assert found.dtype.categories.tolist() == list(range(classes))
                assert not found.dtype.ordered
            else:
                assert str(found.dtype) == ("float32" if kind == 0 else "Int64" if missing else "int64")
            assert found.isna().tolist() == x[:, column].isnan().tolist()
        torch.testing.assert_close(formats.from_pandas(data, adjacency).X, x, rtol=0, atol=0, equal_nan=True)
    assert seen == {0, 1, 2, 3}
    formats.write_csv(tmp_path / "csv", tasks)
    for number, item in enumerate((tasks[k] for k in range(3)), start=1):
        torch.testing.assert_close(formats.read_csv(tmp_path / "csv", number).X, own(item), rtol=0, atol=0, equal_nan=True)
        lines = (tmp_path / "csv" / f"data{number}.csv").read_text().splitlines()[1:]
        for column, kind in enumerate(item["kind"].tolist()[: int(item["n_nodes"])]):
            words = [line.split(",")[column] for line in lines]
            assert kind == 0 or all(word == "nan" or word.isdecimal() for word in words)


def test_columns_that_are_no_numbers_are_refused() -> None:
    data, adjacency = formats.to_pandas(WHOLE[0])
    data["X0"] = pandas.Categorical(["a"] * len(data))
    with pytest.raises(anc.ConfigError, match="column that is not of numbers"):
        formats.from_pandas(data, adjacency)


@pytest.mark.parametrize("form", ["avici", "bcnp", "dcdi"])
def test_formats_without_a_place_for_holes_refuse_them(form: str, tmp_path: Path) -> None:
    writers: dict[str, Any] = {
        "avici": lambda: formats.to_avici(HOLED[0]),
        "bcnp": lambda: formats.BCNPDataset(HOLED)[0],
        "dcdi": lambda: formats.write_dcdi(tmp_path / "dcdi", HOLED),
    }
    with pytest.raises(anc.ConfigError, match="source has missing cells: must have none"):
        writers[form]()
    assert formats.to_avici(WHOLE[0])["x_obs"].shape[0] == 40


def test_tabular_targets_keep_their_classes() -> None:
    of_family = formats.TabularPrior(MIXED, problem_type="classification", n_classes=(2, 8))
    of_set = formats.TabularPrior(WHOLE, problem_type="classification", n_classes=(2, 8))
    kept = 0
    for prior, tasks in ((of_family, anc.MetaIterableDataset(MIXED, n_samples=40)), (of_set, (WHOLE[k] for k in range(3)))):
        found = prior.batch(0, 3, 40, 4)
        assert found["x"].shape == (3, 40, 4)
        for y, item in zip(found["y"], tasks, strict=False):
            columns = [k for k, count in enumerate(item["n_classes"].tolist()) if count and torch.equal(item["X"][:, k], y)]
            kept += len(columns) > 0
    assert kept >= 2
    few = formats.TabularPrior(MIXED, problem_type="classification", n_classes=2).batch(0, 30, 40, 4)
    assert few["y"].max() == 1
