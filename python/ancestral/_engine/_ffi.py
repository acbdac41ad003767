"""The C line (`ancestral.h`): the only ctypes of the package.

Every function here checks the memory that it hands over, makes its call, and turns a failing status into one of our
exceptions with the engine's own sentence. The engine works in slices of less than 100 ms; long work is a loop here, so
that Ctrl-C is served between slices. What can't be cut is done in a thread, and given up there when it is no longer
wanted. ctypes lets go of the GIL during a call.

Seeds travel as int64 tensors that hold the bits of unsigned 64-bit numbers; see `checks.py`.
"""

import contextlib
import ctypes
import functools
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from ctypes import byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any, NoReturn, cast

import torch
from torch import Tensor

from .errors import ConfigError, DisjointnessError, EngineError
from .library import check_processor, library_path, remedy
from .memory import check_real, empty

ABI_VERSION = 7
LEVELS = {"exact": 0, "mec": 1, "iso": 2}

_OK, _MORE = 0, 1
_ERRORS: dict[int, type[Exception]] = {2: ConfigError, 3: DisjointnessError, 4: EngineError}
_NOISE_VALUES_PER_CALL = 1 << 20
_LONGEST_TEXT = 1 << 20
# Above, a matrix or its rows may take longer than a user should wait for Ctrl-C.
_LONG_NODES, _LONG_VALUES = 200, 1 << 24

_TEXT = (c_void_p, c_size_t, c_void_p)
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "anc_version": _TEXT,
    "anc_last_error": _TEXT,
    "anc_cancel_on": (c_void_p,),
    "anc_schema": _TEXT,
    "anc_presets": _TEXT,
    "anc_family_create": (c_char_p, c_void_p),
    "anc_family_free": (c_void_p,),
    "anc_family_config": (c_void_p, *_TEXT),
    "anc_family_fingerprint": (c_void_p, *_TEXT),
    "anc_family_max_nodes": (c_void_p, c_void_p),
    "anc_family_has_long_tasks": (c_void_p, c_void_p),
    "anc_family_components": (c_void_p, c_void_p, c_size_t, c_void_p),
    "anc_stream_seeds": (c_uint64, c_int64, c_int64, c_uint64, c_size_t, c_void_p),
    "anc_fixed_seeds": (c_uint64, c_uint64, c_size_t, c_void_p),
    "anc_retry_seed": (c_uint64, c_uint32, c_void_p),
    "anc_tasks_fill": (c_void_p, c_void_p, c_void_p, c_size_t, c_size_t, c_uint32, c_size_t, *[c_void_p] * 6),
    "anc_design_create": (c_char_p, c_void_p),
    "anc_design_free": (c_void_p,),
    "anc_design_schema": _TEXT,
    "anc_design_describe": (c_void_p, c_void_p, c_size_t, c_uint64, *_TEXT),
    "anc_experiments_fill": (
        *(c_void_p,) * 4,
        *(c_size_t, c_uint32, c_size_t, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p),
    ),
    "anc_instance_run": (c_void_p, c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_size_t),
    "anc_noise_fill": (c_void_p, c_uint64, c_size_t, c_uint64, c_size_t, c_uint32, c_void_p),
    "anc_instance_create": (c_void_p, c_uint64, c_void_p, c_size_t, c_void_p),
    "anc_instance_free": (c_void_p,),
    "anc_instance_do": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p),
    "anc_instance_node_count": (c_void_p, c_void_p),
    "anc_instance_adjacency": (c_void_p, c_void_p),
    "anc_instance_order": (c_void_p, c_void_p),
    "anc_instance_mechanisms": (c_void_p, *_TEXT),
    "anc_instance_parameters": (c_void_p, c_void_p, c_size_t),
    "anc_instance_sample": (c_void_p, c_uint64, c_size_t, c_uint32, c_size_t, c_void_p, c_void_p, c_void_p),
    "anc_sample_create": (c_void_p,),
    "anc_sample_free": (c_void_p,),
    "anc_sample_draw": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_char_p, c_void_p),
    "anc_sample_add": (c_void_p, c_size_t, c_size_t, c_void_p, c_void_p, c_void_p, c_char_p, c_void_p),
    "anc_sample_summary": (c_void_p, *_TEXT),
    "anc_sample_distance": (c_void_p, c_void_p, c_char_p, c_void_p, *_TEXT),
    "anc_measures": _TEXT,
    "anc_sortability": (c_void_p, c_size_t, c_void_p, c_size_t, c_void_p),
    "anc_verify": (c_char_p, c_char_p, c_void_p, *_TEXT),
    "anc_graph_count": (c_size_t, c_int32, c_void_p),
    "anc_graph_order": (c_void_p, c_size_t, c_void_p),
    "anc_graph_cpdag": (c_void_p, c_size_t, c_void_p),
    "anc_graph_hash": (c_void_p, c_size_t, c_int32, c_void_p),
    "anc_reserved_create": (c_void_p, c_size_t, c_int32, c_void_p),
    "anc_reserved_free": (c_void_p,),
}


