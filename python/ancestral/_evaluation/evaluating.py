"""`evaluate`: a network on the tasks of several families, with a baseline beside it."""

from collections.abc import Sequence
from typing import Any

import torch

from .._corpus.progress import progress
from .._data.batches.normalize import check_normalize
from .._engine.checks import check_seed, float32, one_of, whole_number
from .._engine.errors import ConfigError
from .._mechanisms.forward import check_device
from .bootstrap import Resamples
from .collected import Collected, differences
from .correlations import absolute_correlation
from .expectations import LAWS, Law
from .given_batches import GivenBatch, batches_by_family
from .networks import AskedNetwork, Posterior
from .results import Evaluation, FamilyResult
from .task_measures import Settings, chosen_measures


def evaluate(
    network: Any,
    families: Any,
    *,
    baseline: Any = "correlation",
    measures: Sequence[str] | None = None,
    law: Law = "edge",
    threshold: float = 0.5,
    n_graphs: int = 100,
    clip: float = 1e-6,
    bins: int = 10,
    batch_size: int | None = None,
    normalize: str | None = None,
    device: torch.device | str | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Evaluates a network that reads data and answers with a causal graph, on the test sets of families, side by side.

        found = evaluation.evaluate(lambda X: network(X).sigmoid(), data_module)
        print(found)

    `network` is a callable that takes X [B, n, d] and gives the probability of each edge i -> j, [B, d, d]; or an object with
    `edge_probabilities(X)` of that kind, or with `sample_graphs(X, n_graphs)` that gives [B, n_graphs, d, d] of 0 and 1, or
    both; `log_probability(X, adjacency)` -> [B] is asked where it is there. What has a parameter `node_mask` gets it, bool
    [B, d], with padded batches; any other is asked for tasks of one size at a time, without padding. Under a design it gets the
    dict of tensors in place of X. A module is put in evaluation mode and no gradients are taken; torch's random numbers come
    from `seed`. All of that is as before afterwards. `device` is where data are moved; None is that of a module's parameters.

    `families` is a DataModule, whose test sets are read as its loaders give them (of several ranks each evaluates its own
    tasks), or a mapping of names to fixed sets, corpora or any data set that `anc.analysis.summary` takes, or one of these.
    Data sets are read in batches of `batch_size` (64), each task scaled by itself as `normalize` says ("standardize").

    `measures` are some of "auroc", "average_precision", "f1" and "shd" of the edges above `threshold`, "expected_f1",
    "expected_shd", "log_probability" in nats, "brier" and "calibration_error" in `bins` bins; and for networks that draw graphs
    "share_acyclic", by edges between different nodes. None is all of these. "sid" and "aid" of the edges above the threshold
    that close no cycle, as `acyclic_guess` takes them, and "expected_sid" and "expected_aid" of sampled graphs take longer, and
    must be asked for. Expectations are over sampled graphs where there are any, else over independent edges by `law`, as
    `expected_shd` has it; probabilities are brought into [clip, 1 - clip] for "log_probability" alone.

    Each is a mean over tasks with the central 95 % of `resamples` bootstrap samples of tasks; tasks where it says nothing, such
    as the AUROC of a graph without an edge, are left out. The baseline is |correlation|, with the ranking measures alone, or a
    second network, or None; differences are taken task by task, and their intervals are paired. The same arguments give the
    same numbers. A terminal shows a progress bar.

    Raises ConfigError for a wrong value, for a network that answers with anything else, and for a data set without graphs.
    """
    asked = AskedNetwork(network, "network", whole_number(n_graphs, "n_graphs", 1, 1_000_000))
    against = _baseline(baseline, n_graphs)
    one_of(law, "law", LAWS)
    settings = Settings(
        law, _share(threshold, "threshold", 1), _share(clip, "clip", 0.49), whole_number(bins, "bins", 1, 10_000)
    )
    names = chosen_measures(measures, samples="samples" in asked.answers)
    given = batches_by_family(
        families,
        None if batch_size is None else whole_number(batch_size, "batch_size", 1, 1 << 20),
        None if normalize is None else check_normalize(normalize),
    )
    place = None if device is None else check_device(device)
    count, start = whole_number(resamples, "resamples", 2, 1_000_000), check_seed(seed) % (1 << 63)
    ranked = ("scores",) if against is None else against.answers
    found: dict[str, FamilyResult] = {}
    with progress(sum(one.n_tasks or 0 for one in given.values()), "task") as done:
        for name, one in given.items():
            kept = Collected(names, settings, asked.answers)
            beside = None if baseline is None else Collected(names, settings, ranked)
            tasks = 0
            for batch in one.batches:
                _add(kept, asked, batch, tasks, start, place)
                if beside is not None:
                    _add(beside, against, batch, tasks, start, place)
                tasks += len(batch.x)
                done(len(batch.x))
            found[name] = _result(kept, beside, Resamples(kept.n_tasks, count, start, name))
    return Evaluation(found, None if baseline is None else "|correlation|" if against is None else "baseline")


def _add(
    kept: Collected, network: AskedNetwork | None, batch: GivenBatch, first: int, seed: int, device: torch.device | None
) -> None:
    """Asks about a batch whose first task is number `first`."""
    if network is None:
        answers = [(index, part, Posterior(absolute_correlation(part).numpy())) for index, part in batch.by_size()]
    else:
        # The number of the task, so that a batch's random numbers don't depend on what was asked before.
        there = network.device if device is None else device
        with network.asked((seed + first) % (1 << 63), there):
            answers = network.answer(batch.to(there))
    for index, part, answer in answers:
        kept.add(first + index.numpy(), part, answer)


def _result(kept: Collected, beside: Collected | None, resamples: Resamples) -> FamilyResult:
    network = kept.result(resamples)
    other = None if beside is None else beside.result(resamples)
    return FamilyResult(kept.n_tasks, network, other, {} if other is None else differences(network, other, resamples))


def _baseline(given: Any, n_graphs: int) -> AskedNetwork | None:
    """The second network; None for |correlation|, and where there is no baseline."""
    if given is None or (isinstance(given, str) and given == "correlation"):
        return None
    if isinstance(given, str):
        raise ConfigError(f"baseline = {given!r}: must be 'correlation', a second network or None.")
    return AskedNetwork(given, "baseline", n_graphs)


def _share(given: Any, name: str, most: float) -> float:
    number = float32(given, name)
    if not 0 <= number <= most:
        raise ConfigError(f"{name} = {given!r}: must be a number from 0 to {most}.")
    return number
