"""Designs that graphs of a family have no room for: refused before the first task where none has, else counted."""

import re
from typing import Any

import pytest

import ancestral as anc

BARE = anc.SCMFamily(5, sparsity_param=0.0)
FAMILY = anc.SCMFamily(5, sparsity_param=1.0)
RAGGED = anc.SCMFamily(3, n_nodes_max=6, sparsity_param=1.0)
CLASSES = anc.FamilyConfig(n_nodes=5, mechanism_proportions={"categorical": 2, "binary": 1, "count": 1})
NOISY_CLASSES = anc.SCMFamily(5, sparsity_param=1.0, mechanism_factory="binary", root_policy="noise")
CUT = anc.FamilyConfig(n_nodes=5, discretized_proportion=1.0)
CONTINUOUS = "effects = given: must not be asked of a family all of whose nodes with parents have classes or counts"
CONFOUNDERS = {"which": "confounders", "scarcity": "redraw"}


@pytest.mark.parametrize(
    ("family", "design", "says"),
    [
        (BARE, {"effects": {"outcome": "any"}}, 'effects.treatment = "with_descendant": must be "any" where spars'),
        (BARE, {"effects": {"treatment": "root", "outcome": "any"}}, 'effects.treatment = "root": must be "any"'),
        (BARE, {"hidden": {"count": 1, **CONFOUNDERS}}, 'hidden.which = "confounders": must be "any" or "sources" where spars'),
        (BARE, {"hidden": {"share": 0.2, **CONFOUNDERS}}, "no graph of the family has an edge."),
        (FAMILY, {"hidden": {"count": 4, **CONFOUNDERS}}, "must be another one where 4 are hidden of 5 nodes"),
        (RAGGED, {"hidden": {"count": 2, "count_max": 2, "which": "any"}, "effects": {}}, "must leave a covariate"),
        (CLASSES, {"effects": {}}, CONTINUOUS),
        (CLASSES, {"effects": {"treatment": "any", "outcome": "any"}}, CONTINUOUS),
        (NOISY_CLASSES, {"effects": {}}, CONTINUOUS),  # What has parents has classes.
        (CUT, {"effects": {}}, CONTINUOUS),
        (anc.MixtureConfig([CLASSES, CUT]), {"effects": {}}, CONTINUOUS),
    ],
)
def test_what_no_graph_has_room_for_is_refused(family: Any, design: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=re.escape(says)):
        anc.MetaIterableDataset(family, design=design)


@pytest.mark.parametrize(
    ("family", "design"),
    [
        (BARE, {"effects": {"treatment": "any", "outcome": "any"}, "query": 2}),
        (BARE, {"hidden": {"share": 0.0, "share_max": 0.4, **CONFOUNDERS}}),  # None is hidden of some tasks.
        (FAMILY, {"hidden": {"count": 1, "count_max": 4, **CONFOUNDERS}}),
        (RAGGED, {"hidden": {"count": 2, **CONFOUNDERS}}),  # Graphs of 4 nodes have room.
        (NOISY_CLASSES, {"effects": {"treatment": "any", "outcome": "any"}, "query": 2}),
        (anc.MixtureConfig([CLASSES, anc.FamilyConfig(n_nodes=5)]), {"effects": {}, "query": 2}),
    ],
)
def test_what_some_graph_has_room_for_is_drawn(family: Any, design: Any) -> None:
    stream = anc.MetaIterableDataset(family, design={"n_samples": 6, **design}, batch_size=8)
    assert next(iter(stream))["X"].isfinite().all()


def test_the_reason_is_of_the_parts_that_there_are() -> None:
    complete = anc.SCMFamily(5, sparsity_param=2.0)  # One source each.
    hidden = {"count": 3, "which": "sources", "scarcity": "redraw"}
    stream = anc.MetaIterableDataset(complete, design={"n_samples": 2, "hidden": hidden})
    with pytest.raises(anc.ConfigError, match="in a row had too few nodes to hide"):
        next(iter(stream))


def test_graphs_without_room_are_counted_as_rejections() -> None:
    # 3 pairs with an edge in 1 of 2, so that 1 graph in 8 has none: (1/8) / (7/8) rejections a task.
    sparse, count = anc.SCMFamily(3, sparsity_param=0.5), 2000
    stream = anc.MetaIterableDataset(sparse, design={"n_samples": 2, "query": 1, "effects": {}}, batch_size=count)
    next(iter(stream))
    assert stream.rejections.tasks == count
    assert abs(stream.rejections.rejected / count - 1 / 7) < 5 * ((1 / 8) / (7 / 8) ** 2 / count) ** 0.5
    rows = anc.MetaIterableDataset(sparse, design={"n_samples": 2}, batch_size=count)
    next(iter(rows))
    assert rows.rejections == (count, 0)
