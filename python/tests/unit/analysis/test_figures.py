"""The table of figures, which the report and loggers walk."""

from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from ancestral import analysis
from ancestral._analysis import logs, reports
from ancestral._analysis.figures import OF_A_FAMILY, OF_ALL, Figure

FAMILIES = {"train": anc.FamilyConfig(n_nodes=4, sparsity_param=1.0), "other": anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)}
PLAIN = [figure.name for figure in OF_A_FAMILY if figure.name not in ("design", "kinds")]
"""The figures of a family that has no design."""


PLAIN_OF_ALL = [figure.name for figure in OF_ALL if not figure.name.startswith("results_")]
"""Those of families on which no network was evaluated."""


class Writer:
    """Takes figures as TensorBoard's does."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = {}

    def add_figure(self, name: str, figure: Any, global_step: int) -> None:
        self.shown[name] = figure


def logged(families: Any, n_tasks: int = 4) -> set[str]:
    writer = Writer()
    analysis.log_figures(writer, families, n_tasks=n_tasks)
    return set(writer.shown)


def test_loggers_show_every_figure_under_its_familys_name() -> None:
    of_each = {f"{name}/{figure}" for name in FAMILIES for figure in PLAIN}
    assert logged(FAMILIES) == of_each | {f"families/{figure}" for figure in PLAIN_OF_ALL}


def test_one_family_has_no_figure_of_several_and_data_no_mechanisms() -> None:
    task = anc.SCMFamily.from_config(FAMILIES["train"]).sample_task(1)
    data = [anc.Task(task.sample(20), task.adjacency_matrix)] * 2
    assert logged(FAMILIES["train"]) == {*(f"family/{figure}" for figure in PLAIN), "families/sortability"}
    assert logged({"data": data}) == {*(f"data/{figure}" for figure in PLAIN if figure != "task"), "families/sortability"}


def test_a_line_of_the_table_is_a_figure_of_the_report_and_of_loggers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(given: Any) -> Any:
        return analysis.degree_histogram(given.summary)

    entries = (*OF_A_FAMILY, Figure("mine", "Only of the first", lambda given: given.tasks.example(0).n_nodes == 4, draw))
    for module in (logs, reports):
        monkeypatch.setattr(module, "OF_A_FAMILY", entries)
    assert {name for name in logged(FAMILIES) if name.endswith("/mine")} == {"train/mine"}
    page = analysis.report(FAMILIES, tmp_path / "report.html", n_tasks=4, n_samples=8).read_text(encoding="utf-8")
    assert page.count("<figcaption>Only of the first</figcaption>") == 1
    assert page.count("<figcaption>") == 2 * len(PLAIN) + 1 + len(PLAIN_OF_ALL)
