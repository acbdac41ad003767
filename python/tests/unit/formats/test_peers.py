"""Our formats read by the packages that they are for, where these are installed: `make test-formats` installs them."""

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=8, sparsity_param=1.5)


def avici(module: str) -> Any:
    """A module of AVICI without its `__init__`, which asks for jax, TensorFlow and an old pyarrow."""
    if "avici" not in sys.modules:
        spec = importlib.util.find_spec("avici")
        if spec is None:
            pytest.skip("avici is not installed")
        sys.modules["avici"] = importlib.util.module_from_spec(spec)
    pytest.importorskip("igraph")
    return importlib.import_module(f"avici.{module}")


@pytest.mark.filterwarnings("default")
def test_avici_standardises_and_draws_rows_of_our_dict() -> None:
    data = avici("utils.data")
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=anc.Design.preset("avici-interventional"))[0]
    given = data.onp_subbatch(np.random.default_rng(0), formats.to_avici(task), n_obs=100, n_int=50)
    assert (given["x_obs"].shape, given["x_int"].shape) == ((100, 8, 2), (50, 8, 2))
    found = data.onp_standardize_data(given)
    rows = np.concatenate([found["x_obs"], found["x_int"]])
    np.testing.assert_allclose(rows[..., 0].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(rows[..., 0].std(axis=0), 1, rtol=1e-5)
    assert set(np.unique(rows[..., 1])) == {0.0, 1.0}
    boot = data.onp_bootstrap(np.random.default_rng(0), formats.to_avici(task))
    assert len(boot["x_obs"]) + len(boot["x_int"]) == 200


@pytest.mark.filterwarnings("default")
def test_avicis_edges_go_as_ours() -> None:
    instance = FAMILY.sample_task(7)
    data = formats.to_avici((instance.sample(10), instance.adjacency_matrix))
    order = avici("utils.graph").mat_to_toporder(data["g"]).tolist()
    assert all(order.index(parent) < order.index(node) for node in range(8) for parent in instance.parents(node))
    # Its own mechanisms over our graph: what each node depends on are our parents.
    synthetic = avici("synthetic")
    linear = synthetic.LinearAdditive(
        param=synthetic.SignedUniform(1.0, 2.0),
        bias=synthetic.Uniform(-1.0, 1.0),
        noise=synthetic.Gaussian(),
        noise_scale=synthetic.Uniform(0.5, 0.6),
    )
    x = linear(np.random.default_rng(0), data["g"], 4000, 0).x_obs[..., 0]
    for node in range(8):
        others = [other for other in range(8) if other in order[: order.index(node)]]
        weights = np.linalg.lstsq(np.column_stack([x[:, others], np.ones(4000)]), x[:, node], rcond=None)[0]
        assert {other for other, weight in zip(others, weights, strict=False) if abs(weight) > 0.5} == set(
            instance.parents(node)
        )


@pytest.mark.filterwarnings("default")
def test_gcastle_compares_and_simulates_our_graphs(tmp_path: Path) -> None:
    pytest.importorskip("castle")
    metrics, datasets = importlib.import_module("castle.metrics"), importlib.import_module("castle.datasets")
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=20)
    graph = formats.read_csv(formats.write_csv(tmp_path / "tables", tasks)).adjacency.numpy().astype(int)
    assert metrics.MetricsDAG(graph.copy(), graph.copy()).metrics["shd"] == 0
    np.random.seed(0)
    x = datasets.IIDSimulation(W=graph * 1.5, n=4000, method="linear", sem_type="gauss").X
    for node in range(8):
        parents = tasks.instance(0).parents(node)
        left = x[:, node] - 1.5 * x[:, parents].sum(axis=1)
        assert abs(left.std() - 1) < 5 / (2 * 4000) ** 0.5  # The standard error of a deviation.


@pytest.mark.filterwarnings("default")
def test_pgmpy_has_our_parents() -> None:
    pytest.importorskip("pgmpy")
    base = importlib.import_module("pgmpy.base")
    instance = FAMILY.sample_task(7)
    dag = base.DAG()
    dag.add_nodes_from(range(8))
    dag.add_edges_from(formats.to_networkx(instance.adjacency_matrix).edges)
    for node in range(8):
        assert sorted(dag.get_parents(node)) == instance.parents(node)
    assert formats.from_networkx(dag).equal(instance.adjacency_matrix)


@pytest.mark.filterwarnings("default")
def test_pgmpy_finds_independences_in_our_tables() -> None:
    pytest.importorskip("pgmpy")
    base = importlib.import_module("pgmpy.base")
    chain = anc.SCMInstance.from_mechanisms(
        [[0, 1, 0], [0, 0, 1], [0, 0, 0]], [lambda p, noise: noise, *[lambda p, noise: p[:, 0] + noise] * 2]
    )
    tables = formats.to_pandas((chain.sample(2000, draw=0), chain.adjacency_matrix), names=["a", "b", "c"])
    edges = [(i, j) for i in "abc" for j in "abc" if tables.adjacency.loc[i, j]]
    dag = base.DAG(edges)
    assert not dag.is_dconnected("a", "c", observed={"b"})
    assert dag.is_dconnected("a", "c")
    left = torch.from_numpy(np.stack([tables.data[k].to_numpy() for k in "abc"]))
    partial = torch.linalg.inv(torch.cov(left))
    assert abs(partial[0, 2] / (partial[0, 0] * partial[2, 2]) ** 0.5) < 5 / 2000**0.5
