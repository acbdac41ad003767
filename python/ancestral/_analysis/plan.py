"""Plan and Sample: how much an analysis measures, and what it has measured."""

import json
from typing import Any, NamedTuple

from .._engine import _ffi
from .._engine.checks import check_seed, whole_number
from .._engine.threads import checked_threads

_MOST_TASKS, _MOST_ROWS = 10_000_000, 10_000_000


class Plan(NamedTuple):
    """The size of what is to be measured; checked."""

    n_tasks: int
    n_samples: int
    seed: int
    threads: int
    detailed: bool = False

    @classmethod
    def of(cls, n_tasks: Any, n_samples: Any, seed: Any, threads: Any = None, *, detailed: bool = False) -> "Plan":
        """ConfigError names the argument that is wrong."""
        return cls(
            whole_number(n_tasks, "n_tasks", 2, _MOST_TASKS),
            whole_number(n_samples, "n_samples", 0, _MOST_ROWS),
            check_seed(seed) % (1 << 63),
            checked_threads(threads),
            detailed,
        )

    def options(self, **others: Any) -> str:
        """The engine's options as JSON."""
        numbers = {"tasks": self.n_tasks, "rows": self.n_samples, "seed": self.seed, "threads": self.threads}
        return json.dumps({**numbers, "detailed": int(self.detailed), **others})


class Sample(NamedTuple):
    """Tasks that the engine has measured."""

    handle: _ffi.Handle
    notes: list[str]
    """Sentences that a reader should know of which tasks they are, and of what could not be measured."""
