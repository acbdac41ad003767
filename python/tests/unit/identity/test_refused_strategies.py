"""Strategies written in Python that have no fingerprint: what can't be read is refused, with what to write instead."""

import functools
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from graph_strategies import Holds, Plain, Says, chain, empty, family, fingerprint


class Set:
    """An ordinary object with an attribute."""

    def __init__(self, step: int) -> None:
        self.step = step

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed, step=self.step)


class Slotted:
    __slots__ = ("step",)

    def __init__(self, step: int) -> None:
        self.step = step

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed, step=self.step)


class Inherits(Holds):
    """No dataclass itself, with an attribute that no field has."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.__dict__["step"] = step


class Listed(list[int]):
    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


def closure(step: int) -> Callable[..., Tensor]:
    def generate(n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed, step=step)

    return generate


def local(step: int) -> Any:
    @dataclass(frozen=True)
    class Local:
        def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
            return chain(n_nodes, seed=seed, step=step)

    return Local()


REFUSED: dict[str, tuple[Any, str]] = {
    "closure": (closure(1), r"graph_generator = <function closure.*: is a closure"),
    "lambda": (lambda n_nodes, *, seed: chain(n_nodes, seed=seed), "a function that no module has"),
    "object": (Set(1), "has the attribute 'step', which is no field of a dataclass"),
    "slots": (Slotted(1), "has the attribute 'step'"),
    "bound method": (Set(1).__call__, r"graph_generator\.__self__ = .*'step'"),
    "partial of a closure": (functools.partial(closure(1)), r"graph_generator\.func = .*closure"),
    "partial with an object": (functools.partial(chain, a=Set(1)), r"graph_generator\.a = .*'step'"),
    "heir of a dataclass": (Inherits(1), "has the attribute 'step'"),
    "local class": (local(1), "of a class that no module has"),
    "content of a base": (Listed([1]), "has content that is no attribute"),
    "generator of random numbers": (Holds(np.random.default_rng(0)), r"graph_generator\.value = Generator"),
    "Python's": (random.Random(0).sample, r"graph_generator\.__self__"),
    "torch's": (Holds(torch.Generator()), r"graph_generator\.value = "),
    "module": (Holds(nn.Linear(1, 1)), r"graph_generator\.value = Linear"),
    "deep inside": (Holds([{"a": (1, Set(1))}]), r"graph_generator\.value\[0\]\['a'\]\[1\] = "),
    "array of objects": (Holds(np.array([object()])), "array of object"),
    "iterator": (Holds(iter([1])), r"graph_generator\.value = "),
    "sparse": (Holds(torch.eye(2).to_sparse()), "tensor whose bytes can't be read"),
    "no text": (Says(3), "fingerprint\\(\\) that gives 3, which is no text"),
    "empty text": (Says(""), "fingerprint\\(\\) that gives '', which is no text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cant_be_read_has_no_fingerprint_and_the_error_says_what_to_write(name: str) -> None:
    strategy, says = REFUSED[name]
    found = family(strategy)
    assert not found.has_fingerprint
    with pytest.raises(anc.ConfigError, match=says) as error:
        found.fingerprint()
    assert "must be a frozen dataclass of plain values" in str(error.value)


def test_a_list_that_holds_itself_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(anc.ConfigError, match="holds itself"):
        fingerprint(Holds(circle))


def test_a_name_that_means_something_else_now_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(n_nodes: int, *, seed: int) -> Tensor:
        return torch.ones(n_nodes, n_nodes).triu(1)

    before = Plain()
    assert fingerprint(empty) != fingerprint(before)
    again.__qualname__, again.__module__ = "empty", empty.__module__
    monkeypatch.setattr(sys.modules[empty.__module__], "empty", again)  # As a cell of a notebook does that is run again.
    with pytest.raises(anc.ConfigError, match="was something else under this name before"):
        fingerprint(again)
    again.version = "2"  # type: ignore[attr-defined]
    assert fingerprint(again)
    monkeypatch.setattr(Plain, "__call__", again)
    with pytest.raises(anc.ConfigError, match="was something else under this name before"):
        fingerprint(Plain())


sparse = lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes)  # noqa: E731
