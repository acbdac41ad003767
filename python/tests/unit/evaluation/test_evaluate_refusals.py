"""evaluate: networks and families that can't be evaluated are refused in a sentence."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral import evaluation
from small_networks import SIZES, SMALL, fixed, scores


def constant(value: float) -> Callable[[Tensor], Tensor]:
    return lambda X: torch.full((len(X), X.shape[2], X.shape[2]), value)


class OddSampler:
    def sample_graphs(self, X: Tensor, n_graphs: int) -> Tensor:
        return torch.full((len(X), n_graphs, X.shape[2], X.shape[2]), 0.5)


@pytest.mark.parametrize(
    ("network", "options", "says"),
    [
        (3, {}, "network is of type int: must be a callable"),
        (constant(1.001), {}, "network gave 1.001: must be edge probabilities"),
        (constant(1.5), {}, "network gave 1.5: must be edge probabilities, as logits.sigmoid"),
        (constant(math.nan), {}, "network gave edge probabilities that are not finite"),
        (lambda X: X, {}, r"edge probabilities of shape \[20, 30, 5\]: must be \[20, 5, 5\]"),
        (lambda X: "text", {}, "network gave a str: must give a tensor"),
        (OddSampler(), {}, "sampled graphs with other entries than 0 and 1"),
        (scores, {"baseline": "chance"}, "baseline = 'chance': must be 'correlation'"),
        (scores, {"baseline": constant(-1)}, "baseline gave -1"),
        (scores, {"measures": ["share_acyclic"]}, "must be left out for a network without sample_graphs"),
        (scores, {"measures": ["auc"]}, "measures has 'auc': must be some of auroc"),
        (scores, {"measures": "auroc"}, "must be a list"),
        (scores, {"law": "pair"}, "at most 1 together"),
        (scores, {"law": "pairs"}, "law = 'pairs'"),
        (scores, {"threshold": 2}, "threshold = 2: must be a number from 0 to 1"),
        (scores, {"clip": -1}, "clip = -1"),
        (scores, {"bins": 0}, "bins = 0"),
        (scores, {"resamples": 1}, "resamples = 1"),
        (scores, {"batch_size": 0}, "batch_size = 0"),
        (scores, {"normalize": "rank"}, "normalize"),
        (scores, {"device": "nowhere"}, "device"),
        (scores, {"seed": -1}, "seed"),
        (scores, {"n_graphs": 0}, "n_graphs = 0"),
    ],
)
def test_what_is_wrong_is_said(network: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        evaluation.evaluate(network, {"a": fixed(SMALL)}, **options)


@pytest.mark.parametrize(
    ("families", "options", "says"),
    [
        ({}, {}, "families is empty"),
        (None, {}, "family is of type NoneType: must be a DataModule"),
        ({"a": anc.MetaFixedDataset(SMALL, n_tasks=2, n_samples=9, return_adjacency=False)}, {}, "a is a data set without"),
        ({"a": []}, {}, "a is a list of nothing"),
        (
            anc.DataModule(SMALL, None, SMALL, n_samples=9, batch_size=2, n_test=2, collate_fn=lambda batch: batch.X),
            {},
            "test gives batches of type Tensor",
        ),
        (
            anc.DataModule(SMALL, None, SIZES, n_samples=9, batch_size=2, n_test=2, return_adjacency=False),
            {},
            "test gives batches of type PaddedX",
        ),
        (anc.DataModule(SMALL, None, None, n_samples=9, batch_size=2), {}, "families is empty"),
        (anc.DataModule(SMALL, None, SMALL, n_samples=9, batch_size=2), {"batch_size": 3}, "batch_size = 3: must be left out"),
    ],
)
def test_families_without_tasks_are_refused(families: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        evaluation.evaluate(scores, families, **options)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_probabilities_above_one_by_rounding_are_one(dtype: torch.dtype) -> None:
    over = torch.tensor(1.0, dtype=dtype) + torch.finfo(dtype).eps  # As a sum of two softmax outputs may be.
    asked = {"a": fixed(SMALL)}
    sure = evaluation.evaluate(constant(1.0), asked, resamples=5)
    found = evaluation.evaluate(lambda X: over.expand(len(X), 5, 5), asked, resamples=5)
    assert over > 1
    assert str(found) == str(sure)


def test_numbers_of_numpy_are_numbers() -> None:
    found = evaluation.evaluate(scores, fixed(SMALL), threshold=np.float32(0.25), clip=np.float32(0.125), resamples=5)
    assert str(found) == str(evaluation.evaluate(scores, fixed(SMALL), threshold=0.25, clip=0.125, resamples=5))
    truth = [[0, 1], [0, 0]]
    assert evaluation.log_probability(truth, truth, clip=np.float32(0.25)) == evaluation.log_probability(
        truth, truth, clip=0.25
    )
