"""collate and pad_collate for experiments: from which rows statistics come, what moves with them, and padding."""

import functools
import itertools
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
RAGGED = anc.SCMFamily(4, n_nodes_max=9, sparsity_param=1.0)
INTERVENTIONS = {"n_samples": 30, "regimes": 3, "values_per": "regime", "value_mean": 5.0}
DESIGN = anc.Design(n_samples=40, query=10, interventions={**INTERVENTIONS, "order": "shuffled"})
SHIFT = anc.Design(n_samples=40, interventions={**INTERVENTIONS, "kind": "shift"})
PADDED = anc.Design(n_samples=20, n_samples_max=60, query=0.2, interventions=INTERVENTIONS, counterfactuals={})
EFFECTS = anc.Design(n_samples=40, n_samples_max=60, query=10, effects={"population_rows": 64, "mu_draws": 4})
DOSE = anc.Design(
    n_samples=40, query=10, effects={"treatment_kind": "continuous", "population_rows": 64, "mu_draws": 4, "grid": 3}
)
# What float32 keeps of statistics over a few dozen rows.
CLOSE = {"rtol": 1e-4, "atol": 1e-4}


def items(design: Any, count: int = 5, family: Any = FAMILY) -> list[Any]:
    return list(itertools.islice(anc.MetaIterableDataset(family, design=design), count))


def learned(item: Any, rows: str) -> torch.Tensor:
    """Which rows statistics may see, told one by one."""
    kept = [True] * len(item["X"])
    for row in range(len(kept)):
        there = "row_mask" not in item or bool(item["row_mask"][row])
        context = "split" not in item or row < int(item["split"])
        observational = rows != "observational" or int(item["regime"][row]) == 0
        kept[row] = there and context and observational
    return torch.tensor(kept)


