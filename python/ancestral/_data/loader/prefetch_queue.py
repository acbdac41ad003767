"""A bounded, ordered prefetch queue that threads fill."""

import atexit
import os
import threading
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..._engine.errors import EngineError
from ..._engine.threads import settle_torch

T = TypeVar("T")
Make = Callable[[int, Callable[[], bool]], T]
"""Makes the result of a number; the second argument says when nobody wants it any more."""


CLOSED = "This iterator is closed: call iter() for another pass."


class Ring(Generic[T]):
    """Takes `make(first)`, `make(first + 1)`, ... in order from `threads` threads, each making one at a time.

    At most `threads + ahead` results exist that were not taken. The threads know nothing of this object, so that they end
    when it is closed, or collected. An error is raised where its result would be taken.
    """

    def __init__(self, make: Make[T], *, first: int, stop: int | None, threads: int, ahead: int) -> None:
        self._bench = _Bench(make, first, stop, threads + ahead)
        _open.add(self._bench)
        weakref.finalize(self, self._bench.leave).atexit = False
        try:
            for number in range(threads):
                thread = threading.Thread(target=self._bench.work, name=f"ancestral-{number}", daemon=True)
                self._bench.threads.append(thread)
                thread.start()
        except BaseException as error:  # Ctrl-C too, whose traceback may hold this object for long.
            self._bench.leave()
            if not isinstance(error, RuntimeError):
                raise
            raise EngineError(
                f"Thread {len(self._bench.threads)} of {threads} can't be started ({error}): ask for fewer threads, or let "
                "this process have more."
            ) from None

    def take(self) -> T:
        """The next result; StopIteration after the last. EngineError when closed, or in a process forked meanwhile."""
        return self._bench.take()

    @property
    def closer(self) -> Callable[[], None]:
        """Ends the threads and waits for them, at most for a slice of the engine's work; it doesn't keep this object alive.

        Called in one of the threads it doesn't wait, since another may be closing too and wait for that one.
        """
        return self._bench.close


class _Bench(Generic[T]):
    """The things that the threads share with the ring."""

    def __init__(self, make: Make[T], first: int, stop: int | None, room: int) -> None:
        self.threads: list[threading.Thread] = []
        self._make, self._stop, self._room = make, stop, room
        self._process = os.getpid()
        # Reentrant: the garbage collector may run `leave` in a thread that is inside.
        self._changed = threading.Condition(threading.RLock())
        self._claimed = self._taken = first
        self._made: dict[int, T | _Failure] = {}
        self._left = False

    def work(self) -> None:
        settle_torch()
        while (number := self._claim()) is not None:
            try:
                result: T | _Failure = self._make(number, self.is_left)
            except BaseException as error:
                result = _Failure(error)
            with self._changed:
                if not self._left:
                    self._made[number] = result
                del result  # Before anybody takes it, or its memory would be held here for a moment longer than there.
                self._changed.notify_all()

    def take(self) -> T:
        if os.getpid() != self._process:
            raise EngineError(f"The threads of this iterator are in process {self._process}: call iter() in this one.")
        with self._changed:
            while not self._left and self._taken not in self._made and self._taken != self._stop:
                self._changed.wait()
            if self._left:
                raise EngineError(CLOSED)
            if self._taken == self._stop:
                raise StopIteration
            result = self._made.pop(self._taken)
            self._taken += 1
            self._changed.notify_all()
        if isinstance(result, _Failure):
            self.leave()
            try:
                raise result.error
            finally:
                del result  # Or the frames of the error's traceback, with all that the caller has, would hold it and it them.
        return result

    def leave(self) -> None:
        """Lets the threads end. Doesn't wait, because it may be called inside one of them."""
        if os.getpid() != self._process:
            return  # A fork copies no threads, and the lock may be shut for ever.
        with self._changed:
            self._left = True
            self._made.clear()
            self._changed.notify_all()

    def is_left(self) -> bool:
        return self._left

    def close(self) -> None:
        self.leave()
        if os.getpid() == self._process and threading.current_thread() not in self.threads:
            for thread in self.threads:
                if thread.ident is not None:  # It was started.
                    thread.join()

    def _claim(self) -> int | None:
        with self._changed:
            while not self._left and self._claimed - self._taken >= self._room:
                self._changed.wait()
            if self._left or self._claimed == self._stop:
                return None
            self._claimed += 1
            return self._claimed - 1


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


_open: "weakref.WeakSet[_Bench[Any]]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Before the interpreter is taken apart under the threads."""
    for bench in list(_open):
        bench.close()
