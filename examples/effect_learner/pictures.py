"""The demo's pictures, ready for a paper."""

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from .tasks import EffectTasks
from .training import History

_COLORS = {"network": "#0072b2", "linear adjustment": "#d55e00", "difference in means": "0.45"}


def save_pictures(folder: Path, tests: dict[str, EffectTasks], found: dict[str, dict[str, Tensor]], history: History) -> None:
    """Writes learning_curve.png and effects.png; `found` has the effects by test set and by estimator."""
    learning_curve(history).savefig(folder / "learning_curve.png", dpi=150)
    average_effects(tests, found).savefig(folder / "effects.png", dpi=150)


def learning_curve(history: History) -> Figure:
    """Training loss, and PEHE on the validation set, over steps."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    loss, pehe = figure.subplots(1, 2)
    loss.plot(*zip(*history.loss, strict=True) if history.loss else ([], []), color=_COLORS["network"])
    loss.set(xlabel="training step", ylabel="Huber loss", title="training (smoothed)")
    pehe.plot(*zip(*history.pehe, strict=True), color="#009e73", marker="o", markersize=3)
    pehe.set(xlabel="training step", ylabel="PEHE (sd of $Y$)", title="validation (tasks of the same design)", ylim=(0, None))
    for axes in (loss, pehe):
        axes.set_xlim(left=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.title.set_fontsize(10)
    return figure


def average_effects(tests: dict[str, EffectTasks], found: dict[str, dict[str, Tensor]]) -> Figure:
    """Average effects of all test tasks, estimated over true, a panel for each set."""
    figure = Figure(figsize=(2.9 * len(tests), 3.1), layout="constrained")
    for axes, (name, tasks) in zip(figure.subplots(1, len(tests), squeeze=False)[0], tests.items(), strict=True):
        limit = 1.1 * max(float(tasks.average.abs().quantile(0.98)), 0.1)
        axes.plot([-limit, limit], [-limit, limit], color="0.8", linewidth=1, zorder=0)
        for who, effect in reversed(found[name].items()):
            axes.scatter(tasks.average, effect.mean(1), s=7, alpha=0.7, color=_COLORS[who], label=who, linewidths=0)
        axes.set(xlim=(-limit, limit), ylim=(-limit, limit), xlabel="true ATE (sd of $Y$)", title=name)
        axes.set_aspect("equal")
        axes.spines[["top", "right"]].set_visible(False)
        axes.title.set_fontsize(10)
    figure.axes[0].set_ylabel("estimated ATE (sd of $Y$)")
    figure.axes[0].legend(frameon=False, fontsize=7, loc="upper left", markerscale=2)
    return figure
