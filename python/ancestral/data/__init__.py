"""Datasets for torch: an endless training stream, fixed sets, corpora on disk, reserved graphs, and batches of tasks."""

from .collate import collate as collate
from .collate import pad_collate as pad_collate
from .corpus import write_corpus as write_corpus
from .corpus_check import verify_corpus as verify_corpus
from .corpus_dataset import CorpusDataset as CorpusDataset
from .fixed import MetaFixedDataset as MetaFixedDataset
from .iterable import MetaIterableDataset as MetaIterableDataset
from .iterator import TaskIterator as TaskIterator
from .loader import TaskLoader as TaskLoader
from .module import DataModule as DataModule
from .overlap import Overlap as Overlap
from .registry import HashRegistry as HashRegistry
from .tally import Rejections as Rejections
from .task import PaddedTask as PaddedTask
from .task import PaddedX as PaddedX
from .task import Task as Task
from .training import TrainLoader as TrainLoader
