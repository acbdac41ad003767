"""Batches of experiments that differ in their rows: the masks that tell so, and statistics of numbers of any size."""

import itertools
from typing import Any

import pytest
import torch

import ancestral as anc

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
INTERVENTIONS = {"n_samples": 30, "regimes": 3, "values_per": "regime", "value_mean": 5.0}
DESIGN = anc.Design(n_samples=40, query=10, interventions=INTERVENTIONS)
PADDED = anc.Design(n_samples=20, n_samples_max=60, query=0.2, interventions=INTERVENTIONS)


def items(design: Any, count: int = 3) -> list[Any]:
    return list(itertools.islice(anc.MetaIterableDataset(FAMILY, design=design), count))


def test_there_is_a_mask_of_variables_and_of_what_else_differs() -> None:
    given = items(DESIGN)
    found = anc.pad_collate(given)
    assert set(found) == {*given[0], "node_mask"}
    assert found["node_mask"].tolist() == [[True] * 6] * 3
    ragged = [*given, *items(anc.Design(n_samples=41, query=10, interventions=INTERVENTIONS), 1)]
    assert set(anc.pad_collate(ragged)) == {*given[0], "node_mask", "row_mask"}


def test_a_mask_that_experiments_have_is_theirs() -> None:
    given = items(PADDED)
    found = anc.pad_collate(given)
    names = [array.name for array in found.layout]
    assert sorted(names) == sorted({*given[0], "node_mask"}) == sorted(found)
    width = found["row_mask"].shape[1]
    assert all(one["row_mask"][:width].equal(mask) for one, mask in zip(given, found["row_mask"], strict=True))


@pytest.mark.parametrize("exponent", [-101, 101])
def test_statistics_of_rows_that_differ_are_of_numbers_of_any_size(exponent: int) -> None:
    batch = anc.collate(items(PADDED))
    far = anc.ExperimentData({**batch, "X": batch["X"] * 2.0**exponent}, batch.layout)
    found, plain = (anc.collate(one, normalize="standardize", rows="observational")["X"] for one in (far, batch))
    assert torch.isfinite(plain).all()
    assert found.equal(plain)


def test_padding_takes_a_dtype_that_holds_all_experiments() -> None:
    single, other = items(DESIGN, 2)
    wide = other.mapped(lambda array: array.double() + 1e-12 if array.dtype == torch.float32 else array)
    for order in ([single, wide], [wide, single]):
        found = anc.pad_collate(order)
        for name, array in single.items():
            assert found[name].dtype == torch.promote_types(array.dtype, wide[name].dtype), name
        assert all(x.equal(one["X"].double()) for x, one in zip(found["X"], order, strict=True))
