"""What is said where a package of an extra is missing: its name, and the command that installs it."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral import analysis, evaluation, formats

FAMILY = anc.SCMFamily(n_nodes=3, sparsity_param=1.0)
TASK = FAMILY.sample_task(0)
GRAPH = TASK.adjacency_matrix

CALLS: list[tuple[str, str, Callable[[Path], Any]]] = [
    ("matplotlib", "plot", lambda _: TASK.visualize()),
    ("matplotlib", "plot", lambda _: TASK.do({0: 1.0}).visualize(ax=3)),
    ("matplotlib", "plot", lambda _: FAMILY.plot_example()),
    ("matplotlib", "plot", lambda _: analysis.degree_histogram(FAMILY, n_tasks=2)),
    ("matplotlib", "plot", lambda _: analysis.degree_histogram(FAMILY, n_tasks=2, ax=3)),
    ("matplotlib", "plot", lambda _: analysis.adjacency_grid(FAMILY)),
    ("matplotlib", "plot", lambda _: analysis.overlays({"a": FAMILY, "b": FAMILY}, n_tasks=8)),
    ("matplotlib", "plot", lambda folder: analysis.report(FAMILY, folder / "report.html", n_tasks=8)),
    ("matplotlib", "plot", lambda _: evaluation.reliability_diagram(evaluation.reliability(GRAPH, GRAPH / 2))),
    ("networkx", "plot", lambda _: TASK.visualize()),
    ("networkx", "plot", lambda _: formats.to_networkx(GRAPH)),
    ("pandas", "formats", lambda _: formats.to_pandas(anc.Task(TASK.sample(4), GRAPH))),
    ("h5py", "formats", lambda folder: formats.write_bcnp(folder / "tasks.h5", [anc.Task(TASK.sample(4), GRAPH)])),
    ("h5py", "formats", lambda folder: formats.BCNPDataset(folder / "tasks.h5")),
    ("sklearn.metrics", "eval", lambda _: evaluation.auroc(GRAPH, torch.rand(3, 3))),
    ("gadjid", "eval", lambda _: evaluation.sid(GRAPH, GRAPH)),
    ("lightning", "lightning", lambda _: importlib.import_module("ancestral.integrations.lightning")),
    ("hydra", "hydra", lambda _: importlib.import_module("ancestral.integrations.hydra")),
    ("ray", "ray", lambda _: importlib.import_module("ancestral.integrations.ray")),
]


@pytest.mark.parametrize("place", range(len(CALLS)), ids=lambda place: f"{CALLS[place][0]}-{place}")
def test_a_missing_package_is_named_with_its_extra(place: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package, extra, call = CALLS[place]
    # Python refuses to import what is None here, as on a machine that hasn't got it.
    for name in [*(name for name in sys.modules if name.startswith(package + ".")), package]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"ancestral.integrations.{package}", raising=False)
    with pytest.raises(ImportError) as caught:
        call(tmp_path)
    assert str(caught.value) == f"{package} is not installed: pip install 'ancestral[{extra}]'."
