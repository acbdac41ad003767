"""write_corpus: many tasks on disk, in files that any machine could have made."""

from os import PathLike

from .._config.design import GivenDesign
from .._engine.threads import checked_threads
from .._engine.torch_modes import in_ordinary
from .._files.paths import absolute
from .._scm.given_families import Family, one_family
from .._scm.hash_registry import HashRegistry
from .dataset import CorpusDataset
from .index import write_index
from .plan import TASKS_PER_SHARD, CorpusPlan, begin
from .progress import progress
from .shard import make_shard


@in_ordinary
def write_corpus(
    family: Family,
    n_tasks: int,
    out_dir: str | PathLike[str],
    *,
    n_samples: int | None = None,
    design: GivenDesign | None = None,
    base_seed: int = 0,
    tasks_per_shard: int = TASKS_PER_SHARD,
    reserved: HashRegistry | None = None,
    threads: int | None = None,
) -> CorpusDataset:
    """Writes the first `n_tasks` tasks of a training stream into a folder, and gives the dataset that reads them.

        corpus = anc.write_corpus(family, 100_000, "corpus", n_samples=1000)
        X, adjacency = corpus[0]

    Task i is task i of `MetaIterableDataset(family, n_samples=n_samples, base_seed=base_seed, reserved=reserved)`. With a
    `design`, which takes the place of `n_samples`, it is an experiment: a dict of tensors, all of which are kept. The folder
    gets safetensors files of `tasks_per_shard` tasks each, and last of all index.json with their SHA-256. All bytes depend on
    the arguments and the engine's version alone: `ancestral.integrations.ray.generate` makes the same on many machines.

    A run that was ended goes on where it was when it is called again: a shard that is there and whole is not made anew, a
    damaged one is. `threads` are the engine's, None for as many as there are processors. On a terminal a bar tells how far it
    is, if tqdm is installed.

    Raises ConfigError for a wrong value, and for a folder that can't be written or holds another corpus; DisjointnessError
    when `reserved` leaves no graph.
    """
    plan = CorpusPlan(one_family(family, "family"), n_tasks, n_samples, base_seed, tasks_per_shard, reserved, design)
    threads = checked_threads(threads)
    folder = absolute(out_dir, "out_dir")
    begin(folder, plan)
    checksums: list[str] = []
    with progress(plan.n_tasks, "tasks") as advance:
        for shard in range(plan.n_shards):
            checksums.append(make_shard(folder, plan, shard, threads))
            advance(plan.count(shard))
    write_index(folder, plan, checksums)
    return CorpusDataset(folder)
