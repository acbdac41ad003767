"""Ancestral: structural causal models, drawn and sampled by a Swift engine, for torch."""

from . import analysis as analysis
from ._errors import ConfigError as ConfigError
from ._errors import DisjointnessError as DisjointnessError
from ._errors import EngineError as EngineError
from ._graph_strategies import *  # noqa: F403
from ._graphs import cpdag as cpdag
from ._graphs import graph_hash as graph_hash
from ._version import __version__ as __version__
from .config import FamilyConfig as FamilyConfig
from .data import CorpusDataset as CorpusDataset
from .data import DataModule as DataModule
from .data import HashRegistry as HashRegistry
from .data import MetaFixedDataset as MetaFixedDataset
from .data import MetaIterableDataset as MetaIterableDataset
from .data import PaddedTask as PaddedTask
from .data import PaddedX as PaddedX
from .data import Task as Task
from .data import TaskLoader as TaskLoader
from .data import collate as collate
from .data import pad_collate as pad_collate
from .data import verify_corpus as verify_corpus
from .data import write_corpus as write_corpus
from .factories import EngineMechanisms as EngineMechanisms
from .family import SCMFamily as SCMFamily
from .generators import GraphGenerator as GraphGenerator
from .instance import SCMInstance as SCMInstance
from .mechanisms import MechanismFactory as MechanismFactory
from .mixture import MixtureConfig as MixtureConfig
from .verify import replay as replay
from .verify import verify as verify
