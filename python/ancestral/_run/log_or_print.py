"""A run's lines at INFO, printed where nobody has set up logging: Python hides INFO until somebody does."""

import logging
import sys
from collections.abc import Sequence

_shown: set[tuple[str, ...]] = set()


def tell(logger: logging.Logger, lines: Sequence[str]) -> None:
    """Logs lines at INFO; where nobody has set up logging, writes them to standard error instead, once in a process.

    Whoever has a handler anywhere above the logger, or has set a level above INFO, gets what these let through.
    """
    if logger.hasHandlers():
        for line in lines:
            logger.info("%s", line)
    elif _wanted(logger) and tuple(lines) not in _shown and sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
        _shown.add(tuple(lines))
        name = logger.name.partition(".")[0]
        print(*(f"{name}: {line}" for line in lines), sep="\n", file=sys.stderr)


def _wanted(logger: logging.Logger) -> bool:
    """True if no level was set on purpose that shuts INFO out; WARNING is the root's own before anyone touches it."""
    if logging.root.manager.disable >= logging.INFO:
        return False
    above: logging.Logger | None = logger
    while above is not None and above is not logging.root:
        if above.level != logging.NOTSET:
            return above.level <= logging.INFO
        above = above.parent
    return logging.root.level <= logging.WARNING
