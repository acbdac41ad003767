"""A corpus made by many machines: `from ancestral.integrations.ray import generate`.

Ray places the shards, brings back those of lost workers and nodes, and nothing else is needed: a shard is a function of the
plan alone, so whoever makes it, and however often, writes the same bytes.
"""

import functools
import itertools
import os
import uuid
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, cast

from .._config.design import GivenDesign
from .._corpus.dataset import CorpusDataset
from .._corpus.index import write_index
from .._corpus.json_files import INDEX, PLAN
from .._corpus.plan import TASKS_PER_SHARD, CorpusPlan, begin, other_plan
from .._corpus.progress import progress
from .._corpus.shard import make_shard
from .._engine import _ffi
from .._engine.checks import whole_number
from .._engine.errors import ConfigError, EngineError
from .._engine.extras import missing
from .._files.paths import absolute
from .._files.regular import stamp
from .._scm.given_families import Family, one_family
from .._scm.hash_registry import HashRegistry

try:
    import ray
    from ray.exceptions import RayError, RayTaskError, WorkerCrashedError
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
except ImportError as error:
    raise missing("ray", "ray") from error
_MOST = 1 << 20


def generate(
    family: Family,
    n_tasks: int,
    out_dir: str | PathLike[str],
    *,
    n_samples: int | None = None,
    design: GivenDesign | None = None,
    base_seed: int = 0,
    tasks_per_shard: int = TASKS_PER_SHARD,
    reserved: HashRegistry | None = None,
    threads_per_task: int = 1,
    max_retries: int = 5,
    max_in_flight: int | None = None,
) -> CorpusDataset:
    """Writes the corpus of `anc.write_corpus`, to the bit, by the nodes of a Ray cluster, which must share `out_dir`.

        ray.init("auto")
        corpus = generate(family, 10_000_000, "/shared/corpus", n_samples=1000)

    Without a `ray.init` before, Ray finds or starts a cluster in its own way. Each shard is one Ray task with
    `threads_per_task` processors and engine threads. The shard of a worker or a node that is lost is made again elsewhere, up
    to `max_retries` times, -1 for always; the others stay. `max_in_flight` bounds the Ray tasks that are handed out at once,
    by default twice as many as can run. When the call itself is ended, the next one goes on where it was.

    Raises what `write_corpus` raises, and ConfigError for strategies that can't be pickled, and for a node that has another
    version of the engine, or where `out_dir` isn't this folder or can't be written; EngineError for a shard whose workers died
    more often than `max_retries` times, and Ray's own error where a node was lost so often.
    """
    plan = CorpusPlan(one_family(family, "family"), n_tasks, n_samples, base_seed, tasks_per_shard, reserved, design)
    threads = whole_number(threads_per_task, "threads_per_task", 1, _ffi.limits()["threads"])
    most = None if max_in_flight is None else whole_number(max_in_flight, "max_in_flight", 1, _MOST)
    retries = whole_number(max_retries, "max_retries", -1, _MOST)
    # Links are followed here: another node may have the folder that they lead to, and not the links.
    folder = Path(os.path.realpath(absolute(out_dir, "out_dir")))
    if not ray.is_initialized():
        ray.init()
    sent = _sent(plan)
    begin(folder, plan)
    _check_nodes(folder, plan, threads)
    make: Any = _make.options(num_cpus=threads, max_retries=retries)
    checksums: dict[int, str] = {}
    with progress(plan.n_tasks, "tasks") as advance:
        for shard, checksum in _run(make, ([sent], str(folder), threads), plan.n_shards, threads, most):
            checksums[shard] = checksum
            advance(plan.count(shard))
    write_index(folder, plan, [checksums[shard] for shard in range(plan.n_shards)])
    return CorpusDataset(folder)


