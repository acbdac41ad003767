"""Times the generators that a user would pick instead against the engine, on the same work in one run, one thread each.

Run by `make bench-peers` in a virtual environment of its own: the peers come from PyPI, the engine is timed by its command line
tool. The work: d = 20 nodes, 40 expected edges, n rows a task, a whole task each. Prints a table of ratios and writes JSON.
"""

import argparse
import contextlib
import functools
import importlib.util
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

for _threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_threads] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import numpy as np  # noqa: E402 - after the number of threads

NODES, EDGES = 20, 40
# The published generator of BCNP is on no package index; this is what it made in a second on a machine like ours (the
# specification's figure), not a measurement of this run.
BCNP_TASKS_PER_SECOND = 0.7

Make = Callable[[], object]

UNIT_NOISE = {"noise_scale_law": "uniform", "noise_scale_min": 1, "noise_scale_max": 1}


def additive_mlp(hidden: list[int], activation: str) -> dict[str, Any]:
    return {
        "mechanism_proportions": {"mlp": 1},
        "mlp_hidden": hidden,
        "mlp_activation": activation,
        "mlp_noise": "additive",
        **UNIT_NOISE,
    }


def exact_gp(rows: int) -> dict[str, Any]:
    return {
        "mechanism_proportions": {"gp": 1},
        "gp_mode": "exact",
        "gp_length_second": 0,
        "calibration_rows": rows,
        **UNIT_NOISE,
    }


def skip_init(package: str) -> None:
    """Makes a package importable without its __init__, which pulls in what its generator doesn't need."""
    if package not in sys.modules:
        spec = importlib.util.find_spec(package)
        module = types.ModuleType(package)
        module.__path__ = list(spec.submodule_search_locations)  # type: ignore[union-attr,arg-type]
        sys.modules[package] = module


def avici(kind: str, n: int) -> Make:
    skip_init("avici")
    from avici.synthetic import ErdosRenyi, Gaussian, LinearAdditive, RFFAdditive, SignedUniform, Uniform

    rng = np.random.default_rng(0)
    graph = ErdosRenyi(edges_per_var=EDGES / NODES)
    common = {"bias": Uniform(-3, 3), "noise": Gaussian(), "noise_scale": Uniform(0.2, 2)}
    if kind == "linear":
        model = LinearAdditive(param=SignedUniform(1, 3), **common)
    else:
        model = RFFAdditive(length_scale=Uniform(7, 10), output_scale=Uniform(10, 20), **common)
    return lambda: model(rng, graph(rng, NODES), n, 0)


