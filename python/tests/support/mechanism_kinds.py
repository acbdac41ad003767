"""The kinds of mechanism that the engine has, and which of them give values that gradients reach."""

import json

from ancestral._engine import _ffi

KINDS: tuple[str, ...] = tuple(json.loads(_ffi.schema())["properties"]["mechanism_proportions"]["properties"])
DISCRETE = ("binary", "categorical", "count")
"""Whose values are classes or counts: `unit/scm/test_discrete.py` holds them against the engine."""
CONTINUOUS = tuple(kind for kind in KINDS if kind not in DISCRETE)
