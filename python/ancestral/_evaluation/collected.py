"""Collected: measures of one network on a family, batch by batch."""

from collections.abc import Container, Sequence

import numpy as np
import torch

from .bootstrap import Estimate, Resamples, estimate, mean
from .curves import precision_recall
from .given_batches import GivenBatch
from .given_graphs import Array
from .networks import Posterior
from .reliability import bin_sums, calibration_errors, of_sums
from .results import NetworkResult
from .task_measures import MEASURES, Settings


class Collected:
    """Measures of tasks, and sums over their pairs, in the order of the set."""

    def __init__(self, measures: Sequence[str], settings: Settings, answers: Container[str]) -> None:
        """`answers` are what the network gives, as measures need it; others are left out."""
        self._settings, self._probabilities = settings, "probabilities" in answers
        kept = [name for name in measures if MEASURES[name].needs in answers]
        self._pooled = [name for name in kept if MEASURES[name].of is None]
        self._names = kept
        self._places: list[Array] = []
        self._values: dict[str, list[Array]] = {name: [] for name in kept if name not in self._pooled}
        self._sums: list[Array] = []
        self._labels: list[Array] = []
        self._scores: list[Array] = []

    def add(self, places: Array, batch: GivenBatch, found: Posterior) -> None:
        """Takes the answer on tasks of one size, which stand at `places` of the set."""
        truth = batch.adjacency.detach().to(device="cpu", dtype=torch.float64).numpy()
        self._places.append(places)
        for name, values in self._values.items():
            measure = MEASURES[name].of
            assert measure is not None  # Those of all tasks together aren't here.
            values.append(np.asarray(measure(truth, found, self._settings), dtype=np.float64))
        pairs = ~np.eye(truth.shape[-1], dtype=bool)
        labels, scores = truth[:, pairs], found.probabilities[:, pairs]
        self._labels.append(labels.ravel())
        self._scores.append(scores.ravel())
        if self._probabilities:
            self._sums.append(np.stack([bin_sums(*pair, self._settings.bins) for pair in zip(labels, scores, strict=True)]))

    @property
    def n_tasks(self) -> int:
        """How many there were."""
        return sum(map(len, self._places))

    def result(self, resamples: Resamples) -> NetworkResult:
        """Means over tasks, their intervals, and the curves of all pairs together."""
        order = np.argsort(np.concatenate(self._places))
        values = {name: np.concatenate(parts)[order] for name, parts in self._values.items()}
        draws = {name: resamples.means(one) for name, one in values.items()}
        estimates = {name: estimate(mean(one), draws[name]) for name, one in values.items()}
        curve = precision_recall(np.concatenate(self._labels), np.concatenate(self._scores))
        if not self._probabilities:
            return NetworkResult(estimates, values, draws, curve, None)
        sums = np.concatenate(self._sums)[order]
        for name in self._pooled:
            draws[name] = calibration_errors(resamples.sums(sums))
            estimates[name] = estimate(float(calibration_errors(sums.sum(axis=0))), draws[name])
        ordered = {name: estimates[name] for name in self._names}
        return NetworkResult(ordered, values, draws, curve, of_sums(sums.sum(axis=0)))


def differences(first: NetworkResult, second: NetworkResult, resamples: Resamples) -> dict[str, Estimate]:
    """The first minus the second, by the measures that both have, on the same resamples of tasks; a task where one of the two
    says nothing has no part in either."""
    found: dict[str, Estimate] = {}
    for name in (name for name in first if name in second):
        if name in first.per_task:
            with np.errstate(invalid="ignore"):  # Of equal infinities.
                apart = first.per_task[name] - second.per_task[name]
            found[name] = estimate(mean(apart), resamples.means(apart))
        else:
            found[name] = estimate(first[name].mean - second[name].mean, first.draws[name] - second.draws[name])
    return found
