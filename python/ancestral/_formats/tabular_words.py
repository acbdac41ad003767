"""Random choices that make a table of a task: its target, its features, its classes, and where a batch is split.

Philox's words are the same in every version of numpy, which its permutations are not promised to be; so choices are made of
the words themselves. A task's words are a function of its seed alone.
"""

from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from .._config.containers import resolved
from .._engine.checks import whole_number
from .._engine.errors import ConfigError

# Keep these words apart from all others of the same seed.
TABLE, SPLIT = 0x7461626C65, 0x73706C6974
_MOST = 1 << 20

Range: TypeAlias = tuple[int, int]
Share: TypeAlias = "float | tuple[float, float]"


class Words:
    """The words of a seed for a purpose."""

    def __init__(self, seed: int, purpose: int) -> None:
        self._words: Any = np.random.Philox(key=np.array([seed, purpose], dtype=np.uint64))

    def order(self, count: int) -> NDArray[np.int64]:
        """The numbers 0 to count - 1, each order as likely as any other."""
        return np.argsort(self._words.random_raw(count), kind="stable")

    def number(self, low: int, high: int) -> int:
        """A whole number from low to high, each as likely as any other but for 2^-64 of their number."""
        return low + (int(self._words.random_raw()) * (high - low + 1) >> 64)


class Choice(NamedTuple):
    """The nodes of a table and the classes of its target."""

    target: int
    features: NDArray[np.int64]
    classes: NDArray[np.int64] | None
    """The name of each class from the lowest values up; None for regression."""


def choose(seed: int, parents: NDArray[np.int64], n_features: int, *, child: bool, classes: Range | None) -> Choice:
    """The choices of a task whose nodes have so many parents; `child` wants a target that has some, where a node has."""
    words = Words(seed, TABLE)
    order = words.order(len(parents))
    place = int(np.argmax(parents[order] > 0)) if child else 0
    features = np.delete(order, place)[:n_features]
    names = None if classes is None else words.order(words.number(*classes))
    return Choice(int(order[place]), features, names)


def read_classes(n_classes: Any, problem_type: str) -> Range | None:
    """Least and most number of classes; None for regression."""
    n_classes = resolved(n_classes, "n_classes")
    if problem_type == "regression":
        if n_classes is not None:
            raise ConfigError(f"n_classes = {n_classes!r}: must be left out of regression.")
        return None
    if n_classes is None:
        raise ConfigError(
            "n_classes = None: must be given for classification, whose classes are quantiles of a continuous node, such as 3, "
            "or (2, 10) for a number drawn for each task."
        )
    low, high = _pair(n_classes, "n_classes")
    least = whole_number(low, "n_classes", 2, _MOST)
    return least, whole_number(high, "n_classes", least, _MOST)


def read_split(split: Any) -> Share:
    """The split as it was given, checked as far as it can be without a number of rows."""
    given = resolved(split, "split")
    split_range(given, _MOST + 2)
    low, high = _pair(given, "split")
    return (_plain(low), _plain(high)) if isinstance(given, (tuple, list)) else _plain(given)


def split_range(split: Any, n_rows: int) -> Range:
    """The least and the most training rows: 2 at least, for a deviation, and one less than there are rows."""
    low, high = (_rows(part, n_rows, split) for part in _pair(split, "split"))
    if low > high:
        raise ConfigError(f"split = {split!r}: must begin with the smaller of the two.")
    return low, high


def _plain(part: Any) -> int | float:
    """A number of Python's, as a state repeats it."""
    return float(part) if _is_share(part) else int(part)


def _is_share(part: Any) -> bool:
    return isinstance(part, (float, np.floating))


def _rows(part: Any, n_rows: int, split: Any) -> int:
    right = f"2 to {n_rows - 1} training rows of {n_rows}" if n_rows <= _MOST else "2 training rows or more"
    reason = f"split = {split!r}: must be {right}, a share of the rows between 0 and 1, or a pair of these."
    if _is_share(part):
        share = float(part)
        if not 0 < share < 1:
            raise ConfigError(reason)
        return min(max(round(share * n_rows), 2), n_rows - 1)
    try:
        return whole_number(part, "split", 2, n_rows - 1)
    except ConfigError:
        raise ConfigError(reason) from None


def _pair(value: Any, field: str) -> tuple[Any, Any]:
    if not isinstance(value, (tuple, list)):
        return value, value
    given = cast("tuple[Any, ...]", value)
    if len(given) != 2:
        raise ConfigError(f"{field} = {value!r}: must be one number, or the least and the most.")
    return given[0], given[1]
