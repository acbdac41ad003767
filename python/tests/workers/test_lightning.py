"""The DataModule under Lightning: exact resumption, its checkpoints, and several ranks."""

import copy
import itertools
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.utilities.exceptions import MisconfigurationException

import ancestral as anc
from ancestral.integrations.lightning import FamilyMetrics, LightningDataModule

sys.path.insert(0, str(Path(__file__).parent))
from lightning_script import Model, module, trainer

from interrupts import PATIENCE

# Lightning 2.6 with torch 2.13, about itself; and that a resumed run finds the checkpoints of the one before.
ITSELF = "ignore:.isinstance.treespec, LeafSpec:FutureWarning"
pytestmark = [pytest.mark.filterwarnings(ITSELF), pytest.mark.filterwarnings("ignore:Checkpoint directory")]
SCRIPT = Path(__file__).with_name("lightning_script.py")


def fit(folder: Path, steps: int, checkpoint: Any = None, *, read_steps: bool = False, run: Any = None, **data: Any) -> Any:
    """What training saw, and the checkpoint of its end."""
    model, datamodule = Model(read_steps=read_steps), module(**data)
    saving = ModelCheckpoint(folder, filename="{step}", every_n_train_steps=1, save_top_k=-1)
    fitted = trainer(folder, max_steps=steps, callbacks=[saving], **(run or {"limit_train_batches": 4}))
    fitted.fit(model, datamodule=datamodule, ckpt_path=checkpoint)
    return model.seen, folder / f"step={steps}.ckpt", fitted, model


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    return fit(tmp_path_factory.mktemp("whole"), 20)[0]


def test_a_trainer_that_gets_the_module_itself_is_told_of_the_wrapper(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match=r"on_exception.*takes LightningDataModule\(module\)"):
        trainer(tmp_path, max_steps=1).fit(Model(), datamodule=module().data)


def test_the_wrapper_and_the_metrics_take_a_module_alone() -> None:
    wrong: Any = module()  # The wrapper itself.
    for taker in (LightningDataModule, FamilyMetrics):
        with pytest.raises(anc.ConfigError, match=r"^data is of type LightningDataModule: must be an anc.DataModule"):
            taker(wrong)


def test_a_run_sees_the_stream_of_the_module(whole: list[list[str]]) -> None:
    from lightning_script import digests

    loader = iter(module().data.train_dataloader())
    assert whole == [digests(next(loader)) for _ in range(20)]


def test_lightning_says_which_sets_a_run_lacks(tmp_path: Path) -> None:
    model, datamodule = Model(), module(val=None)
    with pytest.warns(UserWarning, match="no `val_dataloader`. Skipping val loop"):
        trainer(tmp_path, max_steps=1).fit(model, datamodule=datamodule)
    assert len(model.seen) == 1
    assert not model.valid
    model.test_step, model.forward = model.validation_step, model.validation_step
    for run in (trainer(tmp_path).test, trainer(tmp_path).predict):
        with pytest.raises(MisconfigurationException, match=r"`(test|predict)_dataloader"):
            run(model, datamodule=datamodule)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))])
def test_a_copy_lacks_the_same_sets(copied: Any, tmp_path: Path) -> None:  # As a process that is spawned gets it.
    datamodule = copied(module(val=None))
    assert "val_dataloader" in vars(datamodule)
    with pytest.warns(UserWarning, match="no `val_dataloader`. Skipping val loop"):
        trainer(tmp_path, max_steps=1).fit(Model(), datamodule=datamodule)
    with pytest.raises(MisconfigurationException, match="`test_dataloader"):
        datamodule.test_dataloader()


