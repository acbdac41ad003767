"""CausalFM's tensors and CSV files of units with both potential outcomes.

Source of the layout: yccm/CausalFM (Apache-2.0), `DATA_standard.causaldataset` (`CausalDataset`, `collate_fn`) and
`gen_standard_syn` (`save_dataset`); Ma, Frauen, Javurek, Feuerriegel, "Foundation models for causal inference via prior-data
fitted networks", 2025.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from .._engine.checks import one_of
from .._engine.errors import ConfigError
from .._files.atomic import refused
from .._files.paths import absolute
from .._files.whole_folders import new_folder
from .effect_arrays import effect_arrays, sequence_first

_NAMES = ("X_query", "T_query", "Y_query", "y0", "y1")


def to_causalfm(source: Any) -> dict[str, Tensor]:
    """X float32 [m, B, p], and a, y, y0, y1 and ite [m, B, 1]: covariates, treatment, outcome, both potential ones, y1 - y0.

        design = anc.Design(n_samples=1025, query=1024, effects=anc.Effects(treatment_kind="logistic"))
        data = formats.to_causalfm(next(iter(anc.MetaIterableDataset(family, design=design, batch_size=16))))

    `source` is a task or a batch of a design with effects. CausalFM takes both potential outcomes of every row, and splits a
    sequence itself, at 0.8 of its rows; a design tells them of the rows that are asked about. So a sequence is the `query`
    rows, and the design's others are not in it. Leave `assignment` "observed": the treatment must be as the SCM assigns it.
    Columns past a task's covariates are 0.

    Raises ConfigError for items without effects, for continuous treatments, and for batches whose tasks differ in their number
    of rows.
    """
    arrays = effect_arrays(source, "CausalFM's format", _NAMES)
    x, a, y, y0, y1 = (sequence_first(arrays[name]) for name in _NAMES)
    columns = {"a": a, "y": y, "y0": y0, "y1": y1, "ite": y1 - y0}
    return {"X": x, **{name: column[..., None] for name, column in columns.items()}}


def write_causalfm(folder: str | os.PathLike[str], source: Any, *, normalize: str = "outcomes") -> Path:
    """Writes a CSV file for each task into a new folder: columns x0, x1, ..., treatment, outcome, y0, y1, ite.

        formats.write_causalfm("train", anc.MetaFixedDataset(family, n_tasks=100, design=design))

    `source` is a batch, a fixed set or a list of these; files are called normalized_dataset_1.csv and on, for which CausalFM's
    trainer looks. `normalize="outcomes"` standardises as its `normalize_data` does: each covariate over its rows, outcomes
    by mean and deviation of y0 and y1 together; "none" leaves numbers alone, in dataset_1.csv and on. The folder, which must be
    new or empty, appears whole or not at all. Raises ConfigError as `to_causalfm` does, and where it can't be written.
    """
    scaled = one_of(normalize, "normalize", ("outcomes", "none")) == "outcomes"
    path = absolute(folder, "folder")
    parts = [source] if hasattr(source, "keys") else source
    with new_folder(path, "folder") as temporary:
        count = 0
        for part in parts:
            data = {name: array.double().cpu().numpy() for name, array in to_causalfm(part).items()}
            for index in range(data["X"].shape[1]):
                count += 1
                columns = _columns({name: array[:, index] for name, array in data.items()}, scaled=scaled)
                names = [f"x{column}" for column in range(data["X"].shape[2])]
                header = ",".join([*names, "treatment", "outcome", "y0", "y1", "ite"])
                with refused("folder", path):
                    name = f"{'normalized_' if scaled else ''}dataset_{count}.csv"
                    np.savetxt(temporary / name, columns, fmt="%.9g", delimiter=",", header=header, comments="")
        if count == 0:
            raise ConfigError("source is empty: must have one task or more.")
    return path


def _columns(data: dict[str, Any], *, scaled: bool) -> Any:
    x, a, y, y0, y1, ite = (data[name] for name in ("X", "a", "y", "y0", "y1", "ite"))
    if scaled:
        deviation = x.std(axis=0)
        x = (x - x.mean(axis=0)) / np.where(deviation == 0, 1, deviation)
        both = np.concatenate([y0, y1])
        y, y0, y1 = ((part - both.mean()) / (both.std() or 1) for part in (y, y0, y1))
        ite = y1 - y0
    return np.concatenate([x, a, y, y0, y1, ite], axis=1)