# ------------------------------------------------------------------------------------------------------- plumbing


@functools.cache
def _library() -> ctypes.CDLL:
    """Loads the engine at the first call that needs it. It is plain synchronous code, so it survives a fork."""
    check_processor()
    path = library_path()
    try:
        library = ctypes.CDLL(str(path))
        library.anc_abi_version.argtypes = ()
        library.anc_abi_version.restype = c_int32
    except (OSError, AttributeError) as error:
        raise EngineError(f"{path} could not be loaded as the Ancestral engine ({error}): {remedy()}") from None
    found = library.anc_abi_version()
    if found != ABI_VERSION:
        raise EngineError(
            f"The engine at {path} speaks version {found} of the C contract and this package version {ABI_VERSION}: {remedy()}"
        )
    for name, arguments in _SIGNATURES.items():
        function = getattr(library, name)
        function.argtypes = arguments
        function.restype = c_int32
    return library


def _fail(status: int) -> NoReturn:
    message = _text("anc_last_error")
    raise _ERRORS.get(status, EngineError)(message or f"The engine answered with the unknown status {status}.")


def _call(name: str, *arguments: Any) -> None:
    status = getattr(_library(), name)(*arguments)
    if status != _OK:
        _fail(status)


def _call_in_slices(name: str, *arguments: Any, is_long: bool = False, stopped: Callable[[], bool] | None = None) -> None:
    """Calls until the work is done. With `is_long`, not even a slice holds Ctrl-C or `stopped`."""
    function = getattr(_library(), name)

    def work() -> None:
        while (status := function(*arguments)) == _MORE:
            if stopped is not None and stopped():
                raise Stopped
        if status != _OK:
            _fail(status)

    if is_long:
        _in_thread(work, stopped)
    else:
        work()


def _in_thread(work: Callable[[], None], stopped: Callable[[], bool] | None = None) -> None:
    """Does the work in a thread, so that Ctrl-C is served here; both that and `stopped` end the engine's call there."""
    cancel, done = c_int32(0), threading.Event()
    failures: list[BaseException] = []

    def watched() -> None:
        try:
            _call("anc_cancel_on", byref(cancel))
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=watched, name="ancestral-call")
    try:
        thread.start()
        while not done.wait(0.05):
            if stopped is not None and stopped():
                raise Stopped
    finally:
        cancel.value = 1
        # Not Thread.join: up to Python 3.12 one that Ctrl-C interrupts takes a running thread for ended. The memory that the
        # engine writes must stay until it has given up, whatever else comes.
        while not done.is_set() and (thread.ident is not None or not _never_started(thread)):
            with contextlib.suppress(KeyboardInterrupt):
                done.wait(0.05)
    if failures:
        raise failures[0]


def _never_started(thread: threading.Thread) -> bool:
    """Whether a thread that has no number yet gets none: none could be had, or Ctrl-C came before it was asked for."""
    with contextlib.suppress(KeyboardInterrupt):
        time.sleep(0.2)
    return thread.ident is None


