"""Arrays of numpy's .npy files that anyone may have written: numbers, and never pickled objects."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from .._engine.errors import ConfigError


def read_matrix_file(path: Path) -> NDArray[np.float64]:
    """The matrix of a file, float64 [rows, columns]. ConfigError for anything else."""
    try:
        # Mapped first: a header that promises more than there is fails here instead of taking memory.
        stored: Any = open_memmap(path, mode="r")
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there: must be a .npy file.") from None
    except Exception as error:  # Of a broken header numpy lets through what Python's own modules say.
        raise ConfigError(f"{path} can't be read: must be a .npy file of numbers, not of pickled objects ({error}).") from None
    if stored.dtype.kind not in "biuf" or stored.ndim != 2:
        raise ConfigError(f"{path} has shape {stored.shape} and dtype {stored.dtype}: must be a matrix of numbers.")
    matrix = np.array(stored, dtype=np.float64)
    if not np.isfinite(matrix).all():
        raise ConfigError(f"{path} has numbers that are not finite: must have none.")
    return matrix
