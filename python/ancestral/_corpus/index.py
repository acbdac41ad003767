"""The index of a corpus, which is written last: where there is one, the corpus is complete."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from .._engine.errors import ConfigError
from .._files.atomic import refused, write_text
from .._files.checksums import is_sealed, sealed
from .._files.regular import open_regular
from .json_files import INDEX, read_json, read_text, sweep
from .plan import FORMAT, CorpusPlan
from .shard import shard_name


@dataclass(frozen=True)
class Shard:
    """One file of the corpus and what it holds."""

    file: str
    first: int
    """The number of its first task."""
    count: int
    sha256: str
    """64 hex digits."""


def write_index(folder: Path, plan: CorpusPlan, checksums: list[str]) -> None:
    """Says that all shards are there; `checksums` are theirs in order. Leaves nothing of broken writers behind.

    An index that says so already is left as it is. ConfigError when it can't be written.
    """
    shards = [
        asdict(Shard(shard_name(shard), plan.first(shard), plan.count(shard), found)) for shard, found in enumerate(checksums)
    ]
    text = sealed({**plan.description, "shards": shards})
    if not _holds(folder / INDEX, text):
        with refused("out_dir", folder):
            write_text(folder / INDEX, text, shared=True)
    sweep(folder)


def read_index(folder: Path) -> tuple[dict[str, Any], list[Shard]]:
    """The description of what the corpus was made of, as CorpusPlan.description has it, and its shards.

    ConfigError when the folder holds no complete corpus, or the index isn't as it was written.
    """
    try:
        (folder / INDEX).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigError(
            f"{folder} has no {INDEX}: it must hold a complete corpus; write_corpus again goes on with a broken one."
        ) from None
    except OSError as error:
        raise ConfigError(f"{folder / INDEX} can't be read: {error}.") from None
    index = read_json(folder / INDEX)
    if index.get("format") != FORMAT:
        raise ConfigError(f"{folder}: format {index.get('format')!r} of {INDEX} must be {FORMAT}.")
    if not is_sealed(read_text(folder / INDEX)):
        raise ConfigError(f"{folder}: {INDEX} is not as it was written; write_corpus again makes it anew.")
    del index["digest"]
    shards = [Shard(**entry) for entry in cast("list[dict[str, Any]]", index.pop("shards"))]
    return index, shards


def _holds(path: Path, text: str) -> bool:
    try:
        with open_regular(path) as file:
            return file.read() == text.encode()
    except OSError:
        return False
