"""Every error is one sentence and keeps its type through pickling, so that it crosses out of a worker."""

import gc
import pickle
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc

STREAM = anc.MetaIterableDataset(anc.SCMFamily(3, sparsity_param=1.0), n_samples=3, batch_size=2)


@pytest.mark.parametrize(
    ("error", "base"),
    [(anc.ConfigError, ValueError), (anc.DisjointnessError, RuntimeError), (anc.EngineError, RuntimeError)],
)
def test_keeps_type_and_sentence(error: type[Exception], base: type[Exception]) -> None:
    again = pickle.loads(pickle.dumps(error("n_nodes = 0: must be more.")))
    assert type(again) is error
    assert isinstance(again, base)
    assert again.args == ("n_nodes = 0: must be more.",)


def test_a_value_that_prints_on_lines_is_told_on_one() -> None:
    family = anc.SCMFamily(3, sparsity_param=1.0)
    for wrong in (torch.zeros(2, 2, 2), np.zeros((3, 3))):
        with pytest.raises(anc.ConfigError) as refusal:
            anc.MetaIterableDataset(family, n_samples=3, batch_size=wrong)  # type: ignore[arg-type]
        assert "\n" not in str(refusal.value)
        assert str(refusal.value).endswith("]): must be a whole number from 1 to 1048576.")
        assert pickle.loads(pickle.dumps(refusal.value)).args == refusal.value.args


def test_a_long_value_leaves_the_field_and_what_would_be_right() -> None:
    with pytest.raises(anc.ConfigError) as refusal:
        anc.graph_hash([[0]], level="a" * 100_000)
    assert len(str(refusal.value)) < 2100
    assert "level = 'aaa" in str(refusal.value)
    assert "aaa': must be one of" in str(refusal.value)
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)


class Held:
    """What stands for a batch that a caller has."""


def wrong(_: Any) -> None:
    raise ValueError("collate_fn is wrong.")


@pytest.mark.parametrize(
    "call",
    [
        lambda: anc.analysis.distance(anc.FamilyConfig(), anc.FamilyConfig(), metrics=["none"], n_tasks=2),
        lambda: next(iter(anc.TaskLoader(STREAM, collate_fn=wrong, threads=1))),
    ],
    ids=["a long call", "a loader's thread"],
)
def test_a_caught_error_holds_nothing_that_its_callers_had(call: Callable[[], object]) -> None:
    def called() -> "weakref.ref[Held]":
        held = Held()
        try:
            call()
        except ValueError:
            return weakref.ref(held)
        raise AssertionError

    gc.disable()  # What holds itself would live until the next collection, which on a large heap may be far.
    try:
        assert called()() is None
    finally:
        gc.enable()


def test_a_system_without_a_thread_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(anc.EngineError, match=r"^A thread .* can't be started \(can't start new thread\): let this process"):
        anc.analysis.summary(anc.FamilyConfig(n_nodes=5), 2)
