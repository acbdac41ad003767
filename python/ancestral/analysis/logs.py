"""Numbers and pictures of families, as loggers take them."""

from typing import Any, cast

from .._errors import ConfigError
from ._families import families_of
from .distances import distance
from .plots import adjacency_grid, degree_histogram, distance_matrix, sortability_ladder, spectra
from .summaries import summary


def metrics(families: Any, *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0) -> dict[str, float]:
    """Flat names and numbers: "family/train/edges/mean", "distance/test_ood/spectral_energy" and so on.

    `families` is a DataModule, a mapping or one family, as `report` takes them; distances are measured from "train", or else
    from the first. "/" in a name becomes "_". Families with strategies written in Python are left out. Infinite distances
    stay infinite.

        logger.log_metrics(anc.analysis.metrics(data_module), step=0)
    """
    found = {name: family for name, family in families_of(families).items() if family.in_engine}
    reference = "train" if "train" in found else next(iter(found), None)
    numbers: dict[str, float] = {}
    for name, family in found.items():
        short = name.replace("/", "_")
        numbers |= summary(family, n_tasks, n_samples=n_samples, seed=seed).metrics(f"family/{short}")
        if reference is not None and name != reference:
            apart = distance(found[reference], family, n_tasks=n_tasks, n_samples=n_samples, seed=seed)
            numbers |= apart.metrics(f"distance/{short}")
    return numbers


def log_figures(logger: Any, families: Any, step: int = 0, *, n_tasks: int = 200, seed: int = 0) -> None:
    """Adds the pictures of families to TensorBoard.

    `logger` is a torch.utils.tensorboard.SummaryWriter or Lightning's TensorBoardLogger; `families` as `report` takes them.
    Raises ConfigError for a logger that takes no figures.
    """
    writer: Any = logger if hasattr(logger, "add_figure") else getattr(logger, "experiment", None)
    if not callable(getattr(writer, "add_figure", None)):
        raise ConfigError(f"logger is a {type(logger).__name__}: must have add_figure, as TensorBoard's have.")
    found = families_of(families)
    engine = {name: family for name, family in found.items() if family.in_engine}

    def add(name: str, axes: Any) -> None:
        writer.add_figure(name, axes.figure, global_step=step)

    for name, family in found.items():
        if family.in_engine:
            add(f"{name}/degrees", degree_histogram(family, n_tasks=n_tasks, seed=seed))
        add(f"{name}/adjacency", adjacency_grid(family, seed=seed).flat[0])
        add(f"{name}/task", cast(Any, family.plot_example(seed))[0])
    add("families/spectra", spectra(found, n_tasks=n_tasks, seed=seed))
    if engine:
        add("families/sortability", sortability_ladder(engine, n_tasks=n_tasks, seed=seed))
    if len(engine) > 1:
        add("families/distances", distance_matrix(engine, n_tasks=n_tasks, seed=seed))
