"""Every measure of a predicted graph, by the name that a failing test shows."""

from typing import Any

from ancestral import evaluation

MEASURES: dict[str, Any] = {
    "shd": evaluation.shd,
    "cpdag_shd": evaluation.cpdag_shd,
    "expected_shd": evaluation.expected_shd,
    "f1": evaluation.f1,
    "auroc": evaluation.auroc,
    "average_precision": evaluation.average_precision,
    "sid": evaluation.sid,
    "aid": evaluation.aid,
    "aid oset": lambda a, b: evaluation.aid(a, b, "oset"),
    "aid parent": lambda a, b: evaluation.aid(a, b, "parent"),
}
