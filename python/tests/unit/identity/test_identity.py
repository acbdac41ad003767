"""A strategy written in Python is known by what determines its results: never one fingerprint for two, never two for one."""

import copy
import enum
import functools
import math
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral._identity.names import name_of


def chain(n_nodes: int, *, seed: int, step: int = 1) -> Tensor:
    return torch.diag(torch.ones(n_nodes - step), step)


def empty(n_nodes: int, *, seed: int) -> Tensor:
    return torch.zeros(n_nodes, n_nodes)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


@dataclass(frozen=True)
class Holds:
    """A strategy with one parameter, which it doesn't print."""

    value: Any = field(default=None, repr=False)
    n_nodes: int = 4

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)

    def method(self, n_nodes: int, *, seed: int) -> Tensor:
        return self(n_nodes, seed=seed)


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


class Says:
    def __init__(self, text: Any) -> None:
        self.text = text

    def fingerprint(self) -> Any:
        return self.text

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


class Plain:
    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


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


def family(strategy: Any) -> anc.SCMFamily:
    return anc.SCMFamily(4, graph_generator=strategy)


def fingerprint(strategy: Any) -> str:
    return family(strategy).fingerprint()


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


STEP = 1
CALLS = 0


def reads(n_nodes: int, *, seed: int) -> Tensor:
    global CALLS
    CALLS += 1
    return chain(n_nodes, seed=seed, step=sum(STEP for _ in range(1)))


@dataclass(frozen=True)
class Reads(Plain):
    step: int = 1  # No name of the module.

    def graph(self, n_nodes: int) -> Tensor:
        return chain(n_nodes, seed=0, step=STEP + self.step)


@dataclass(frozen=True)
class Heir(Reads):
    pass


named = lambda n_nodes, *, seed: chain(n_nodes, seed=seed, step=STEP)  # noqa: E731 - the very case


