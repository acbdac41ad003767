"""Saving and resuming a stream's place."""

import copy
import io
import itertools
import json
import pickle
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._data.stream import pass_starts
from ancestral._engine import _ffi

FAMILY = anc.SCMFamily(6)


def stream(family: anc.SCMFamily = FAMILY, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, **{"n_samples": 8, **settings})


def tasks(items: Any, count: int) -> list[bytes]:
    taken = list(itertools.islice(items, count))
    return [x.numpy().tobytes() for item in taken for x in (item.X if item.X.ndim == 3 else item.X[None])]


@pytest.mark.parametrize("done", [0, 1, 2, 5, 40])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 3},
        {"order": "stream"},
        {"order": "stream", "batch_size": 3},
        {"rank": 1, "world_size": 3},
        {"rank": 1, "world_size": 3, "batch_size": 3},
        {"rank": 1, "world_size": 3, "order": "stream"},
    ],
)
def test_a_state_goes_on_where_it_was_saved(settings: dict[str, Any], done: int) -> None:
    dataset = stream(**settings)
    dataset.set_epoch(4)
    next(iter(dataset))  # So that the state is of a second pass.
    first = iter(dataset)
    tasks(first, done)
    state = first.state_dict()
    second = iter(stream(**settings))
    next(second)
    second.load_state_dict(state)
    assert second.state_dict() == state
    assert tasks(second, 5) == tasks(first, 5)
    assert second.state_dict() == first.state_dict()


def test_a_state_survives_json_and_weights_only() -> None:  # Bug report 16.
    iterator = iter(stream(base_seed=2**64 - 1))
    next(iterator)
    state = iterator.state_dict()
    assert json.loads(json.dumps(state)) == state
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    assert torch.load(file, weights_only=True) == state


def test_the_pass_after_a_resumed_one_is_new() -> None:
    dataset = stream()
    iterator = iter(dataset)
    seen = tasks(iterator, 3)
    state = iterator.state_dict()
    seen += tasks(dataset, 3)  # Pass 1, which the resumed run never saw.
    resumed = stream()
    second = iter(resumed)
    second.load_state_dict(state)
    rest = tasks(second, 3)
    assert not set(rest) & set(seen)
    assert tasks(resumed, 3) == seen[3:]


@pytest.mark.parametrize("world", [1, 2, 3, 6])
def test_another_world_of_the_same_global_batch_goes_on_exactly(world: int) -> None:
    before = stream(batch_size=6)
    tasks(before, 4)
    state = before.state_after(4)
    expected = tasks(before.__class__(FAMILY, n_samples=8, batch_size=6), 6)[4 * 6 :]
    ranks = []
    for rank in range(world):
        dataset = stream(batch_size=6 // world, rank=rank, world_size=world)
        dataset.resume(state)
        ranks.append(tasks(dataset, 2))
    assert sorted(task for part in ranks for task in part) == sorted(expected)


def test_state_after_is_the_iterators_own_state() -> None:
    dataset = stream(batch_size=4, rank=1, world_size=2)
    for done in (3, 2):
        iterator = iter(dataset)
        tasks(iterator, done)
        assert dataset.state_after(done) == iterator.state_dict()
    other = stream(batch_size=4, rank=1, world_size=2)
    other.resume(dataset.state_after(2))
    assert tasks(other, 3) == tasks(iterator, 3)


def test_another_global_batch_is_a_warning_in_words() -> None:
    state = iter(stream(batch_size=4)).state_dict()
    with pytest.warns(UserWarning, match="1 ranks and batch_size 4 and goes on with 1 and 8"):
        stream(batch_size=8).resume(state)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (stream(base_seed=1), "base_seed"),
        (stream(order="stream"), "order"),
        (stream(anc.SCMFamily(7)), "fingerprint"),
    ],
)
def test_a_state_of_another_stream_is_an_error_in_words(other: anc.MetaIterableDataset, says: str) -> None:
    state = iter(stream()).state_dict()
    with pytest.raises(anc.ConfigError, match=rf"^state\['{says}'\] = .*: must be"):
        iter(other).load_state_dict(state)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "format"),
        ({"position": -1}, "position"),
        ({"epoch": None}, "epoch"),
        ({"batch_size": "4"}, "batch_size"),
    ],
)
def test_a_damaged_state_is_an_error_in_words(change: dict[str, Any], says: str) -> None:
    state = {**iter(stream()).state_dict(), **change}
    with pytest.raises(anc.ConfigError, match=rf"^state\['{says}'\] = .*: must be"):
        stream().resume(state)


def test_the_stream_order_has_no_state_but_its_iterators() -> None:
    with pytest.raises(anc.ConfigError, match=r"^order = 'stream': must be 'elastic'"):
        stream(order="stream").state_after(3)


def test_a_state_of_strategies_without_a_fingerprint_says_why_it_can_not_be_told() -> None:
    own = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes))
    state, plain = iter(stream(own)).state_dict(), iter(stream()).state_dict()
    for other, found in ((stream(), state), (stream(own), plain)):
        with pytest.raises(anc.ConfigError, match=r"must be of this very family, as strategies without a fingerprint"):
            other.resume(found)
    stream(own).resume(state)


def test_states_ask_the_engine_once_for_a_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("family_fingerprint", "design_describe"):
        original = getattr(_ffi, name)
        monkeypatch.setattr(_ffi, name, lambda *given, name=name, original=original: asked.append(name) or original(*given))
    for design in (None, anc.Design(n_samples=4, query=1.0)):
        settings: Any = {"n_samples": 4} if design is None else {"design": design}
        loader = anc.TaskLoader(anc.MetaIterableDataset(anc.SCMFamily(3, sparsity_param=1.0), **settings, batch_size=2))
        states = [loader.state_dict()]
        asked.clear()
        states += [loader.state_dict() for _ in range(3)]
        assert states == states[:1] * 4
        assert not asked
    # Another process, which may have another engine, finds it anew.
    config = anc.FamilyConfig(n_nodes=7)
    found = config.fingerprint()
    asked.clear()
    assert [copied.fingerprint() for copied in (copy.deepcopy(config), pickle.loads(pickle.dumps(config)))] == [found] * 2
    assert asked == ["family_fingerprint"] * 2
    config.post_nonlinear.append("tanh")  # A list in it may be changed in spite of all.
    assert config.fingerprint() == anc.FamilyConfig(n_nodes=7, post_nonlinear=["identity", "tanh"]).fingerprint() != found


def test_passes_of_many_forks_leave_their_parents_place(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = stream(batch_size=2)
    for _ in range(3):
        iter(dataset)
    before = dataset.next_state()
    starts: set[int] = set()
    for process in range(300):  # More than the journal has rows.
        monkeypatch.setattr(pass_starts, "consuming_process", lambda process=process: -1 - process)
        starts.add(iter(dataset).state_dict()["position"])
    monkeypatch.undo()
    assert starts == {before["position"]}  # Each goes on from what the parent had.
    assert dataset.next_state() == before
    dataset.set_epoch(2)
    assert dataset.next_state()["epoch"] == 2
