"""Folders that DCDI, GraN-DAG, SEA and CauScale read.

Source of the layout: slachapelle/dcdi (MIT), `dcdi.data.DataManagerFile` and `data/generation`; Brouillard, Lachapelle,
Lacoste, Lacoste-Julien, Drouin, "Differentiable causal discovery from interventional data", NeurIPS 2020. SEA is rmwu/sea
(MIT). Their edges go as ours: DAG[i, j] == 1 means i -> j. Numbers of files begin at 1.
"""

import csv
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .._engine import _ffi
from .._engine.checks import check_graph, whole_number
from .._engine.errors import ConfigError
from .._engine.torch_modes import in_ordinary
from .._files.atomic import refused
from .._files.paths import absolute
from .._files.whole_folders import new_folder
from .csv_lines import number_lines
from .float32_rows import float32_rows
from .npy import read_matrix_file
from .tasks import SingleTask, single_tasks

_MOST = 1 << 30


def write_dcdi(folder: str | os.PathLike[str], source: Any) -> Path:
    """Writes the tasks of a fixed set, a batch or a list, numbered from 1, into a new folder.

        formats.write_dcdi("data_p10_e40_n10000_nn", anc.MetaFixedDataset(family, n_tasks=10, design="dcdi-perfect"))

    | file | |
    |---|---|
    | `DAG1.npy` | float64 [d, d]; DAG[i, j] == 1 means i -> j |
    | `data1.npy` | float32 [n, d], the observational rows |
    | `data_interv1.npy` | float32 [n + m, d], all rows, in the order of the task |
    | `intervention1.csv` | a line for each of these: its targets, numbered from 0; empty for an observational row |
    | `regime1.csv` | a line for each of these: its regime, 0 for observational ones |

    The last three are there where the task has interventions. A readers' mask is 0 for a target; ours, `intervened`, is True
    for it. Numbers are not standardised: DCDI does that if `--normalize-data` says so. The folder, which must be new or empty,
    appears whole or not at all.

    Raises ConfigError for a design with effects, hidden variables or counterfactuals, for tasks without observational rows or
    with regimes without rows, and where the folder can't be written.
    """
    path = absolute(folder, "folder")
    with new_folder(path, "folder") as temporary:
        for count, task in enumerate(single_tasks(source, "DCDI's format"), start=1):
            _check(task, count)
            with refused("folder", path):
                _write(temporary, count, task)
    return path


@in_ordinary
def read_dcdi(folder: str | os.PathLike[str], number: int = 1, *, interventions: bool | None = None) -> dict[str, Tensor]:
    """One task of such a folder, by the names that the items of a design have.

        task = formats.read_dcdi("data_p10_e40_n10000_nn", 1)
        task["X"], task["adjacency"]     # float32 [n, d], [d, d]; A[i, j] == 1 means i -> j
        task["intervened"]               # bool [n, d]

    `interventions=True` reads `data_interv1.npy` and the files beside it, False `data1.npy` alone; None the former where it is
    there. With interventions there are `intervened` and `regime`, int32 [n], too. Folders without `regime1.csv`, of older
    versions of DCDI, have regimes by their targets: 0 for none, then in the order of their coming.

    Raises ConfigError for files that are missing, hold something else or don't fit together; pickled arrays are refused.
    """
    path = absolute(folder, "folder")
    at = whole_number(number, "number", 1, _MOST)
    if interventions is None:
        interventions = (path / f"data_interv{at}.npy").exists()
    data = path / f"data{'_interv' if interventions else ''}{at}.npy"
    x = float32_rows(read_matrix_file(data), str(data))
    dag = path / f"DAG{at}.npy"
    graph = check_graph(torch.from_numpy(read_matrix_file(dag)), str(dag), x.shape[1]).float()
    if not interventions:
        return {"X": x, "adjacency": graph}
    targets = number_lines(path / f"intervention{at}.csv", len(x), x.shape[1] - 1)
    intervened = torch.zeros(x.shape, dtype=torch.bool)
    for row, nodes in enumerate(targets):
        intervened[row, nodes] = True
    regime = _regimes(path / f"regime{at}.csv", targets)
    return {"X": x, "adjacency": graph, "intervened": intervened, "regime": torch.tensor(regime, dtype=torch.int32)}


def _regimes(path: Path, targets: list[list[int]]) -> list[int]:
    if path.exists():
        lines = number_lines(path, len(targets), len(targets))
        if any(len(line) != 1 for line in lines):
            raise ConfigError(f"{path} has a line without one number: must have a regime in each.")
        return [line[0] for line in lines]
    numbers: dict[tuple[int, ...], int] = {(): 0}
    return [numbers.setdefault(tuple(sorted(nodes)), len(numbers)) for nodes in targets]


def _check(task: SingleTask, count: int) -> None:
    present = sorted(set(_ffi.integers(task.regime)))
    if len(task.X) < 2 or not bool((task.regime == 0).any()):
        raise ConfigError(f"task {count} has no observational rows, or one row: must have two rows or more, some of regime 0.")
    if present != list(range(len(present))):
        raise ConfigError(f"task {count} has regimes without rows: must have a row of each, as readers count regimes by rows.")


def _write(folder: Path, number: int, task: SingleTask) -> None:
    observed = task.regime == 0
    _save(folder / f"DAG{number}.npy", task.graph.double())
    _save(folder / f"data{number}.npy", task.X[observed])
    if bool(observed.all()):
        return
    _save(folder / f"data_interv{number}.npy", task.X)
    _lines(folder / f"intervention{number}.csv", [_ffi.integers(row.nonzero()[:, 0]) for row in task.intervened])
    _lines(folder / f"regime{number}.csv", [[regime] for regime in _ffi.integers(task.regime)])


def _save(path: Path, array: Tensor) -> None:
    # Not by numpy to the disk, whose error says nothing of a full one.
    buffer = io.BytesIO()
    np.save(buffer, array.numpy())
    path.write_bytes(buffer.getbuffer())


def _lines(path: Path, rows: list[list[int]]) -> None:
    with open(path, "w", encoding="ascii", newline="") as file:
        csv.writer(file).writerows(rows)
