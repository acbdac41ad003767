"""One rank of a training run, started by torchrun for test_torchrun.py: torchrun_script.py FOLDER

Writes rank-R.json: which rule told the rank, before and after torch.distributed was there; the digests of its first batches
from a stream in the process, from one in two DataLoader workers and from a DataModule; and gradient and weights of a network
after one step of DistributedDataParallel, as hex digits.
"""

import hashlib
import itertools
import json
import os
import sys
from pathlib import Path
from typing import Any

import torch
import torch.distributed
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._data.stream.rank import find_rank

BATCHES = 3


def family() -> anc.FamilyConfig:
    return anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)


def stream() -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(anc.SCMFamily.from_config(family()), n_samples=16, batch_size=4, base_seed=11)


def module(output_dir: Path | None = None) -> anc.DataModule:
    settings: dict[str, Any] = {"n_samples": 16, "batch_size": 4, "base_seed": 11, "n_test": 8, "threads": 1}
    return anc.DataModule(family(), None, {"id": family()}, output_dir=output_dir, **settings)


def digests(batches: Any, count: int) -> list[str]:
    return [hashlib.sha256(x.numpy().tobytes()).hexdigest() for batch in itertools.islice(batches, count) for x in batch.X]


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Linear(25, 25)


def loss(net: Any, batch: Any) -> torch.Tensor:
    """Of a guess of the graph from the covariance."""
    x = batch.X - batch.X.mean(1, keepdim=True)
    logits = net((x.mT @ x / x.shape[1]).flatten(1))
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.adjacency.flatten(1))


def step(net: Any, batch: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradient and weights after it."""
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    loss(net, batch).backward()
    optimizer.step()
    weight = next(net.parameters())
    return weight.grad, weight.detach()


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    before = find_rank()
    torch.distributed.init_process_group("gloo")
    rank = find_rank()
    data = module(folder / "registry")
    gradient, weight = step(DistributedDataParallel(network()), next(iter(stream())))
    loader = DataLoader(stream(), batch_size=None, num_workers=2)
    found = {
        "ranks": [before, rank],
        "local": [int(os.environ["GROUP_RANK"]), int(os.environ["LOCAL_RANK"])],
        "stream": digests(stream(), BATCHES),
        "workers": digests(loader, BATCHES),
        "module": digests(data.train_dataloader(), BATCHES),
        "test": digests(data.test_dataloader()["id"], 1),
        "gradient": gradient.numpy().tobytes().hex(),
        "weight": weight.numpy().tobytes().hex(),
    }
    data.close()
    (folder / f"rank-{rank.rank}.json").write_text(json.dumps(found))
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
