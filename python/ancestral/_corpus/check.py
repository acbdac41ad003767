"""verify_corpus: the check that a corpus is as it was written, and is what it says."""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from torch import Tensor

from .._data.stream.pass_starts import TASKS_PER_PASS
from .._engine import _ffi
from .._engine.checks import whole_number
from .._engine.errors import ConfigError
from .._engine.torch_modes import in_ordinary
from .._files.checksums import checksum
from .._files.paths import absolute
from .._scm.config_reading import read_config
from .._scm.experiment_data import ExperimentData
from .._scm.family import SCMFamily
from .._scm.own_config import OwnConfig
from .dataset import CorpusDataset
from .findings import Findings
from .index import Shard, read_index
from .json_files import INDEX, PLAN
from .plan import CorpusPlan, other_plan


@in_ordinary
def verify_corpus(dir: str | PathLike[str], *, n_redrawn: int = 64, family: SCMFamily | None = None) -> Findings:
    """The faults of a corpus, a sentence each; an empty list when all is as it was written.

    Recomputed are the checksum of every file, and with them in order `n_redrawn` tasks from the first to the last, which are
    drawn again and compared to the bit. `family` is needed for that where strategies were written in Python; without it, the
    list's `unproved` says so. Raises ConfigError when the folder holds no complete corpus, or its index was changed.
    """
    folder = absolute(dir, "dir")
    n_redrawn = whole_number(n_redrawn, "n_redrawn", 0, TASKS_PER_PASS)
    description, shards = read_index(folder)
    faults = [*_changed_files(folder, description, shards)]
    if faults:  # What has been changed proves nothing.
        return Findings(faults)
    if family is None and isinstance(read_config(description["config"]), OwnConfig):
        unproved = f"{folder}: strategies written in Python drew it, so that no task was drawn again; give `family` for that."
        return Findings((), [unproved]).logged()
    return Findings(_other_tasks(folder, description, n_redrawn, family))


def _changed_files(folder: Path, description: dict[str, Any], shards: list[Shard]) -> Iterator[str]:
    try:
        fault = other_plan(folder, description)
        if fault is not None:
            yield f"{PLAN} is of another corpus than {INDEX}: it {fault}."
    except ConfigError as error:
        yield str(error)
    for shard in shards:
        tasks = f"tasks {shard.first} to {shard.first + shard.count - 1}"
        try:
            found = checksum(folder / shard.file)
        except OSError as error:
            yield f"{shard.file} ({tasks}) can't be read: {error.strerror or error}."
            continue
        if found != shard.sha256:
            yield f"{shard.file} ({tasks}) is not as it was written."
    known = {shard.file for shard in shards}
    for path in sorted(folder.glob("shard-*")):
        if path.name not in known:
            yield f"{path.name} is not in {INDEX}."


def _other_tasks(folder: Path, description: dict[str, Any], count: int, family: SCMFamily | None) -> Iterator[str]:
    plan = CorpusPlan.of(description, family)
    if plan.description["engine_version"] != description["engine_version"]:
        yield f"The corpus is of engine {description['engine_version']}, this is {_ffi.version()}: no task can be drawn again."
        return
    if plan.description["fingerprint"] != description["fingerprint"]:
        yield "The family has another fingerprint here, so other tasks."
        return
    corpus = CorpusDataset(folder)
    filling = plan.filling
    count = min(count, plan.n_tasks)
    for number in (index * (plan.n_tasks - 1) // max(count - 1, 1) for index in range(count)):
        (task,) = filling.draw(plan.seeds(number, 1), shared=False).singles()
        if not all(_same(*pair) for pair in zip(_arrays(task), _arrays(corpus[number]), strict=True)):
            yield f"Task {number} is another one when it is drawn again."


def _arrays(task: Any) -> Iterable[Tensor]:
    return task.values() if isinstance(task, ExperimentData) else task


def _same(one: Tensor, two: Tensor) -> bool:
    """To the bit: NaN is NaN, and 0 isn't -0."""
    return one.shape == two.shape and one.contiguous().numpy().tobytes() == two.contiguous().numpy().tobytes()
