"""A run that Lightning's command line makes of a file."""

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightning.pytorch.cli import LightningCLI

import ancestral as anc
from ancestral.integrations.lightning import LightningDataModule

sys.path.insert(0, str(Path(__file__).parent))
from lightning_script import Model, digests

# Lightning 2.6 with torch 2.13, about itself.
pytestmark = [pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec:FutureWarning"), pytest.mark.slow]
FAMILY = {"n_nodes": 4, "sparsity_param": 1.0, "mechanism_proportions": {"linear": 1.0}}
TRAINER: dict[str, Any] = {
    "max_steps": 3,
    "accelerator": "cpu",
    "enable_progress_bar": False,
    "enable_model_summary": False,
    "num_sanity_val_steps": 0,
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lightning warns of arguments beside those of the process, which are pytest's, and is warned of itself."""
    monkeypatch.setattr(sys, "argv", ["script.py"])
    monkeypatch.setenv("JSONARGPARSE_DEPRECATION_WARNINGS", "off")


def run(folder: Path, *arguments: str, **data: Any) -> LightningCLI:
    """What `python script.py fit --config FILE` runs, with the file in `folder`."""
    settings = {"train": FAMILY, "n_samples": 5, "batch_size": 2, **data}
    module = {"data": {"class_path": "ancestral.DataModule", "init_args": settings}}
    file = folder / "run.yaml"
    file.write_text(yaml.safe_dump({"trainer": {**TRAINER, "default_root_dir": str(folder)}, "data": module}))
    return LightningCLI(Model, LightningDataModule, seed_everything_default=0, args=["fit", "--config", str(file), *arguments])


def test_a_file_of_plain_values_is_a_run(tmp_path: Path) -> None:
    data = {
        "val": {"id": FAMILY},
        "test": {"ood": {**FAMILY, "graph": "scale_free"}},
        "n_val": {"id": 2},
        "n_test": 2,
        "metrics": ["edge_js"],
        "threads": 1,
    }
    made = run(tmp_path, **data)
    same = anc.DataModule(FAMILY, n_samples=5, batch_size=2, val=data["val"], test=data["test"], n_val={"id": 2}, n_test=2)
    loader = iter(same.train_dataloader())
    assert made.model.seen == [digests(next(loader)) for _ in range(3)]
    assert made.datamodule.data.families.keys() == {"train", "val/id", "test/ood"}


def test_the_file_that_lightning_keeps_is_the_same_run(tmp_path: Path) -> None:
    first = run(tmp_path, val=FAMILY, design=None)
    kept = tmp_path / "lightning_logs" / "version_0" / "config.yaml"
    again = LightningCLI(Model, LightningDataModule, args=["fit", "--config", str(kept)])
    assert again.model.seen == first.model.seen
    assert again.datamodule.data.train_family.fingerprint() == first.datamodule.data.train_family.fingerprint()


@pytest.mark.filterwarnings("ignore:You defined a `validation_step` but have no")
def test_sets_may_be_left_out_and_settings_given_on_the_line(tmp_path: Path) -> None:
    line = "--data.data.init_args."
    made = run(tmp_path, f"{line}batch_size=3", f"{line}train=notears-linear", f"{line}base_seed=7")
    data = made.datamodule.data
    assert (data.batch_size, data.base_seed, list(data.families)) == (3, 7, ["train"])
    assert data.train_family.fingerprint() == anc.SCMFamily.from_config("notears-linear").fingerprint()
