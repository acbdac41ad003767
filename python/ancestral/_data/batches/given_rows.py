"""A dataset's settings of rows: a number of them, or experiments of a design."""

import warnings
from typing import Any, NamedTuple

from ..._config.design import Design, one_design, sizes_per_batch
from ..._config.kept_handle import own_copy
from ..._engine.checks import check_samples, truth
from ..._engine.errors import ConfigError
from ..._scm.family import SCMFamily, engine_handle

_FEWEST = 16  # Rows of which anybody expects moments.


class GivenRows(NamedTuple):
    """The settings of a dataset that say what a task shows, checked."""

    n_samples: int
    return_adjacency: bool
    design: Design | None


def given_rows(family: SCMFamily, n_samples: Any, design: Any, return_adjacency: Any) -> GivenRows:
    """The settings; `n_samples` of a design are its rows without an intervention, the least of a range. Plain tasks of a family
    whose nodes may have classes are those of a design of rows alone, which tells what each node's values are.

    ConfigError where both or neither are given, and for a design that the family can't have.
    """
    shown = truth(return_adjacency, "return_adjacency")
    if design is None:
        if n_samples is None:
            raise ConfigError("n_samples is missing: must be given, or a design, which has it.")
        count = check_samples(n_samples)
        rows = GivenRows(count, shown, design_of_kinds(family, count) if shown else None)
    else:
        chosen = own_copy(one_design(design))
        if n_samples is not None:
            raise ConfigError(
                f"n_samples = {n_samples!r}: must be left out beside a design, which says itself how many rows there are "
                f"(its n_samples is {chosen.n_samples})."
            )
        if not shown:
            raise ConfigError("return_adjacency = False: must be left out beside a design, whose items have names.")
        rows = GivenRows(chosen.n_samples, True, chosen)
        family._layout(chosen)  # pyright: ignore[reportPrivateUsage]
    _warn_of_batch_rows(family, rows.n_samples)
    return rows


def _warn_of_batch_rows(family: SCMFamily, n_samples: int) -> None:
    """Warns when data are scaled by the moments of their first `calibration_rows` rows, and have another number of rows."""
    for rows in engine_handle(family).about["moment_rows"]:
        if rows != n_samples >= _FEWEST:
            warnings.warn(
                f'standardization = "batch" takes means and deviations from calibration_rows = {rows} rows, '
                f"but data sets have n_samples = {n_samples}: give the family calibration_rows={n_samples} for means of 0 and "
                "variances of 1 in each.",
                stacklevel=4,
            )
            return


def design_of_kinds(family: SCMFamily, n_samples: int) -> Design | None:
    """What stands for plain rows where it has to be told what nodes' values are: a design of rows alone.

    None for families whose nodes are all continuous, and without rows. It is the engine's Design.plainRows.
    """
    return Design(n_samples=n_samples) if n_samples > 0 and family.may_be_discrete else None


def has_rows_alone(design: Design | None, n_samples: int) -> bool:
    """Whether tasks are plain ones, or as many rows that a design of rows alone shows."""
    return design is None or design == Design(n_samples=n_samples)


def check_sizes(design: Design | None, why: str) -> None:
    """ConfigError for a design with a number of rows for each batch, where there are no batches of its own."""
    if sizes_per_batch(design):
        raise ConfigError(f'design.n_samples_per = "per_batch": must be "per_task" {why}.')


def identity(family: SCMFamily, design: Design | None) -> dict[str, Any]:
    """What a saved state must agree on: the fingerprint of family and design, and the design in words."""
    mark = family._mark(design)  # pyright: ignore[reportPrivateUsage]
    return {"fingerprint": mark, **({} if design is None else {"design": design.canonical})}
