"""One rank of a distributed run, started by test_ranks.py: prints the hashes of its first tasks as JSON.

rank_script.py FILE RANK WORLD_SIZE METHOD
"""

import hashlib
import itertools
import json
import sys
from typing import Any

import torch.distributed
import torch.multiprocessing
from torch.utils.data import DataLoader

import ancestral as anc


def hashes(dataset: Any, method: str, *, workers: int, count: int) -> list[str]:
    loader = DataLoader(dataset, batch_size=None, num_workers=workers, multiprocessing_context=method)
    return [hashlib.sha256(x.numpy().tobytes()).hexdigest() for batch in itertools.islice(loader, count) for x in batch.X]


def stream() -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=4, batch_size=2)


def join(file: str, rank: int, world_size: int) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{file}", rank=rank, world_size=world_size)


def started_rank(rank: int, world_size: int, file: str, dataset: Any, results: Any) -> None:
    """With a dataset that came from the parent of all ranks."""
    join(file, rank, world_size)
    seen = [hashes(dataset, "fork", workers=2, count=3) for _ in range(2)]
    dataset.set_epoch(1)
    torch.distributed.barrier()
    results.put((rank, [*seen, hashes(dataset, "fork", workers=2, count=3)]))
    torch.distributed.barrier()


def ranks_of_one_parent(file: str, world_size: int, method: str) -> list[list[list[str]]]:
    context = torch.multiprocessing.get_context(method)
    results = context.SimpleQueue()
    dataset = stream()
    arguments = (world_size, file, dataset, results)
    ranks = [context.Process(target=started_rank, args=(rank, *arguments)) for rank in range(world_size)]
    for process in ranks:
        process.start()
    found = dict(results.get() for _ in ranks)
    for process in ranks:
        process.join()
    return [found[rank] for rank in range(world_size)]


if __name__ == "__main__":
    file, rank, world_size, method = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    if rank < 0:
        print(json.dumps(ranks_of_one_parent(file, world_size, method)))
    else:
        join(file, rank, world_size)
        print(json.dumps(hashes(stream(), method, workers=1, count=6)))
