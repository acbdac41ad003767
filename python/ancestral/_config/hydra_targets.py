"""Configurations as Hydra and hydra-zen write them down: fields beside a `_target_`, not yet instantiated."""

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

_OURS = "ancestral."
# What hydra.utils.instantiate keeps for itself.
_HYDRAS = ("_target_", "_convert_", "_recursive_", "_partial_")


def fields_of(source: Any) -> Any:
    """The fields of a dataclass with a `_target_`, such as `hydra_zen.builds(anc.FamilyConfig, n_nodes=5)`, or of an instance
    of it; anything else as it is."""
    if not dataclasses.is_dataclass(source) or not isinstance(getattr(source, "_target_", None), str):
        return source
    values: Any = source() if isinstance(source, type) else source
    return {item.name: getattr(values, item.name) for item in dataclasses.fields(values)}


def untargeted(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a mapping whose `_target_` is one of our configurations, and those of a MixtureConfig as its files have
    them; any other mapping as it is."""
    target: Any = values.get("_target_")
    if not isinstance(target, str) or not target.startswith(_OURS):
        return values
    rest = {key: value for key, value in values.items() if key not in _HYDRAS}
    if not target.endswith(".MixtureConfig") or "families" not in rest:
        return rest
    families = [untargeted(cast("Mapping[str, Any]", fields_of(family))) for family in rest["families"]]
    weights: Any = rest.get("weights") or [1.0] * len(families)
    return {"mixture": [{"family": family, "weight": weight} for family, weight in zip(families, weights, strict=True)]}
