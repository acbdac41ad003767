"""The engine's graph generators, and the protocol of one."""

from ._scm.generators import GraphGenerator as GraphGenerator
from ._scm.graph_strategies import *  # noqa: F403
from ._scm.graph_strategies import STRATEGIES as STRATEGIES
