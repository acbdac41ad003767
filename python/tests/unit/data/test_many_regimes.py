"""Designs of thousands of regimes, whose cost is that of their rows."""

import time
from typing import Any

import pytest

import ancestral as anc

FAMILY = anc.SCMFamily(n_nodes=20)


def seconds(n_samples: int, **interventions: Any) -> float:
    """Processor seconds of a task, the least of some."""
    design = anc.Design(n_samples=n_samples, interventions=anc.Interventions(n_samples=4096, regimes=4096, **interventions))
    tasks, found = iter(anc.MetaIterableDataset(FAMILY, design=design, batch_size=1)), []
    next(tasks)
    for _ in range(4):
        start = time.process_time()
        next(tasks)
        found.append(time.process_time() - start)
    return min(found)


# Where each tile of rows, or each turn of rows, looks at all regimes these take 80 and 20 times as long as the other.
@pytest.mark.parametrize(
    ("n_samples", "slow", "quick"),
    [(100, {"targets": 10, "noise": "shared"}, {"targets": 10}), (100_000, {"order": "interleaved"}, {})],
)
def test_time_does_not_grow_with_their_square(n_samples: int, slow: Any, quick: Any) -> None:
    assert seconds(n_samples, **slow) < 12 * seconds(n_samples, **quick)
