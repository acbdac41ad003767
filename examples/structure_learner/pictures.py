"""The demo's pictures, ready for a paper."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

import ancestral as anc


def save_pictures(folder: Path, fixed: anc.MetaFixedDataset, scores: Tensor, history: dict[str, list[float]]) -> None:
    """Writes task.png, learning_curve.png and adjacency.png; `scores` [N, d, d] are those of the set's tasks."""
    axes = np.asarray(fixed.instance(0).visualize())
    axes.flat[0].figure.savefig(folder / "task.png", dpi=150)
    learning_curve(history).savefig(folder / "learning_curve.png", dpi=150)
    adjacencies(fixed, scores).savefig(folder / "adjacency.png", dpi=150)


def learning_curve(history: dict[str, list[float]]) -> Figure:
    """Training loss, and AUROC on the validation set, over steps."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    loss, auroc = figure.subplots(1, 2)
    loss.plot(history["step"], history["loss"], color="#0072b2")
    loss.set(xlabel="training step", ylabel="cross-entropy per pair (nats)", title="training")
    auroc.plot(history["valid_step"], history["valid_auroc"], color="#d55e00", marker="o", markersize=3)
    auroc.set(xlabel="training step", ylabel="mean AUROC per task", title="validation")
    for axes in (loss, auroc):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def adjacencies(fixed: anc.MetaFixedDataset, scores: Tensor, n_tasks: int = 4) -> Figure:
    """Above the true graphs of some tasks, below the predicted edge probabilities; row = parent, column = child."""
    n_tasks = min(n_tasks, len(fixed))
    figure = Figure(figsize=(1.8 * n_tasks + 0.8, 3.9), layout="constrained")
    grid = figure.subplots(2, n_tasks, squeeze=False)
    image = None
    for index in range(n_tasks):
        for row, values in enumerate((fixed[index].adjacency, scores[index])):
            axes = grid[row, index]
            shown = values.clone().fill_diagonal_(0).numpy()
            image = axes.imshow(shown, vmin=0, vmax=1, cmap="Blues", interpolation="nearest")
            axes.set(xticks=[], yticks=[])
        grid[0, index].set_title(f"task {index}", fontsize=9)
        grid[1, index].set_xlabel("child j", fontsize=8)
    grid[0, 0].set_ylabel("true\nparent i", fontsize=9)
    grid[1, 0].set_ylabel("predicted\nparent i", fontsize=9)
    if image is not None:
        figure.colorbar(image, ax=grid, label="probability of i → j", shrink=0.7)
    return figure
