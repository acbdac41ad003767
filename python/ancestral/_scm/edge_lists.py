"""read_edges: the edge list of a network from a file of text."""

import re
from collections.abc import Sequence
from os import PathLike

from .._engine.errors import ConfigError
from .._files.paths import absolute

_CAUSES = ("cause", "from", "source", "src", "parent", "tail", "regulator", "tf", "origin", "node1")
_EFFECTS = ("effect", "to", "target", "dst", "child", "head", "gene", "destination", "outcome", "node2")


def causes_come_first(words: Sequence[str]) -> bool | None:
    """Whether two words above an edge list say that causes stand before effects, or behind; None where they say neither."""
    first, second = (word.lower() for word in words)
    if first in _CAUSES and second in _EFFECTS:
        return True
    return False if first in _EFFECTS and second in _CAUSES else None


def read_edges(path: str | PathLike[str]) -> list[int]:
    """The edges of a network, from a file with a cause and an effect on each line, for `anc.Subnetwork`.

        edges = anc.read_edges("regulation.tsv")    # Lines such as "crp  lacZ  +".
        family = anc.SCMFamily(20, graph_generator=anc.Subnetwork(0.0, edges=edges))

    Names are separated by tabs, commas, semicolons or blanks; what follows the second is not read, nor are empty lines and
    lines that begin with #. Returns cause, effect, cause, effect and so on, as numbers of the sorted names from 0. Raises
    ConfigError for a line with one name alone, or with an arrow in the place of one; for a 0 behind the names, by which gold
    standards list what is no edge; for a first line of headings, such as "source target", which occur in no other line; and for
    a file that can't be read or has no edges.
    """
    pairs: list[tuple[str, str]] = []
    given = absolute(path, "path")
    try:
        text = given.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # Not UTF-8.
        raise ConfigError(f"path = {str(given)!r}: must be a file of text that can be read ({error}).") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words = re.split(r"[\t,; ]+", line.strip())
        names = [word.strip("\"'") for word in words]
        fault = None
        if any(word.startswith('"') != word.endswith('"') for word in words[:2]):
            fault = "must have names without tabs, commas, semicolons and blanks, also within quotes"
        elif len(names) < 2 or not all(re.search(r"\w", name) for name in names[:2]):
            fault = "must have a cause and an effect"
        elif len(names) == 3 and re.fullmatch(r"0(\.0*)?", names[2]):
            fault = "must be an edge: pairs that are none, with a 0 behind them, must be left out"
        if fault is not None:
            raise ConfigError(f"{path}, line {number}: {line.strip()[:80]!r} {fault}.")
        pairs.append((names[0], names[1]))
    if not pairs:
        raise ConfigError(f"{path}: must have at least one line with a cause and an effect.")
    if causes_come_first(pairs[0]) is not None and {*pairs[0]}.isdisjoint(name for pair in pairs[1:] for name in pair):
        raise ConfigError(
            f"{path} begins with {', '.join(pairs[0])}: must have causes, then effects, without a line above them; one that "
            "begins with # is left out."
        )
    numbers = {name: number for number, name in enumerate(sorted({name for pair in pairs for name in pair}))}
    return [numbers[name] for pair in pairs for name in pair]
