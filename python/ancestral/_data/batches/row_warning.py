"""A word to those whose batch standardisation reads other rows than they get."""

import warnings

from ..._config.family import FamilyConfig
from ..._scm.family import SCMFamily

_FEWEST = 16


def warn_of_batch_rows(family: SCMFamily, n_samples: int) -> None:
    """Warns when the standardization "batch" takes its moments from another number of rows than a data set has."""
    config = family.config
    for part in [config] if isinstance(config, FamilyConfig) else config.families:
        if part.standardization == "batch" and part.calibration_rows != n_samples >= _FEWEST:
            warnings.warn(
                f'standardization = "batch" takes means and deviations from calibration_rows = {part.calibration_rows} rows, '
                f"but data sets have n_samples = {n_samples}: give the family calibration_rows={n_samples} for means of 0 and "
                "variances of 1 in each.",
                stacklevel=3,
            )
            return
