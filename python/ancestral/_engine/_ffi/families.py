"""Families: their configurations, and what a caller reckons with."""

import json

import torch
from torch import Tensor

from ..memory import empty
from .calls import call, call_in_slices, text
from .handles import Handle, create

_LONG_CONFIG = 1 << 20
"""Characters of a configuration above which reading it may take longer than a user should wait for Ctrl-C."""


def family_create(config: str) -> Handle:
    """Makes a family from its configuration, or that of a mixture, a JSON object; a fault in it is a ConfigError."""
    return _described(create("family", config.encode("utf-8"), is_long=len(config) > _LONG_CONFIG))


def network_read(content: str, format: str) -> Handle:
    """Makes the family of a network from the text of its file, "bif" or "json"; a ConfigError names the line or the member."""
    given = content.encode("utf-8"), format.encode("utf-8")
    return _described(create("family", *given, function="anc_network_read", is_long=len(content) > _LONG_CONFIG))


def network_probabilities(family: Handle, query: str, count: int) -> Tensor:
    """float64 [count]: the exact law that `query` asks of a network, as the header says."""
    out = empty(count, dtype=torch.float64)
    call_in_slices(
        "anc_network_probabilities", family.pointer, query.encode("utf-8"), out.data_ptr(), out.numel(), is_long=True
    )
    return out


def _described(family: Handle) -> Handle:
    family.about = json.loads(text("anc_family_describe", family.pointer))
    family.is_long = family.about["has_long_tasks"]
    return family


def family_config(family: Handle) -> str:
    """The canonical JSON of a family's configuration, defaults spelled out."""
    return text("anc_family_config", family.pointer)


def family_fingerprint(family: Handle) -> str:
    """64 hex digits that are equal for equal configurations on every machine."""
    return text("anc_family_fingerprint", family.pointer)


def family_components(family: Handle, seeds: Tensor) -> Tensor:
    """The number of the mixture's component behind each seed, int32 like `seeds` [count], which are int64 bit patterns."""
    out = empty(len(seeds), dtype=torch.int32)
    call("anc_family_components", family.pointer, seeds.data_ptr(), len(seeds), out.data_ptr())
    return out
