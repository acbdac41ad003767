"""Arguments of the examples' command lines."""

import argparse
import math

_LARGEST_SEED = 2**63 - 1  # torch's generator takes twice as much, and a validation set has the seed after.


def count(text: str) -> int:
    """A whole number from 1, as numbers of steps, rows or tasks are."""
    number = _whole(text)
    if number is None or number < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a whole number of 1 or more")
    return number


def seed(text: str) -> int:
    """A base seed that the engine, torch and numpy all take."""
    number = _whole(text)
    if number is None or not 0 <= number <= _LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a whole number from 0 to {_LARGEST_SEED}")
    return number


def duration(text: str) -> float:
    """Seconds, more than none."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a number of seconds above 0")
    return number


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
