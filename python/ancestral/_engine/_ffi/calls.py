"""Calls of the engine: each status becomes an exception, and Ctrl-C is served while long work is done.

The engine works in slices of less than 100 ms; long work is a loop here, so that Ctrl-C is served between slices. What
can't be cut is done in a thread, and given up there when it is no longer wanted. ctypes lets go of the GIL during a call.
"""

import contextlib
import ctypes
import threading
from collections.abc import Callable
from ctypes import byref, c_int32, c_size_t
from typing import Any, NoReturn

from ..errors import ConfigError, DisjointnessError, EngineError
from .loading import library

_OK, _MORE = 0, 1
_ERRORS: dict[int, type[Exception]] = {2: ConfigError, 3: DisjointnessError, 4: EngineError}
_SHORT_TEXT = 1 << 10
"""Bytes that a text is first given: ample for what is asked of each task."""
LONG_TEXT = 1 << 20
"""... and for what takes long to put together."""
LONG_NODES = 200
"""Above, a matrix may take longer than a user should wait for Ctrl-C."""


class Stopped(Exception):  # noqa: N818 - not an error
    """A long call was given up between two slices, because nobody wants its result any more."""


def fail(status: int) -> NoReturn:
    message = text("anc_last_error")
    raise _ERRORS.get(status, EngineError)(message or f"The engine answered with the unknown status {status}.")


def call(name: str, *arguments: Any) -> None:
    status = getattr(library(), name)(*arguments)
    if status != _OK:
        fail(status)


def call_in_slices(name: str, *arguments: Any, is_long: bool = False, stopped: Callable[[], bool] | None = None) -> None:
    """Calls until the work is done. With `is_long`, not even a slice holds Ctrl-C or `stopped`."""
    function = getattr(library(), name)

    def work() -> None:
        while (status := function(*arguments)) == _MORE:
            if stopped is not None and stopped():
                raise Stopped
        if status != _OK:
            fail(status)

    if is_long:
        in_thread(work, stopped)
    else:
        work()


def in_thread(work: Callable[[], None], stopped: Callable[[], bool] | None = None) -> None:
    """Does the work in a thread, so that Ctrl-C is served here; both that and `stopped` end the engine's call there."""
    cancel, done = c_int32(0), threading.Event()
    failures: list[BaseException] = []
    # Whoever comes first: the thread to its work, or the caller to the end. `setdefault` is one step for all threads.
    first: dict[str, str] = {}

    def watched() -> None:
        if first.setdefault("comes", "thread") != "thread":
            return  # The caller has gone, and so may have the memory.
        try:
            call("anc_cancel_on", byref(cancel))
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=watched, name="ancestral-call")
    try:
        try:
            thread.start()
        except RuntimeError as error:
            raise EngineError(f"A thread of the engine's can't be started ({error}): let this process have more.") from None
        while not done.wait(0.05):
            if stopped is not None and stopped():
                raise Stopped
    finally:
        cancel.value = 1
        # Not Thread.join: up to Python 3.12 one that Ctrl-C interrupts takes a running thread for ended. The memory that the
        # engine writes must stay until it has given up, whatever else comes; a thread that never began won't any more.
        while not done.is_set():
            with contextlib.suppress(KeyboardInterrupt):
                if first.setdefault("comes", "caller") == "caller":
                    break
                done.wait(0.05)
    if failures:
        raise failures.pop()  # A list that kept it would hold the frames of its traceback, and these the list.


def text(name: str, *arguments: Any, room: int = _SHORT_TEXT, call: Callable[..., None] = call) -> str:
    """A text of the engine's, asked for again where it needs more room."""
    while True:
        buffer, needed = ctypes.create_string_buffer(room), c_size_t()
        call(name, *arguments, buffer, room, byref(needed))
        if needed.value <= room:
            # Not `.value`: a text may quote a NUL. Nor `.raw`, which copies all of the room.
            return ctypes.string_at(buffer, needed.value - 1).decode("utf-8")
        room = needed.value


def long_text(name: str, *arguments: Any) -> str:
    """A text that takes seconds."""
    return text(name, *arguments, room=LONG_TEXT, call=lambda *given: in_thread(lambda: call(*given)))
