"""Edges of a drawn graph pass the nodes that they have nothing to do with in the clear."""

from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._pictures.bends import Room, bend

ROW = np.array([[0.0, 0.0], [60.0, 0.0], [120.0, 0.0], [180.0, 0.0]])
"""Four nodes side by side, 60 points apart."""


def distances(start: Any, end: Any, rad: float, others: Any) -> Any:
    """Of other nodes from the curve: its control point lies at `rad` times the chord's length, to the right of the chord."""
    start, end = np.asarray(start), np.asarray(end)
    control = (start + end) / 2 + rad * np.array([end[1] - start[1], start[0] - end[0]])
    t = np.linspace(0, 1, 500)[:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return np.sqrt(((curve[:, None] - np.asarray(others)) ** 2).sum(-1)).min(0)


@pytest.mark.parametrize(("parent", "child"), [(0, 2), (1, 3), (0, 3), (3, 0)])
def test_an_edge_passes_the_nodes_between(parent: int, child: int) -> None:
    rad = bend(Room(ROW, -100.0, 100.0, 11.0), parent, child)
    others = np.delete(ROW, [parent, child], axis=0)
    assert distances(ROW[parent], ROW[child], rad, others).min() > 10.9


def test_an_edge_goes_round_on_the_side_that_is_free() -> None:
    below = np.vstack([ROW, [[60.0, -25.0], [120.0, -25.0]]])
    assert bend(Room(ROW, -100.0, 100.0, 11.0), 0, 3) > 0 > bend(Room(below, -100.0, 100.0, 11.0), 0, 3)


def test_an_edge_stays_inside_its_axes() -> None:
    assert bend(Room(ROW, -5.0, 100.0, 11.0), 0, 3) < 0 < bend(Room(ROW, -100.0, 5.0, 11.0), 0, 3)


def test_no_edge_of_a_picture_runs_through_another_node() -> None:
    complete = torch.ones(4, 4).triu(1)
    mechanisms = [lambda parents, noise: noise + parents.sum(1)] * 4
    ax = anc.SCMInstance.from_mechanisms(complete, mechanisms).visualize()[0]
    ax.figure.canvas.draw()
    found: list[Any] = [text for text in ax.texts if not text.get_text()]
    assert len(found) == 6
    marker = float(np.sqrt(ax.collections[0].get_sizes()[0])) * ax.figure.dpi / 72
    nodes = {text.get_position(): ax.transData.transform(text.get_position()) for text in ax.texts if text.get_text()}
    for text in found:
        others = [place for at, place in nodes.items() if at not in (text.xyann, text.xy)]
        rad = text.arrow_patch.get_connectionstyle().rad
        assert distances(nodes[text.xyann], nodes[text.xy], rad, others).min() > 0.7 * marker


def test_a_complete_graph_stands_on_an_arc_and_a_chain_on_a_line() -> None:
    chain = torch.eye(9).roll(1, 1).triu(1)
    for graph, is_line in ((torch.ones(9, 9).triu(1), False), (chain, True)):
        mechanisms = [lambda parents, noise: noise + parents.sum(1)] * 9
        ax = anc.SCMInstance.from_mechanisms(graph, mechanisms).visualize()[0]
        places = np.array([text.get_position() for text in ax.texts if text.get_text()])
        assert np.all(np.diff(places[:, 0]) > 0)  # From left to right.
        assert np.all(places[:, 1] == places[0, 1]) == is_line
        # Any three turn the same way, so that no chord passes a third node.
        (x, y), (u, v) = np.diff(places, axis=0)[:-1].T, np.diff(places, axis=0)[1:].T
        assert np.all(x * v - y * u < 0) != is_line
