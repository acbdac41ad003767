"""Families and data modules as Hydra config groups.

    from ancestral.integrations import hydra as anc_hydra
    anc_hydra.register()

Then a config has in its defaults, for example, `family@data.train: notears-linear` and `data: default`, and
`hydra.utils.instantiate(cfg.data)` is an `anc.DataModule`; with `design@data.design: do-pfn` one of experiments. An override of
an option of a part that the design doesn't have, `data.design.hidden.count=2`, gives it the part, with its other options at
their defaults.

A dictionary that is set on the command line *merges* with the one that is there: over a family that has the proportions
`{linear: 1}`, `mechanism_proportions={gpcde: 1}` gives both. Say `{linear: 0, gpcde: 1}`, or start from the family "default",
whose proportions are null.
"""

# No `X | None` here: OmegaConf reads these annotations as they stand.
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, cast

from .._config.design import Design
from .._config.family import FamilyConfig
from .._engine.errors import ConfigError
from .._engine.extras import missing

try:
    from hydra.core.config_store import ConfigStore
    from omegaconf import MISSING, OmegaConf
except ImportError as error:
    raise missing("hydra", "hydra") from error


@dataclass
class DataModuleConfig:
    """The arguments of anc.DataModule, for `hydra.utils.instantiate`."""

    _target_: str = "ancestral.DataModule"
    train: Any = MISSING
    """A family: of the group, or a dictionary of its settings."""
    val: Any = None
    """One family, families by their names, or none."""
    test: Any = None
    """One family, families by their names, or none."""
    n_samples: Optional[int] = None
    """A number of rows, or null beside a design."""
    design: Any = None
    """A design: the options of anc.Design, or the name of a published one."""
    set_designs: Any = None
    """Designs by the sets' whole names, such as "test/ood"."""
    batch_size: int = MISSING
    base_seed: int = 0
    n_val: Any = 128
    """A number, or numbers by the sets' names."""
    n_test: Any = 128
    """A number, or numbers by the sets' names."""
    seeds: Any = None
    """Lists of seeds by the sets' whole names, such as "test/id"."""
    disjoint: str = "exact"
    disjoint_sets: bool = False
    return_adjacency: bool = True
    normalize: str = "none"
    collate_fn: Any = None
    """A function: `{_target_: my.function, _partial_: true}`."""
    batches_per_epoch: Optional[int] = None
    num_workers: int = 0
    threads: Optional[int] = None
    prefetch: int = 2
    pin_memory: bool = False
    device: Optional[str] = None
    cache_instances: bool = False
    cache_dir: Optional[str] = None
    cache_bytes: int = 1 << 30
    corpus: Optional[str] = None
    """The folder of a corpus that has the first training tasks."""
    metrics: Optional[List[str]] = None
    output_dir: Optional[str] = None
    loader_settings: Any = None  # No Optional[Dict]: OmegaConf 2.3 can't put a dictionary in the place of its None.
    """A dictionary of arguments of torch's DataLoader."""


def register(family: str = "family", data: str = "data", design: str = "design") -> None:
    """Adds three groups to Hydra's ConfigStore: families and designs ("default" and the published ones), and data ("default").

    Published mixtures are not among them, because Hydra would take seconds to compose one: `data.train=bcnp-paper` takes one
    by its name. ConfigError where the groups have no names of their own.
    """
    groups: List[Any] = [family, data, design]
    if not all(isinstance(group, str) and group for group in groups) or len(set(groups)) < len(groups):
        raise ConfigError(f"family, data and design = {family!r}, {data!r} and {design!r}: must be three different names.")
    store = ConfigStore.instance()
    published = {name: FamilyConfig.preset(name) for name in FamilyConfig.presets()}
    for name, config in {"default": FamilyConfig(), **published}.items():
        if not isinstance(config, FamilyConfig):
            continue  # A mixture of many families, which would take Hydra seconds to compose.
        # Not the dataclass: OmegaConf takes a frozen one for read-only, and 2.3 can't put a dictionary in the place of a None
        # that is typed as one. The engine checks the types.
        store.store(
            group=family, name=name, node=OmegaConf.create({key: _open(value) for key, value in config.to_dict().items()})
        )
    for name, config in {"default": Design(), **{name: Design.preset(name) for name in Design.presets()}}.items():
        store.store(group=design, name=name, node=_open(config.to_dict()))
    store.store(group=data, name="default", node=DataModuleConfig)


def _open(value: Any) -> Any:
    """A dictionary that takes new keys from the command line, where Hydra shuts all others; misspelt ones are the engine's to
    find. So a part of a design that is null can be given by its options."""
    return OmegaConf.create(cast(Dict[str, Any], value), flags={"struct": False}) if isinstance(value, dict) else value