def _text(name: str, *arguments: Any) -> str:
    needed = c_size_t()
    _call(name, *arguments, None, 0, byref(needed))
    buffer = ctypes.create_string_buffer(max(needed.value, 1))
    _call(name, *arguments, buffer, len(buffer), byref(needed))
    return buffer.raw[: needed.value - 1].decode("utf-8")  # Not `.value`: a text may quote a NUL.


def _pointer(tensor: Tensor | None, what: str, dtype: torch.dtype, count: int) -> int | None:
    """The address of `count` values of `dtype`, or None; memory of another kind or size never reaches the engine."""
    if tensor is None:
        return None
    if tensor.device.type != "cpu" or not tensor.is_contiguous() or tensor.dtype != dtype or tensor.numel() != count:
        raise ConfigError(
            f"{what} must be a contiguous CPU tensor of {count} {dtype} values, "
            f"but has shape {tuple(tensor.shape)}, dtype {tensor.dtype} and device {tensor.device}."
        )
    return check_real(tensor).data_ptr()


def integers(tensor: Tensor) -> list[int]:
    """`tensor.tolist()` with the type that torch's stubs leave out."""
    return cast(list[int], tensor.tolist())


class Stopped(Exception):  # noqa: N818 - not an error
    """A long call was given up between two slices, because nobody wants its result any more."""


class Handle:
    """An engine object, freed when this is collected. It belongs to one process: owners make it again, never pickle it."""

    def __init__(self, pointer: c_void_p, free: str, is_long: bool = False) -> None:
        self.pointer = pointer
        self.is_long = is_long
        """Whether calls with it may take longer than a user should wait for Ctrl-C."""
        # Not at exit: the interpreter may already have taken torch and ctypes apart, and the process frees all anyway.
        weakref.finalize(self, getattr(_library(), free), pointer).atexit = False

    def __reduce__(self) -> NoReturn:
        raise TypeError("An engine handle can't be pickled; its owner makes a new one.")


def _create(kind: str, *arguments: Any, function: str | None = None, is_long: bool = False) -> Handle:
    pointer = c_void_p()
    _call_in_slices(function or f"anc_{kind}_create", *arguments, byref(pointer), is_long=is_long)
    return Handle(pointer, f"anc_{kind}_free", is_long)


# -------------------------------------------------------------------------------------------------------- library


def version() -> str:
    """The engine's version, such as "0.1.0"."""
    return _text("anc_version")


def schema() -> str:
    """The JSON Schema of a family's configuration."""
    return _text("anc_schema")


def presets() -> str:
    """The published families: a JSON list of {"name", "source", "config"}."""
    return _text("anc_presets")


# ------------------------------------------------------------------------------------------------------- families


def family_create(json: str) -> Handle:
    """Makes a family from its configuration, or that of a mixture, a JSON object; a fault in it is a ConfigError."""
    family, is_long = _create("family", json.encode("utf-8")), c_int32()
    _call("anc_family_has_long_tasks", family.pointer, byref(is_long))
    family.is_long = bool(is_long.value)
    return family


def family_config(family: Handle) -> str:
    """The canonical JSON of a family's configuration, defaults spelled out."""
    return _text("anc_family_config", family.pointer)


def family_fingerprint(family: Handle) -> str:
    """64 hex digits that are equal for equal configurations on every machine."""
    return _text("anc_family_fingerprint", family.pointer)


def family_max_nodes(family: Handle) -> int:
    """The largest number of nodes that a task of the family has: the width of padded tensors."""
    out = c_int64()
    _call("anc_family_max_nodes", family.pointer, byref(out))
    return out.value


def family_components(family: Handle, seeds: Tensor) -> Tensor:
    """The number of the mixture's component behind each seed, int32 like `seeds` [count], which are int64 bit patterns."""
    out = empty(len(seeds), dtype=torch.int32)
    _call("anc_family_components", family.pointer, seeds.data_ptr(), len(seeds), out.data_ptr())
    return out


# ---------------------------------------------------------------------------------------------------------- seeds


