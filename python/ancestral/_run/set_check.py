"""The check of sets whose graphs strategies written in Python draw, which the engine can't do in a run's verification."""

from collections.abc import Iterator, Mapping

import torch

from .._config.design import Design
from .._data.batches.drawing import Filling
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine import _ffi
from .._engine.checks import seeds_to_tensor
from .._engine.errors import ConfigError, DisjointnessError
from .._engine.memory import empty
from .._scm.family import SCMFamily
from .._scm.hash_registry import HashRegistry
from .registry_reader import Run


def own_faults(run: Run, families: Mapping[str, SCMFamily], n_training_tasks: int) -> Iterator[str]:
    """The faults of graphs of `families`, which are the run's, a sentence each; the files are as they were written."""
    for name, family in families.items():
        if not family.has_own_graphs:
            continue  # The engine has drawn them again.
        if name == "train":
            yield from _training_faults(run, family, n_training_tasks)
        else:
            found = MetaFixedDataset(family, run.seeds[name], **run.shown(name)).graph_hashes(run.reserved.level)
            for index, (here, there) in enumerate(zip(found, run.hashes[name], strict=True)):
                if here != there:
                    yield f"hashes.json: {name}[{index}]: the graph of seed {run.seeds[name][index]:016x} has another hash."


def _training_faults(run: Run, family: SCMFamily, count: int) -> Iterator[str]:
    """The engine has compared the seeds with the stream's, and at level "exact" the hashes with the reserved ones."""
    reserved, design = run.reserved, run.design("train")
    for task in run.training[:count]:
        place = f"train[{task['number']}]" + (f" of epoch {task['epoch']}" if task["epoch"] else "")
        seed = int(task["seed"], 16)
        first = family.sample_task(seed)
        if design is None and first.graph_hash() == task["hash"]:
            if reserved.level != "exact" and first.graph_hash(reserved.level) in reserved:
                yield f"{place}: its graph is one of a fixed set."
        elif task["hash"] not in (reserved if reserved.level == "exact" else ()):
            try:
                drawn = _clear(family, seed, reserved, design)
            except (ConfigError, DisjointnessError) as error:
                yield f"{place}: {error}"
            else:
                if drawn != task["hash"]:
                    yield f"{place}: its graph is not the one that keeps clear of the fixed sets."


def _clear(family: SCMFamily, seed: int, reserved: HashRegistry, design: Design | None) -> str:
    """The hash of the graph that a stream draws for a slot, at level "exact"."""
    hashes = empty(1, 32, dtype=torch.uint8)
    Filling(family, reserved=reserved.frozen(), design=design).draw(seeds_to_tensor([seed]), shared=False, hashes=hashes)
    return bytes(_ffi.integers(hashes.view(-1))).hex()
