"""What Lightning's loggers get of a run's families."""

import csv
import sys
from pathlib import Path

import pytest
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger

import ancestral as anc
from ancestral.integrations.lightning import FamilyMetrics, LightningDataModule

sys.path.insert(0, str(Path(__file__).parent))
from lightning_script import SMALL, Model, trainer

# Lightning 2.6 with torch 2.13, about itself.
pytestmark = [pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec:FutureWarning"), pytest.mark.slow]


def test_every_logger_gets_the_metrics_of_the_families(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    dense = anc.FamilyConfig(n_nodes=5, sparsity_param=2.0)
    data = anc.DataModule(SMALL, SMALL, {"ood": dense}, n_samples=4, batch_size=2, n_val=2, n_test=2)
    settings = {"n_tasks": 20, "n_samples": 10, "seed": 1}
    table, board = CSVLogger(tmp_path, "csv"), TensorBoardLogger(tmp_path, "board")
    run = trainer(
        tmp_path,
        max_steps=1,
        limit_train_batches=1,
        logger=[table, board],
        log_every_n_steps=1,
        enable_checkpointing=False,
        callbacks=[FamilyMetrics(data, **settings)],
    )
    run.fit(Model(), datamodule=LightningDataModule(data))
    anc.analysis.log_figures(board, SMALL, n_tasks=5)
    board.experiment.flush()
    expected = anc.analysis.metrics(data, **settings)
    with (Path(table.log_dir) / "metrics.csv").open() as file:
        row = next(csv.DictReader(file))
    assert {name: float(row[name]) for name in expected} == expected
    events = EventAccumulator(board.log_dir)
    events.Reload()
    name = "distance/test_ood/spectral_energy"
    assert events.Scalars(name)[0].value == pytest.approx(expected[name], rel=1e-6)  # It keeps float32.
    assert set(expected) <= set(events.Tags()["scalars"])
    assert "family/spectra" in events.Tags()["images"]