def stream_seeds(base_seed: int, offset: int, epoch: int, first: int, count: int) -> Tensor:
    """Seeds of training tasks first .. first + count - 1: int64 [count], the bits of uint64.

    `offset` is -1 for the elastic order, else rank * num_workers + worker_id; `epoch` is -1 for none.
    """
    out = empty(count, dtype=torch.int64)
    _call("anc_stream_seeds", base_seed, offset, epoch, first, count, out.data_ptr())
    return out


def fixed_seeds(base_seed: int, first: int, count: int) -> Tensor:
    """Seeds of a fixed set's tasks first .. first + count - 1: int64 [count], the bits of uint64."""
    out = empty(count, dtype=torch.int64)
    _call("anc_fixed_seeds", base_seed, first, count, out.data_ptr())
    return out


def retry_seed(seed: int, attempt: int) -> int:
    """The seed of attempt >= 1 at the task whose first seed is `seed`; both in [0, 2^64)."""
    out = c_uint64()
    _call("anc_retry_seed", seed, attempt, byref(out))
    return out.value


# ---------------------------------------------------------------------------------------------------------- tasks


def tasks_fill(
    family: Handle,
    seeds: Tensor,
    n_samples: int,
    *,
    draw: int = 0,
    threads: int = 1,
    reserved: Handle | None = None,
    x: Tensor | None = None,
    adjacency: Tensor | None = None,
    node_counts: Tensor | None = None,
    hashes: Tensor | None = None,
    attempts: Tensor | None = None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Fills a whole batch of B tasks, of at most N nodes each, into memory that the caller allocated.

    seeds int64 [B], x float32 [B, n_samples, N], adjacency float32 [B, N, N], node_counts int32 [B],
    hashes uint8 [B, 32], attempts int32 [B]: contiguous CPU tensors, all outputs optional. Columns past a task's node
    count are 0. A task whose graph is reserved is drawn again with retry_seed 1, 2, ...; DisjointnessError when no
    bounded number of tries helps; Stopped when `stopped` says so between two slices.
    """
    count, width = seeds.numel(), family_max_nodes(family)
    rows_done = empty(count, dtype=torch.int64).zero_()
    _call_in_slices(
        "anc_tasks_fill",
        family.pointer,
        None if reserved is None else reserved.pointer,
        _pointer(seeds, "seeds", torch.int64, count),
        count,
        n_samples,
        draw,
        threads,
        rows_done.data_ptr(),
        _pointer(x, "x", torch.float32, count * n_samples * width),
        _pointer(adjacency, "adjacency", torch.float32, count * width * width),
        _pointer(node_counts, "node_counts", torch.int32, count),
        _pointer(hashes, "hashes", torch.uint8, count * 32),
        _pointer(attempts, "attempts", torch.int32, count),
        is_long=family.is_long,
        stopped=stopped,
    )


def noise_fill(family: Handle, seed: int, draw: int, out: Tensor) -> None:
    """Standard noise of the family's law into `out`, float32 [rows, n_nodes], for mechanisms that live outside the engine."""
    rows, n_nodes = out.shape
    _pointer(out, "out", torch.float32, rows * n_nodes)
    step = max(1, _NOISE_VALUES_PER_CALL // max(1, n_nodes))
    for first in range(0, rows, step):
        part = out[first : first + step]
        _call("anc_noise_fill", family.pointer, seed, n_nodes, first, len(part), draw, part.data_ptr())


# ------------------------------------------------------------------------------------------------------ instances


def instance_create(family: Handle, seed: int, adjacency: Tensor | None = None) -> Handle:
    """The task of one seed, over the caller's own DAG when `adjacency` (uint8 [n, n]) is given."""
    n_nodes = 0 if adjacency is None else adjacency.shape[0]
    graph = _pointer(adjacency, "adjacency", torch.uint8, n_nodes**2)
    return _create("instance", family.pointer, seed, graph, n_nodes, is_long=family.is_long or n_nodes > _LONG_NODES)


def instance_do(instance: Handle, values: Mapping[int, float]) -> Handle:
    """The instance with nodes held at values and their incoming edges cut."""
    nodes = torch.tensor(list(values), dtype=torch.int32, device="cpu")
    held = check_real(torch.tensor(list(values.values()), dtype=torch.float32, device="cpu"))
    given = instance.pointer, nodes.data_ptr(), held.data_ptr(), len(values)
    return _create("instance", *given, function="anc_instance_do", is_long=instance.is_long)


def instance_node_count(instance: Handle) -> int:
    """How many nodes the instance has."""
    out = c_int64()
    _call("anc_instance_node_count", instance.pointer, byref(out))
    return out.value


def instance_adjacency(instance: Handle) -> Tensor:
    """uint8 [n, n]; A[i, j] == 1 means i -> j."""
    n_nodes = instance_node_count(instance)
    out = empty(n_nodes, n_nodes, dtype=torch.uint8)
    _call("anc_instance_adjacency", instance.pointer, out.data_ptr())
    return out


def instance_order(instance: Handle) -> list[int]:
    """The nodes in the order in which they are computed."""
    out = empty(instance_node_count(instance), dtype=torch.int32)
    _call("anc_instance_order", instance.pointer, out.data_ptr())
    return integers(out)


def instance_mechanisms(instance: Handle) -> str:
    """JSON that says what each node's mechanism is; offsets count floats of `instance_parameters`."""
    return _text("anc_instance_mechanisms", instance.pointer)


def instance_parameters(instance: Handle, count: int) -> Tensor:
    """All parameters of all mechanisms, float32 [count], laid out as `instance_mechanisms` says."""
    out = empty(count)
    _call("anc_instance_parameters", instance.pointer, out.data_ptr(), count)
    return out


def instance_sample(
    instance: Handle, rows: int, *, draw: int, x: Tensor, noise: Tensor | None = None, channels: int = 1, threads: int = 1
) -> None:
    """Writes rows 0 .. rows - 1 of a draw into x, float32 [rows, n], and the noise behind them, float32 [rows, n, channels]."""
    n_nodes, done = instance_node_count(instance), c_size_t()
    _call_in_slices(
        "anc_instance_sample",
        instance.pointer,
        0,
        rows,
        draw,
        threads,
        byref(done),
        _pointer(x, "x", torch.float32, rows * n_nodes),
        _pointer(noise, "noise", torch.float32, rows * n_nodes * channels),
        is_long=instance.is_long,
    )


# ------------------------------------------------------------------------------------------------------- analysis


def sample_create() -> Handle:
    """A sample without tasks, to which `sample_draw` and `sample_add` add some."""
    return _create("sample")


def sample_draw(
    sample: Handle,
    family: Handle,
    options: str,
    seeds: Tensor | None = None,
    node_counts: Tensor | None = None,
    adjacency: Tensor | None = None,
) -> None:
    """Adds tasks of a family: of its law, or those of `seeds`, int64 [count]; `options` is the JSON that the header names.

    With `node_counts`, int32 [count], and `adjacency`, uint8 [the sum of their squares], over the caller's graphs.
    """
    count = 0 if seeds is None else seeds.numel()
    given = [_pointer(seeds, "seeds", torch.int64, count), count, *_graph_pointers(node_counts, adjacency, count)]
    _in_thread(lambda: _call("anc_sample_draw", sample.pointer, family.pointer, *given, options.encode(), None))


def sample_add(sample: Handle, rows: int, node_counts: Tensor, adjacency: Tensor, x: Tensor, options: str) -> None:
    """Adds the caller's tasks: node_counts int32 [count], adjacency uint8 [their squares' sum], x float32 [rows * their sum].

    Each task's values follow those of the one before it.
    """
    count = node_counts.numel()
    x_pointer = _pointer(x, "x", torch.float32, rows * int(node_counts.sum()))
    graphs = _graph_pointers(node_counts, adjacency, count)
    _in_thread(lambda: _call("anc_sample_add", sample.pointer, count, rows, *graphs, x_pointer, options.encode(), None))


def _graph_pointers(node_counts: Tensor | None, adjacency: Tensor | None, count: int) -> tuple[int | None, int | None]:
    if node_counts is None:
        return None, None
    cells = int((node_counts.to(torch.int64) ** 2).sum())
    return _pointer(node_counts, "node_counts", torch.int32, count), _pointer(adjacency, "adjacency", torch.uint8, cells)


def sample_summary(sample: Handle) -> str:
    """JSON about what is in a sample."""
    return _text("anc_sample_summary", sample.pointer)


def sample_distance(first: Handle, second: Handle, options: str) -> str:
    """JSON about how far two samples are apart; `options` is the JSON that the header names."""
    return _long_text("anc_sample_distance", first.pointer, second.pointer, options.encode())


def measures() -> str:
    """JSON: the names of all measures and statistics in order, and what each is read from."""
    return _text("anc_measures")


def sortability(x: Tensor, adjacency: Tensor) -> tuple[float, float]:
    """Var- and R²-sortability of float32 [rows, n] under uint8 [n, n]; NaN where one is not defined."""
    rows, n_nodes = x.shape
    out = empty(2, dtype=torch.float64)
    x_pointer = _pointer(x, "x", torch.float32, rows * n_nodes)
    graph = _pointer(adjacency, "adjacency", torch.uint8, n_nodes * n_nodes)
    is_long = n_nodes > _LONG_NODES or rows * n_nodes > _LONG_VALUES
    _call_in_slices("anc_sortability", x_pointer, rows, graph, n_nodes, out.data_ptr(), is_long=is_long)
    return out[0].item(), out[1].item()


def _long_text(name: str, *arguments: Any) -> str:
    """A text that takes seconds."""
    buffer, needed = ctypes.create_string_buffer(_LONGEST_TEXT), c_size_t()
    _in_thread(lambda: _call(name, *arguments, None, buffer, len(buffer), byref(needed)))
    return buffer.raw[: needed.value - 1].decode("utf-8")


def verify(path: str, options: str) -> str:
    """A JSON list of what is wrong with a fixed set's file or a run's registry; `options` is the JSON that the header names."""
    return _long_text("anc_verify", os.fsencode(path), options.encode())


# --------------------------------------------------------------------------------------------------------- graphs


def graph_count(n_nodes: int, level: int) -> int | None:
    """How many graphs of that many nodes one of `LEVELS` tells apart; None beyond 10 nodes, where they are more than 10^12."""
    out = c_uint64()
    _call("anc_graph_count", n_nodes, level, byref(out))
    return out.value or None


def graph_order(adjacency: Tensor) -> list[int]:
    """A topological order of uint8 [n, n], smallest label first; a ConfigError names a node on a cycle."""
    n_nodes = adjacency.shape[0]
    out = empty(n_nodes, dtype=torch.int32)
    _call_on_graph("anc_graph_order", adjacency, out.data_ptr())
    return integers(out)


def graph_hash(adjacency: Tensor, level: int) -> bytes:
    """32 bytes that identify uint8 [n, n] at one of `LEVELS`."""
    out = ctypes.create_string_buffer(32)
    _call_on_graph("anc_graph_hash", adjacency, level, out)
    return out.raw


def graph_cpdag(adjacency: Tensor) -> Tensor:
    """The CPDAG of uint8 [n, n]'s Markov equivalence class, uint8 [n, n]; an undirected edge stands in both directions."""
    n_nodes = adjacency.shape[0]
    out = empty(n_nodes, n_nodes, dtype=torch.uint8)
    _call_on_graph("anc_graph_cpdag", adjacency, out.data_ptr())
    return out


def _call_on_graph(name: str, adjacency: Tensor, *arguments: Any) -> None:
    n_nodes = adjacency.shape[0]
    graph = _pointer(adjacency, "adjacency", torch.uint8, n_nodes**2)
    _call_in_slices(name, graph, n_nodes, *arguments, is_long=n_nodes > _LONG_NODES)


def reserved_create(digests: bytes, level: int) -> Handle:
    """A set of digests, 32 bytes each one after the other, that `tasks_fill` keeps clear of."""
    count, rest = divmod(len(digests), 32)
    if rest:
        raise ConfigError(f"digests has {len(digests)} bytes, but a digest is 32 bytes: give a multiple of 32.")
    return _create("reserved", digests, count, level)
