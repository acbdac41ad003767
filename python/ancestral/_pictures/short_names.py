"""Names of families and of kinds of mechanism, short enough for a picture and still different."""

import re
from collections.abc import Iterable

_MOST, _HEAD, _BEFORE = 22, 6, 3
"""The letters of a short name, those of its head, and those that are shown before the first that differs."""


def plain_name(name: str) -> str:
    """A name that a picture shows as it is, and that leaves room for the picture."""
    return _plain(_ended(name))


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """The same of several, by name; those that begin alike show where they begin to differ."""
    ended = {name: _ended(name) for name in names}
    found: dict[str, str] = {}
    for name, short in ended.items():
        shared = [_shared(name, other) for other, its in ended.items() if other != name and its == short]
        found[name] = _plain(_cut(name, max(shared)) if shared else short)
    return found


def name_lines_of(name: str, width: int) -> str:
    """A name in lines of at most `width` letters, broken after words, slashes, hyphens and underscores where that can be."""
    lines = [""]
    for part in re.findall(r"[^\s/_-]+[\s/_-]*|[\s/_-]+", name):
        for piece in (part[first : first + width] for first in range(0, len(part), width)):
            if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > width:
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def _ended(name: str) -> str:
    return name if len(name) <= _MOST else f"{name[: _MOST - 2]}…"


def _shared(name: str, other: str) -> int:
    """With how many equal letters two different names begin."""
    return next((place for place, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), min(len(name), len(other)))


def _cut(name: str, differs: int) -> str:
    """The head, and what stands around the letter of number `differs`."""
    room = _MOST - _HEAD - 2
    first = max(_HEAD, min(differs - _BEFORE, len(name) - room))
    return f"{name[:_HEAD]}…{name[first : first + room]}{'…' if first + room < len(name) else ''}"


def _plain(name: str) -> str:
    """The name without what matplotlib takes for more: mathematics after "$", and "_" before names that legends leave out."""
    text = name.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text
