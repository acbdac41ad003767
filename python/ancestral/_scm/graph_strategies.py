"""The engine's graph generators. Written by `make config` from the engine's schema."""

from dataclasses import dataclass
from typing import ClassVar

from .._config.default_marks import DefaultFloat, DefaultInt, DefaultInts, DefaultText
from .engine_graphs import EngineGraph

__all__ = [
    "BackDoor",
    "ErdosRenyi",
    "FixedEdgeCount",
    "FixedInDegree",
    "FrontDoor",
    "HiddenConfounder",
    "Instrument",
    "RandomGeometric",
    "ScaleFree",
    "StochasticBlockModel",
    "Subnetwork",
    "UniformDAG",
    "WattsStrogatz",
]


@dataclass(frozen=True)
class ErdosRenyi(EngineGraph):
    """Keeps each forward pair of a random node order with equal probability (Erdős and Rényi 1959)."""

    kind: ClassVar[str] = "erdos_renyi"


@dataclass(frozen=True)
class ScaleFree(EngineGraph):
    """Attaches each new node by m edges to earlier ones in proportion to their degree (Barabási and Albert 1999), m(n - m)
    edges in all; m is drawn per task from the two whole numbers whose densities lie next to sparsity_param, with the right
    mean."""

    kind: ClassVar[str] = "scale_free"

    orientation: str = DefaultText("out")
    """Direction of scale-free edges: out (old to new, hubs have many children), in (hubs have many parents) or random. One of
    out, in, random."""
    power: float = DefaultFloat(1.0)
    """A scale-free node is chosen with probability proportional to its degree to this power. From 0 to 3."""


@dataclass(frozen=True)
class StochasticBlockModel(EngineGraph):
    """Puts nodes into blocks; a pair in two blocks has another edge probability than a pair in one (Holland, Laskey and
    Leinhardt 1983)."""

    kind: ClassVar[str] = "stochastic_block"

    count: int = DefaultInt(2)
    """Number of blocks, as equal in size as can be. From 1 to 2048."""
    ratio: float = DefaultFloat(0.1)
    """Edge probability between blocks over the one within. From 0 to 1."""


@dataclass(frozen=True)
class FixedEdgeCount(EngineGraph):
    """A uniformly random set of exactly M = sparsity_param * n_nodes forward pairs of a random node order: the model G(n, M) of
    Erdős and Rényi 1959. Where that is no whole number, M is one of the two next to it, with the right mean."""

    kind: ClassVar[str] = "fixed_edge_count"


@dataclass(frozen=True)
class WattsStrogatz(EngineGraph):
    """A ring of near neighbours with some links rewired, along a random node order (Watts and Strogatz 1998). A node is linked
    to m others on either side; where sparsity_param is no whole number, m is drawn per task from the two next to it, with the
    right mean."""

    kind: ClassVar[str] = "watts_strogatz"

    rewiring: float = DefaultFloat(0.3)
    """Probability that a link of the ring is rewired. From 0 to 1."""


@dataclass(frozen=True)
class RandomGeometric(EngineGraph):
    """Points on the unit square, linked where they are near, along a random node order (Penrose 2003)."""

    kind: ClassVar[str] = "random_geometric"


@dataclass(frozen=True)
class FixedInDegree(EngineGraph):
    """Each node takes the same number of parents among those before it in a random order, as far as there are so many: the
    uniform_indegree graphs of Ormaniec et al., "Standardizing structural causal models", ICLR 2025. m parents give m n - m(m +
    1)/2 edges; m is drawn per task from the two whole numbers whose densities lie next to sparsity_param, with the right
    mean."""

    kind: ClassVar[str] = "fixed_in_degree"


@dataclass(frozen=True)
class UniformDAG(EngineGraph):
    """Every labelled DAG with the same probability (Kuipers and Moffa 2015). The density can't be chosen: sparsity_param must
    be the mean of the law; the error says which."""

    kind: ClassVar[str] = "uniform_dag"


@dataclass(frozen=True)
class BackDoor(EngineGraph):
    """Treatment T = node n - 2 causes outcome Y = node n - 1; all others are covariates, each of which may cause T, Y and those
    after it in a random order: the back door of Pearl 2009, section 3.3.1. T -> Y is always there; sparsity_param sets the
    probability of the others."""

    kind: ClassVar[str] = "back_door"

    ratio: float = DefaultFloat(1.0)
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""


@dataclass(frozen=True)
class HiddenConfounder(EngineGraph):
    """Treatment T = node n - 2 causes outcome Y = node n - 1, and U = node n - 3, to be hidden, causes both; all others are
    covariates, each of which may cause T, Y and those after it in a random order: the bow of Pearl 2009, section 3.5. The edges
    among U, T and Y are always these; sparsity_param sets the probability of the others."""

    kind: ClassVar[str] = "hidden_confounder"

    ratio: float = DefaultFloat(1.0)
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""


@dataclass(frozen=True)
class Instrument(EngineGraph):
    """Instrument Z = node n - 4 causes treatment T = node n - 2, which causes outcome Y = node n - 1, and U = node n - 3, to be
    hidden, causes T and Y (Angrist, Imbens and Rubin 1996); all others are covariates, each of which may cause T, Y and those
    after it in a random order. The edges among Z, U, T and Y are always these, with no Z -> Y; sparsity_param sets the
    probability of the others."""

    kind: ClassVar[str] = "instrument"

    ratio: float = DefaultFloat(1.0)
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""


@dataclass(frozen=True)
class FrontDoor(EngineGraph):
    """Treatment T = node n - 2 causes mediator M = node n - 4, which causes outcome Y = node n - 1, and U = node n - 3, to be
    hidden, causes T and Y: the front door of Pearl 2009, section 3.3.2; all others are covariates, each of which may cause T, Y
    and those after it in a random order. The edges among U, T, M and Y are always these, with no T -> Y; sparsity_param sets
    the probability of the others."""

    kind: ClassVar[str] = "front_door"

    ratio: float = DefaultFloat(1.0)
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""


@dataclass(frozen=True)
class Subnetwork(EngineGraph):
    """The edges of a given network among nodes that are gathered around a random start by modularity, as for AVICI's gene
    networks (Marbach et al. 2009). sparsity_param must be 0, for the density is the network's."""

    kind: ClassVar[str] = "subnetwork"

    edges: tuple[int, ...] = DefaultInts(())
    """Edges of the network, as cause, effect, cause, effect, and so on, by numbers of nodes; anc.read_edges reads a file's. 0
    to 200000 values, each from 0 to 1e6."""
    top: float = DefaultFloat(0.2)
    """Share of the neighbours of the nodes gathered so far, those of highest modularity, from which the next is drawn. From 0
    to 1."""


STRATEGIES = {strategy.kind: strategy for strategy in EngineGraph.__subclasses__()}
"""By the engine's name of the kind."""
