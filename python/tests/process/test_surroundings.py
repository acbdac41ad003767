"""Every public call gives the same bits, whatever torch, numpy, the shell or the interpreter has set around it."""

import contextlib
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import ancestral as anc
from interrupts import PATIENCE

HERE = Path(__file__).parent
CALLS = HERE / "public_calls.py"
public: dict[str, Any] = runpy.run_path(str(CALLS))
settings: dict[str, Callable[[], Any]] = runpy.run_path(str(HERE / "surroundings.py"))["SETTINGS"]

pytestmark = [
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

# What others can't do: torch's DataLoader draws a seed on the default device, and has a sum of its own on none.
TORCHS_OWN = {
    "default device meta": ("DataLoader", "DataLoader of a set"),
    "with a device": ("DataLoader", "DataLoader of a set"),
}
# What is computed in torch or written by Python rounds as the process does.
ENGINES = (
    "sample",
    "sample, tiny",
    "sample, standardised",
    "noise",
    "do",
    "graph",
    "mechanisms",
    "mixture",
    "generator",
    "stream",
    "padded stream",
)
ENGINES += (
    "single tasks",
    "clear of",
    "fixed",
    "fixed, in memory",
    "DataLoader",
    "TaskLoader",
    "module",
    "hash",
    "cpdag",
    "sortability",
)
# Together they take as long as one. Each alone is slow.
GROUPS = {
    "torch's defaults": (
        *("default dtype float64", "no_grad", "deterministic algorithms", "one thread"),
        *("flushed denormals", "print options of torch"),
    ),
    "inference": ("inference_mode", "default dtype bfloat16", "with a device", "file_system sharing"),
    "a training step": ("autocast", "anomaly detection", "dispatch mode", "no garbage collection", "a shallow stack"),
    "the interpreter": (
        *("numpy raises", "decimal", "warnings are errors", "no standard streams"),
        *("logging off", "SIGINT ignored", "umask 077"),
    ),
    "floating point": ("rounding upward",),
}


def digests(folder: Path, around: Sequence[str]) -> dict[str, str]:
    """Of each call's result under settings; the sentence of an error instead."""
    folder.mkdir()
    found: dict[str, str] = {}
    left_out = {name for setting in around for name in TORCHS_OWN.get(setting, ())}
    for name, call in public["calls"](folder).items():
        if name in left_out or ("rounding upward" in around and name not in ENGINES):
            continue
        try:
            with contextlib.ExitStack() as stack:
                for setting in around:
                    stack.enter_context(settings[setting]())
                value = call()
            found[name] = public["digest"](value)
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    return found


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = digests(tmp_path_factory.mktemp("right") / "files", [])
    assert not {name: value for name, value in found.items() if ":" in value}
    return found


def check(found: dict[str, str], right: dict[str, str]) -> None:
    assert found
    assert found == {name: right[name] for name in found}


@pytest.mark.parametrize("group", GROUPS)
def test_settings_of_torch_and_the_interpreter_change_no_bit(group: str, right: dict[str, str], tmp_path: Path) -> None:
    check(digests(tmp_path / "files", GROUPS[group]), right)


@pytest.mark.slow
@pytest.mark.parametrize("setting", settings)
def test_each_setting_alone_changes_no_bit(setting: str, right: dict[str, str], tmp_path: Path) -> None:
    check(digests(tmp_path / "files", [setting]), right)


def test_the_groups_have_every_setting() -> None:
    assert {name for names in GROUPS.values() for name in names} == set(settings) - {
        "default device meta"
    }  # As "with a device".


def in_a_process(
    folder: Path, options: tuple[str, ...] = (), under: tuple[str, ...] = (), before: str = "", **variables: str
) -> dict[str, str]:
    """The digests of a Python with options and environment variables, empty ones unset; `before` is run in it first."""
    root = HERE.parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), **variables}
    environment = {name: value for name, value in environment.items() if value or name not in variables}
    script = f"{before}\nimport runpy\nrunpy.run_path({str(CALLS)!r}, run_name='__main__')"
    folder.mkdir()
    command = [*under, sys.executable, *options, "-c", script, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


STRICT = ("-OO", "-bb", "-P", "-X", "dev", "-W", "error", "-W", "ignore::DeprecationWarning", "-W", "ignore::ResourceWarning")
NO_PLACES = {
    "HOME": "/nonexistent",
    "TMPDIR": "/nonexistent",
    "XDG_CACHE_HOME": "/nonexistent",
    "TERM": "",
    "TZ": "Asia/Kathmandu",
}
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "12345", "OMP_NUM_THREADS": "1"}
IN_A_THREAD = """
import runpy, sys, threading
threading.stack_size(256 * 1024)
script = threading.Thread(target=lambda: runpy.run_path(%r, run_name="__main__"))
script.start()
script.join()
sys.exit()
"""


