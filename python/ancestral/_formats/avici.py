"""AVICI's dict of rows beside their intervention masks.

Source of the layout: larslorch/avici (MIT), `avici.buffer.Sampler.generate_data` and the dtypes of its `Sampler.dtype`; Lorch,
Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022. Its edges go as ours:
g[i, j] == 1 means i -> j.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .._config.containers import mapping
from .._engine.checks import check_graph, truth
from .._engine.errors import ConfigError
from .float32_rows import float32_rows
from .tasks import SingleTask, is_single, single_tasks


def to_avici(source: Any, *, is_count_data: bool = False) -> dict[str, Any]:
    """What AVICI's buffer holds of a task: arrays of numpy by its names.

        data = formats.to_avici(task)
        data["x_obs"], data["x_int"]     # float32 [n, d, 2], [m, d, 2]; the last axis is value and mask
        data["g"]                        # int32 [d, d]; g[i, j] == 1 means i -> j

    Rows of regime 0 are x_obs, whose masks are 0; all others are x_int, in the order of the task, whose mask is 1 in the cells
    that an intervention has set. Without interventions x_int is [0, d, 2]. Beside them stand n_vars, n_observations_obs,
    n_observations_int (int32) and is_count_data (bool). `source` is a task, a batch, a fixed set or a list of these; all but a
    task get one axis in front. The arrays are fresh: `avici.utils.data.onp_standardize_data` writes into them.

    Numbers are not standardised, as AVICI does that itself, over x_obs and x_int together. Its trainer wants as many
    observational rows as it feeds rows in all (`train_n_obs + train_n_int`), for its batches without interventions.

    Raises ConfigError for tasks of different shapes, for a design with hidden variables, effects, counterfactuals or unknown
    targets, and with `is_count_data` for numbers that are no counts.
    """
    counts = truth(is_count_data, "is_count_data")
    found = [_one(task, counts) for task in single_tasks(source, "AVICI's format")]
    if is_single(source):
        return found[0]
    for index, other in enumerate(found):
        for name in ("x_obs", "x_int"):
            if other[name].shape != found[0][name].shape:
                raise ConfigError(
                    f"{name} of task {index} has shape {other[name].shape}, and of task 0 {found[0][name].shape}: must be the "
                    "same for all tasks of a batch, since AVICI has no masks; give the tasks one by one."
                )
    return {name: np.stack([one[name] for one in found]) for name in found[0]}


def from_avici(data: Mapping[str, Any]) -> dict[str, Tensor]:
    """X float32 [n + m, d], intervened bool [n + m, d] and adjacency float32 [d, d] of one such dict, observational rows first.

    Raises ConfigError for arrays of other shapes, and for a graph with a cycle.
    """
    given = mapping(data, "data")
    parts = [_rows(given, name) for name in ("x_obs", "x_int")]
    if parts[0].shape[1] != parts[1].shape[1]:
        raise ConfigError(f"x_int has shape {parts[1].shape}: must have {parts[0].shape[1]} variables, as x_obs has.")
    rows = np.concatenate(parts)
    if "g" not in given:
        raise ConfigError("data has no array 'g': must have it.")
    graph = check_graph(given["g"], "g", rows.shape[1])
    x, mask = (torch.from_numpy(np.ascontiguousarray(rows[..., part])) for part in (0, 1))
    return {"X": x, "intervened": mask != 0, "adjacency": graph.float()}


def _one(task: SingleTask, counts: bool) -> dict[str, Any]:
    if not task.known:
        raise ConfigError("known_targets = False: must be True for AVICI, which reads the targets.")
    if counts and not bool(((task.X >= 0) & (task.X.round() == task.X)).all()):
        raise ConfigError("is_count_data = True: must be False where X has numbers that are no counts.")
    rows = torch.stack([task.X, task.intervened.float()], dim=-1)
    observed = task.regime == 0
    parts: list[NDArray[np.float32]] = [rows[observed].numpy().copy(), rows[~observed].numpy().copy()]
    return {
        "g": task.graph.numpy().astype(np.int32),
        "n_vars": np.int32(rows.shape[1]),
        "x_obs": parts[0],
        "x_int": parts[1],
        "n_observations_obs": np.int32(len(parts[0])),
        "n_observations_int": np.int32(len(parts[1])),
        "is_count_data": np.bool_(counts),
    }


def _rows(data: Mapping[str, Any], name: str) -> NDArray[np.float32]:
    try:
        array = float32_rows(np.asarray(data[name], dtype=np.float64), name).numpy()
    except KeyError:
        raise ConfigError(f"data has no array {name!r}: must have it.") from None
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{name} holds something else than numbers: must be [n, d, 2], values beside masks ({error})."
        ) from None
    if array.ndim != 3 or array.shape[2] != 2:
        raise ConfigError(f"{name} has shape {array.shape}: must be [n, d, 2], values beside masks.")
    return array