def causally(kind: str, n: int) -> Make:
    import causally.graph.random_graph as graphs
    import causally.scm.causal_mechanism as mechanisms
    import causally.scm.noise as noise
    import causally.scm.scm as scm
    from causally.scm.context import SCMContext

    graph = graphs.ErdosRenyi(num_nodes=NODES, expected_degree=EDGES // NODES)
    choices = {
        "linear": functools.partial(mechanisms.LinearMechanism, min_abs_weight=0.0),  # Its default fails with numpy 2.
        "mlp": mechanisms.NeuralNetMechanism,
        "gp-exact": mechanisms.GaussianProcessMechanism,
    }
    mechanism = choices[kind]()

    def make() -> object:
        return scm.AdditiveNoiseModel(
            num_samples=n,
            graph_generator=graph,
            noise_generator=noise.Normal(),
            causal_mechanism=mechanism,
            scm_context=SCMContext(),
        ).sample()

    return make


def gcastle(kind: str, n: int) -> Make:
    from castle.datasets import DAG, IIDSimulation

    method, law = {"linear": ("linear", "gauss"), "mlp": ("nonlinear", "mlp"), "gp-exact": ("nonlinear", "gp")}[kind]

    def make() -> object:
        weights = DAG.erdos_renyi(n_nodes=NODES, n_edges=EDGES, weight_range=(0.5, 2.0))
        return IIDSimulation(W=weights, n=n, method=method, sem_type=law).X

    return make


def notears(kind: str, n: int) -> Make:
    skip_init("dagma")
    import dagma.utils as utils

    def linear() -> object:
        weights = utils.simulate_parameter(utils.simulate_dag(NODES, EDGES, "ER"))
        return utils.simulate_linear_sem(weights, n, "gauss")

    law = {"mlp": "mlp", "gp-exact": "gp"}.get(kind, "")
    return linear if kind == "linear" else lambda: utils.simulate_nonlinear_sem(utils.simulate_dag(NODES, EDGES, "ER"), n, law)


def sempler(_: str, n: int) -> Make:
    import sempler as package
    import sempler.generators as generators

    return lambda: package.LGANM(generators.dag_avg_deg(NODES, 2 * EDGES / NODES, 0.5, 2), (0, 0), (1, 2)).sample(n)


# Each peer's work beside the family that does the same.
CASES: list[tuple[str, str, Callable[[str, int], Make], Callable[[int], Any]]] = [
    ("linear", "avici", avici, lambda n: "avici-linear"),
    ("linear", "causally", causally, lambda n: UNIT_NOISE),
    ("linear", "gcastle", gcastle, lambda n: "notears-linear"),
    ("linear", "dagma/notears", notears, lambda n: "notears-linear"),
    ("linear", "sempler", sempler, lambda n: {"linear_weights": "signed_uniform", **UNIT_NOISE}),
    ("mlp", "causally", causally, lambda n: additive_mlp([10], "leaky_relu")),
    ("mlp", "gcastle", gcastle, lambda n: "notears-mlp"),
    ("mlp", "dagma/notears", notears, lambda n: "notears-mlp"),
    ("gp-rff100", "avici", avici, lambda n: "avici-rff"),
    ("gp-exact", "causally", causally, exact_gp),
    ("gp-exact", "gcastle", gcastle, exact_gp),
    ("gp-exact", "dagma/notears", notears, exact_gp),
]


def peer_rate(make: Make, budget: float) -> float:
    """Tasks in a second: one over the median time of a task, after one to warm up."""
    make()
    times: list[float] = []
    start = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < budget:
        before = time.perf_counter()
        make()
        times.append(time.perf_counter() - before)
        if len(times) >= 3 and time.perf_counter() - start > 10 * budget:
            break
    return 1 / median(times)


def engine_rate(tool: Path, family: Any, rows: int, seconds: float) -> float:
    """Tasks in a second of a family, a preset's name or the fields of a configuration, on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        if not isinstance(family, str):
            path = Path(folder, "family.json")
            path.write_text(json.dumps({"n_nodes": NODES, "sparsity_param": EDGES / NODES, **family}))
            family = str(path)
        command = [tool, "bench", family, "--rows", rows, "--threads", 1, "--seconds", seconds, "--json"]
        found = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    return json.loads(found.stdout)[0]["value"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", type=Path, default=Path(".build/release/ancestral"), help="the command-line tool")
    parser.add_argument("--rows", type=int, default=1000, help="rows of a task")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds for each measurement")
    parser.add_argument("--output", type=Path, default=Path("runs/bench-peers.json"), help="where the JSON goes")
    options = parser.parse_args()

    results: list[dict[str, Any]] = []
    rates: dict[str, float] = {}

    def ours(family: Any) -> float:
        key = json.dumps(family)
        if key not in rates:
            rates[key] = engine_rate(options.tool, family, options.rows, options.seconds)
        return rates[key]

    def report(work: str, peer: str, theirs: float | None, family: Any, note: str = "") -> None:
        rate = ours(family)
        ratio = rate / theirs if theirs else None
        results.append(
            {"work": work, "peer": peer, "peer_tasks_per_s": theirs, "our_tasks_per_s": rate, "ratio": ratio, "note": note}
        )
        left = f"{theirs:12.2f}" if theirs else f"{'-':>12}"
        right = f"{ratio:9.0f}x" if ratio else f"{'-':>10}"
        print(f"{work:12}{peer:16}{left}{rate:12.2f}{right}  {note}", flush=True)

    print(f"d = {NODES}, {EDGES} edges, n = {options.rows}, one thread; tasks in a second")
    print(f"{'work':12}{'peer':16}{'peer':>12}{'ours':>12}{'ratio':>10}")
    for work, peer, build, family in CASES:
        theirs, note = None, ""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                theirs = peer_rate(build(work, options.rows), options.seconds)
        except Exception as error:  # One peer that fails must not stop the others.
            note = f"failed: {error!r}"[:100]
        report(work, peer, theirs, family(options.rows), note)
    report("bcnp-code", "bcnp", BCNP_TASKS_PER_SECOND, "bcnp-code", "a figure of the specification, not of this run")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
