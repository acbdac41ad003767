"""The progress bar of a long job, on a terminal."""

import contextlib
import importlib
import sys
from collections.abc import Callable, Generator


@contextlib.contextmanager
def progress(total: int, unit: str, name: str | None = None, *, stays: bool = True) -> Generator[Callable[[int], object]]:
    """Gives a function that adds to what is done. A file gets nothing, nor does a terminal where there is no tqdm.

    `name` stands before the bar, which is taken away at the end unless it `stays`.
    """
    if sys.stderr is not None and sys.stderr.isatty():  # pyright: ignore[reportUnnecessaryComparison] - a daemon has none.
        with contextlib.suppress(ImportError):
            tqdm = importlib.import_module("tqdm").tqdm
            with tqdm(total=total, desc=name, unit=f" {unit}", unit_scale=True, dynamic_ncols=True, leave=stays) as bar:
                yield bar.update
            return
    yield lambda _: None
