"""Expected measures of a posterior over graphs: of independent edges in closed form, or means over sampled graphs."""

import functools
from typing import Any, Literal, get_args

import numpy as np

from .._engine.checks import float32, one_of
from .._engine.errors import ConfigError
from .given_graphs import Array, check_samples, each, graph_and_scores, number
from .graph_distances import hamming, overlap

Law = Literal["pair", "edge"]
LAWS: tuple[Law, ...] = get_args(Law)
_MOST_NODES_OF_QUADRATURE = 64
_EXPONENTS_TO_NOTHING = 60.0


def expected_shd(truth: Any, probabilities: Any, *, law: Law = "pair") -> Any:
    """The mean structural Hamming distance of random graphs from the truth; a float, or an array [B] for [B, n, n].

    `probabilities` are P[i, j] of i -> j, with a law:

    - "pair": unordered pairs are independent, and each is i -> j, j -> i or nothing, with probabilities P[i, j], P[j, i] and
      the rest, so that P[i, j] + P[j, i] must be at most 1, within the rounding of its dtype;
    - "edge": all n (n - 1) directed edges are independent, as where a network's sigmoid gives each. Both directions of a pair
      may then be there at once, which is a mistake like any other.

    For samples of 0 and 1, [s, n, n] for a truth [n, n] or [B, s, n, n] for [B, n, n], it is the mean over them. Raises
    ConfigError for other shapes and for numbers that are no probabilities.
    """
    a, p, sampled = _posterior(truth, probabilities, law)
    if sampled:
        return number(hamming(np.expand_dims(a, -3), p).mean(axis=-1))
    back = np.swapaxes(p, -2, -1)
    only, only_back, none = _states(p, back, law)
    forward, backward = a == 1, np.swapaxes(a, -2, -1) == 1
    right = np.select([forward & backward, forward, backward], [1 - only - only_back - none, only, only_back], none)
    return number(np.triu(1 - right, 1).sum(axis=(-2, -1)))


def expected_f1(truth: Any, probabilities: Any, *, law: Law = "pair") -> Any:
    """The mean F1 of directed edges over random graphs; a float, or an array [B] for [B, n, n]. 1 where none has an edge.

    Given as for `expected_shd`. Of samples it is the mean of their F1, the expected edge F1 of BCNP; of probabilities it is
    that mean's limit for ever more samples, in closed form, and not the F1 of expected counts. Raises ConfigError as
    `expected_shd` does. Source: Dhir, Ashman, Requeima, van der Wilk, "A meta-learning approach to Bayesian causal discovery",
    ICLR 2025.
    """
    a, p, sampled = _posterior(truth, probabilities, law)
    if sampled:
        return number(overlap(np.expand_dims(a, -3), p).mean(axis=-1))
    return number(each(functools.partial(_closed_f1, law=law), a, p))


def log_probability(truth: Any, probabilities: Any, *, law: Law = "pair", clip: float = 0.0) -> Any:
    """The logarithm of the probability of the very graph that is true, in nats; a float, or an array [B] for [B, n, n].

    Given as for `expected_shd`. Of probabilities it is a sum over pairs, or over edges; -inf where one of them is 0. With
    `clip` they are first brought into [clip, 1 - clip], so that one sure mistake of thousands doesn't decide. Of samples it is
    that of their empirical law, the logarithm of the share of samples that are the truth, -inf where none is; for the law of
    independent edges with the samples' own probabilities, give `samples.mean(-3)`. Raises ConfigError as `expected_shd` does.
    """
    least = float32(clip, "clip")
    if not 0 <= least < 0.5:
        raise ConfigError(f"clip = {clip!r}: must be at least 0 and below 0.5.")
    a, p, sampled = _posterior(truth, probabilities, law)
    with np.errstate(divide="ignore"):
        if sampled:
            return number(np.log((hamming(np.expand_dims(a, -3), p) == 0).mean(axis=-1)))
        if law == "edge":
            right = np.where(a == 1, p, 1 - p)
            pairs = ~np.eye(a.shape[-1], dtype=bool)
        else:
            back = np.swapaxes(p, -2, -1)
            other = np.swapaxes(a, -2, -1)
            right = np.select([(a == 1) & (other == 1), a == 1, other == 1], [np.zeros_like(p), p, back], _rest(p, back))
            pairs = np.triu(np.ones(a.shape[-2:], dtype=bool), 1)
        return number(np.log(np.clip(right, least, 1 - least)[..., pairs]).sum(axis=-1))