def moments(values: torch.Tensor, how: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Centre and scale of columns, in float64; a constant column has the scale 1."""
    wide = values.double()
    if how == "standardize":
        centre, scale = wide.mean(0), wide.std(0, correction=0)
    else:
        low, centre, high = torch.quantile(wide, torch.tensor([0.25, 0.5, 0.75], dtype=torch.float64), dim=0)
        scale = (high - low) / 1.3489795
        scale = torch.where(scale > 0, scale, wide.std(0, correction=0))
    return centre, torch.where(scale > 0, scale, 1.0)


@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("rows", ["all", "observational", "context"])
@pytest.mark.parametrize("design", [DESIGN, PADDED, SHIFT])
def test_every_table_is_moved_by_the_rows_that_are_told(design: anc.Design, rows: str, how: str) -> None:
    given = items(design)
    batch = anc.collate(given, normalize=how, rows=rows)
    assert isinstance(batch, anc.ExperimentData)
    for index, item in enumerate(given):
        centre, scale = moments(item["X"][learned(item, rows)], how)
        there = item.get("row_mask", torch.ones(len(item["X"]), dtype=torch.bool))[:, None]
        for name in ("X", "X_counterfactual"):
            if name in item:
                right = torch.where(there, (item[name] - centre) / scale, 0.0)
                torch.testing.assert_close(batch[name][index], right.float(), **CLOSE)
        moved = item["values"] / scale if design is SHIFT else (item["values"] - centre) / scale
        right = torch.where(item["targets"], moved, 0.0)
        torch.testing.assert_close(batch["values"][index], right.float(), **CLOSE)
        for name in set(item) - {"X", "X_counterfactual", "values"}:
            assert batch[name][index].equal(item[name]), name
    assert batch.layout == given[0].layout


@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("design", [EFFECTS, DOSE])
def test_treatment_outcome_and_effects_have_their_own_scales(design: anc.Design, how: str) -> None:
    given = items(design)
    batch = anc.collate(given, normalize=how)
    for index, item in enumerate(given):
        there = item.get("row_mask", torch.ones(len(item["X"]), dtype=torch.bool))
        asked = item.get("query_mask", torch.ones(10, dtype=torch.bool))
        centre, scale = moments(item["X"][there], how)
        right = {
            "X": (item["X"] - centre) / scale * there[:, None],
            "X_query": (item["X_query"] - centre) / scale * asked[:, None],
        }
        centre, scale = moments(item["Y"][there], how)
        right["Y"] = (item["Y"] - centre) / scale * there
        for name in ("Y_query", "y0", "y1", "mu0", "mu1"):
            if name in item:
                right[name] = (item[name] - centre) / scale * asked
        for name in ("y_at", "mu_at", "dose_response"):
            if name in item:
                right[name] = (item[name] - centre) / scale
        for name in ("mu0_se", "mu1_se", "mu_at_se", "ate", "ate_se", "dose_response_se"):
            if name in item:
                right[name] = item[name] / scale
        if design is DOSE:
            centre, scale = moments(item["T"], how)
            right.update({name: (item[name] - centre) / scale for name in ("T", "T_query", "grid")})
        for name, value in right.items():
            torch.testing.assert_close(
                batch[name][index], value.float(), msg=lambda text, name=name: f"{name}: {text}", **CLOSE
            )
        for name in item.keys() - right.keys():
            assert batch[name][index].equal(item[name]), name
    assert set(given[0]["T"].tolist()) <= {0.0, 1.0} or design is DOSE


@pytest.mark.parametrize("design", [DESIGN, PADDED, EFFECTS])
def test_query_rows_and_padding_change_no_statistic(design: anc.Design) -> None:
    given = items(design, 3)
    right = anc.collate(given, normalize="standardize")
    spoilt = [item.mapped(torch.clone) for item in given]
    for item in spoilt:
        unseen = ~learned(item, "all")
        item["X"][unseen] = 1e6
        if "Y" in item:
            item["Y"][unseen] = 1e6
    found = anc.collate(spoilt, normalize="standardize")
    for index, item in enumerate(given):
        seen = learned(item, "all")
        assert found["X"][index][seen].equal(right["X"][index][seen])
        assert (~seen).any()
        if "Y" in item:
            assert found["Y"][index][seen].equal(right["Y"][index][seen])


@pytest.mark.parametrize("how", ["none", "standardize", "robust"])
@pytest.mark.parametrize("rows", ["all", "observational"])
@pytest.mark.parametrize("design", [DESIGN, PADDED, EFFECTS, DOSE])
def test_a_task_has_the_same_numbers_alone_stacked_and_beside_others(design: anc.Design, rows: str, how: str) -> None:
    given = items(design, 4)
    together = anc.collate(given, normalize=how, rows=rows)
    again = anc.collate(anc.collate(given), normalize=how, rows=rows)
    for index, item in enumerate(given):
        alone = anc.collate([item], normalize=how, rows=rows)
        single = anc.collate(item, normalize=how, rows=rows)
        for name, array in together.items():
            assert array[index].equal(alone[name][0]), name
            assert array[index].equal(single[name]), name
            assert array[index].equal(again[name][index]), name


def test_none_changes_nothing() -> None:
    batch = next(iter(anc.MetaIterableDataset(FAMILY, design=DESIGN, batch_size=3)))
    assert anc.collate(batch) is batch


def test_what_has_no_such_row_or_no_layout_is_refused() -> None:
    given = items(DESIGN, 3)
    with pytest.raises(anc.ConfigError, match="rows = 'query': must be one of 'all', 'observational', 'context'"):
        anc.collate(given, normalize="standardize", rows="query")
    with pytest.raises(anc.ConfigError, match="normalize = 'half': must be one of"):
        anc.collate(given, normalize="half")
    given[1]["regime"] = torch.ones_like(given[1]["regime"])
    with pytest.raises(
        anc.ConfigError, match="rows = 'observational': must be another one, as task 1 of the batch has no such row"
    ):
        anc.collate(given, normalize="standardize", rows="observational")
    with pytest.raises(anc.ConfigError, match="normalize = 'robust': must be 'none' for a batch without a layout"):
        anc.collate(anc.ExperimentData(dict(given[0])), normalize="robust")
    plain = [anc.Task(torch.ones(5, 2), torch.zeros(2, 2))]
    for collate in (anc.collate, anc.pad_collate):
        with pytest.raises(anc.ConfigError, match="rows = 'context': must be 'all' for tasks without a design"):
            collate(plain, rows="context")
        for rows in ("all", "context"):  # What is wrong with the dict comes first.
            with pytest.raises(anc.ConfigError, match="batch holds a dict without a layout"):
                collate([dict(given[0])], rows=rows)
            with pytest.raises(anc.ConfigError, match="batch is a dict without a layout"):
                collate(dict(anc.collate(given[:1])), rows=rows)


@pytest.mark.parametrize("name", ["split", "regime", "X", "intervened"])
def test_arrays_that_were_taken_out_are_named(name: str) -> None:
    single, other = items(DESIGN, 2)
    stacked = anc.collate([single, other])
    for data in (single, stacked):
        assert isinstance(data, anc.ExperimentData)
        del data[name]
    for batch in (single, [single, other], [other, single], stacked):
        for collate in (anc.collate, anc.pad_collate):
            with pytest.raises(anc.ConfigError, match=f"batch has no '{name}': must have all arrays of its layout"):
                collate(batch, normalize="standardize")  # type: ignore[arg-type]


def test_experiments_of_different_sizes_are_refused_by_collate() -> None:
    sizes = [FAMILY.sample_task(seed).run(anc.Design(n_samples=5 + seed)) for seed in range(2)]
    with pytest.raises(anc.ConfigError, match=r"different sizes: must be all of one size; anc\.pad_collate"):
        anc.collate(sizes)
    with pytest.raises(anc.ConfigError, match="different arrays: must be all of one design, but for its numbers"):
        anc.pad_collate([sizes[0], FAMILY.sample_task(0).run(DESIGN)])


def of_sizes() -> list[Any]:
    """Runs that differ in rows, nodes, regimes and rows that are asked about."""
    runs: list[Any] = []
    for seed, (nodes, rows, regimes) in enumerate([(4, 10, 2), (7, 20, 3), (5, 15, 1)]):
        part = {"n_samples": 6, "regimes": regimes, "values_per": "regime"}
        design = anc.Design(n_samples=rows, query=2 + seed, interventions=part, knowledge={})
        runs.append(anc.SCMFamily(nodes, sparsity_param=1.0).sample_task(seed).run(design))
    return runs


@pytest.mark.parametrize("how", ["none", "standardize"])
def test_pads_what_differs_and_says_what_is_there(how: str) -> None:
    given = of_sizes()
    batch = anc.pad_collate(given, normalize=how, rows="observational")
    assert isinstance(batch, anc.ExperimentData)
    assert {name: batch[name].sum(1).tolist() for name in ("row_mask", "node_mask", "regime_mask")} == {
        "row_mask": [16, 26, 21],
        "node_mask": [4, 7, 5],
        "regime_mask": [3, 4, 2],
    }
    assert batch["X"].shape == (3, 26, 7)
    for index, item in enumerate(given):
        own = anc.collate(item, normalize=how, rows="observational")
        for array in item.layout:
            corner = tuple(map(slice, item[array.name].shape))
            found = batch[array.name][index]
            assert found[corner].equal(own[array.name]), array.name
            rest = torch.ones_like(found, dtype=torch.bool)
            rest[corner] = False
            assert found[rest].eq(array.padding).all(), array.name
    assert batch["knowledge"][0, 5:].eq(-1).all()
    for array in batch.layout:
        assert (batch[array.name].dtype, tuple(batch[array.name].shape)) == (array.dtype, (3, *array.shape))
    assert [array.name for array in batch.layout] == list(batch)


def test_pads_to_a_width_or_to_multiples() -> None:
    given = of_sizes()
    assert anc.pad_collate(given, n_nodes=12)["X"].shape == (3, 26, 12)
    assert anc.pad_collate(given, bucket=8)["adjacency"].shape == (3, 8, 8)
    with pytest.raises(anc.ConfigError, match="n_nodes = 6: must be at least 7, the most nodes of a task in the batch"):
        anc.pad_collate(given, n_nodes=6)
    with pytest.raises(anc.ConfigError, match="bucket = 0"):
        anc.pad_collate(given, bucket=0)


def test_the_padding_of_a_stream_is_trimmed_to_what_the_batch_needs() -> None:
    design = anc.Design(n_samples=8, n_samples_max=40, effects={"population_rows": 16, "mu_draws": 2}, query=3)
    given = items(design, 4, RAGGED)
    stacked = next(iter(anc.MetaIterableDataset(RAGGED, design=design, batch_size=4)))
    for batch in (anc.pad_collate(given), anc.pad_collate(stacked)):
        widest, longest = int(stacked["n_nodes"].max()), int(stacked["row_mask"].sum(1).max())
        assert batch["adjacency"].shape == (4, widest, widest)
        assert batch["Y"].shape == (4, longest)
        assert batch["row_mask"].equal(stacked["row_mask"][:, :longest])
        assert batch["X"].equal(stacked["X"][:, :longest, : batch["X"].shape[2]])
        assert batch["node_mask"].sum(1).equal(stacked["n_nodes"].long())
        again = anc.pad_collate(batch)
        assert all(again[name].equal(array) for name, array in batch.items())


@pytest.mark.parametrize("workers", [0, 2])
def test_it_is_a_collate_fn(workers: int) -> None:
    function = functools.partial(anc.collate, normalize="standardize", rows="context")
    context = "fork" if workers else None
    stream = anc.MetaIterableDataset(FAMILY, design=PADDED, batch_size=4)
    loader = DataLoader(stream, batch_size=None, collate_fn=function, num_workers=workers, multiprocessing_context=context)
    expected = [function(batch) for batch in itertools.islice(anc.MetaIterableDataset(FAMILY, design=PADDED, batch_size=4), 4)]
    for found, right in zip(itertools.islice(loader, 4), expected, strict=True):
        assert all(found[name].equal(array) for name, array in right.items())
        assert found.layout == right.layout


@pytest.mark.parametrize("hole", ["zero", "nan"])
@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("rows", ["all", "observational"])
def test_statistics_are_learned_from_observed_cells_alone(rows: str, how: str, hole: str) -> None:
    holes = {"missing": "mnar", "missing_rate": 0.5, "missing_share": 0.7, "missing_value": hole}
    design = anc.Design(n_samples=40, n_samples_max=60, interventions=INTERVENTIONS, observation=holes, outputs=["complete"])
    given = items(design)
    batch = anc.collate(given, normalize=how, rows=rows)
    for index, item in enumerate(given):
        seen, there = item["observed"], learned(item, rows)
        assert (~seen).any()
        for column in range(6):
            cells = seen[:, column] & there
            centre, scale = moments(item["X"][cells, column : column + 1], how)
            right = ((item["X_complete"][:, column] - centre) / scale).float()
            torch.testing.assert_close(batch["X"][index][seen[:, column], column], right[seen[:, column]], **CLOSE)
            kept = item["row_mask"]
            torch.testing.assert_close(batch["X_complete"][index][kept, column], right[kept], **CLOSE)
        unseen = batch["X"][index][~seen & item["row_mask"][:, None]]
        assert bool((unseen.isnan() if hole == "nan" else unseen == 0).all())


@pytest.mark.parametrize("how", ["standardize", "robust"])
def test_a_column_that_nobody_sees_stays_empty(how: str) -> None:
    item = items(anc.Design(n_samples=4, observation={"missing_rate": 0.5}))[0]
    item["observed"][:, 2], item["X"][:, 2] = False, 0
    item["observed"][1:, 3], item["X"][1:, 3] = False, 0
    item["observed"][0, 3] = True
    found = anc.collate([item], normalize=how)["X"][0]
    assert not found[:, 2:4].any()
