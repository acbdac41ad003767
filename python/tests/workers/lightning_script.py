"""A run under Lightning, on one or several ranks: what each rank's training and validation steps saw.

lightning_script.py FOLDER RANKS STEPS [CHECKPOINT]
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import ModelCheckpoint

import ancestral as anc
from ancestral.integrations.lightning import LightningDataModule

SMALL = anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)


def digests(batch: anc.Task) -> list[str]:
    return [hashlib.sha256(x.cpu().numpy().tobytes()).hexdigest() for x in batch.X]


class Model(lightning.LightningModule):
    def __init__(self, *, read_steps: bool = False) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.read_steps = read_steps
        self.seen: list[list[str]] = []
        self.valid: list[list[str]] = []
        self.steps: Any = None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        if self.read_steps:
            self.steps = self.trainer.estimated_stepping_batches
        return torch.optim.SGD(self.parameters(), lr=0.1)

    def training_step(self, batch: anc.Task, index: int) -> torch.Tensor:
        assert type(batch) is anc.Task
        self.seen.append(digests(batch))
        return (self.weight - batch.X.mean()).square()

    def validation_step(self, batch: anc.Task, index: int, dataloader_idx: int = 0) -> None:
        self.valid.append(digests(batch))


def module(**settings: Any) -> LightningDataModule:
    settings = {"val": SMALL, "n_val": 7, "batch_size": 2, "n_samples": 4, **settings}
    return LightningDataModule(anc.DataModule(SMALL, settings.pop("val"), settings.pop("test", {}), **settings))


def trainer(folder: Path, **settings: Any) -> lightning.Trainer:
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
    return lightning.Trainer(**{**quiet, "default_root_dir": folder, "devices": 1, "num_sanity_val_steps": 0, **settings})


def main(folder: Path, ranks: int, steps: int, checkpoint: str | None) -> None:
    warnings.simplefilter("error")
    # Lightning 2.6 with torch 2.13, about itself; and that the folder is not a fresh one.
    warnings.filterwarnings("ignore", ".isinstance.treespec, LeafSpec", FutureWarning)
    warnings.filterwarnings("ignore", "Checkpoint directory")
    model, data = Model(), module(output_dir=folder / "registry")
    callback = ModelCheckpoint(folder, filename="{step}", every_n_train_steps=5, save_top_k=-1)
    run = trainer(folder, devices=ranks, strategy="ddp", max_steps=steps, limit_train_batches=4, callbacks=[callback])
    run.fit(model, datamodule=data, ckpt_path=checkpoint)
    name = f"rank-{run.global_rank}-{steps}-{'resumed' if checkpoint else 'whole'}.json"
    (folder / name).write_text(json.dumps({"seen": model.seen, "valid": model.valid}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
