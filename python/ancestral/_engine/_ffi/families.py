"""Families: their configurations, and what a caller reckons with."""

import json

import torch
from torch import Tensor

from ..memory import empty
from .calls import call, text
from .handles import Handle, create


def family_create(config: str) -> Handle:
    """Makes a family from its configuration, or that of a mixture, a JSON object; a fault in it is a ConfigError."""
    family = create("family", config.encode("utf-8"))
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
