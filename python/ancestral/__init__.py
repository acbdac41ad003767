"""Ancestral: structural causal models, drawn and sampled by a Swift engine, for torch."""

from typing import TYPE_CHECKING, Any

from . import analysis as analysis
from ._config.design import Design as Design
from ._config.design_fields import *  # noqa: F403
from ._config.family import FamilyConfig as FamilyConfig
from ._config.mixture import MixtureConfig as MixtureConfig
from ._config.network import NetworkConfig as NetworkConfig
from ._engine import later as _later
from ._engine.errors import ConfigError as ConfigError
from ._engine.errors import DisjointnessError as DisjointnessError
from ._engine.errors import EngineError as EngineError
from ._mechanisms.modules import MechanismFactory as MechanismFactory
from ._run.verify import replay as replay
from ._run.verify import verify as verify
from ._scm.edge_lists import read_edges as read_edges
from ._scm.engine_mechanisms import EngineMechanisms as EngineMechanisms
from ._scm.family import SCMFamily as SCMFamily
from ._scm.generators import GraphGenerator as GraphGenerator
from ._scm.graph_functions import cpdag as cpdag
from ._scm.graph_functions import graph_hash as graph_hash
from ._scm.graph_strategies import *  # noqa: F403
from ._scm.instance import SCMInstance as SCMInstance
from ._scm.networks import network as network
from ._version import __version__ as __version__
from .data import CorpusDataset as CorpusDataset
from .data import DataModule as DataModule
from .data import ExperimentData as ExperimentData
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

if TYPE_CHECKING:
    from . import evaluation as evaluation
    from . import formats as formats
    from . import generators as generators
    from . import integrations as integrations
    from . import mechanisms as mechanisms

_LATER = ("evaluation", "formats", "generators", "integrations", "mechanisms")
"""Modules that are imported when somebody first says their name."""


def __getattr__(name: str) -> Any:
    return _later.module_of(__name__, _LATER, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER} - {"Any", "TYPE_CHECKING"})
