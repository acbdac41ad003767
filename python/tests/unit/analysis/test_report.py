"""The report, the spectra behind it, and metrics for loggers."""

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.figures import OF_A_FAMILY, OF_ALL
from ancestral._analysis.spectral import BIN_EDGES, spectral_law
from ancestral._engine import _ffi
from interrupts import interrupted

SPARSE = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
HOSTILE = '</script><b>"&$x_'
FAMILIES = {
    "train": SPARSE,
    HOSTILE: anc.FamilyConfig(n_nodes=6, graph="scale_free", sparsity_param=1.0),
    "test/mixed": {"mixture": [{"family": {"n_nodes": 5, "sparsity_param": 1.0}}]},
}
QUICK = {"n_tasks": 20, "n_samples": 30}


class Ids(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]


def numbers_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="ancestral-report">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert analysis.report(FAMILIES, str(path), **QUICK) == path
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
    return path.read_text()


def test_a_report_has_the_numbers_of_the_functions(page: str) -> None:
    found = numbers_of(page)
    assert list(found["families"]) == list(FAMILIES)
    summary = analysis.summary(SPARSE, **QUICK)
    assert found["families"]["train"]["summary"] == json.loads(json.dumps(summary.to_dict()))
    assert found["families"]["train"]["fingerprint"] == SPARSE.fingerprint()
    assert anc.FamilyConfig.from_dict(found["families"]["train"]["config"]) == SPARSE
    pairs = {(entry["from"], entry["to"]): entry for entry in found["distances"]}
    assert len(pairs) == 6
    distance = analysis.distance(SPARSE, FAMILIES[HOSTILE], **QUICK).to_dict()
    assert pairs["train", HOSTILE]["metrics"] == distance["metrics"]
    assert all(name in page for name in summary.statistics)
    assert all(text in page for text in summary.warnings)


def test_a_report_is_one_safe_page(page: str) -> None:
    read = Ids(page)
    assert len(set(read.ids)) == len(read.ids) > 100
    assert "b" not in read.tags
    plain = [figure for figure in OF_A_FAMILY if figure.name not in ("design", "kinds")]  # Of what has none.
    of_all = [figure for figure in OF_ALL if not figure.name.startswith("results_")]  # No network was evaluated.
    assert read.tags.count("svg") == len(FAMILIES) * len(plain) + len(of_all)
    assert read.tags.count("script") == 1
    links = re.findall(r'(?:href|src)="([^"]*)"', page) + re.findall(r"url\(([^)]*)\)", page)
    assert {link[:5] for link in links if not link.startswith("#")} == {"data:"}
    # What is referred to is there.
    assert {link[1:] for link in links if link.startswith("#")} <= set(read.ids)


def test_the_same_families_give_the_same_bytes_whatever_the_callers_style(page: str, tmp_path: Path) -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        analysis.report(FAMILIES, tmp_path / "again.html", **QUICK)
        assert mpl.rcParams["font.size"] == 20
    assert (tmp_path / "again.html").read_text() == page


def test_a_report_takes_a_data_module_and_ones_own_strategies(tmp_path: Path) -> None:
    own = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: torch.ones(n_nodes, n_nodes).triu(1))
    data = anc.DataModule(SPARSE, None, {"own": own}, n_samples=8, batch_size=2)
    text = analysis.report(data, tmp_path / "report.html", n_tasks=10, n_samples=0).read_text()
    found = numbers_of(text)
    assert found["families"]["test/own"]["summary"]["statistics"]["edges"]["mean"] == 6
    assert [entry["to"] for entry in found["distances"]] == ["train", "test/own", "test/own"]
    assert "graph_generator" in text