def _posterior(truth: Any, given: Any, law: Any) -> tuple[Array, Array, bool]:
    """The truth, probabilities or samples without diagonals, and whether they are samples."""
    one_of(law, "law", LAWS)
    a, p, rounding = graph_and_scores(truth, given, "probabilities", many=True)
    if p.ndim > a.ndim:
        check_samples(p, "probabilities")
        return a, p, True
    slack = max(1e-6, 2 * rounding)
    if law == "edge":
        if not np.all((p >= 0) & (p <= 1 + slack)):
            raise ConfigError("probabilities: must be from 0 to 1.")
        return a, np.minimum(p, 1.0), False
    if not np.all((p >= 0) & (p + np.swapaxes(p, -2, -1) <= 1 + slack)):
        raise ConfigError(
            "probabilities: must be at least 0, and those of both directions of a pair at most 1 together; "
            'with law="edge" each may be up to 1.'
        )
    return a, p, False


def _rest(p: Array, back: Array) -> Array:
    return np.maximum(1 - p - back, 0)


def _states(p: Array, back: Array, law: Law) -> tuple[Array, Array, Array]:
    """The probabilities that only i -> j is there, only j -> i, and neither."""
    if law == "pair":
        return p, back, _rest(p, back)
    return p * (1 - back), back * (1 - p), (1 - p) * (1 - back)


def _closed_f1(a: Array, p: Array, law: Law) -> float:
    """E[2 TP / (m + S)] for m true edges, of which TP are found among S that are guessed.

    1 / (m + S) is the integral of x^(m + S - 1) over [0, 1], and the mean of TP x^S is, over independent elements k, the sum
    over k of a_k x / g_k(x) times the product of all g(x), where g_k(x) = 1 - s_k + s_k x, s_k is the probability that the
    element gives an edge and a_k that it gives a true one. That is a polynomial, which Gauss and Legendre's rule integrates
    exactly with half as many nodes as its degree. It falls from x = 1 on as fast as exp(-c (1 - x)), c = m + the mean of S, so
    that there is nothing left beyond 60 / c; over that stretch more than 64 nodes change nothing in float64.
    """
    s, true = _elements(p, law), _elements(np.where(a == 1, p, 0.0), law)
    m = float(a.sum())
    if m == 0:
        return float(np.prod(1 - s))
    nodes, weights = _rule(min(_MOST_NODES_OF_QUADRATURE, (len(s) + int(m)) // 2 + 1))
    stretch = min(1.0, _EXPONENTS_TO_NOTHING / (m + float(s.sum())))
    y = stretch * (1 - nodes) / 2  # 1 - x, which has more digits where x is near 1.
    kept = s > 0
    logarithms = np.log1p(-s[kept, None] * y)
    mean = np.sum(true[kept, None] * (1 - y) * np.exp(-logarithms), axis=0) * np.exp(logarithms.sum(axis=0))
    return float(stretch * weights @ (np.exp((m - 1) * np.log1p(-y)) * mean))


@functools.lru_cache(maxsize=_MOST_NODES_OF_QUADRATURE)
def _rule(count: int) -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre's rule over [-1, 1], which take longer to find than to use."""
    return np.polynomial.legendre.leggauss(count)


def _elements(p: Array, law: Law) -> Array:
    """The probabilities that each independent element gives an edge: a directed one, or a pair in either direction."""
    pairs = ~np.eye(len(p), dtype=bool)
    return p[pairs] if law == "edge" else np.minimum(p + np.swapaxes(p, 0, 1), 1.0)[np.triu(pairs)]
