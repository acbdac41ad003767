"""SCMFamily: a distribution over SCMs, composed of a graph generator and a mechanism factory."""

import os
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.engine_config import kept_fingerprint
from .._config.family import FamilyConfig
from .._config.kept_handle import kept_handle, own_copy
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig
from .._engine import _ffi
from .._engine.checks import check_seed, whole_number
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._engine.torch_modes import in_plain
from .._identity.fingerprints import combined_fingerprint
from .._mechanisms.modules import MechanismFactory
from .config_reading import read_config
from .family_tasks import FamilyTasks
from .generators import GraphGenerator
from .given_strategies import take_factory, take_graph
from .instance import SCMInstance
from .mixture_strategies import MixtureGraphs, MixtureMechanisms, mean_proportions
from .network_strategies import graphs_of, mechanisms_of
from .own_config import OwnConfig, stand_in
from .own_strategies import Own, with_noise

_COUNTED_AT_ONCE = 1 << 20
"""Tasks whose components are found in one call: some milliseconds and megabytes."""

UNKNOWN = "unknown "
"""The text before the mark of a family without a fingerprint."""


class SCMFamily(FamilyTasks):
    """A distribution over SCMs, by composition.

        family = anc.SCMFamily(n_nodes=20, graph_generator="scale_free", mechanism_factory="mlp")
        task = family.sample_task(7)
        task.sample(1000)        # float32 [1000, 20]

    `graph_generator` is the name of an engine's kind, one of its strategies (`anc.ErdosRenyi()`), or your own
    `GraphGenerator`. `mechanism_factory` is a kind of mechanism, an `anc.EngineMechanisms`, or your own
    `MechanismFactory`, whose modules are run in torch over the engine's noise. All other arguments are fields of
    FamilyConfig, with its defaults. What only a strategy of your own could read, as a graph generator `sparsity_param`, is
    handed to it at each call if it has a parameter of that name (`density` will do), and refused if not.

    `SCMFamily.from_config` also makes the family of a `MixtureConfig`, whose tasks come from several families. Where such a
    family has one number for a setting, it is the mean over the mixture. `anc.network` makes that of a known network.

    Raises ConfigError for a wrong value, an unknown name, or a setting given twice in two ways.
    """

    def __init__(
        self,
        n_nodes: int = 20,
        graph_generator: str | GraphGenerator | Callable[..., Tensor] | None = None,
        mechanism_factory: str | MechanismFactory | Callable[..., Sequence[Any]] | None = None,
        sparsity_param: float | None = None,
        mechanism_proportions: Mapping[str, float] | None = None,
        noise_type: str | None = None,
        **settings: Any,
    ) -> None:
        if isinstance(n_nodes, (str, os.PathLike, Mapping, AnyConfig)):
            raise ConfigError(
                f"n_nodes = a {type(n_nodes).__name__}: must be an integer; SCMFamily.from_config takes a configuration, "
                "a preset's name or a path."
            )
        named = {"sparsity_param": sparsity_param, "mechanism_proportions": mechanism_proportions, "noise_type": noise_type}
        fields = {"n_nodes": n_nodes, **{name: value for name, value in named.items() if value is not None}, **settings}
        self._own_graph = take_graph(graph_generator, fields)
        self._own_factory = take_factory(mechanism_factory, fields)
        config = FamilyConfig.from_dict(stand_in(fields, self._strategies))
        self._engine = config
        if self._own_factory is not None:
            if config.standardization != "none":
                raise ConfigError(
                    f'standardization = "{config.standardization}": must be "none" with a mechanism_factory of your own, '
                    "because the engine standardises only its own mechanisms."
                )
            self._own_factory = with_noise(self._own_factory, config)
        if self._strategies and config.divergence != "refuse":
            raise ConfigError(
                f'divergence = "{config.divergence}": must be "refuse" with strategies of your own, whose tasks a verification '
                "without them can't draw again."
            )
        # Stands for a fingerprint in states where there is none; copies that reach a worker have the same.
        self._token = uuid.uuid4().hex if self._strategies else ""

    @classmethod
    def from_config(cls, cfg: Any) -> "SCMFamily":
        """A family from a FamilyConfig, MixtureConfig or NetworkConfig, a dict, an OmegaConf DictConfig, the path of a
        YAML, JSON or BIF file, or the name of a preset.

        A dict or a file that has the key "mixture" is a mixture, and one with "network" a known network.
        """
        config = read_config(cfg)
        if isinstance(config, OwnConfig):
            names = " and ".join(f"{role} = {entry['name']}" for role, entry in config.strategies.items())
            raise ConfigError(f"{names}: must be given to SCMFamily itself, as it is written in Python.")
        if isinstance(config, FamilyConfig):
            return cls(**config.to_dict())
        family = cls.__new__(cls)
        family._own_graph, family._own_factory, family._engine, family._token = None, None, own_copy(config), ""
        return family

    @property
    def config(self) -> AnyConfig:
        """Everything that is known about the family, in a copy: what is changed in it changes nothing of the family.

        With strategies of your own it has what is known of these, in `to_dict` too, and None for each field that plays no part,
        which `to_dict` leaves out.
        """
        config = self._engine
        if isinstance(config, FamilyConfig) and not self.in_engine:
            settings = {name: value for own in self._strategies.values() for name, value in own.settings.items()}
            config = OwnConfig.of(config, settings, {role: own.entry() for role, own in self._strategies.items()})
        return own_copy(config)

    @property
    def n_nodes(self) -> int:
        """Nodes of each task; the least when tasks differ, as with `n_nodes_max` or in a mixture."""
        return min(config.n_nodes for _, config in self._parts)

    @property
    def max_nodes(self) -> int:
        """The most nodes that a task can have: the width of padded tensors."""
        return max(config.n_nodes_max or config.n_nodes for _, config in self._parts)

    @property
    def may_be_discrete(self) -> bool:
        """True if nodes may have classes or counts for values: items of datasets are then dicts, as under a design, which say
        so in `kind` and `n_classes`."""
        return self._own_factory is None and bool(kept_handle(self._engine).about["discrete"])

    @property
    def sparsity_param(self) -> float | None:
        """Expected edges per node; the mean over tasks of a mixture; with your own generator what it is handed, if anything."""
        if self._own_graph is not None:
            return self._own_graph.settings.get("sparsity_param")
        return sum(share * config.sparsity_param for share, config in self._parts)

    @property
    def mechanism_proportions(self) -> dict[str, float] | None:
        """Share of nodes of each kind of mechanism; the mean over tasks of a mixture; of your own factory what it is handed."""
        if self._own_factory is not None:
            return deepcopy(self._own_factory.settings.get("mechanism_proportions"))
        config = self._engine
        if isinstance(config, MixtureConfig):
            return mean_proportions(config)
        return dict(config.mechanism_proportions or {"linear": 1.0})

    @property
    def noise_type(self) -> str:
        """Law of the noise; "mixed" for a mixture of several."""
        laws = {config.noise_type for share, config in self._parts if share > 0}
        return laws.pop() if len(laws) == 1 else "mixed"

    @property
    def graph_generator(self) -> GraphGenerator:
        """The strategy that draws graphs: that of a seed's task is `graph_generator(n_nodes, seed=seed)`, if it has n_nodes.

        A mixture's picks the seed's family first, and draws as that does.
        """
        if self._own_graph is not None:
            return self._own_graph.strategy
        config = self._handed
        return MixtureGraphs(config) if isinstance(config, MixtureConfig) else graphs_of(config)

    @property
    def mechanism_factory(self) -> MechanismFactory:
        """The strategy that draws mechanisms; a mixture's picks the seed's family first, and draws as that does."""
        if self._own_factory is not None:
            return self._own_factory.strategy
        config = self._handed
        return MixtureMechanisms(config) if isinstance(config, MixtureConfig) else mechanisms_of(config)

    @lazy
    def _handed(self) -> FamilyConfig | MixtureConfig | NetworkConfig:
        """The copy that strategies have: one for all calls, as it keeps what the engine made of each family in it."""
        return own_copy(self._engine)

    @property
    def _parts(self) -> list[tuple[float, FamilyConfig | NetworkConfig]]:
        """The families with their shares; a plain one is all there is."""
        config = self._engine
        if isinstance(config, MixtureConfig):
            return list(zip(config.shares, config.families, strict=True))
        return [(1.0, config)]

    @property
    def has_own_graphs(self) -> bool:
        """True if a graph generator of your own draws the graphs."""
        return self._own_graph is not None

    def component_counts(self, n_tasks: int, base_seed: int = 0) -> list[int]:
        """The number of tasks of each family of a mixture, in order, among the first `n_tasks` of training (elastic order)."""
        count, seed = whole_number(n_tasks, "n_tasks", 0, 1 << 31), check_seed(base_seed)
        total = torch.zeros(len(self._parts), dtype=torch.int64, device="cpu")
        for first in range(0, count, _COUNTED_AT_ONCE):
            seeds = _ffi.stream_seeds(seed, offset=-1, epoch=-1, first=first, count=min(_COUNTED_AT_ONCE, count - first))
            total += torch.bincount(_ffi.family_components(kept_handle(self._engine), seeds), minlength=len(total))
        return cast("list[int]", total.tolist())

    def fingerprint(self, design: Design | None = None) -> str:
        """64 hex digits: families with equal ones give the same tasks, in every process; with a design, the same experiments.

        A strategy of your own counts by its `fingerprint()` method if it has one; a dataclass by its name and its fields, where
        these are plain values, tensors or strategies; a function of a module, or an object without attributes, by its name; a
        functools.partial of one by its arguments too. Numbers and texts of its module that the code reads count; what the code
        does is no part of it: give a strategy another `version` (an attribute, text or number) when you change that. Raises
        ConfigError, in one sentence that says what to write, for a closure, a lambda that no module has a name for, an object
        with attributes, and whatever else has parameters that can't be read.
        """
        config = kept_fingerprint(self._engine if design is None else self._designed, design)
        return combined_fingerprint(config, {role: own.fingerprint() for role, own in self._strategies.items()})

    @property
    def has_fingerprint(self) -> bool:
        """True if `fingerprint()` gives one. Caches, states to resume from, registries and corpora need it; drawing doesn't."""
        try:
            self.fingerprint()
        except ConfigError:
            return False
        return True

    def _mark(self, design: Design | None = None) -> str:
        """The fingerprint, or else a text that this family and its copies have alone."""
        return self.fingerprint(design) if self.has_fingerprint else f"{UNKNOWN}{self._token}"

    @property
    def _strategies(self) -> dict[str, Own]:
        """The user's own by their roles."""
        found = {"graph_generator": self._own_graph, "mechanism_factory": self._own_factory}
        return {role: own for role, own in found.items() if own is not None}

    @in_plain
    def sample_task(self, seed: int) -> SCMInstance:
        """The task of a seed, any whole number from 0 (taken mod 2^64). The same seed gives the same task everywhere.

        Your own graph generator is given the seed itself; your own mechanism factory one derived from it, so that the
        two share no random numbers even when both seed a generator in the same way. Raises ConfigError for a seed that is no
        whole number or negative, and for what a strategy of your own gives that is no DAG or no list of modules.
        """
        seed = check_seed(seed)
        return SCMInstance(self._source(seed), seed)

    def plot_example(self, seed: int | None = None, ax: Any = None) -> Any:
        """Draws one task as `SCMInstance.visualize` does; None picks a random seed, which the title tells."""
        return self.sample_task(secrets.randbits(32) if seed is None else seed).visualize(ax)

    def __repr__(self) -> str:
        own = (f", {role}={own.strategy!r}" for role, own in self._strategies.items())
        return f"SCMFamily({self.config!r}{''.join(own)})"


def engine_handle(family: SCMFamily) -> _ffi.Handle:
    """The engine's family; of one with strategies in Python, what the engine draws of it."""
    return kept_handle(family._engine)  # pyright: ignore[reportPrivateUsage]
