"""Proof of which tasks were used: from the folder that DataModule.write_registry leaves, from a fixed set, or from a corpus."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

import torch
from torch import Tensor

from .._config.containers import mapping
from .._config.design import sizes_per_batch
from .._corpus.check import verify_corpus
from .._corpus.findings import Findings
from .._corpus.json_files import INDEX
from .._data.batches.drawing import Filling
from .._data.batches.given_rows import design_of_kinds
from .._data.batches.task import Task
from .._data.stream.pass_starts import TASKS_PER_PASS
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor, seeds_to_tensor, whole_number
from .._engine.errors import ConfigError
from .._engine.threads import thread_count
from .._files.paths import absolute
from .._mechanisms.modules import MechanismFactory
from .._scm.family import SCMFamily
from .._scm.generators import GraphGenerator
from .._scm.instance import SCMInstance
from .registry_reader import Run, old_configs
from .set_check import own_faults

_TRAINING_TASKS = 1000


def verify(
    path: str | PathLike[str], *, n_training_tasks: int = _TRAINING_TASKS, families: Mapping[str, SCMFamily] | None = None
) -> Findings:
    """The faults of a run's registry (a folder), a fixed set's safetensors file or a corpus (a folder); a sentence each.

    An empty list says that all is as it was written. Of a registry are computed again: the checksum of every file, the
    fingerprints of all families, the seeds and graph hashes of the fixed sets, and that these share no task. Then come the
    training tasks that the stream wrote down as it drew them, an even sample of up to 1000, of which `n_training_tasks` are
    taken: their seeds are those of the run's stream, and their graphs those that keep clear of the fixed sets' graphs.
    Of a fixed set, every task. The same checks as `ancestral verify`. A corpus is checked by verify_corpus.

    What can't be computed again is no fault: the list's `unproved` has a sentence for each such thing, which is logged as a
    warning too. So it is with what strategies written in Python draw, unless `families` has the families, by the names that
    the run's DataModule had them under (`DataModule.families`). Raises ConfigError where there is nothing to check, for a
    family that is not the run's, and for `families` of anything but a registry.
    """
    count = whole_number(n_training_tasks, "n_training_tasks", 0, 100_000_000)
    place, given = absolute(path, "path"), _checked_families(families)
    is_corpus = os.path.isfile(place / INDEX)
    if given and (is_corpus or os.path.isfile(place)):
        what = "a corpus, whose family verify_corpus takes" if is_corpus else "a fixed set's file, which has one family"
        raise ConfigError(f"families = {list(given)}: must be left out for {what}; they are those of a run's registry.")
    if is_corpus:
        return verify_corpus(place)
    own = {name: family for name, family in given.items() if not family.in_engine}
    configs = json.loads(old_configs(place) or "null")
    options = {"training_tasks": count, "threads": thread_count(), "checked": list(own), "configs": configs}
    report = json.loads(_ffi.verify(str(place), json.dumps(options)))
    found = Findings(report["faults"], report["unproved"])
    if given and not found:
        run = Run(place)
        _check_families(run, given)
        found.extend(own_faults(run, own, count))
    return found.logged()


def replay(
    run_dir: str | PathLike[str],
    split: str,
    index: int,
    *,
    graph_generator: GraphGenerator | Callable[..., Tensor] | None = None,
    mechanism_factory: MechanismFactory | Callable[..., Sequence[Any]] | None = None,
) -> tuple[SCMInstance, Task | Any]:
    """Task `index` of a run's "train" stream (elastic order, first pass) or of a fixed set such as "test/id", to the bit.

    Returns the SCM and its data, under the set's design if it has one. Strategies that were written in Python must be given,
    with the parameters that the registry says. Raises ConfigError for a folder that is no registry, an unknown split, a wrong
    index, and for another strategy.
    """
    strategies = {"graph_generator": graph_generator, "mechanism_factory": mechanism_factory}
    run = Run(absolute(run_dir, "run_dir"))
    splits = ["train", *run.seeds]
    if not isinstance(split, str) or split not in splits:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigError(f"split = {split!r}: must be one of {', '.join(splits)}.")
    count = len(run.seeds[split]) if split in run.seeds else TASKS_PER_PASS
    try:
        number = whole_number(index, "index", 0, count - 1)
    except ConfigError:
        raise ConfigError(f"index = {index!r}: must be a whole number from 0 below {count}.") from None
    family = run.family(split, {role: given for role, given in strategies.items() if given is not None})
    design = run.design(split)
    filling = Filling(family, run.rows or 0, design=design or design_of_kinds(family, run.rows or 0))
    if split in run.seeds:
        seeds = filling.taken(seeds_to_tensor([run.seeds[split][number]]))
    else:
        seeds = seeds_to_tensor([run.training_seed(family, number)])
    instance = family.sample_task(seeds_from_tensor(seeds)[0])
    if sizes_per_batch(design):
        seeds = torch.cat([run.training_slot(run.batch_start(number)), seeds])
    return instance, filling.draw(seeds, shared=False).singles()[-1]


def _checked_families(given: Any) -> Mapping[str, SCMFamily]:
    """The families that were given, none for None."""
    families = mapping({} if given is None else given, "families")
    for name, family in families.items():
        if not isinstance(family, SCMFamily):
            raise ConfigError(f"families[{name!r}] is of type {type(family).__name__}: must be of type SCMFamily.")
    return families


def _check_families(run: Run, given: Mapping[str, SCMFamily]) -> None:
    """ConfigError unless these are the run's."""
    for name, family in given.items():
        found, right = family.fingerprint(run.design(name)), run.fingerprint(name)
        if found != right:
            raise ConfigError(f"families[{name!r}] has fingerprint {found}: must be {right}, as in {run.folder}.")
