"""Long work of each kind for test_interrupts.py to interrupt: interrupted_script.py KIND FOLDER"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from torch.utils.data import DataLoader

import ancestral as anc
import ancestral.analysis  # Not within the work: Python loses a KeyboardInterrupt that comes in a callback of its import locks.
from ancestral._run import registry_files

# Each takes a core 100 s and more, in slices, and memory only as it goes on.
kind, folder = sys.argv[1], Path(sys.argv[2])
SLOW = anc.SCMFamily(10, mechanism_proportions={"gpcde": 1.0}, gpcde_features=16_384)
LARGE: dict[str, Any] = {"n_samples": 200_000, "batch_size": 64}
STREAM = anc.MetaIterableDataset(SLOW, **LARGE)


def read(batches: Any) -> None:
    print("started", flush=True)
    for _ in batches:
        pass


def fit() -> None:
    import lightning.pytorch as lightning
    import torch

    from ancestral.integrations.lightning import LightningDataModule

    class Model(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(()))

        def training_step(self, batch: Any) -> torch.Tensor:
            return self.weight * batch.X.mean()

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    class Data(LightningDataModule):
        def train_dataloader(self) -> Any:
            print("started", flush=True)  # The first batch is drawn before training starts.
            return super().train_dataloader()

    warnings.simplefilter("ignore")
    data = Data(anc.DataModule(SLOW, None, None, **LARGE))
    quiet: dict[str, Any] = {"enable_progress_bar": False, "enable_model_summary": False}
    lightning.Trainer(
        max_steps=10**6, accelerator="cpu", logger=False, enable_checkpointing=False, default_root_dir=folder, **quiet
    ).fit(Model(), data)


def verify() -> None:
    slow = anc.SCMFamily(100)  # A shape of 100 nodes takes its time.
    data = anc.DataModule(slow, slow, None, n_samples=2, batch_size=1, n_val=2, disjoint="iso", output_dir=folder / "run")
    next(iter(data.train_dataloader()))
    data.close()
    record = json.loads((folder / "run/training.json").read_text())
    registry_files.write_json(folder / "run/training.json", {"tasks": record["tasks"][:1] * 10_000})
    registry_files.write_manifest(folder / "run", json.loads((folder / "run/manifest.json").read_text()))
    print("started", flush=True)
    anc.verify(folder / "run", n_training_tasks=10_000)


def measure(work: Any) -> None:
    print("started", flush=True)
    work()


KINDS: dict[str, Any] = {
    "DataLoader without workers": lambda: read(DataLoader(STREAM, batch_size=None)),
    # What workers share is taken at once, and there may be little.
    "DataLoader with 2 workers": lambda: read(
        DataLoader(anc.MetaIterableDataset(SLOW, n_samples=10_000, batch_size=64), batch_size=None, num_workers=2)
    ),
    "Lightning": fit,
    "analysis.summary": lambda: measure(lambda: anc.analysis.summary(SLOW, n_tasks=100_000)),
    "analysis.design_summary": lambda: measure(
        lambda: anc.analysis.design_summary(SLOW, anc.Design(n_samples=1000, interventions={}), n_tasks=1_000_000)
    ),
    "analysis.design_distance": lambda: measure(
        lambda: anc.analysis.design_distance(
            SLOW, anc.Design(n_samples=1000, interventions={}), SLOW, anc.Design(n_samples=9), n_tasks=10_000
        )
    ),
    "analysis.distance": lambda: measure(
        lambda: anc.analysis.distance(
            anc.SCMFamily(3, sparsity_param=0.5),
            anc.SCMFamily(4, sparsity_param=1.0),
            n_tasks=6000,
            n_samples=0,
            permutations=1_000_000,
        )
    ),
    "verify": verify,
    "MetaFixedDataset in memory": lambda: measure(
        lambda: anc.MetaFixedDataset(SLOW, n_tasks=64, n_samples=200_000, cache_instances=True)
    ),
    "MetaFixedDataset on disk": lambda: measure(
        lambda: anc.MetaFixedDataset(SLOW, n_tasks=64, n_samples=200_000, cache_dir=folder / "cache")
    ),
}

if __name__ == "__main__":
    KINDS[kind]()
    print("it ended by itself", flush=True)
