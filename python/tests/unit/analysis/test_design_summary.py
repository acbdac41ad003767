"""What designs do to families: summaries against the experiments themselves, their part of the report, and their figure."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral import analysis
from ancestral._analysis import logs
from ancestral._analysis.design_drawings import DESIGN_STATISTICS, draw_design
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor
from ancestral._pictures.style import one_axes

FAMILY = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
ROWS = anc.Design(n_samples=30, interventions={"n_samples": 10, "regimes": 5}, hidden={"count": 2})
EFFECTS = anc.Design(n_samples=40, query=10, effects={})


def drawn(n_tasks: int, design: anc.Design) -> list[Any]:
    """The experiments that a summary with seed 3 is of."""
    family = anc.SCMFamily.from_config(FAMILY)
    return [family.sample_task(seed).run(design) for seed in seeds_from_tensor(_ffi.analysis_seeds(3, n_tasks))]


def test_its_numbers_are_those_of_the_experiments() -> None:
    found, tasks = analysis.design_summary(FAMILY, ROWS, n_tasks=30, seed=3), drawn(30, ROWS)
    assert found.n_tasks == 30
    means = {name: law.mean for name, law in found.statistics.items()}
    assert (means["rows"], means["shown_variables"], means["regimes"], means["observational_share"]) == (40, 4, 5, 0.75)
    targets = torch.stack([task["targets"][1:].sum() / 5 for task in tasks])
    assert means["targets_per_regime"] == pytest.approx(float(targets.mean()))
    assert found.statistics["targets_per_regime"].sd == pytest.approx(float(targets.std()), rel=0.05)
    pairs = torch.stack([task["bidirected"].triu(1).sum() / 6 for task in tasks])
    assert means["confounded_pairs"] == pytest.approx(float(pairs.mean()), rel=1e-5)
    assert float(pairs.mean()) > 0.02


def test_treated_shares_are_those_of_the_experiments() -> None:
    found, tasks = analysis.design_summary(FAMILY, EFFECTS, n_tasks=30, seed=3), drawn(30, EFFECTS)
    shares = torch.stack([task["T"].mean() for task in tasks])
    assert found.statistics["treated_share"].mean == pytest.approx(float(shares.mean()), rel=1e-5)
    assert set(found.statistics) >= {"average_effect", "effect_spread", "confounding_bias"}
    assert "regimes" not in found.statistics


def test_the_range_of_mean_outcomes_is_that_of_the_experiments() -> None:
    dose = anc.Design.from_config({**EFFECTS.to_dict(), "effects": {"treatment_kind": "continuous", "grid": 5}})
    found, tasks = analysis.design_summary(FAMILY, dose, n_tasks=30, seed=3), drawn(30, dose)
    ranges = [float((task["dose_response"].max() - task["dose_response"].min()) / task["Y"].std()) for task in tasks]
    assert found.statistics["dose_range"].mean == pytest.approx(
        sum(ranges) / 30, rel=0.02
    )  # Y's deviation is that of n or n - 1.
    assert found.statistics["dose_range"].mean > 0.1
    assert not {"average_effect", "effect_spread", "treated_share"} & set(found.statistics)
    assert "dose_range" not in analysis.design_summary(FAMILY, EFFECTS, n_tasks=5).statistics


def test_forms_and_seeds() -> None:
    found = analysis.design_summary(FAMILY, EFFECTS, n_tasks=20)
    assert found == analysis.design_summary(anc.SCMFamily.from_config(FAMILY), EFFECTS.to_dict(), n_tasks=20, threads=2)
    assert found != analysis.design_summary(FAMILY, EFFECTS, n_tasks=20, seed=1)
    several = analysis.design_summary({"a": FAMILY, "b": FAMILY}, EFFECTS, n_tasks=20)
    assert several == {"a": found, "b": found}
    assert json.loads(json.dumps(found.to_dict()))["statistics"]["rows"]["mean"] == 40
    assert found.metrics("x")["x/treated_share/mean"] == found.statistics["treated_share"].mean
    first, heads, *lines = str(found).splitlines()
    assert (first, heads.split()) == ("20 tasks", ["mean", "sd", "5", "%", "median", "95", "%"])
    assert [line.split()[0] for line in lines] == list(found.statistics) == list(found.meanings)
    assert all(text.endswith(".") for text in found.meanings.values())


@pytest.mark.parametrize(
    ("family", "design", "options", "words"),
    [
        (FAMILY, {"n_samples": 0}, {}, r"design.n_samples = 0"),
        (FAMILY, {"interventions": {"targets": 9}}, {}, "targets"),
        (FAMILY, EFFECTS, {"n_tasks": 1}, "n_tasks = 1: must be"),
        (FAMILY, EFFECTS, {"threads": -1}, "threads = -1"),
        (anc.SCMFamily(4, lambda n_nodes, *, seed: torch.zeros(4, 4)), EFFECTS, {}, "family is not the engine's"),
        ([(torch.zeros(3, 2), torch.zeros(2, 2))] * 2, EFFECTS, {}, "family is not the engine's"),
    ],
)
def test_what_is_wrong_is_said(family: Any, design: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(anc.ConfigError, match=words):
        analysis.design_summary(family, design, **options)


def numbers_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="ancestral-report">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_a_report_tells_what_a_design_does(tmp_path: Path) -> None:
    page = analysis.report({"train": FAMILY}, tmp_path / "page.html", design=EFFECTS, n_tasks=10, n_samples=8).read_text(
        "utf-8"
    )
    found = numbers_of(page)["families"]["train"]["design"]
    right = analysis.design_summary(FAMILY, EFFECTS, n_tasks=10)
    assert found == json.loads(json.dumps({"config": EFFECTS.to_dict(), "summary": right.to_dict()}))
    assert all(text.replace("'", "&#39;") in page for text in right.meanings.values())
    assert '<tr><th scope="row">effects.mu_draws</th><td>32</td></tr>' in page
    assert page.count("What the design does: the mean and the central 90 % of tasks</figcaption>") == 1
    plain = analysis.report({"train": FAMILY}, tmp_path / "plain.html", n_tasks=10, n_samples=8).read_text("utf-8")
    assert "<h3>Design</h3>" not in plain
    assert "design" not in numbers_of(plain)["families"]["train"]


def test_a_report_of_a_module_tells_of_its_own_designs(tmp_path: Path) -> None:
    own = anc.SCMFamily(6, lambda n_nodes, *, seed: torch.ones(6, 6).triu(1))
    data = anc.DataModule(FAMILY, FAMILY, {"own": own}, design=EFFECTS, set_designs={"val": ROWS}, batch_size=2)
    assert data.designs == {"train": EFFECTS, "val": ROWS, "test/own": EFFECTS}
    page = analysis.report(data, tmp_path / "page.html", n_tasks=5, n_samples=8).read_text("utf-8")
    found = numbers_of(page)["families"]
    configs = {name: one["design"]["config"] for name, one in found.items() if "design" in one}
    assert configs == json.loads(json.dumps({"train": EFFECTS.to_dict(), "val": ROWS.to_dict()}))


def test_the_figure_has_the_laws() -> None:
    found = analysis.design_summary(FAMILY, EFFECTS, n_tasks=20)
    axes: Any = one_axes(None, 2.2)
    draw_design(axes, found)
    names = [name for name in DESIGN_STATISTICS if name in found.statistics]
    assert [label.get_text() for label in axes.get_yticklabels()] == [DESIGN_STATISTICS[name] for name in names]
    lines, dots = axes.get_lines()[::2], axes.get_lines()[1::2]
    for name, line, dot in zip(names, lines, dots, strict=True):
        law = found.statistics[name]
        assert list(line.get_xdata()) == [law.quantiles[0], law.quantiles[4]]
        assert list(dot.get_xdata()) == [law.mean]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["share", "standard deviations"]


def test_loggers_get_it_from_a_module() -> None:
    shown: list[str] = []

    class Writer:
        def add_figure(self, name: str, figure: Any, global_step: int) -> None:
            shown.append(name)

    data = anc.DataModule(FAMILY, None, None, design=ROWS, batch_size=2)
    logs.log_figures(Writer(), data, n_tasks=4)
    assert "train/design" in shown


def test_of_several_families_an_error_names_the_one_that_cannot_have_the_design(tmp_path: Path) -> None:
    classes = anc.FamilyConfig(n_nodes=5, sparsity_param=1.0, mechanism_proportions={"categorical": 1.0})
    shift, says = anc.Design(interventions=anc.Interventions(kind="shift")), "^In classes: design.interventions.kind"
    with pytest.raises(anc.ConfigError, match=says):
        analysis.design_summary({"plain": FAMILY, "classes": classes}, shift, n_tasks=5)
    with pytest.raises(anc.ConfigError, match=says):
        analysis.report({"plain": FAMILY, "classes": classes}, tmp_path / "report.html", design=shift, n_tasks=5)
    with pytest.raises(anc.ConfigError, match=r"^design\.interventions\.kind"):
        analysis.design_summary(classes, shift, n_tasks=5)