@pytest.mark.parametrize("strategy", [reads, Reads(), Heir(), named, functools.partial(reads), Reads().__call__])
def test_a_setting_of_the_module_that_is_read_is_part_of_it(strategy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(strategy)
    family(reads).sample_task(1)  # Which counts its calls.
    monkeypatch.setitem(globals(), "step", 7)
    assert fingerprint(strategy) == before
    monkeypatch.setitem(globals(), "STEP", 2)
    assert fingerprint(strategy) != before
    monkeypatch.setitem(globals(), "STEP", 1)
    assert fingerprint(strategy) == before


def test_a_lambda_is_known_by_the_name_that_its_module_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fingerprint(named) != fingerprint(reads)
    assert anc.SCMFamily(np.int64(4), graph_generator=named).fingerprint() == fingerprint(named)
    before = named
    monkeypatch.setitem(globals(), "named", lambda n_nodes, *, seed: chain(n_nodes, seed=seed, step=2 * STEP))
    with pytest.raises(anc.ConfigError, match="a function that no module has"):
        fingerprint(before)
    with pytest.raises(anc.ConfigError, match="was something else under this name before"):
        fingerprint(named)


def test_the_version_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [fingerprint(Holds()), fingerprint(Plain())]
    monkeypatch.setattr(Holds, "version", "2", raising=False)
    monkeypatch.setattr(Plain, "version", "2", raising=False)
    assert fingerprint(Holds()) not in found
    assert fingerprint(Plain()) not in found


PROGRAM = """
import functools, multiprocessing, sys
from dataclasses import dataclass
import numpy as np, torch
import ancestral as anc

@dataclass(frozen=True)
class Mine:
    names: frozenset
    table: object
    function: object
    def __call__(self, n_nodes, *, seed):
        return torch.zeros(n_nodes, n_nodes)

def plain(n_nodes, *, seed, step=2.5):
    return torch.zeros(n_nodes, n_nodes)

def prints():
    mine = Mine(frozenset("abcdefgh"), {"t": torch.arange(3.0), "n": np.float64(0.1)}, functools.partial(plain, step=0.5))
    return " ".join(anc.SCMFamily(4, graph_generator=given).fingerprint() for given in (mine, plain, mine.__call__))

if __name__ == "__main__":
    print(prints())
    if sys.argv[1:] == ["twin"]:
        import program

        print(program.prints())
    else:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(prints))
"""


def printed(*arguments: str, hash_seed: str, folder: Path) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


@pytest.mark.slow
def test_every_process_finds_the_same_and_two_programs_differ(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "twin.py").write_text(PROGRAM)
    as_program, in_worker = printed("program.py", "alone", hash_seed="1", folder=tmp_path)
    as_twin, imported = printed("twin.py", "twin", hash_seed="2", folder=tmp_path)
    assert as_program == in_worker == imported
    assert not set(as_twin.split()) & set(imported.split())


def test_no_cache_is_shared_and_memory_needs_no_fingerprint(tmp_path: Path) -> None:
    one, two = family(closure(1)), family(closure(2))
    for found in (one, two):
        right = chain(4, seed=0, step=1 if found is one else 2)
        assert anc.MetaFixedDataset(found, [1], n_samples=3)[0].adjacency.equal(right)
        assert anc.MetaFixedDataset(found, [1], n_samples=3, cache_instances=True)[0].adjacency.equal(right)
        on_disk = anc.MetaFixedDataset(found, [1], n_samples=3, cache_dir=tmp_path)
        with pytest.raises(anc.ConfigError, match=r"cache_dir = .*: must be None for this family.*is a closure"):
            on_disk[0]
        assert list(tmp_path.iterdir()) == []
    for step in (1, 2):
        known = family(functools.partial(chain, step=step))
        assert anc.MetaFixedDataset(known, [1], n_samples=3, cache_dir=tmp_path)[0].adjacency.equal(chain(4, seed=0, step=step))


@pytest.mark.parametrize("strategy", [closure, lambda step: functools.partial(chain, step=step)])
def test_a_state_of_another_family_is_refused(strategy: Any) -> None:
    one, two = family(strategy(1)), family(strategy(2))
    stream = anc.MetaIterableDataset(one, n_samples=2, batch_size=2)
    batches = iter(stream)
    next(batches)
    state = batches.state_dict()
    following = next(batches).X
    batches.load_state_dict(state)
    assert next(batches).X.equal(following)
    for found in (state, stream.next_state()):
        stream.resume(found)
        with pytest.raises(anc.ConfigError, match=r"state\['fingerprint'\] = "):
            anc.MetaIterableDataset(two, n_samples=2, batch_size=2).resume(found)


def test_a_state_without_a_fingerprint_says_so_when_it_is_saved_and_where_it_is_loaded() -> None:
    fixed = anc.MetaFixedDataset(family(closure(1)), [1, 2], n_samples=2)
    loader = anc.TaskLoader(fixed, batch_size=1)
    assert len(list(loader)) == 2
    with pytest.warns(UserWarning, match="only this process can go on from it"):
        state = loader.state_dict()
    loader.load_state_dict(state)
    other = anc.TaskLoader(anc.MetaFixedDataset(family(closure(1)), [1, 2], n_samples=2), batch_size=1)
    with pytest.raises(anc.ConfigError, match=r"must be of this very family.*frozen dataclasses"):
        other.load_state_dict(state)


def test_a_corpus_needs_a_fingerprint(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match="is a closure"):
        anc.write_corpus(family(closure(1)), 4, tmp_path / "corpus", n_samples=2)
    corpus = anc.write_corpus(family(functools.partial(chain, step=2)), 4, tmp_path / "corpus", n_samples=2)
    assert corpus[1].adjacency.equal(chain(4, seed=0, step=2))
    with pytest.raises(anc.ConfigError, match="corpus"):
        anc.write_corpus(family(functools.partial(chain, step=3)), 4, tmp_path / "corpus", n_samples=2)
    found = anc.verify_corpus(tmp_path / "corpus")
    assert found == []
    assert "no task was drawn again" in found.unproved[0]
    right = anc.verify_corpus(tmp_path / "corpus", family=family(functools.partial(chain, step=2)))
    assert (right, right.unproved) == ([], [])
    assert "fingerprint" in anc.verify_corpus(tmp_path / "corpus", family=family(functools.partial(chain, step=3)))[0]


def test_families_of_the_engine_keep_their_fingerprints() -> None:
    golden = "47326f1a2c1ba97ebfb3344fe3644a4a5af3039c57ec286486bd278a508bdb2f"  # Of Tests/Vectors/run.
    config = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
    assert anc.SCMFamily.from_config(config).fingerprint() == golden
    assert anc.SCMFamily(4, anc.ErdosRenyi(0.75), anc.EngineMechanisms(anc.FamilyConfig())).fingerprint() == golden


sparse = lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes)  # noqa: E731
dense = lambda n_nodes, *, seed: torch.ones(n_nodes, n_nodes).triu(1)  # noqa: E731


def test_a_lambda_that_a_module_has_is_known_by_the_name_it_was_given() -> None:
    assert name_of(sparse) == f"{__name__}.sparse"
    assert fingerprint(sparse) != fingerprint(dense)
    assert fingerprint(sparse) == fingerprint(getattr(sys.modules[__name__], "sparse"))  # noqa: B009
