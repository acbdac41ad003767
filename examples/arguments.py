"""Arguments of the examples' command lines."""

import argparse


def count(text: str) -> int:
    """A whole number from 1, as numbers of steps, rows or tasks are."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a whole number of 1 or more")
    return number
