"""What a user should see of a run without having set up logging: Python hides INFO until somebody does."""

import logging
import sys

_shown: set[str] = set()


def tell(logger: logging.Logger, text: str) -> None:
    """Logs a line at INFO; where nobody has set up logging, writes it to standard error instead, once in a process.

    Whoever has a handler anywhere above the logger, or has set a level above INFO, gets what these let through.
    """
    if logger.hasHandlers():
        logger.info("%s", text)
    elif _wanted(logger) and text not in _shown and sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
        _shown.add(text)
        print(f"{logger.name.partition('.')[0]}: {text}", file=sys.stderr)


def _wanted(logger: logging.Logger) -> bool:
    """Whether no level was set on purpose that shuts INFO out; WARNING is the root's own before anyone touches it."""
    if logging.root.manager.disable >= logging.INFO:
        return False
    above: logging.Logger | None = logger
    while above is not None and above is not logging.root:
        if above.level != logging.NOTSET:
            return above.level <= logging.INFO
        above = above.parent
    return logging.root.level <= logging.WARNING
