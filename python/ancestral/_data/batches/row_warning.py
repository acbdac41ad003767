"""The warning that the data are scaled by the moments of other rows than they have."""

import warnings

from ..._scm.family import SCMFamily, engine_handle

_FEWEST = 16


def warn_of_batch_rows(family: SCMFamily, n_samples: int) -> None:
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
