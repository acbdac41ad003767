"""Numbers and pictures of families, as loggers take them."""

from typing import Any

from .._engine.errors import ConfigError
from .._pictures.style import unseen
from .design_summaries import designs_of
from .distances import common_plan, compared, other_seed, told
from .figures import MEASURES, OF_A_FAMILY, OF_ALL, drawn
from .given_tasks import tasks_by_name
from .measured_families import measure
from .plan import Plan
from .summaries import summarised


def metrics(families: Any, *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0) -> dict[str, float]:
    """Flat names and numbers: "family/train/edges/mean", "distance/test_ood/spectral_energy" and so on.

    `families` is a DataModule, a mapping or one family, as `report` takes them; distances are measured from "train", or else
    from the first. "/" in a name becomes "_". Infinite distances stay infinite.

        logger.log_metrics(anc.analysis.metrics(data_module), step=0)
    """
    found = tasks_by_name(families)
    reference = "train" if "train" in found else next(iter(found))
    plan = Plan.of(n_tasks, n_samples, seed)
    numbers: dict[str, float] = {}
    for name, tasks in found.items():
        short = name.replace("/", "_")
        numbers |= summarised(tasks, plan._replace(detailed=True)).metrics(f"family/{short}")
        if name != reference:
            shared = common_plan([found[reference], tasks], plan)
            pair = found[reference].sample(shared), tasks.sample(other_seed(shared))
            numbers |= told(compared(*pair, shared, names=(reference, name)), reference, name, n_tasks).metrics(
                f"distance/{short}"
            )
    return numbers


def log_figures(logger: Any, families: Any, step: int = 0, *, n_tasks: int = 200, seed: int = 0) -> None:
    """Adds the pictures of families to TensorBoard, and of what a DataModule's designs do to them.

    `logger` is a torch.utils.tensorboard.SummaryWriter or Lightning's TensorBoardLogger; `families` as `report` takes them.
    Raises ConfigError for a logger that takes no figures.
    """
    writer: Any = logger if hasattr(logger, "add_figure") else getattr(logger, "experiment", None)
    if not callable(getattr(writer, "add_figure", None)):
        raise ConfigError(f"logger is a {type(logger).__name__}: must have add_figure, as TensorBoard's have.")
    tasks = tasks_by_name(families)
    found = measure(tasks, Plan.of(n_tasks, 256, seed), metrics=MEASURES, designs=designs_of(families, tasks, None))
    with unseen():
        for name, family in found.each():
            for figure, drawing in drawn(OF_A_FAMILY, family):
                writer.add_figure(f"{name}/{figure.name}", drawing, global_step=step)
        for figure, drawing in drawn(OF_ALL, found):
            writer.add_figure(f"families/{figure.name}", drawing, global_step=step)
