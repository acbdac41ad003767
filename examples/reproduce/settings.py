"""Published settings, and small ones that two cores finish."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from networks.avici import Avici, Dual
from networks.bcnp import Bcnp
from networks.csiva import Csiva
from networks.trainer import Plan

import ancestral as anc


@dataclass(frozen=True)
class Setting:
    """A family, a network, how long it is trained, and what the paper says of it."""

    family: anc.FamilyConfig
    network: Callable[[], Any]
    rows: int
    batch: int
    """Tasks of a step and process."""
    plan: Plan
    published: dict[str, float]
    """By measure, from the paper; nothing where it has no such setting."""


def bcnp_family(mechanism: str, edges_per_node: float, n_nodes: int = 20) -> anc.FamilyConfig:
    """One kind of the preset bcnp-paper: linear, mlp or gpcde with 1, 2 or 3 edges per node."""
    for family in anc.FamilyConfig.preset("bcnp-paper").families:
        if family.mechanism_proportions == {mechanism: 1.0} and family.sparsity_param == edges_per_node:
            return replace(family, n_nodes=n_nodes)
    raise ValueError(f"mechanism = {mechanism!r}, edges_per_node = {edges_per_node}: not a kind of bcnp-paper.")


def _small(network: str) -> Callable[[], Any]:
    size: dict[str, Any] = {"width": 32, "heads": 8, "widening": 2, "shared": True}
    networks: dict[str, Callable[[], Any]] = {
        "bcnp": lambda: Bcnp(**size, layers=2, decoder_layers=1, permutations=10, iterations=30),
        # As published but for a burn-in and a pace that fit the number of steps.
        "avici": lambda: Avici(**size, layers=3, key_size=4, dropout=0.0, dual=Dual(every=20, decay=0.01, burn_in=500)),
        "csiva": lambda: Csiva(**size, layers=2, decoder_layers=2),
    }
    return networks[network]


_AUC = {"linear": (0.897, 0.887, 0.850), "mlp": (0.876, 0.859, 0.847)}

# The published code's: AdamW at 2e-4, warm-up over a tenth of the steps, weight decay 1e-5, batches of 32.
_BCNP_PLAN = Plan(60_000, 2e-4, warm_up=6_000, weight_decay=1e-5, second_moment=0.999, validate_every=5_000, save_every=1_000)
# AVICI's: 300,000 steps, 3e-5 times the root of the batch; it has LAMB, we AdamW.
_AVICI_PLAN = Plan(300_000, 1.2e-4, warm_up=3_000, weight_decay=0.0, validate_every=10_000, save_every=1_000)
_SMALL_PLAN = Plan(10_000, 1e-3, warm_up=120, validate_every=400, save_every=200)

SETTINGS: dict[str, Setting] = {
    **{
        f"bcnp-{mechanism}-er{20 * edges}": Setting(
            bcnp_family(mechanism, edges),
            Bcnp,
            1000,
            32,
            _BCNP_PLAN,
            {"AUC": _AUC[mechanism][edges - 1]} if mechanism in _AUC else {},
        )
        for mechanism in ("linear", "mlp", "gpcde")
        for edges in (1, 2, 3)
    },
    **{
        f"{preset}": Setting(anc.FamilyConfig.preset(preset), Avici, 200, 16, _AVICI_PLAN, {})
        for preset in ("avici-linear", "avici-rff")
    },
    **{
        f"small-{network}": Setting(
            bcnp_family("linear", 1, n_nodes=10), _small(network), 100, 8, replace(_SMALL_PLAN, rate=rate), {}
        )
        for network, rate in (("bcnp", 1e-3), ("avici", 3e-3), ("csiva", 1e-3))
    },
}