@pytest.mark.parametrize(
    ("families", "path", "says"),
    [
        (SPARSE, "missing/report.html", "path = .*must be a file in a folder that exists"),
        (SPARSE, ".", "path = "),
        ({}, "report.html", "families is empty"),
        ({"a": {"n_nodes": -1}}, "report.html", "n_nodes = -1"),
        ({"a": {"nodes": 1}}, "report.html", "In a: .*nodes"),
    ],
)
def test_wrong_arguments_are_refused(families: Any, path: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        analysis.report(families, tmp_path / path)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_file(tmp_path: Path) -> None:
    # Everything is imported first: Python itself loses a KeyboardInterrupt that comes in a callback of its import locks.
    analysis.report({"a": {"n_nodes": 5}}, tmp_path / "first.html", n_tasks=4, n_samples=8).unlink()
    with interrupted():
        analysis.report({"a": {"n_nodes": 100}, "b": {"n_nodes": 100}}, tmp_path / "report.html", n_tasks=100_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_is_shown_on_a_terminal_only(terminal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty() if terminal else os.pipe()
    if terminal:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    with os.fdopen(theirs, "w") as screen:
        monkeypatch.setattr(sys, "stderr", screen)
        analysis.report(SPARSE, tmp_path / "report.html", n_tasks=5, n_samples=5)
        screen.write("end")
        screen.flush()
        shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert ("0/3" in shown) == terminal  # Later steps are shown a tenth of a second apart at most.
    assert terminal or shown == "end"


@pytest.mark.parametrize(  # Known spectra: numerics §4.3.
    ("edges", "spectrum"),
    [
        ([(0, 1), (1, 2), (2, 3)], [0, 0.5, 1.5, 2]),
        ([(0, 1), (0, 2), (0, 3)], [0, 1, 1, 2]),
        ([(i, j) for j in range(4) for i in range(j)], [0, 4 / 3, 4 / 3, 4 / 3]),
        ([(0, 1)], [0, 0, 0, 2]),
    ],
)
def test_spectra_are_those_of_known_graphs(edges: list[tuple[int, int]], spectrum: list[float]) -> None:
    adjacency = torch.zeros(4, 4)
    for i, j in edges:
        adjacency[i, j] = 1
    found = _ffi.spectra(adjacency.to(torch.uint8), torch.tensor([4], dtype=torch.int32))
    assert found.tolist() == pytest.approx(spectrum, abs=1e-12)
    family = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: adjacency)
    assert spectral_law(family, 3, 0) == pytest.approx(np.histogram(spectrum, BIN_EDGES)[0] / 4)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_stacks_spectra_are_those_of_lapack(threads: int) -> None:
    family = anc.SCMFamily(3, n_nodes_max=12, sparsity_param=0.75)
    graphs = [family.sample_task(seed).adjacency_matrix.to(torch.uint8) for seed in range(30)]
    sizes = torch.tensor([len(graph) for graph in graphs], dtype=torch.int32)
    found = _ffi.spectra(torch.cat([graph.reshape(-1) for graph in graphs]), sizes, threads)
    assert len(set(sizes.tolist())) > 3
    for graph, spectrum in zip(graphs, found.split(sizes.tolist()), strict=True):
        skeleton = (graph + graph.T).double()
        scale = skeleton.sum(dim=0).rsqrt().nan_to_num(posinf=0)
        laplacian = torch.diag((scale > 0).double()) - scale[:, None] * skeleton * scale
        assert spectrum.tolist() == pytest.approx(torch.linalg.eigvalsh(laplacian).tolist(), abs=1e-12)


def test_spectra_of_several_families_lie_over_each_other() -> None:
    one = analysis.spectra(SPARSE, n_tasks=10)
    assert one.get_legend() is None
    assert "Laplacian" in one.get_xlabel()
    both = analysis.spectra({"sparse": SPARSE, "free": FAMILIES[HOSTILE]}, n_tasks=10)
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["sparse", "free"]


def test_metrics_are_flat_floats() -> None:
    few, many = (anc.FamilyConfig(n_nodes=10, graph="fixed_edge_count", sparsity_param=k) for k in (1.0, 2.0))
    found = analysis.metrics({"train": few, "test/ood": many}, **QUICK)
    assert all(type(value) is float for value in found.values())
    apart = analysis.distance(few, many, **QUICK)
    assert found["distance/test_ood/spectral_energy"] == apart["spectral_energy"].value
    assert found["distance/test_ood/edge_js/p"] == apart["edge_js"].p
    assert found["distance/test_ood/edge_kl"] == apart["edge_kl"].value
    assert found["family/train/edges/mean"] == 10
    same = analysis.distance(SPARSE, SPARSE, metrics=["edge_kl"], **QUICK)
    assert same.metrics()["edges/forward"] == 0


def test_figures_go_to_tensorboard(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(tmp_path)
    analysis.log_figures(writer, {"train": SPARSE, "free": FAMILIES[HOSTILE]}, step=3, n_tasks=10)
    writer.close()
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    tags = events.Tags()["images"]
    assert {"train/degrees", "free/adjacency", "free/task", "families/spectra", "families/distances"} <= set(tags)
    assert events.Images("families/spectra")[0].step == 3
    with pytest.raises(anc.ConfigError, match="logger is a list"):
        analysis.log_figures([], SPARSE)


@pytest.mark.filterwarnings("error")
def test_names_in_any_script_are_left_to_the_browser(tmp_path: Path) -> None:
    page = analysis.report({"train": SPARSE, "家族": SPARSE}, tmp_path / "report.html", n_tasks=5, n_samples=9)
    assert re.search(r"<text [^>]*>家族</text>", page.read_text(encoding="utf-8"))


def test_families_of_one_node_have_no_picture_of_correlations(tmp_path: Path) -> None:
    one, two = anc.FamilyConfig(n_nodes=1, sparsity_param=0.0), anc.FamilyConfig(n_nodes=2, sparsity_param=0.5)
    for other, there in ((one, False), (two, True)):
        page = analysis.report({"a": one, "b": other}, tmp_path / "report.html", **QUICK).read_text()
        assert "Marginals: quantiles of columns" in page
        assert ("Correlations</figcaption>" in page) == there