class Fetching(Model):
    """A Model whose steps fetch two batches each from the loader's iterator."""

    def training_step(self, dataloader_iter: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        return sum(super(Fetching, self).training_step(*next(dataloader_iter)[:2]) for _ in range(2))


@pytest.mark.parametrize("data", [{}, {"batches_per_epoch": 6}])
@pytest.mark.filterwarnings("ignore:.*dataloader_iter")
def test_a_step_that_fetches_its_batches_sees_the_stream_and_resumes(  # Lightning #18831.
    whole: list[list[str]], tmp_path: Path, data: dict[str, Any]
) -> None:
    model, run = Fetching(), {"limit_train_batches": 6, "num_sanity_val_steps": 0, "limit_val_batches": 0}
    fitted = trainer(tmp_path, max_epochs=2, **run)
    fitted.fit(model, datamodule=module(**data))
    assert model.seen == whole[: len(model.seen)]
    assert len(model.seen) == 12
    fitted.save_checkpoint(tmp_path / "fetched.ckpt")
    resumed = Fetching()
    trainer(tmp_path, max_epochs=3, **run).fit(resumed, datamodule=module(**data), ckpt_path=tmp_path / "fetched.ckpt")
    assert resumed.seen == whole[12:18]


@pytest.mark.parametrize("data", [{}, {"batches_per_epoch": 5}])
def test_a_trainer_that_overfits_sees_the_same_batches_in_every_epoch(
    whole: list[list[str]], tmp_path: Path, data: dict[str, Any]
) -> None:
    model = Model()
    trainer(tmp_path, max_epochs=3, overfit_batches=2).fit(model, datamodule=module(**data))
    assert model.seen == 3 * whole[:2]


def test_a_tuner_that_would_try_the_same_batches_is_told_so(tmp_path: Path) -> None:
    from lightning.pytorch.tuner.tuning import Tuner

    model, datamodule = Model(), module()
    model.batch_size = 2  # Which a Tuner scales too, without an effect.
    with pytest.raises(anc.ConfigError, match=r"batch_size = 2: must be given to anc\.DataModule"):
        Tuner(trainer(tmp_path, max_steps=1)).scale_batch_size(model, datamodule=datamodule, init_val=2)
    assert datamodule.batch_size == datamodule.data.batch_size


@pytest.mark.parametrize("read_steps", [False, True])
@pytest.mark.parametrize("steps", [(4, 8), (3, 7), (5, 13), (10, 11)])
def test_resumes_to_the_bit_twice_with_other_workers(  # R12, bug reports 8, 9 and 10.
    steps: tuple[int, int], read_steps: bool, whole: list[list[str]], tmp_path: Path
) -> None:
    one, two = steps
    found, checkpoint, _, _ = fit(tmp_path, one, read_steps=read_steps)
    more, checkpoint, _, _ = fit(tmp_path, two, checkpoint, read_steps=read_steps, num_workers=2 if one == 5 else 0)
    rest, _, _, _ = fit(tmp_path, 20, checkpoint, read_steps=read_steps, num_workers=3 if one == 5 else 0)
    assert found + more + rest == whole


def test_an_epoch_of_known_length_resumes_within_it(whole: list[list[str]], tmp_path: Path) -> None:
    settings: dict[str, Any] = {"run": {"max_epochs": 4}, "batches_per_epoch": 5, "read_steps": True}
    found, checkpoint, _, model = fit(tmp_path, 7, **settings)
    rest, *_ = fit(tmp_path, 20, checkpoint, **settings)
    assert found + rest == whole
    assert model.steps == 7


def test_a_checkpoint_after_the_run_goes_on_too(whole: list[list[str]], tmp_path: Path) -> None:
    found, _, fitted, _ = fit(tmp_path, 6)
    fitted.save_checkpoint(tmp_path / "end.ckpt")
    assert found + fit(tmp_path, 20, tmp_path / "end.ckpt")[0] == whole


def test_a_checkpoint_loads_with_weights_only(tmp_path: Path) -> None:  # R14, bug report 16.
    _, checkpoint, _, _ = fit(tmp_path, 3)
    loaded = torch.load(checkpoint, weights_only=True)
    assert loaded["LightningDataModule"]["train"]["position"] == 6


def test_validation_runs_between_and_leaves_training_alone(whole: list[list[str]], tmp_path: Path) -> None:
    run = {"limit_train_batches": 4, "val_check_interval": 2, "num_sanity_val_steps": 2}
    seen, _, _, model = fit(tmp_path, 8, run=run)
    assert seen == whole[:8]
    assert [len(batch) for batch in model.valid[2:6]] == [2, 2, 2, 1]
    named = fit(tmp_path / "named", 4, val={"id": {"n_nodes": 5}, "ood": {"n_nodes": 7}})[3]
    assert len(named.valid) == 8


def test_a_float_limit_on_an_endless_loader_is_explained(tmp_path: Path) -> None:  # Bug report 20.
    with pytest.raises(MisconfigurationException, match=r"limit_train_batches.*must be"):
        fit(tmp_path, 4, run={"limit_train_batches": 0.5})


@pytest.mark.slow
@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_share_the_stream_and_resume(ranks: int, tmp_path: Path) -> None:  # R23, bug report 7.
    def run(steps: int, *checkpoint: str) -> list[dict[str, Any]]:
        command = [sys.executable, str(SCRIPT), str(tmp_path), str(ranks), str(steps), *checkpoint]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-3000:]
        kind = "resumed" if checkpoint else "whole"
        return [json.loads((tmp_path / f"rank-{rank}-{steps}-{kind}.json").read_text()) for rank in range(ranks)]

    found = run(10)
    assert [len(rank["seen"]) for rank in found] == [10] * ranks
    batches = [rank["seen"][step] for step in range(10) for rank in found]
    from lightning_script import digests

    loader = iter(module().data.train_dataloader())
    assert batches == [digests(next(loader)) for _ in range(10 * ranks)]
    passes = {len(rank["valid"]) for rank in found}
    assert len(passes) == 1
    validated = [task for rank in found for batch in rank["valid"] for task in batch]
    assert len(set(validated)) == 7
    assert (tmp_path / "registry" / "manifest.json").is_file()
    resumed = run(10, str(tmp_path / "step=5.ckpt"))
    assert [rank["seen"] for rank in resumed] == [rank["seen"][5:] for rank in found]


