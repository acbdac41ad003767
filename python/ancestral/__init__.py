"""Ancestral: structural causal models, drawn and sampled by a Swift engine, for torch."""

from ._errors import ConfigError as ConfigError
from ._errors import DisjointnessError as DisjointnessError
from ._errors import EngineError as EngineError
from ._graphs import graph_hash as graph_hash
from ._version import __version__ as __version__
from .config import FamilyConfig as FamilyConfig
from .data import HashRegistry as HashRegistry
from .data import MetaFixedDataset as MetaFixedDataset
from .data import MetaIterableDataset as MetaIterableDataset
from .data import PaddedTask as PaddedTask
from .data import Task as Task
from .data import collate as collate
from .data import pad_collate as pad_collate
from .factories import EngineMechanisms as EngineMechanisms
from .family import SCMFamily as SCMFamily
from .generators import ErdosRenyi as ErdosRenyi
from .generators import FixedEdgeCount as FixedEdgeCount
from .generators import FixedInDegree as FixedInDegree
from .generators import GraphGenerator as GraphGenerator
from .generators import RandomGeometric as RandomGeometric
from .generators import ScaleFree as ScaleFree
from .generators import StochasticBlockModel as StochasticBlockModel
from .generators import UniformDAG as UniformDAG
from .generators import WattsStrogatz as WattsStrogatz
from .instance import SCMInstance as SCMInstance
from .mechanisms import MechanismFactory as MechanismFactory
