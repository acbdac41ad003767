"""Distances between designs: a design against itself, against another, and what is refused."""

import json
import logging
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral import analysis

FAMILY = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
ROWS = anc.Design(n_samples=30, interventions={"n_samples": 10, "regimes": 5})
TWO = anc.Design(n_samples=30, interventions={"n_samples": 10, "regimes": 5, "targets": 2})
EFFECTS = anc.Design(n_samples=40, query=10, effects={})


def test_what_differs_is_found_and_what_does_not_is_not() -> None:
    found = analysis.design_distance(FAMILY, ROWS, FAMILY, TWO, n_tasks=30, permutations=99)
    # One target against two in every task: no relabelling is as far apart, and each task has the same rows.
    assert found["targets_per_regime"].p == 0.01
    assert found["targets_per_regime"].value > found["targets_per_regime"].null_q95
    assert (found["rows"].value, found["rows"].p) == (0, 1)
    assert list(found)[:: len(found) - 1] == ["rows", "design_energy"]
    assert found["design_energy"].p == 0.01
    assert (found.edges, found.notes) == (None, [])


def test_a_family_counts_as_well_as_a_design() -> None:
    dense = anc.FamilyConfig(n_nodes=8, sparsity_param=1.0)
    found = analysis.design_distance(FAMILY, ROWS, dense, ROWS, n_tasks=20, permutations=99)
    assert (found["shown_variables"].p, found["regimes"].p) == (0.01, 1)


def test_what_one_design_alone_has_is_noted() -> None:
    found = analysis.design_distance(FAMILY, ROWS, FAMILY, EFFECTS, n_tasks=10, permutations=9)
    first, second = found.notes
    assert first.startswith("Only design_a has observational_share, regimes")
    assert second.startswith("Only design_b has treated_share")
    assert not {"regimes", "treated_share"} & set(found)


def test_forms_and_seeds(caplog: pytest.LogCaptureFixture) -> None:
    def run(family: Any = FAMILY, design: Any = ROWS, **options: Any) -> dict[str, Any]:
        return analysis.design_distance(family, design, FAMILY, TWO, n_tasks=10, permutations=9, **options).to_dict()

    with caplog.at_level(logging.INFO, "ancestral.analysis"):
        found = run()
    assert "distances from design_a to design_b, 10 tasks of each: rows 0" in caplog.text
    assert found == run(anc.SCMFamily.from_config(FAMILY), ROWS.to_dict(), threads=2)
    assert found != run(seed=1)
    report = analysis.DistanceReport.from_dict(json.loads(json.dumps(found)))
    lines = str(report).splitlines()
    assert [line.split()[0] for line in lines] == ["measure", *report]
    # Columns stand under their heads, also behind the longest name.
    assert all(line[lines[0].index("value") + 5] == " " for line in lines)
    assert report.metrics("x")["x/rows/p"] == 1


@pytest.mark.parametrize(
    ("family", "design", "options", "words"),
    [
        (FAMILY, {"n_samples": 0}, {}, r"design.n_samples = 0"),
        (FAMILY, {"interventions": {"targets": 9}}, {}, "targets"),
        (FAMILY, EFFECTS, {"n_tasks": 1}, "n_tasks = 1: must be"),
        (FAMILY, EFFECTS, {"permutations": 0}, "permutations = 0"),
        (anc.SCMFamily(4, lambda n_nodes, *, seed: torch.zeros(4, 4)), EFFECTS, {}, "family_b is not the engine's"),
        ([(torch.zeros(3, 2), torch.zeros(2, 2))] * 2, EFFECTS, {}, "family_b is not the engine's"),
    ],
)
def test_what_is_wrong_is_said(family: Any, design: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(anc.ConfigError, match=words):
        analysis.design_distance(FAMILY, ROWS, family, design, **options)
