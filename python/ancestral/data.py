"""Datasets for torch: an endless training stream, fixed sets, corpora on disk, reserved graphs, and batches of tasks."""

from ._corpus.check import verify_corpus as verify_corpus
from ._corpus.dataset import CorpusDataset as CorpusDataset
from ._corpus.writing import write_corpus as write_corpus
from ._data.batches.collate import collate as collate
from ._data.batches.collate import pad_collate as pad_collate
from ._data.batches.rejections import Rejections as Rejections
from ._data.batches.task import PaddedTask as PaddedTask
from ._data.batches.task import PaddedX as PaddedX
from ._data.batches.task import Task as Task
from ._data.loader.task_loader import TaskLoader as TaskLoader
from ._data.sets.fixed_dataset import MetaFixedDataset as MetaFixedDataset
from ._data.stream.iterable_dataset import MetaIterableDataset as MetaIterableDataset
from ._data.stream.task_iterator import TaskIterator as TaskIterator
from ._data.stream.train_loader import TrainLoader as TrainLoader
from ._run.module import DataModule as DataModule
from ._run.reserved_mass import Overlap as Overlap
from ._scm.experiment_data import Array as Array
from ._scm.experiment_data import ExperimentData as ExperimentData
from ._scm.hash_registry import HashRegistry as HashRegistry
