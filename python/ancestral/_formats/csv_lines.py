"""Lines of whole numbers from CSV files that anyone may have written."""

from pathlib import Path

from .._engine.errors import ConfigError

_MOST_CHARACTERS = 1 << 20  # Of a line.


def number_lines(path: Path, count: int, most: int) -> list[list[int]]:
    """`count` lines of numbers from 0 to `most`, of which a line may have none. ConfigError for anything else."""
    lines: list[list[int]] = []
    try:
        with open(path, encoding="ascii") as file:
            while line := file.readline(_MOST_CHARACTERS):
                if len(lines) == count:
                    raise ConfigError(f"{path} has more than {count} lines: must have one for each row of the data.")
                lines.append(_numbers(line.strip(), f"line {len(lines) + 1} of {path}", most))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read: must be lines of whole numbers ({error}).") from None
    if len(lines) != count:
        raise ConfigError(f"{path} has {len(lines)} lines: must have {count}, one for each row of the data.")
    return lines


def _numbers(line: str, what: str, most: int) -> list[int]:
    found: list[int] = []
    for part in line.split(",") if line else ():
        if not (part.strip().isdecimal() and len(part) < 20 and int(part) <= most):
            raise ConfigError(f"{what} has {part[:40]!r}: must have whole numbers from 0 to {most}, with commas between them.")
        found.append(int(part))
    return found
