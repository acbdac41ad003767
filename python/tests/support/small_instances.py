"""Instances of seven nodes, as large as a test of interventions needs them."""

import json
from typing import Any

import ancestral as anc
from ancestral._engine import _ffi

ROWS = 64
MODES: list[str] = json.loads(_ffi.schema())["properties"]["standardization"]["enum"]


def family(mode: str = "none", **settings: Any) -> anc.SCMFamily:
    given: dict[str, Any] = {"mechanism_proportions": {"linear": 1, "mlp": 1, "gp": 1, "gpcde": 1}, "gp_features": 16}
    return anc.SCMFamily(7, **{"sparsity_param": 1.5, "standardization": mode, "gpcde_features": 16, **given, **settings})


def middle(task: anc.SCMInstance) -> int:
    """A node with parents and children."""
    return next(j for j in task.topological_order if task.parents(j) and bool(task.adjacency_matrix[j].any()))


def doubled(task: anc.SCMInstance) -> anc.SCMInstance:
    for mechanism in task.mechanisms:
        mechanism.double()
    return task
