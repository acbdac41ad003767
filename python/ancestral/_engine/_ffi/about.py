"""The engine's version, schema, presets and bounds."""

import functools
import json
from collections.abc import Iterable

from .calls import text


def version() -> str:
    """The engine's version, such as "0.1.0"."""
    return text("anc_version")


def schema() -> str:
    """The JSON Schema of a family's configuration."""
    return text("anc_schema")


def presets() -> str:
    """The published families: a JSON list of {"name", "source", "config"}."""
    return text("anc_presets", room=1 << 21)


@functools.cache
def limits() -> dict[str, int]:
    """The most "n_nodes" of a task, and the most "threads" of a call."""
    return json.loads(text("anc_limits"))


def meant_name(word: str, names: Iterable[str]) -> str | None:
    """The one of the names that a wrong one stands for; None where none is near."""
    listed = json.dumps({"names": list(names)}).encode()
    return text("anc_meant_name", word.encode("utf-8", "replace"), listed) or None


def measures() -> str:
    """JSON: the names of all measures and statistics in order, and what each is read from."""
    return text("anc_measures")
