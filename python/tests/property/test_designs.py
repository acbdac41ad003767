"""Laws that hold for any design, and words, never a trap, for anything that is no design."""

import contextlib
import json
from typing import Any

import torch
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import ancestral as anc
from ancestral._engine import _ffi

QUICK = settings(max_examples=60)
PROPERTIES = json.loads(_ffi.design_schema())["schema"]["properties"]
PARTS = {name: entry["properties"] for name, entry in PROPERTIES.items() if "properties" in entry}
FAMILIES = [
    anc.SCMFamily(5, sparsity_param=1.5, mechanism_proportions={"linear": 1, "mlp": 1}, mlp_hidden=[4]),
    anc.SCMFamily(4, n_nodes_max=7, sparsity_param=1.0),
]


def options(part: str, names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the choices of a part."""
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(PARTS[part][name]["enum"]) for name in names})


@st.composite
def interventions(draw: st.DrawFn) -> dict[str, Any]:
    kinds = [kind for kind in PARTS["interventions"]["kind"]["enum"] if kind != "coefficient"]  # For linear families alone.
    regimes, kind = draw(st.integers(1, 4)), draw(st.sampled_from(kinds))
    targets = draw(st.integers(1, 4))
    return {
        **draw(options("interventions", ["order", "noise", "values"])),
        "n_samples": regimes + draw(st.integers(0, 9)),
        "regimes": regimes,
        "kind": kind,
        "targets": targets,
        "allocation": draw(st.sampled_from(["uniform", "balanced"])),
        "values_per": "row" if kind == "stochastic" else draw(st.sampled_from(["row", "regime"])),
        "values_scaled": draw(st.booleans()),
        "known_targets": draw(st.booleans()),
    }


@st.composite
def designs(draw: st.DrawFn) -> anc.Design:
    least = draw(st.integers(4, 12))
    shape: dict[str, Any] = {"n_samples": least, "query": draw(st.integers(0, 3))}
    if draw(st.booleans()):
        shape["n_samples_max"] = least + draw(st.integers(0, 9))
    if draw(st.booleans()):
        shape["hidden"] = {"count": 1, **draw(options("hidden", ["which", "scarcity"]))}
    if draw(st.booleans()):
        shape["knowledge"] = draw(options("knowledge", ["kind"]))
    what = draw(st.sampled_from(["rows", "interventions", "counterfactuals", "effects"]))
    if what == "effects":
        choices = draw(options("effects", ["covariates", "treatment_kind", "assignment", "impossible"]))
        shape["effects"] = {**choices, "mu_draws": 2, "population_rows": 16, "grid": 3}
    elif what != "rows":
        shape["interventions"] = draw(interventions())
        if what == "counterfactuals":
            shape["counterfactuals"] = {}
    return anc.Design(**shape, outputs=draw(st.sets(st.sampled_from(["ancestors", "order", "mag"])).map(sorted)))


def content(item: Any) -> dict[str, bytes]:
    return {name: array.contiguous().numpy().tobytes() for name, array in item.items()}


@QUICK
@given(designs(), st.sampled_from(FAMILIES), st.integers(0, 2**64 - 1))
def test_single_and_batch_and_instance_and_threads_give_one_experiment(
    design: anc.Design, family: anc.SCMFamily, seed: int
) -> None:
    tasks = anc.MetaFixedDataset(family, [seed, seed ^ 1, seed ^ 2], design=design)
    try:
        items = [tasks[index] for index in range(3)]
    except anc.ConfigError:  # No graph has room for it.
        reject()
    batches = [tasks._batch(torch.arange(3), threads=threads) for threads in (1, 2)]  # pyright: ignore[reportPrivateUsage]
    for index, item in enumerate(items):
        assert [tuple(array.shape) for array in item.values()] == [array.shape for array in item.layout]
        for batch in batches:
            assert content(item) == content(anc.ExperimentData({name: array[index] for name, array in batch.items()}))
        for name, own in tasks.instance(index).run(design, draw=0).items():
            assert item[name][tuple(map(slice, own.shape))].equal(own), name
        assert all(array.isfinite().all() for array in item.values())


@QUICK
@given(designs())
def test_a_design_is_what_it_says_of_itself(design: anc.Design) -> None:
    again = anc.Design.from_dict(json.loads(json.dumps(design.to_dict())))
    assert again == design
    assert again.to_dict() == design.to_dict()
    for family in FAMILIES:
        with contextlib.suppress(anc.ConfigError):
            assert again.fingerprint(family) == design.fingerprint(family)


@QUICK
@given(designs(), st.sampled_from(["none", "standardize", "robust"]))
def test_collating_is_done_task_by_task(design: anc.Design, how: str) -> None:
    try:
        tasks = anc.MetaFixedDataset(FAMILIES[0], n_tasks=3, design=design)
        items = [tasks[index] for index in range(3)]
    except anc.ConfigError:
        reject()
    together = anc.collate(items, normalize=how)
    for index, item in enumerate(items):
        assert content(anc.collate(item, normalize=how)) == content(together.mapped(lambda array, index=index: array[index]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([*PROPERTIES, *(option for part in PARTS.values() for option in part)]) | st.text(max_size=8)


@QUICK
@given(st.dictionaries(names, json_values | st.dictionaries(names, json_values, max_size=3), max_size=3))
def test_anything_else_is_refused_in_one_sentence(values: dict[str, Any]) -> None:
    try:
        design = anc.Design.from_dict(values)
    except anc.ConfigError as error:
        (sentence,) = error.args
    else:
        sentence = ""
        assert anc.Design.from_dict(design.to_dict()) == design
    assert "\n" not in sentence
