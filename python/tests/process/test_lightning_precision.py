"""A Trainer's precision changes torch's default dtype around each step, for all threads of the process, or casts products of
matrices: what is drawn meanwhile is the same."""

import time
from collections.abc import Callable
from typing import Any

import lightning.pytorch as pl
import pytest
import torch

import ancestral as anc
from ancestral.integrations.lightning import LightningDataModule

# Lightning 2.6 with torch 2.13, about itself.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec:FutureWarning"),
    pytest.mark.filterwarnings("ignore:You passed in a `val_dataloader`"),
    pytest.mark.filterwarnings("ignore:GPU available but not used"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

KINDS = {"linear": 1.0, "mlp": 1.0, "gp": 1.0}
FAMILY = anc.SCMFamily(5, sparsity_param=1.0, mechanism_proportions=KINDS, gp_features=16)
STEPS = 12


def inside() -> list[torch.Tensor]:
    """What a step may draw for itself."""
    task, stream = FAMILY.sample_task(3), anc.MetaIterableDataset(FAMILY, n_samples=4, batch_size=2)
    noise = task.noise(4)
    with torch.no_grad():
        rows = task.sample_from_noise(noise)
    batch = anc.collate(next(iter(stream)), normalize="standardize")
    return [task.sample(4, draw=0), noise, rows, task.do({0: 1.0}).sample(4, draw=0), batch.X, anc.ErdosRenyi(1.0)(4, seed=1)]


class Model(pl.LightningModule):
    """Keeps what it saw and drew."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(5, 1)
        self.seen: list[torch.Tensor] = []
        self.drawn: list[torch.Tensor] = []

    def training_step(self, batch: anc.Task, index: int) -> torch.Tensor:
        """As long as the loader's threads take to draw a batch under its default dtype."""
        self.seen.append(batch.X)
        self.drawn = inside()
        time.sleep(0.01)
        return self.layer(batch.X).square().mean()

    def configure_optimizers(self) -> Any:
        """Any."""
        return torch.optim.SGD(self.parameters(), lr=1e-6)


@pytest.mark.parametrize("precision", ["64-true", "bf16-true", "bf16-mixed"])
@pytest.mark.parametrize("settings", [{"threads": 2, "prefetch": 2}, {"threads": 1, "normalize": "robust"}, {"num_workers": 1}])
def test_every_precision_sees_the_same_tasks(precision: Any, settings: dict[str, Any]) -> None:
    def data() -> anc.DataModule:
        return anc.DataModule(FAMILY, val=None, test=None, n_samples=200, batch_size=4, **settings)

    model, right = Model(), data()
    batches: Callable[[], Any] = iter(right.train_dataloader()).__next__
    expected, own = [batches().X for _ in range(STEPS)], inside()
    right.close()
    quiet: dict[str, Any] = {
        "logger": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "limit_val_batches": 0,
    }
    trainer = pl.Trainer(max_steps=STEPS, accelerator="cpu", precision=precision, enable_checkpointing=False, **quiet)
    trainer.fit(model, datamodule=LightningDataModule(data()))
    assert [seen.dtype for seen in model.seen] == [model.seen[0].dtype] * STEPS
    for seen, batch in zip(model.seen, expected, strict=True):
        assert seen.equal(batch.to(seen.dtype))  # Lightning casts what it was given.
    for drawn, value in zip(model.drawn, own, strict=True):
        assert drawn.dtype == torch.float32
        assert drawn.equal(value)
    assert torch.get_default_dtype() == torch.float32
