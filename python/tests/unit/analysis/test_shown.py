"""A notebook shows results as the tables that print gives."""

from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral import analysis

FAMILY = anc.FamilyConfig(n_nodes=4, sparsity_param=1.0)


class Printer:
    """The part of IPython's printer that matters here."""

    shown = ""

    def text(self, text: str) -> None:
        self.shown += text


@pytest.mark.parametrize(
    "found",
    [
        analysis.summary(FAMILY, n_tasks=3),
        analysis.design_summary(FAMILY, "avici-interventional", n_tasks=3),
        analysis.distance(FAMILY, FAMILY, n_tasks=3),
        anc.evaluation.evaluate(
            lambda X: torch.full((len(X), 4, 4), 0.5), {"a": anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=5)}
        ),
    ],
    ids=lambda found: type(found).__name__,
)
def test_a_result_is_shown_as_its_table(found: Any) -> None:
    printer = Printer()
    found._repr_pretty_(printer, cycle=False)
    assert printer.shown == str(found)
    assert printer.shown.count("\n") > 3


def test_one_task_is_not_told_as_several() -> None:
    task = anc.SCMFamily(4, sparsity_param=1.0).sample_task(0)
    found = analysis.summary([(task.sample(9), task.adjacency_matrix)])
    assert str(found).startswith("1 task\n")
