"""Datasets with a design: items are dicts, equal to the bit however they are drawn, and what can't be had is refused first."""

import copy
import itertools
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.utils._pytree as pytree

import ancestral as anc
from ancestral._files.tensor_reader import TensorFile

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
CURVED = anc.SCMFamily(6, post_nonlinear=["identity", "tanh"])
TREES, EXACT = anc.SCMFamily(6, mechanism_factory="tree"), anc.SCMFamily(6, mechanism_factory="gp", gp_mode="exact")
RANGED = anc.SCMFamily(6, function_range=2.0)
PAIR, PAIRS = anc.SCMFamily(2, sparsity_param=0.5), anc.SCMFamily(2, n_nodes_max=5, sparsity_param=0.5)
RAGGED = anc.SCMFamily(4, n_nodes_max=9, sparsity_param=1.0)
ROWS = {"n_samples": 20, "interventions": {"n_samples": 10, "regimes": 3, "values_per": "regime"}}
DESIGN = anc.Design.from_dict(ROWS)
EVERYTHING = anc.Design.from_dict(
    {
        **ROWS,
        "query": 4,
        "n_samples_max": 40,
        "hidden": {"count": 1},
        "knowledge": {},
        "counterfactuals": {},
        "outputs": ["ancestors", "order", "mag", "truth_noise"],
    }
)
EFFECTS = anc.Design(n_samples=30, query=10, hidden={"count": 1}, effects={"population_rows": 64, "mu_draws": 4})
DOSE = anc.Design(
    n_samples=30, query=10, effects={"treatment_kind": "continuous", "population_rows": 64, "mu_draws": 4, "grid": 3}
)
OBSERVED = anc.Design.from_dict(
    {
        **ROWS,
        "hidden": {"count": 1},
        "selection": {"kept": 0.3},
        "observation": {"missing": "graph", "missing_causes": 2, "error_share": 0.4, "rounded_share": 0.4},
        "outputs": ["complete"],
    }
)
DESIGNS = {"interventions": DESIGN, "everything": EVERYTHING, "effects": EFFECTS, "dose": DOSE, "observed": OBSERVED}
PER_BATCH = anc.Design(n_samples=10, n_samples_max=60, n_samples_per="per_batch", interventions=DESIGN.interventions)


@pytest.fixture(params=DESIGNS)
def design(request: pytest.FixtureRequest) -> anc.Design:
    return DESIGNS[request.param]


def stream(design: Any = DESIGN, family: Any = FAMILY, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, design=design, **settings)


