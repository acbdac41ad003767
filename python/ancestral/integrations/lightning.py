"""A DataModule under Lightning: `from ancestral.integrations.lightning import LightningDataModule`."""

from collections.abc import Iterator, Mapping
from inspect import signature
from typing import Any

from .._analysis.logs import metrics
from .._data.stream.train_loader import TrainLoader
from .._engine.errors import ConfigError
from .._engine.extras import missing
from .._run.module import DataModule

try:
    import lightning.pytorch
    from lightning.pytorch.trainer.states import TrainerFn
except ImportError as error:
    raise missing("lightning", "lightning") from error


class LightningDataModule(lightning.pytorch.LightningDataModule):
    """The datamodule of a Trainer; its checkpoints hold the place in the stream, and a resumed run goes on to the bit.

        trainer.fit(model, datamodule=LightningDataModule(anc.DataModule(...)), ckpt_path=...)

    A batch counts when a training step gets it, since Lightning fetches one ahead of an endless loader, or fetches it from its
    `dataloader_iter`. Without `batches_per_epoch` the loader is endless: give the Trainer `max_steps`, or a whole number for
    `limit_train_batches`.
    The ranks of a distributed run share out every loader by themselves. `trainer.predict` goes over the test sets.
    """

    def __init__(self, data: DataModule) -> None:
        super().__init__()
        self.data = _module(data)
        self._step_fetches = False
        self._leave_hooks()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._leave_hooks()  # Pickle takes Lightning's own hooks for ours, by their names.

    def _leave_hooks(self) -> None:
        """A hook that stands for no loader at all is taken for one of length 0: Lightning says better what is missing."""
        parts = {name.partition("/")[0] for name in self.data.families}
        if "val" not in parts:
            self.val_dataloader = super().val_dataloader
        if "test" not in parts:
            self.test_dataloader, self.predict_dataloader = super().test_dataloader, super().predict_dataloader

    @property
    def batch_size(self) -> int:
        """The module's own. A Tuner can't scale it: a run's place in its stream is a number of batches, so that it stays."""
        return self.data.batch_size

    @batch_size.setter
    def batch_size(self, value: Any) -> None:
        raise ConfigError(
            f"batch_size = {value!r}: must be given to anc.DataModule, whose batches stay as they are; a Tuner that scales it "
            "would try the same ones every time."
        )

    def setup(self, stage: str) -> None:
        """Makes the datasets, with each rank in its place."""
        self.data.setup(stage)

    def train_dataloader(self) -> "_Training":
        """The training stream; its next batches again in every epoch where the Trainer has `overfit_batches`."""
        trainer: Any = self.trainer
        model = None if trainer is None else trainer.lightning_module
        # Lightning gives such a step the loader's iterator, and no batch passes the hook that counts them.
        self._step_fetches = model is not None and "dataloader_iter" in signature(model.training_step).parameters
        repeated = trainer is not None and bool(trainer.overfit_batches)
        return _Training(self.data.train_dataloader(), counted=self._step_fetches, repeated=repeated)

    def val_dataloader(self) -> Any:
        """Every validation set, by its name if it has one."""
        return _passed(self.data.val_dataloader())

    def test_dataloader(self) -> Any:
        """Every test set, by its name if it has one."""
        return _passed(self.data.test_dataloader())

    def predict_dataloader(self) -> Any:
        """The test sets, for `trainer.predict`."""
        return self.test_dataloader()

    def on_before_batch_transfer(self, batch: Any, dataloader_idx: int) -> Any:
        """Counts a training batch. A LightningModule with a hook of this name is asked too."""
        if self.trainer is not None and self.trainer.training and not self._step_fetches:
            self.data.train_dataloader().taken += 1
        module = self.trainer.lightning_module if self.trainer is not None else None
        return batch if module is None else module.on_before_batch_transfer(batch, dataloader_idx)

    def teardown(self, stage: str) -> None:
        """Ends the loader's threads, and writes the final counts."""
        self.data.close()
        if stage == "fit" and self.data.output_dir is not None:
            self.data.write_registry(self.data.output_dir)

    def state_dict(self) -> dict[str, Any]:
        """Part of each checkpoint."""
        return self.data.state_dict()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Lets a fit go on where a checkpoint was made. To validate, test or predict with one leaves training in its place."""
        if self.trainer is None or self.trainer.state.fn in (None, TrainerFn.FITTING):
            self.data.load_state_dict(state_dict)

    def __repr__(self) -> str:
        return f"LightningDataModule({self.data!r})"

    def __str__(self) -> str:
        return repr(self)  # Lightning's own sets the module up, and reads loaders that aren't torch's to their end.


class FamilyMetrics(lightning.pytorch.Callback):
    """Gives every logger of a Trainer what is in a run's families and how far they are apart, when a fit starts.

        Trainer(logger=CSVLogger("runs"), callbacks=[FamilyMetrics(data)])

    The names are those of `ancestral.analysis.metrics`, which `n_tasks`, `n_samples` and `seed` go to; the step is 0. Rank 0
    measures, and nothing is measured without a logger.
    """

    def __init__(self, data: DataModule, *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0) -> None:
        super().__init__()
        self.data = _module(data)
        self._settings = {"n_tasks": n_tasks, "n_samples": n_samples, "seed": seed}

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        """Measures and logs."""
        if trainer.is_global_zero and trainer.loggers:
            numbers = metrics(self.data, **self._settings)
            for logger in trainer.loggers:
                logger.log_metrics(numbers, step=0)


def _module(data: Any) -> DataModule:
    """`data`, where it is a DataModule of ours."""
    if not isinstance(data, DataModule):
        raise ConfigError(f"data is of type {type(data).__name__}: must be an anc.DataModule.")
    return data


class _Passed:
    """A loader that Lightning leaves as it is: it puts samplers of its own into a torch DataLoader.

    It has a state, so that Lightning knows that a run can go on within an epoch; what matters is the module's own.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __iter__(self) -> Iterator[Any]:
        return iter(self._loader)

    def __len__(self) -> int:
        return len(self._loader)

    def __bool__(self) -> bool:
        return bool(self._loader)

    def state_dict(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Does nothing."""


class _Training(_Passed):
    """A training loader: its batches are counted as they are taken, or by the module; `repeated` passes begin at one place."""

    def __init__(self, loader: TrainLoader, *, counted: bool, repeated: bool) -> None:
        super().__init__(loader)
        self._counted = counted
        self._start = loader.state_dict() if repeated else None

    def __iter__(self) -> Iterator[Any]:
        if self._start is not None:
            self._loader.load_state_dict(self._start)
        return iter(self._loader) if self._counted else self._loader.uncounted()


def _passed(loaders: Any) -> Any:
    if isinstance(loaders, Mapping):
        return {str(name): _Passed(loader) for name, loader in loaders.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return _Passed(loaders)
