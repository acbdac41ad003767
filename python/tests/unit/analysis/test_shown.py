"""A notebook shows results as the tables that print gives."""

import math
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.distances import Distance, EdgeDivergence
from ancestral._analysis.laws import Law, law_lines

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
    # As IPython looks for it: class by class, where a `__repr__` that comes first is taken instead.
    first = next(cls for cls in type(found).__mro__ if {"__repr__", "_repr_pretty_"} & vars(cls).keys())
    vars(first)["_repr_pretty_"](found, printer, cycle=False)
    assert printer.shown == str(found)
    assert printer.shown.count("\n") > 3


def test_one_task_is_not_told_as_several() -> None:
    task = anc.SCMFamily(4, sparsity_param=1.0).sample_task(0)
    found = analysis.summary([(task.sample(9), task.adjacency_matrix)])
    assert str(found).startswith("1 task\n")


def test_the_dust_of_sums_is_shown_as_zero() -> None:
    (line,) = law_lines({"edges": Law(1e-13, 2.0, (-1e-13, 0.0, 0.5, 1.0, 1e-11))})[1:]
    assert line.split() == ["edges", "0", "2", "0", "0.5", "1e-11"]


def test_closed_forms_are_told_after_the_table() -> None:
    entry = Distance(value=0.125, p=0.01, null_mean=0.0, null_q95=0.5, low=0.0625, high=0.25)
    found = analysis.DistanceReport({"edge_js": entry}, EdgeDivergence(1.5, math.inf, math.inf, js=0.25, w1=2.0), ["Few."])
    assert [" ".join(line.split()) for line in str(found).splitlines()[1:]] == [
        "edge_js 0.125 0.010 0.5 0.0625 to 0.25",
        "edges in closed form: KL 1.5 and inf, Jeffreys inf, JS 0.25, W1 2",
        "Note: Few.",
    ]
    assert repr(found) == "DistanceReport(edge_js=0.125)"