def _run(make: Any, arguments: tuple[Any, ...], count: int, threads: int, most: int | None) -> Iterator[tuple[int, str]]:
    """The results of `make` for 0 .. count - 1 as they come, with a bounded number on their way.

    When this is broken off, those on their way are not called back: each leaves a whole file or none, and Ray ends them with
    their driver. `ray.cancel` would now and then abort this process, when a task ends just then ("Tried to complete task that
    was not pending", Ray 2.60; their pull request 54798 mends a part of it).
    """
    waiting = iter(range(count))
    pending: dict[Any, int] = {}
    while True:
        # Asked for each time, since nodes come and go.
        places = most or max(2, 2 * int(ray.cluster_resources().get("CPU", 0)) // threads)
        for shard in itertools.islice(waiting, max(0, places - len(pending))):
            pending[make.remote(*arguments, shard)] = shard
        if not pending:
            return
        (done,), _ = cast(Any, ray).wait(list(pending))
        shard = pending.pop(done)
        try:
            found = cast("tuple[int, str]", ray.get(done))
        except RayError as error:
            _hear(pending)
            raise _told(error, shard) from None
        yield found


def _told(error: RayError, shard: int) -> Exception:
    """What is raised for a shard that failed."""
    if isinstance(error, RayTaskError) and isinstance(error.cause, Exception):
        return error.cause  # Our own sentence, without the worker's stack around it.
    if isinstance(error, WorkerCrashedError):
        return EngineError(
            f"Shard {shard} was given up: each worker that began it died, more often than max_retries allows. Its tasks may "
            "take more memory than a worker has, or a strategy may end its process; Ray's messages and logs say what they can. "
            "The finished shards stay, and another call goes on with the others."
        )
    return error


def _hear(pending: Iterable[Any]) -> None:
    """Lets shards that fail later fail in silence: of those that nobody asks for Ray would print a page each."""
    for shard in pending:
        shard.future()


@ray.remote
def _make(sent: list[Any], folder: str, threads: int, shard: int) -> tuple[int, str]:
    """On some node: makes a shard, and gives its number and the SHA-256 of its file.

    `sent` has Ray's reference to the plan in a list, where Ray doesn't resolve it anew for each shard.
    """
    return shard, make_shard(Path(folder), _received(sent[0], folder, _file_of_plan(folder)), shard, threads)


def _file_of_plan(folder: str) -> tuple[int, ...] | None:
    """The stamp of the file with the folder's plan; None where there is none."""
    try:
        return stamp(os.stat(Path(folder, PLAN)))
    except OSError:
        return None


@functools.lru_cache(maxsize=1)
def _received(sent: Any, folder: str, file: tuple[int, ...] | None) -> CorpusPlan:
    """The plan, read and held against that of the folder once for each `file`: many reserved graphs are tens of megabytes."""
    plan = cast(CorpusPlan, ray.get(sent))
    fault = _fault(folder, plan.description)  # This node may have come after all were asked.
    if fault is not None:
        raise ConfigError(f"The node {ray.util.get_node_ip_address()} {fault}.")
    return plan


@ray.remote(num_cpus=0, max_retries=0)
def _ask(folder: str, description: dict[str, Any]) -> str | None:
    """On one node: why it can't work on this corpus, in words."""
    # A corpus that is complete may be in a folder that nobody writes any more.
    return _fault(folder, description) or (None if os.path.isfile(Path(folder, INDEX)) else _unwritable(folder))


def _sent(plan: CorpusPlan) -> Any:
    """Ray's reference to the plan. ConfigError for strategies that no other process can have."""
    try:
        return ray.put(plan)
    except RayError:
        raise
    except Exception as error:  # Of whatever kind the strategy's own parts raise.
        reason = error.__cause__ or error  # Without Ray's page of inspection.
        raise ConfigError(f"family = {plan.family!r}: must have strategies that can be pickled ({reason}).") from None


def _check_nodes(folder: Path, plan: CorpusPlan, threads: int) -> None:
    known = cast("list[dict[str, Any]]", ray.nodes())
    nodes = [node for node in known if node["Alive"] and node["Resources"].get("CPU", 0) > 0]
    largest = max((int(node["Resources"]["CPU"]) for node in nodes), default=threads)  # None yet, where Ray starts them.
    if largest < threads:
        raise ConfigError(
            f"threads_per_task = {threads}: must be at most {largest}, the processors of the cluster's largest node."
        )
    asked = [
        (node, cast(Any, _ask).options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)))
        for node in nodes
    ]
    answers = [(node, ask.remote(str(folder), plan.description)) for node, ask in asked]
    for node, answer in answers:
        name = f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']}, {node['NodeID'][:8]})"
        try:
            fault = cast("str | None", ray.get(answer))
        except RayTaskError as error:
            raise ConfigError(f"The node {name} can't run this version of Ancestral: {str(error).splitlines()[-1]}") from None
        except RayError:
            continue  # Lost meanwhile; whatever replaces it is asked with its first shard.
        if fault is not None:
            raise ConfigError(f"The node {name} {fault}.")


def _fault(folder: str, description: dict[str, Any]) -> str | None:
    ours, wanted = _ffi.version(), description["engine_version"]
    if ours != wanted:
        return f"has the engine {ours}: it must have {wanted}, as where this was called"
    try:
        fault = other_plan(Path(folder), description)
    except ConfigError:
        return f"doesn't see out_dir = {folder!r}: it must be a folder that all nodes share"
    return fault and f"has another folder at out_dir = {folder!r}, which {fault}: all nodes must share one"


def _unwritable(folder: str) -> str | None:
    trial = Path(folder, f".plan.json.{uuid.uuid4().hex}.tmp")
    try:
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        return f"can't write out_dir = {folder!r} ({error.strerror or error})"
    return None
