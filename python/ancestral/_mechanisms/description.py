"""Mechanisms as modules, from what the engine says of an instance."""

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from .catalogue import MECHANISMS
from .exact_process import SHAPED


def build_mechanisms(description: Mapping[str, Any], values: Tensor) -> list[nn.Module]:
    """The modules that the engine describes; each parameter owns its memory."""
    nodes = sorted(description["nodes"], key=lambda node: node["node"])
    return [MECHANISMS[node["kind"]](_parameters(node, values), _settings(node), node["noise"], node["kind"]) for node in nodes]


def _settings(node: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the mechanism, and where a parent is read by more columns than one, how many columns each is read by."""
    columns: list[int] = node["columns"]
    return {**node["settings"], **({"columns": columns} if max(columns, default=1) > 1 else {})}


def _parameters(node: Mapping[str, Any], values: Tensor) -> dict[str, Tensor]:
    n_parents = len(node["parents"])
    found = {
        "input_gain": values.new_ones(n_parents),
        "input_shift": values.new_zeros(n_parents),
        "output_gain": values.new_ones(()),
        "output_shift": values.new_zeros(()),
    }
    for item in node["parameters"]:
        if _is_unread(item["name"], node["settings"]):
            continue
        size = math.prod(item["shape"])
        found[item["name"]] = values[item["offset"] : item["offset"] + size].reshape(item["shape"]).clone()
    return found


def _is_unread(name: str, settings: Mapping[str, Any]) -> bool:
    """True if no gradient would ever reach a parameter.

    The size of the noise has no white part; a shape is read by some kernels only.
    """
    kernels = {value for key, value in settings.items() if key.startswith("kernel_")}
    return name == "noise_function_nugget_scale" or (name == "shapes" and not kernels & SHAPED)
