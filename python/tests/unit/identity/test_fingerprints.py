"""A strategy written in Python is known by what determines its results: never one fingerprint for two, never two for one."""

import copy
import enum
import functools
import math
import pickle
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from graph_strategies import Holds, Plain, Says, chain, empty, family, fingerprint


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


@dataclass(frozen=True)
class Other(Holds):
    """With the same fields, and what is no parameter."""

    @functools.cached_property
    def table(self) -> list[int]:
        return [1]


class Pair(NamedTuple):
    first: int
    second: int

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


APART: list[Any] = [
    None,
    False,
    0,
    0.0,
    -0.0,
    "",
    "0",
    b"0",
    bytearray(b"0"),
    True,
    1,
    1.0,
    "1",
    complex(1),
    Decimal(1),
    Level.LOW,
    Colour.RED,
    Colour.BLUE,
    "Colour.RED",
    math.nan,
    "nan",
    math.inf,
    0.1,
    0.1 + 2**-55,
    np.float32(0.1),
    2**70,
    2**70 + 1,
    [],
    (),
    {},
    set(),
    frozenset(),
    [1, 2],
    (1, 2),
    {1, 2},
    frozenset({1, 2}),
    [[1], 2],
    [[1, 2]],
    [1, [2]],
    {"a": 1, "b": 2},
    {"a": 2, "b": 1},
    {"b": 2, "a": 1},
    {"a": {"b": 1}},
    [("a", 1), ("b", 2)],
    Pair(1, 2),
    Pair(2, 1),
    Path("a"),
    "a",
    torch.zeros(2000),
    torch.zeros(2000).index_fill(0, torch.tensor([1000]), 1e-9),
    torch.zeros(2000, dtype=torch.int32),
    torch.zeros(40, 50),
    np.zeros(2000),
    np.zeros((40, 50)),
    np.array([1, 2]),
    np.array([1, 2], dtype=np.int8),
    torch.float32,
    torch.device("cpu"),
    chain,
    empty,
    math.tanh,
    torch.tanh,
    nn.functional.relu,
    Holds,
    Other,
    Holds(),
    Other(),
    Holds(1),
    functools.partial(chain),
    functools.partial(chain, 1),
    functools.partial(chain, step=1),
    range(3),
    range(4),
    anc.ErdosRenyi(1.0),
    anc.ScaleFree(1.0),
    anc.FamilyConfig(),
    anc.FamilyConfig(n_nodes=30),
]


def test_values_that_differ_in_anything_are_told_apart() -> None:
    found = [fingerprint(Holds(value)) for value in APART]
    same = [(APART[i], APART[j]) for i in range(len(found)) for j in range(i) if found[i] == found[j]]
    assert same == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (3, np.int64(3)),
        (0.1, np.float64(0.1)),
        (True, np.bool_(True)),
        ("text", np.str_("text")),
        ([1, 2], list(np.array([1, 2]))),
        ({"b", "a", "c"}, {"c", "b", "a"}),
        (frozenset(range(99)), frozenset(reversed(range(99)))),
        (torch.arange(6).view(2, 3), torch.arange(6).view(3, 2).T.contiguous().T.reshape(2, 3)),
        (torch.ones(3, requires_grad=True), torch.ones(3)),
        (np.arange(6)[::2], np.array([0, 2, 4])),
        (np.arange(3, dtype=">i8"), np.arange(3)),
        (functools.partial(chain, a=1, b=2), functools.partial(chain, b=2, a=1)),
        (anc.ErdosRenyi(), anc.ErdosRenyi(2.0)),
        (anc.ScaleFree(), anc.ScaleFree(2.0, "out", 1.0)),
        (math.nan, float("nan")),
        (Holds(Holds(1)), copy.deepcopy(Holds(Holds(1)))),
    ],
)
def test_one_value_has_one_fingerprint_however_it_is_written(one: Any, two: Any) -> None:
    assert fingerprint(Holds(one)) == fingerprint(Holds(two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Holds(1), Holds(2)),
        (Holds(), Other()),
        (Holds(1).method, Holds(2).method),
        (Holds(1).method, Holds(1).__call__),
        (Holds(1), Holds(1).__call__),
        (functools.partial(chain, step=1), functools.partial(chain, step=2)),
        (functools.partial(chain), functools.partial(empty)),
        (functools.partial(chain), chain),
        (functools.partial(Holds(1)), functools.partial(Holds(2))),
        (chain, empty),
        (Plain(), chain),
        (Pair(1, 2), Pair(1, 3)),
        (Says("a"), Says("b")),
    ],
)
def test_strategies_are_told_apart_and_know_themselves(one: Any, two: Any) -> None:
    assert fingerprint(one) != fingerprint(two)
    for strategy in (one, two):
        assert fingerprint(strategy) == fingerprint(pickle.loads(pickle.dumps(strategy)))


def test_what_is_used_keeps_its_fingerprint() -> None:
    used = Other(3)
    before = fingerprint(used)
    assert used.table == [1]  # Kept in the instance from now on.
    assert fingerprint(used) == before
    family(used).sample_task(1)
    assert fingerprint(used) == before
