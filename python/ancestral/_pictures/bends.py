"""The bends of a drawn graph's edges, with which none runs behind a node that it has nothing to do with."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BENDS = (0.18, -0.18, 0.28, -0.28, 0.4, -0.4, 0.55, -0.55)
"""The bends that are tried, the slightest first: how far a curve's control point is from its chord, over the chord's length."""

_STEPS = np.linspace(0.0, 1.0, 33)[:, None]


class Room(NamedTuple):
    """Where a graph is drawn, in points."""

    places: NDArray[np.float64]
    """[n, 2], the centre of each node."""
    bottom: float
    top: float
    clearance: float
    """The distance from a node's centre at which an edge passes it in the clear."""


def bend(room: Room, parent: int, child: int) -> float:
    """The slightest bend that keeps an edge clear of all other nodes and inside; where none does, the one that comes nearest.

    It is the `rad` of matplotlib's connection style "arc3": one to the right of the edge's direction is positive. There are
    other nodes, as an edge over several layers passes one.
    """
    others = np.delete(room.places, [parent, child], axis=0)
    found = [(_clear(room, _curve(room.places[parent], room.places[child], rad), others), rad) for rad in _BENDS]
    return next((rad for clear, rad in found if clear >= room.clearance), max(found, key=lambda one: one[0])[1])


def _curve(start: NDArray[np.float64], end: NDArray[np.float64], rad: float) -> NDArray[np.float64]:
    """Points of the quadratic Bézier curve that "arc3" draws, [steps, 2]."""
    across, up = end - start
    control = (start + end) / 2 + rad * np.array([up, -across])
    return (1 - _STEPS) ** 2 * start + 2 * _STEPS * (1 - _STEPS) * control + _STEPS**2 * end


def _clear(room: Room, curve: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """How far the curve keeps from the centres of other nodes; below 0 where it leaves the room."""
    outside = max(room.bottom - float(curve[:, 1].min()), float(curve[:, 1].max()) - room.top, 0.0)
    if outside:
        return -outside
    return float(np.sqrt(((curve[:, None] - others) ** 2).sum(axis=-1)).min())
