"""How far training is: a bar on a terminal, and in a log a short line now and then."""

import sys
import time

from tqdm import tqdm

_SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Counts training steps and tells of them on standard error.

    tqdm draws its bar over itself, which a file keeps as one line of thousands of bars; what is no terminal gets a line of
    its own at most every ten seconds instead.
    """

    def __init__(self, total: int | None) -> None:
        self._bar = tqdm(total=total, unit="step", desc="training", dynamic_ncols=True, disable=not sys.stderr.isatty())
        self._said = time.perf_counter()

    def step(self, count: int, note: str) -> None:
        """Tells that `count` steps are done by now, with a few words on how it goes."""
        self._bar.set_postfix_str(note, refresh=False)
        self._bar.update(count - self._bar.n)
        if self._bar.disable and time.perf_counter() - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = time.perf_counter()
            self.say(f"step {count}: {note}")

    def say(self, line: str) -> None:
        """A line of its own, which doesn't break the bar."""
        tqdm.write(line, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()
