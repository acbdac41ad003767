"""The progress bar of a long job, on a terminal."""

import contextlib
import importlib
import sys
from collections.abc import Callable, Generator
from typing import Any


@contextlib.contextmanager
def progress(total: int, unit: str, **look: Any) -> Generator[Callable[[int], object]]:
    """Gives a function that adds to what is done. A file gets nothing, nor does a terminal where there is no tqdm.

    `look` are arguments of tqdm, in the place of our own.
    """
    tqdm: Any = None
    if sys.stderr is not None and sys.stderr.isatty():  # pyright: ignore[reportUnnecessaryComparison] - a daemon has none.
        with contextlib.suppress(ImportError):  # Of this import alone: one of the job's own is its caller's.
            tqdm = importlib.import_module("tqdm").tqdm
    if tqdm is None:
        yield lambda _: None
        return
    with tqdm(total=total, **{"unit": f" {unit}", "unit_scale": True, "dynamic_ncols": True, **look}) as bar:
        yield bar.update
