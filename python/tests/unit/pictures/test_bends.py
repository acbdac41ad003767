"""Edges of a drawn graph pass the nodes that they have nothing to do with in the clear."""

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.bezier import BezierSegment
from matplotlib.patches import ConnectionStyle

import ancestral as anc
from ancestral._pictures.bends import Room, _curve, bend

ROW = np.array([[0.0, 0.0], [60.0, 0.0], [120.0, 0.0], [180.0, 0.0]])
"""Four nodes side by side, 60 points apart."""


def control(start: Any, end: Any, rad: float) -> Any:
    """A curve's control point: at `rad` times the chord's length, to the right of the chord."""
    return (np.add(start, end)) / 2 + rad * np.array([end[1] - start[1], start[0] - end[0]])


def distances(start: Any, end: Any, rad: float, others: Any) -> Any:
    """Of other nodes from the curve."""
    start, end = np.asarray(start), np.asarray(end)
    t = np.linspace(0, 1, 500)[:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * control(start, end, rad) + t**2 * end
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


@pytest.mark.parametrize("seed", range(40))
def test_the_slightest_bend_that_is_clear_is_taken_or_the_clearest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 100, size=(int(rng.integers(3, 12)), 2))
    room = Room(places, float(rng.uniform(-40, 0)), float(rng.uniform(100, 140)), float(rng.choice([8.0, 20.0])))

    def clear(rad: float) -> float:
        """How far from other nodes; below 0, how far outside."""
        curve = BezierSegment([*places[:1], control(places[0], places[1], rad), *places[1:2]])(np.linspace(0, 1, 500))
        outside = max(room.bottom - curve[:, 1].min(), curve[:, 1].max() - room.top)
        return -outside if outside > 0 else distances(places[0], places[1], rad, places[2:]).min()

    bends = [side * rad for rad in (0.18, 0.28, 0.4, 0.55) for side in (1, -1)]
    found, near = bend(room, 0, 1), 0.4  # 33 points of a curve miss its nearest one by less.
    if clear(found) >= room.clearance - near:
        assert all(clear(rad) < room.clearance + near for rad in bends[: bends.index(found)])
    else:
        assert clear(found) > max(map(clear, bends)) - near


def test_curves_are_those_that_matplotlib_draws() -> None:
    start, end = np.array([3.0, -7.0]), np.array([41.0, 12.0])
    for rad in (-0.4, 0.18):
        vertices = ConnectionStyle.Arc3(rad)(start, end, shrinkA=0, shrinkB=0).vertices
        assert np.asarray(vertices) == pytest.approx(np.stack([start, control(start, end, rad), end]))
        found = _curve(start, end, rad)
        assert found == pytest.approx(BezierSegment(vertices)(np.linspace(0, 1, len(found))))


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
