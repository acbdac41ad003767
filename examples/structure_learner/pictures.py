"""The demo's pictures, ready for a paper."""

import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from networks.trainer import History
from torch import Tensor

import ancestral as anc

_MOST_TICKS = 12


def save_pictures(folder: Path, fixed: anc.MetaFixedDataset, scores: Tensor, history: History, baseline: float) -> None:
    """Writes task.png, learning_curve.png and adjacency.png; `scores` [N, d, d] are those of the set's tasks.

    `history.validated` and `baseline` are mean AUROCs of the validation tasks.
    """
    axes = np.asarray(fixed.instance(0).visualize())
    axes.flat[0].figure.savefig(folder / "task.png", dpi=150)
    learning_curve(history, baseline).savefig(folder / "learning_curve.png", dpi=150)
    adjacencies(fixed, scores).savefig(folder / "adjacency.png", dpi=150)


def learning_curve(history: History, baseline: float) -> Figure:
    """Training loss, and AUROC on the validation set beside the baseline's, over steps."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    loss, auroc = figure.subplots(1, 2)
    loss.plot(*zip(*history.loss, strict=True) if history.loss else ([], []), color="#0072b2")
    loss.set(xlabel="training step", ylabel="cross-entropy per pair (nats)", title="training (smoothed)")
    auroc.plot(*zip(*history.validated, strict=True), color="#d55e00", marker="o", markersize=3, label="network")
    auroc.axhline(baseline, color="0.35", linestyle="--", label="baseline: |correlation|")
    auroc.set(xlabel="training step", ylabel="mean AUROC per task", title="validation (tasks of the same family)")
    auroc.set_ylim(min(0.5, *(value for _, value in history.validated)), 1.0)  # From chance to a perfect order.
    auroc.legend(frameon=False, fontsize=8, loc="lower right")
    for axes in (loss, auroc):
        axes.set_xlim(left=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.title.set_fontsize(10)
    return figure


def adjacencies(fixed: anc.MetaFixedDataset, scores: Tensor, n_tasks: int = 4) -> Figure:
    """Above the true graphs of some tasks, below the predicted edge probabilities; row = parent, column = child."""
    n_tasks = min(n_tasks, len(fixed))
    figure = Figure(figsize=(1.8 * n_tasks + 0.8, 4.1), layout="constrained")
    grid = figure.subplots(2, n_tasks, squeeze=False, sharex=True, sharey=True)
    image = None
    for index in range(n_tasks):
        for row, values in enumerate((fixed[index].adjacency, scores[index])):
            axes = grid[row, index]
            shown = values.clone().fill_diagonal_(0).numpy()
            image = axes.imshow(shown, vmin=0, vmax=1, cmap="Blues", interpolation="nearest")
            nodes = range(0, len(shown), math.ceil(len(shown) / _MOST_TICKS))
            axes.set(xticks=nodes, yticks=nodes)
            axes.tick_params(labelsize=7, length=2)
        grid[0, index].set_title(f"test task {index}", fontsize=9)
        grid[1, index].set_xlabel("child $j$", fontsize=9)
    grid[0, 0].set_ylabel("true graph\nparent $i$", fontsize=9)
    grid[1, 0].set_ylabel("predicted\nparent $i$", fontsize=9)
    if image is not None:
        bar = figure.colorbar(image, ax=grid, shrink=0.7)
        bar.set_label("probability of $i \\to j$", fontsize=9)
        bar.ax.tick_params(labelsize=7)
    return figure