@pytest.mark.slow
def test_a_strict_python_in_a_bare_environment_gives_the_same_bits(right: dict[str, str], tmp_path: Path) -> None:
    check(in_a_process(tmp_path / "files", STRICT, **ASCII, MPLBACKEND="TkAgg"), right)


@pytest.mark.slow
def test_a_locale_with_decimal_commas_and_no_place_for_anything_give_the_same_bits(
    right: dict[str, str], tmp_path: Path
) -> None:
    locale = tmp_path / "de_DE.UTF-8"
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(locale)], capture_output=True)
    comma = "import locale; locale.setlocale(locale.LC_ALL, ''); assert locale.localeconv()['decimal_point'] == ','"
    if not locale.is_dir():
        pytest.skip("no locale can be made here")
    few_files = ("bash", "-c", 'ulimit -n 64; ulimit -s 256; exec "$0" "$@" 2>&- <&-')
    places = {**NO_PLACES, "LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    check(in_a_process(tmp_path / "files", under=few_files, before=comma + IN_A_THREAD % str(CALLS), **places), right)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_start_method_for_all_processes_changes_no_bit(method: str, right: dict[str, str], tmp_path: Path) -> None:
    check(
        in_a_process(tmp_path / "files", before=f"import multiprocessing; multiprocessing.set_start_method({method!r})"), right
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda family: family.sample_task(3).sample(5),
        lambda family: family.sample_task(3).do({0: 1.0}),
        lambda family: anc.MetaIterableDataset(family, n_samples=3, batch_size=2),
        lambda family: anc.MetaFixedDataset(family, n_tasks=2, n_samples=3)[0],
        lambda family: anc.ErdosRenyi(1.0)(4, seed=2),
        lambda family: anc.graph_hash([[0, 1], [0, 0]]),
        lambda family: anc.analysis.sortability([[0.0, 1.0], [1.0, 0.0]], [[0, 1], [0, 0]]),
    ],
)
def test_tensors_without_memory_are_refused_in_a_sentence(call: Callable[[anc.SCMFamily], Any]) -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    with (
        FakeTensorMode(),
        pytest.raises(anc.EngineError, match=r"^A tensor of type FakeTensor has no memory .* leave FakeTensorMode"),
    ):
        call(family)


def test_nothing_global_is_left_changed(tmp_path: Path) -> None:
    def state() -> tuple[Any, ...]:
        rounding = torch.tensor(1.0, dtype=torch.float64) + 2.0**-53  # Rounds to 1 but upward.
        tiny = torch.tensor(1e-39, dtype=torch.float32) * 1.0  # 0 where denormals are flushed.
        return (
            torch.get_default_dtype(),
            torch.get_num_threads(),
            torch.is_grad_enabled(),
            float(rounding),
            float(tiny),
            os.getcwd(),
        )

    before = state()
    digests(tmp_path / "files", [])
    assert state() == before
    with settings["flushed denormals"]():
        anc.SCMFamily(4, sparsity_param=1.0).sample_task(1).sample(3)
        assert state()[-2] == 0  # The caller's own setting is there again.


@pytest.mark.filterwarnings("ignore:.torch.jit")  # torch's of itself.
@pytest.mark.parametrize("transform", [torch.func.grad, lambda f: lambda x: torch.func.jvp(f, (x,), (x,))[1]])
def test_tasks_are_drawn_under_transforms_of_functions(transform: Any) -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    streams = [anc.MetaIterableDataset(family, n_samples=3) for _ in range(4)]
    fixed = anc.MetaFixedDataset(family, n_tasks=2, n_samples=3)
    noise = family.sample_task(1).noise(6, draw=0)
    one = torch.tensor(1.0)
    draws: list[Callable[[], torch.Tensor]] = [
        lambda: family.sample_task(1).sample(3, draw=0),
        lambda: family.sample_task(1).noise(3),
        lambda: family.sample_task(1).adjacency_matrix,
        lambda: family.sample_task(1).do(dict.fromkeys(range(3), 2.0)).sample(3, draw=0),
        lambda: torch.tensor(sum(len(family.sample_task(1).parents(node)) for node in range(4))),
        lambda: next(iter(streams.pop())).X,
        lambda: next(iter(anc.TaskLoader(streams.pop(), batch_size=2))).X,
        lambda: fixed[1].X,
    ]
    for draw in draws:
        assert transform(lambda scale, draw=draw: scale * draw().sum())(one) == draw().sum()
    # A task whose mechanisms nobody has looked at yet.
    slope = transform(lambda scale: family.sample_task(1).sample_from_noise(scale * noise).sum())(one)
    assert torch.isclose(slope, family.sample_task(1).sample_from_noise(noise).sum())  # Linear, with normal noise.


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_what_can_not_be_drawn_under_a_transform_says_so() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    with pytest.raises(anc.EngineError, match=r"under torch\.func\.grad.* draw tasks and rows outside of the function"):
        torch.func.grad(lambda value: value * len(anc.MetaIterableDataset(family, n_samples=3).drawn))(torch.tensor(1.0))