def fixed(design: Any = DESIGN, family: Any = FAMILY, **settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(family, design=design, **{"n_tasks": 6, "base_seed": 3, **settings})


def take(items: Any, count: int) -> list[Any]:
    return list(itertools.islice(items, count))


def content(item: Any) -> dict[str, bytes]:
    """The bytes of each array."""
    assert type(item) is anc.ExperimentData
    return {name: array.numpy().tobytes() for name, array in item.items()}


def contents(items: Any) -> list[dict[str, bytes]]:
    return [content(item) for item in items]


def apart(batch: anc.ExperimentData) -> list[dict[str, bytes]]:
    """The items of a batch."""
    return [
        content(anc.ExperimentData({name: array[k] for name, array in batch.items()})) for k in range(len(batch["n_nodes"]))
    ]


def test_single_tasks_and_batches_hold_the_same_bits(design: anc.Design) -> None:
    singles = contents(take(stream(design), 12))
    for batch_size in (4, 12):
        batches = take(stream(design, batch_size=batch_size), 12 // batch_size)
        assert [item for batch in batches for item in apart(batch)] == singles
    assert [tuple(array.shape) for array in batches[0].values()] == [(12, *array.shape) for array in batches[0].layout]
    assert [array.dtype for array in batches[0].values()] == [array.dtype for array in batches[0].layout]


@pytest.mark.parametrize("family", [FAMILY, RAGGED])
def test_an_item_is_the_run_of_its_instance(design: anc.Design, family: anc.SCMFamily) -> None:
    tasks = fixed(design, family)
    for index in range(len(tasks)):
        instance, item = tasks.instance(index), tasks[index]
        for name, own in instance.run(design, draw=0).items():
            corner = item[name][tuple(map(slice, own.shape))]
            assert corner.equal(own), name
        assert tasks.graph_hashes()[index] == instance.graph_hash()
        assert tasks.graph_hashes("mec")[index] == instance.graph_hash("mec")


def test_two_threads_fill_what_one_does(design: anc.Design) -> None:
    seeds = torch.arange(7)
    filling = stream(design)._filling()  # pyright: ignore[reportPrivateUsage]
    assert content(filling.batch(seeds, threads=1)) == content(filling.batch(seeds, threads=2))


def test_a_part_moves_no_bit_of_the_others() -> None:
    plain = fixed(DESIGN)[0]
    more = fixed({**DESIGN.to_dict(), "knowledge": {}, "outputs": ["order", "ancestors"], "query": 5})[0]
    assert {name: array.numpy().tobytes() for name, array in more.items() if name in plain} == content(plain)
    rows = anc.MetaFixedDataset(FAMILY, n_tasks=6, base_seed=3, n_samples=20)[0]
    assert plain["X"][:20].equal(rows.X)
    assert plain["adjacency"].equal(rows.adjacency)
    both = fixed({**DESIGN.to_dict(), "counterfactuals": {}})[0]
    assert both["X"][:20].equal(rows.X)


def test_it_pickles_and_copies(design: anc.Design) -> None:
    for dataset in (stream(design), fixed(design)):
        right = contents(take(dataset, 3))
        for other in (pickle.loads(pickle.dumps(dataset)), copy.deepcopy(dataset)):
            again = contents(take(other, 3))
            assert dataset.design == other.design == design
            assert again == right or isinstance(dataset, anc.MetaIterableDataset)  # Of which a copy counts its passes on.


@pytest.mark.parametrize("settings", [{"cache_instances": True}, {"cache_instances": True, "cache_bytes": 0}])
def test_a_cache_changes_no_item(design: anc.Design, settings: dict[str, Any]) -> None:
    cached = fixed(design, RAGGED, **settings)
    for _ in range(2):
        assert contents(cached) == contents(fixed(design, RAGGED))
    assert contents(pickle.loads(pickle.dumps(cached))) == contents(fixed(design, RAGGED))


def test_a_file_holds_every_array_and_the_design(design: anc.Design, tmp_path: Path) -> None:
    right = contents(fixed(design))
    for settings in ({}, {"cache_instances": True}, {"cache_instances": True, "cache_bytes": 0}):
        assert contents(fixed(design, cache_dir=tmp_path, **settings)) == right
    (path,) = tmp_path.glob("*.safetensors")
    file = TensorFile(path)
    assert set(file.entries) == {*fixed(design)[0], "seeds", "hashes"}
    assert json.loads(file.metadata["design"]) == json.loads(design.canonical)
    assert file.metadata["fingerprint"] == design.fingerprint(FAMILY)
    digests = [row.numpy().tobytes().hex() for row in file.whole("hashes")]
    assert digests == fixed(design).graph_hashes()
    assert anc.verify(path) == []
    fixed({**design.to_dict(), "n_samples": 39}, cache_dir=tmp_path)
    assert len(list(tmp_path.glob("*.safetensors"))) == 2


def test_a_file_of_another_design_is_refused(tmp_path: Path) -> None:
    fixed(DESIGN, cache_dir=tmp_path)
    (path,) = tmp_path.glob("*.safetensors")
    other = {**DESIGN.to_dict(), "interventions": {**DESIGN.to_dict()["interventions"], "value_mean": 1.0}}
    fixed(other, cache_dir=tmp_path / "other")
    (right,) = (tmp_path / "other").glob("*.safetensors")
    right.write_bytes(path.read_bytes())
    with pytest.raises(anc.ConfigError, match=f"has fingerprint {DESIGN.fingerprint(FAMILY)}: must be"):
        fixed(other, cache_dir=tmp_path / "other")


def test_no_task_has_a_reserved_graph(design: anc.Design) -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    taken = anc.HashRegistry()
    for digest in fixed(design, family, n_tasks=40).graph_hashes():
        taken.add(digest)
    loose, clear = (stream(design, family, batch_size=50, reserved=reserved) for reserved in (None, taken))
    batch, kept = next(iter(loose)), next(iter(clear))
    assert clear.rejections.rejected > 0
    same = [a == b for a, b in zip(apart(batch), apart(kept), strict=True)]
    assert 0 < sum(same) < 50


def test_numbers_of_rows_are_each_task_s_or_each_batch_s() -> None:
    items = take(stream(EVERYTHING), 30)
    assert len({int(item["row_mask"].sum()) for item in items}) > 5
    assert all(not item["X"][~item["row_mask"]].any() for item in items)
    batches = take(stream(PER_BATCH, batch_size=4), 10)
    assert len({batch["X"].shape[1] for batch in batches}) > 4
    assert all("row_mask" not in batch and tuple(batch["X"].shape[1:]) == batch.layout[0].shape for batch in batches)


def test_the_number_of_rows_of_a_batch_is_that_of_its_first_task() -> None:
    own = anc.SCMFamily(6, graph_generator=anc.SCMFamily(6).graph_generator.__call__)
    first, second = (take(stream(PER_BATCH, family, batch_size=3), 3) for family in (anc.SCMFamily(6), own))
    assert contents(first) == contents(second)


@pytest.mark.parametrize("hidden", [{"count": 0}, {"share": 0.0}, {"share": 0.2}])  # A fifth of two is none.
def test_two_nodes_have_effects_where_none_is_hidden(hidden: dict[str, Any]) -> None:
    plain = next(iter(stream({"n_samples": 9, "query": 4, "effects": {}}, PAIR)))
    with_none = next(iter(stream({"n_samples": 9, "query": 4, "effects": {}, "hidden": hidden}, PAIR)))
    assert all(with_none[name].equal(array) for name, array in plain.items())
    assert not with_none["bidirected"].any()


def test_what_the_family_can_t_have_is_refused_before_the_first_task() -> None:
    wrong: list[tuple[Any, Any, str]] = [
        (FAMILY, {"interventions": {"targets": 7}}, r"design\.interventions\.targets = 7: must be at most n_nodes, 6"),
        (RAGGED, {"interventions": {"targets": 5}}, r"design\.interventions\.targets = 5: must be at most n_nodes, 4"),
        (FAMILY, {"hidden": {"count": 6}}, r"design\.hidden\.count = 6: must leave a node to be shown of 6"),
        (
            PAIR,
            {"hidden": {"count": 1}, "effects": {}},
            "must leave a covariate beside treatment and outcome of 2, where 1 may",
        ),
        (PAIRS, {"hidden": {"share": 0.2}, "effects": {}}, "must leave a covariate beside treatment and outcome of 3, where"),
        (anc.SCMFamily(1, sparsity_param=0.0), {"effects": {}}, r"must have an outcome beside it: n_nodes must be at least 2"),
        (FAMILY, {"interventions": {"kind": "coefficient"}}, "must be another one where mechanisms may be mlp"),
        (CURVED, {"interventions": {"kind": "coefficient"}}, "where mechanisms may be post-nonlinear linear"),
        (TREES, {"interventions": {"kind": "mechanism"}}, r"may be tree, which is drawn at calibration rows\.$"),
        (
            EXACT,
            {"interventions": {"kind": "mechanism"}},
            "may be gp, which is drawn at calibration rows; or its mode be features",
        ),
        (
            anc.SCMFamily(6, mechanism_factory="gp", gp_mode="exact", post_nonlinear=["tanh"]),
            {"interventions": {"kind": "mechanism"}},
            "may be post-nonlinear gp, which is drawn at calibration rows; or its mode be features",
        ),
        (RANGED, {"interventions": {"kind": "mechanism"}}, r"may be linear, .* calibration rows; or function_range be 0\.$"),
        (anc.SCMFamily(6, noise_type="cauchy"), {"effects": {}}, "must not be asked of a family with cauchy noise"),
        (anc.SCMFamily(6, sparsity_param=0.0), {"effects": {}}, r'design\.effects\.outcome = "descendant": must be "any"'),
        (
            FAMILY,
            {"effects": {"treatment": "graph"}},
            r'design\.effects\.treatment = "graph": must be another one .* as back_door, hidden_con',
        ),
        (FAMILY, {"interventions": {"regime": 7}}, r"design\.interventions\.regime = 7: is not a field"),
        (FAMILY, "nobody", "In design: The configuration 'nobody' is no preset and no file"),
    ]
    for family, design, said in wrong:
        for make in (stream, fixed):
            with pytest.raises(anc.ConfigError, match=said):
                make(design, family)


@pytest.mark.parametrize("make", [stream, fixed])
def test_settings_that_a_design_takes_the_place_of_are_refused(make: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"n_samples = 5: must be left out beside a design, .* \(its n_samples is 20\)"):
        make(n_samples=5)
    with pytest.raises(anc.ConfigError, match="return_adjacency = False: must be left out beside a design"):
        make(return_adjacency=False)
    with pytest.raises(anc.ConfigError, match="n_samples is missing: must be given, or a design"):
        make(None)
    assert make().n_samples == 20
    assert "design=Design(" in repr(make())


def test_a_number_of_rows_for_each_batch_needs_batches() -> None:
    said = r'design\.n_samples_per = "per_batch": must be "per_task"'
    with pytest.raises(anc.ConfigError, match=f"{said} in a fixed set"):
        fixed(PER_BATCH)
    with pytest.raises(anc.ConfigError, match=f"{said} without a batch_size"):
        iter(stream(PER_BATCH))
    assert stream(PER_BATCH).batched(4).batch_size == 4


@pytest.mark.parametrize("order", ["elastic", "stream"])
@pytest.mark.parametrize("batch_size", [None, 4])
def test_a_stream_goes_on_where_it_stood(order: str, batch_size: int | None, design: anc.Design) -> None:
    settings: dict[str, Any] = {"order": order, "batch_size": batch_size, "rank": 1, "world_size": 2}
    items = iter(stream(design, **settings))
    take(items, 3)
    state = json.loads(json.dumps(items.state_dict()))
    right = contents(take(items, 4))
    other = iter(stream(design, **settings))
    other.load_state_dict(state)
    assert contents(take(other, 4)) == right


def test_the_state_of_another_design_is_refused_in_words() -> None:
    state = stream(DESIGN).next_state()
    assert state["fingerprint"] == DESIGN.fingerprint(FAMILY)
    for other in (stream(EFFECTS), anc.MetaIterableDataset(FAMILY, n_samples=20)):
        with pytest.raises(
            anc.ConfigError, match=r"state\['design'\] = '\{.*\"regimes\":3.*\}': must be .*, the dataset's own"
        ):
            other.resume(state)
    with pytest.raises(anc.ConfigError, match=r"state\['design'\] = None: must be '\{.*, the dataset's own"):
        stream(DESIGN).resume(anc.MetaIterableDataset(FAMILY, n_samples=20).next_state())
    with pytest.raises(anc.ConfigError, match=r"state\['fingerprint'\]"):
        stream(DESIGN, RAGGED).resume(state)
    stream(DESIGN).resume(state)


def test_a_stream_without_a_design_says_nothing_of_one() -> None:
    assert "design" not in anc.MetaIterableDataset(FAMILY, n_samples=20).next_state()


def test_batches_are_trees_of_torch() -> None:
    design = anc.Design(n_samples=4, interventions=anc.Interventions(n_samples=3, regimes=2))
    batch = next(iter(anc.MetaIterableDataset(anc.SCMFamily(5, sparsity_param=1.0), design=design, batch_size=3)))
    assert isinstance(batch, anc.ExperimentData)
    doubled = pytree.tree_map(lambda array: array.double(), batch)
    assert type(doubled) is anc.ExperimentData
    assert doubled.layout == batch.layout
    assert list(doubled) == list(batch)
    assert all(doubled[name].equal(batch[name].double()) for name in batch)
    assert torch.vmap(lambda task: task["X"].sum())(batch).equal(batch["X"].sum(dim=(1, 2)))
