"""Datasets for torch: an endless training stream, fixed sets, reserved graphs, and how tasks become batches."""

from .collate import collate as collate
from .collate import pad_collate as pad_collate
from .fixed import MetaFixedDataset as MetaFixedDataset
from .iterable import MetaIterableDataset as MetaIterableDataset
from .iterator import TaskIterator as TaskIterator
from .loader import TaskLoader as TaskLoader
from .module import DataModule as DataModule
from .overlap import Overlap as Overlap
from .registry import HashRegistry as HashRegistry
from .tally import Rejections as Rejections
from .task import PaddedTask as PaddedTask
from .task import Task as Task
from .training import TrainLoader as TrainLoader
