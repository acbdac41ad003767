"""The measures of a table, each of all tasks of one size at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .._engine.errors import ConfigError
from .acyclicity import acyclic_guess, share_acyclic
from .adjustments import aid, expected_aid, expected_sid, sid
from .expectations import Law, expected_f1, expected_shd, log_probability
from .given_graphs import Array
from .graph_distances import hamming, overlap
from .networks import Posterior
from .rankings import auroc, average_precision
from .reliability import brier


class Settings(NamedTuple):
    """What measures depend on."""

    law: Law
    threshold: float
    clip: float
    bins: int


@dataclass(frozen=True)
class Measure:
    """A measure of one task."""

    title: str
    higher_is_better: bool
    of: Callable[[Array, Posterior, Settings], Any] | None
    """[b] of them, from truths [b, n, n] and the answers; None for one of all tasks together."""
    needs: str = "probabilities"
    """"scores" of any scale, "probabilities" or "samples"."""
    asked: bool = False
    """True if it is left out unless it is asked for."""

    def error(self, value: Any) -> Any:
        """The value as an error, of which less is better: 1 minus a share, or minus a log probability."""
        if not self.higher_is_better:
            return value
        return -value if self.title == "log probability" else 1 - value

    @property
    def error_title(self) -> str:
        """What the error is called."""
        if not self.higher_is_better:
            return self.title
        return f"minus {self.title}" if self.title == "log probability" else f"1 - {self.title}"


def _guess(p: Posterior, settings: Settings) -> Array:
    return (p.probabilities > settings.threshold).astype(np.float64)


def _dag(p: Posterior, settings: Settings) -> Array:
    return acyclic_guess(p.probabilities, threshold=settings.threshold)


def _either(p: Posterior) -> Array:
    return p.probabilities if p.samples is None else p.samples


def _log_probability(a: Array, p: Posterior, settings: Settings) -> Any:
    if p.log_probabilities is not None:
        return p.log_probabilities
    return log_probability(a, p.probabilities, law=settings.law, clip=settings.clip)


MEASURES = {
    "auroc": Measure("AUROC", True, lambda a, p, _: auroc(a, p.probabilities), "scores"),
    "average_precision": Measure("average precision", True, lambda a, p, _: average_precision(a, p.probabilities), "scores"),
    "f1": Measure("F1", True, lambda a, p, s: overlap(a, _guess(p, s))),
    "shd": Measure("SHD", False, lambda a, p, s: hamming(a, _guess(p, s))),
    "sid": Measure("SID", False, lambda a, p, s: sid(a, _dag(p, s)).mistakes, asked=True),
    "aid": Measure("AID", False, lambda a, p, s: aid(a, _dag(p, s)).mistakes, asked=True),
    "expected_f1": Measure("expected F1", True, lambda a, p, s: expected_f1(a, _either(p), law=s.law)),
    "expected_shd": Measure("expected SHD", False, lambda a, p, s: expected_shd(a, _either(p), law=s.law)),
    "log_probability": Measure("log probability", True, _log_probability),
    "brier": Measure("Brier score", False, lambda a, p, _: brier(a, p.probabilities)),
    "calibration_error": Measure("expected calibration error", False, None),
    "share_acyclic": Measure("share of acyclic samples", True, lambda a, p, _: share_acyclic(p.samples), "samples"),
    "expected_sid": Measure("expected SID", False, lambda a, p, _: expected_sid(a, p.samples).mistakes, "samples", True),
    "expected_aid": Measure("expected AID", False, lambda a, p, _: expected_aid(a, p.samples).mistakes, "samples", True),
}
"""By name, in the order of a table."""


def chosen_measures(given: Sequence[str] | None, *, samples: bool) -> list[str]:
    """The names of the measures, in the order of a table; None for all that need not be asked for."""
    if given is None:
        return [name for name, one in MEASURES.items() if not one.asked and (samples or one.needs != "samples")]
    if isinstance(given, str) or not given:
        raise ConfigError(f"measures = {given!r}: must be a list of some of {', '.join(MEASURES)}.")
    for name in given:
        if name not in MEASURES:
            raise ConfigError(f"measures has {name!r}: must be some of {', '.join(MEASURES)}.")
        if MEASURES[name].needs == "samples" and not samples:
            raise ConfigError(f"measures has {name!r}: must be left out for a network without sample_graphs(X, n_graphs).")
    return [name for name in MEASURES if name in given]
