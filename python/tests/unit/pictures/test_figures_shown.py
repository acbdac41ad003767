"""Where figures are shown: each one once in a notebook, and nothing is kept alive anywhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What a notebook's backend (matplotlib_inline) does: a cell's end shows all figures that pyplot knows, and closes them.
BACKEND = """
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase as FigureManager
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

def end_of_cell():
    shown = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    Gcf.destroy_all()
    return shown
"""

START = """
import sys
import ancestral as anc
from ancestral import analysis
family = anc.SCMFamily(4, sparsity_param=1.0)
task = family.sample_task(0)
class Writer:
    def add_figure(self, name, figure, global_step): pass
"""

NOTEBOOK = """
import inline_stand_in
end = inline_stand_in.end_of_cell

axes = task.visualize()
assert end() == [axes[0].figure]
assert end() == []

found = analysis.summary(family, 2, n_samples=0)
drawn = [analysis.degree_histogram(found).figure for _ in range(22)]  # pyplot warns at the 21st.
drawn.append(family.plot_example(1)[0].figure)
assert end() == drawn

two = {"a": family, "b": anc.FamilyConfig(n_nodes=4, sparsity_param=0.5)}
made = [
    analysis.degree_histogram(family, n_tasks=4).figure,
    analysis.adjacency_grid(family, n_graphs=2)[0, 0].figure,
    analysis.spectra(family, n_tasks=4).figure,
    analysis.distance_matrix(two, n_tasks=10, metric="edge_js").figure,
    analysis.sortability_ladder(two, n_tasks=4).figure,
]
assert end() == made

from matplotlib import pyplot
figure, ax = pyplot.subplots()
assert task.visualize(ax) is ax
assert end() == [figure]

analysis.report(two, sys.argv[1], n_tasks=5, n_samples=8)  # Those are on the page.
analysis.log_figures(Writer(), two, n_tasks=5)
assert end() == []
"""

SCRIPT = """
import gc, weakref
found = analysis.summary(family, 2, n_samples=0)
refs = [weakref.ref(analysis.degree_histogram(found).figure) for _ in range(22)]
refs.append(weakref.ref(family.plot_example(1)[0].figure))
gc.collect(), gc.collect()
assert not any(ref() for ref in refs)
assert "matplotlib.pyplot" not in sys.modules
from matplotlib import pyplot
task.visualize()
assert pyplot.get_fignums() == []
"""


def run(tmp_path: Path, backend: str | None, body: str) -> None:
    (tmp_path / "inline_stand_in.py").write_text(BACKEND)
    environment = {key: value for key, value in os.environ.items() if key not in ("MPLBACKEND", "DISPLAY", "WAYLAND_DISPLAY")}
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), *sys.path])
    if backend is not None:
        environment["MPLBACKEND"] = backend
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START + body, str(tmp_path / "report.html")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_notebook_shows_each_figure_once(tmp_path: Path) -> None:
    run(tmp_path, "module://inline_stand_in", NOTEBOOK)


@pytest.mark.slow
@pytest.mark.parametrize("backend", [None, "agg", "svg"])
def test_a_script_keeps_no_figure(backend: str | None, tmp_path: Path) -> None:
    run(tmp_path, backend, SCRIPT)
