"""For test_descriptors.py: how many batches of DataLoader workers this process can keep with so few descriptors.

descriptors_script.py DESCRIPTORS BATCHES prints a line for each kind of loader.
"""

import functools
import resource
import sys
from collections.abc import Callable, Iterable
from typing import Any

from torch.utils.data import DataLoader

import ancestral as anc

PLAIN = anc.SCMFamily(8, sparsity_param=1.0)
RAGGED = anc.SCMFamily(3, n_nodes_max=5, sparsity_param=1.0)
TRAIN = anc.SCMFamily(8, sparsity_param=2.0)


def stream(family: anc.SCMFamily, **settings: Any) -> DataLoader[Any]:
    tasks = anc.MetaIterableDataset(family, n_samples=3, batch_size=2)
    return DataLoader(tasks, batch_size=None, num_workers=2, **settings)


def fixed(count: int, **settings: Any) -> DataLoader[Any]:
    tasks = anc.MetaFixedDataset(PLAIN, n_tasks=count, n_samples=3, cache_instances=True)
    return DataLoader(tasks, batch_size=1, num_workers=2, **settings)


def module(count: int) -> anc.DataModule:
    return anc.DataModule(TRAIN, PLAIN, None, n_samples=3, batch_size=1, n_val=count, num_workers=2)


LOADERS: dict[str, Callable[[int], Iterable[Any]]] = {
    "stream": lambda count: stream(PLAIN),
    "padded stream": lambda count: stream(RAGGED),
    "normalised": lambda count: stream(PLAIN, collate_fn=functools.partial(anc.collate, normalize="standardize")),
    "torch's collate": lambda count: fixed(count),
    "collate": lambda count: fixed(count, collate_fn=anc.collate),
    "pad_collate": lambda count: fixed(count, collate_fn=anc.pad_collate),
    "train": lambda count: module(2).train_dataloader(),
    "val": lambda count: module(count).val_dataloader(),
}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    count = int(sys.argv[2])
    for name, make in LOADERS.items():
        kept: list[Any] = []
        try:
            for batch in make(count):
                kept.append(batch)
                if len(kept) == count:
                    break
            print(f"{name}: kept {len(kept)}")
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