def test_a_loop_of_ones_own_goes_on_after_a_fit(whole: list[list[str]], tmp_path: Path) -> None:
    from lightning_script import digests

    datamodule = module()
    trainer(tmp_path, max_steps=3).fit(Model(), datamodule=datamodule)
    loader = datamodule.data.train_dataloader()
    assert [digests(batch) for _ in range(2) for batch in itertools.islice(loader, 2)] == whole[3:7]
    model = Model()
    trainer(tmp_path, max_steps=2).fit(model, datamodule=datamodule)
    assert model.seen == whole[7:9]


@pytest.mark.parametrize("names", [["a"], ["a", "b"]])
def test_predicts_on_the_test_sets(names: list[str], tmp_path: Path) -> None:
    class Predicting(Model):
        def predict_step(self, batch: anc.Task, index: int, dataloader_idx: int = 0) -> list[str]:
            return digests(batch)

    from lightning_script import digests

    sets = {name: anc.FamilyConfig(n_nodes=5, sparsity_param=1.0) for name in names}
    data = anc.DataModule(sets["a"], None, sets, n_test=5, batch_size=2, n_samples=4)
    predicted: Any = trainer(tmp_path).predict(Predicting(), datamodule=LightningDataModule(data))
    right = [[digests(batch) for batch in loader] for loader in data.test_dataloader().values()]
    assert predicted == (right if len(names) > 1 else right[0])


def test_a_module_prints_as_what_it_wraps_and_draws_nothing() -> None:
    wrapped = module()
    assert str(wrapped) == repr(wrapped) == f"LightningDataModule({wrapped.data!r})"
    assert not hasattr(wrapped.data, "fixed_sets")  # It is not set up either.


def test_a_checkpoint_is_tested_on_other_data_and_leaves_training_in_its_place(whole: list[list[str]], tmp_path: Path) -> None:
    model, datamodule = Model(), module(batches_per_epoch=3)
    fitted = trainer(tmp_path, max_epochs=2)
    fitted.fit(model, datamodule=datamodule)
    fitted.save_checkpoint(tmp_path / "early.ckpt")
    fitted.fit_loop.max_epochs = 4
    fitted.fit(model, datamodule=datamodule)
    trainer(tmp_path).validate(Model(), datamodule=datamodule, ckpt_path=tmp_path / "early.ckpt", verbose=False)
    trainer(tmp_path, max_epochs=1).fit(model, datamodule=datamodule)
    assert model.seen == whole[:15]
    # Another stream, with another test set, beside which training's place means nothing.
    other, tested = module(base_seed=7, val=None, test=anc.FamilyConfig(n_nodes=6), n_test=3), Model()
    tested.test_step = tested.validation_step
    trainer(tmp_path).test(tested, datamodule=other, ckpt_path=tmp_path / "early.ckpt", verbose=False)
    assert len(tested.valid) == 2
    with pytest.raises(anc.ConfigError, match=r"state\['base_seed'\]"):
        trainer(tmp_path, max_epochs=3).fit(Model(), datamodule=module(base_seed=7), ckpt_path=tmp_path / "early.ckpt")


def test_importing_ancestral_imports_no_lightning() -> None:  # R15
    code = "import sys, ancestral; print('lightning' in sys.modules, 'hydra' in sys.modules, 'torchdata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"] * 3
    assert not hasattr(anc, "LightningDataModule")
