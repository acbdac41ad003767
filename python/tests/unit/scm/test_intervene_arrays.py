"""SCMInstance.intervene takes arrays of numpy as numpy has them: shut, reversed, of any byte order and kind of number."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

import ancestral as anc

CHAIN = torch.diag(torch.ones(2), 1)
VALUES = [1.0, 2.0, 4.0]


def chain(n_nodes: int, *, seed: int) -> Tensor:
    return CHAIN


def instance(kind: str = "linear") -> anc.SCMInstance:
    return anc.SCMFamily(3, graph_generator=chain, mechanism_proportions={kind: 1.0}).sample_task(0)


def shut(values: list[float]) -> NDArray[Any]:
    array = np.array(values)
    array.setflags(write=False)
    return array


FORMS: dict[str, Callable[[list[float]], NDArray[Any]]] = {
    "shut": shut,
    "reversed": lambda values: np.array(values[::-1])[::-1],
    "every second": lambda values: np.repeat(values, 2)[::2],
    "big-endian": lambda values: np.array(values, ">f8"),
    "float16": lambda values: np.array(values, "f2"),
    "longdouble": lambda values: np.array(values, np.longdouble),
    "objects": lambda values: np.array(values, object),
}


def under(kind: str, what: Any) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return instance().intervene(kind, {1: what}).sample(3, draw=0)


@pytest.mark.parametrize("kind", ["do", "stochastic", "shift", "noise_scale"])
@pytest.mark.parametrize("form", FORMS)
def test_an_array_is_the_tensor_of_its_values(kind: str, form: str) -> None:
    assert under(kind, FORMS[form](VALUES)).equal(under(kind, torch.tensor(VALUES)))


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", ">i8", "i2"])
def test_rows_of_a_parent_are_whole_numbers_of_any_kind(dtype: str) -> None:
    right = under("edge_removal", {0: torch.tensor([2, 0, 1])})
    assert under("edge_removal", {0: np.array([2, 0, 1], dtype)}).equal(right)
    assert under("edge_removal", {0: np.array([1, 0, 2], dtype)[::-1]}).equal(right)
    if not dtype.startswith(">"):
        assert under("edge_removal", {0: torch.from_numpy(np.array([2, 0, 1], dtype))}).equal(right)


def test_an_array_changed_afterwards_changes_nothing() -> None:
    array, rows = np.array(VALUES), np.array([2, 0, 1])
    after, removed = instance().intervene("do", {1: array}), instance().intervene("edge_removal", {1: {0: rows}})
    array += 5
    rows[:] = 0
    assert after.sample(3, draw=0)[:, 1].tolist() == VALUES
    assert removed.sample(3, draw=0).equal(under("edge_removal", {0: torch.tensor([2, 0, 1])}))


@pytest.mark.parametrize("array", [np.array(["a", "b", "c"]), np.ones(3, complex), np.array([{}] * 3)])
def test_what_is_no_array_of_numbers_is_refused(array: NDArray[Any]) -> None:
    with pytest.raises(anc.ConfigError, match=r"targets\[1\].*real numbers"):
        under("do", array)


@pytest.mark.parametrize("form", FORMS)
def test_classes_are_given_in_any_form(form: str) -> None:
    classes = [1.0, 0.0, 1.0]
    found = instance("binary").intervene("do", {1: FORMS[form](classes)}).sample(3, draw=0)
    assert found[:, 1].tolist() == classes
    with pytest.raises(anc.ConfigError, match="must have what node 1 has, a class"):
        instance("binary").intervene("do", {1: FORMS[form]([1.0, 0.0, 7.0])})
