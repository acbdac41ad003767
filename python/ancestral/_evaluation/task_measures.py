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
from .rankings import auroc, average_precision
from .reliability import brier


class Answers(NamedTuple):
    """Truths and answers on tasks of one size, as arrays."""

    truth: Array
    """[b, n, n]."""
    probabilities: Array
    """[b, n, n]."""
    samples: Array | None
    """[b, s, n, n]."""
    log_probabilities: Array | None
    """[b]."""


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
    of: Callable[[Answers, Settings], Any] | None
    """[b] of them; None for one of all tasks together."""
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


def _guess(answers: Answers, settings: Settings) -> Array:
    return (answers.probabilities > settings.threshold).astype(np.float64)


def _dag(answers: Answers, settings: Settings) -> Array:
    return acyclic_guess(answers.probabilities, threshold=settings.threshold)


def _posterior(answers: Answers) -> Array:
    return answers.probabilities if answers.samples is None else answers.samples


def _log_probability(answers: Answers, settings: Settings) -> Any:
    if answers.log_probabilities is not None:
        return answers.log_probabilities
    return log_probability(answers.truth, answers.probabilities, law=settings.law, clip=settings.clip)


MEASURES = {
    "auroc": Measure("AUROC", True, lambda x, _: auroc(x.truth, x.probabilities), "scores"),
    "average_precision": Measure("average precision", True, lambda x, _: average_precision(x.truth, x.probabilities), "scores"),
    "f1": Measure("F1", True, lambda x, s: overlap(x.truth, _guess(x, s))),
    "shd": Measure("SHD", False, lambda x, s: hamming(x.truth, _guess(x, s))),
    "sid": Measure("SID", False, lambda x, s: sid(x.truth, _dag(x, s)).mistakes, asked=True),
    "aid": Measure("AID", False, lambda x, s: aid(x.truth, _dag(x, s)).mistakes, asked=True),
    "expected_f1": Measure("expected F1", True, lambda x, s: expected_f1(x.truth, _posterior(x), law=s.law)),
    "expected_shd": Measure("expected SHD", False, lambda x, s: expected_shd(x.truth, _posterior(x), law=s.law)),
    "log_probability": Measure("log probability", True, _log_probability),
    "brier": Measure("Brier score", False, lambda x, _: brier(x.truth, x.probabilities)),
    "calibration_error": Measure("expected calibration error", False, None),
    "share_acyclic": Measure("share of acyclic samples", True, lambda x, _: share_acyclic(x.samples), "samples"),
    "expected_sid": Measure("expected SID", False, lambda x, _: expected_sid(x.truth, x.samples).mistakes, "samples", True),
    "expected_aid": Measure("expected AID", False, lambda x, _: expected_aid(x.truth, x.samples).mistakes, "samples", True),
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
