"""A run's families and distances in a few lines of its log."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from .._analysis.distances import DistanceReport
from .._config.family import FamilyConfig
from .._config.network import NetworkConfig
from .._scm.family import SCMFamily
from .log_or_print import tell
from .set_designs import RunRows

_MOST = 1000


def tell_families(logger: logging.Logger, rows: RunRows) -> None:
    """One line a family: its name, its fingerprint, and what differs from the family "train", or there from the defaults.

    A set's design is told after it. All settings are told at DEBUG.
    """
    families = rows.families
    train = families["train"]
    lines = {name: f"{name}: {_fingerprint(family)}, {_told(name, family, train)}" for name, family in families.items()}
    tell(logger, [line + _under(rows, name) for name, line in lines.items()])
    for name, family in families.items():
        logger.debug("%s: %s", name, json.dumps(family.config.to_dict()))


def tell_distances(logger: logging.Logger, reports: Mapping[str, DistanceReport]) -> None:
    """One line a set: how far its family is from the training family by each measure, and whether by chance."""
    measures = {
        name: ", ".join(f"{metric} {entry.value:.4g} (p {entry.p:.2g})" for metric, entry in report.items())
        for name, report in reports.items()
    }
    if measures:
        tell(logger, [f"{name}: distance from train: {text}" for name, text in measures.items()])


def _under(rows: RunRows, name: str) -> str:
    design = rows.designs.get(name)
    if design is None:
        return ""
    return ", under the design of train" if name != "train" and design == rows.designs.get("train") else f", under {design}"


def _fingerprint(family: SCMFamily) -> str:
    return f"fingerprint {family.fingerprint()}" if family.has_fingerprint else "without a fingerprint"


def _told(name: str, family: SCMFamily, train: SCMFamily) -> str:
    config, base = family.config, train.config
    known = family.has_fingerprint and train.has_fingerprint
    if name != "train" and (family is train or (known and family.fingerprint() == train.fingerprint())):
        return "the same as train"
    if isinstance(config, NetworkConfig):
        return f"a network of {family.n_nodes} variables"
    if not isinstance(config, FamilyConfig):
        text = config.to_json()
        few = f"a mixture of {len(config.families)} families of {family.n_nodes} to {family.max_nodes} nodes"
        return text if len(text) <= _MOST else few
    if family is train or not isinstance(base, FamilyConfig):
        return json.dumps(_changed(config, FamilyConfig()))
    changed = _changed(config, base)
    return f"as train but for {json.dumps(changed)}" if changed else "with the settings of train"


def _changed(config: FamilyConfig, base: FamilyConfig) -> dict[str, Any]:
    others = base.to_dict()
    return {name: value for name, value in config.to_dict().items() if name not in others or value != others[name]}
