"""Our formats read by the packages that they are for, where these are installed: `make test-formats` installs them."""

import gzip
import importlib
import importlib.util
import itertools
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


# Variables and edges that the bnlearn repository states.
_STATED = """
alarm:37:46 andes:223:338 arth150:107:150 asia:8:8 barley:48:84 cancer:5:4 child:20:25 diabetes:413:602 earthquake:5:4
ecoli70:46:70 hailfinder:56:66 hepar2:70:123 insurance:27:52 link:724:1125 magic-irri:64:102 magic-niab:44:66
mildew:35:46 munin:1041:1397 munin1:186:273 munin2:1003:1244 munin3:1041:1306 munin4:1038:1388 pathfinder:109:195
pigs:441:592 sachs:11:17 survey:6:6 water:32:66 win95pts:76:112
"""
NETWORKS = {name: (int(nodes), int(edges)) for name, nodes, edges in (word.split(":") for word in _STATED.split())}


def pgmpys(name: str) -> tuple[Path, anc.NetworkConfig]:
    """A network's file in pgmpy's wheel, and what we read in it."""
    folder = Path(str(pytest.importorskip("pgmpy").__file__)).parent / "utils" / "example_models"
    found = next(iter(folder.glob(f"{name}.bif.gz")), folder / f"{name}.json")
    config = anc.network(found).config
    assert isinstance(config, anc.NetworkConfig)
    return found, config


def pgmpys_model(path: Path) -> Any:
    reader = importlib.import_module("pgmpy.readwrite").BIFReader
    return reader(string=gzip.decompress(path.read_bytes()).decode()).get_model()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_of_pgmpys_wheel_is_read_and_drawn(name: str) -> None:
    _, config = pgmpys(name)
    assert (config.n_nodes, len(config.edges)) == NETWORKS[name]
    x = anc.SCMFamily.from_config(config).sample_task(0).sample(50, draw=0)
    for node, states in enumerate(config.states.values()):
        if states:
            assert set(x[:, node].tolist()) <= set(range(len(states)))


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["asia", "child", "insurance", "sachs", "survey"])
def test_pgmpys_reader_has_our_tables(name: str) -> None:
    path, config = pgmpys(name)
    if name == "sachs":
        assert set(config.edges) == set(formats.SACHS_EDGES)
    model = pgmpys_model(path)
    assert set(model.edges()) == set(config.edges)
    for variable in config.to_dict()["network"]["variables"]:
        law = model.get_cpds(variable["name"])
        assert list(law.state_names[variable["name"]]) == variable["states"]
        # Its axes are the variable and its parents in the order of the file.
        parents = [law.variables.index(parent) for parent in variable["parents"]]
        theirs = law.values.transpose([*parents, 0])
        np.testing.assert_allclose(np.array(variable["probabilities"]), theirs.reshape(-1), atol=3e-7)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("name", "of", "do"),
    [
        ("asia", ["xray", "dysp"], {"smoke": "yes"}),
        ("asia", ["lung", "either"], {"tub": "no", "bronc": "yes"}),
        ("sachs", ["Akt", "P38"], {"PKA": "HIGH"}),
        ("child", ["XrayReport", "Age"], {"LungParench": "Congested"}),
    ],
)
def test_pgmpys_inference_has_our_exact_laws(name: str, of: list[str], do: dict[str, str]) -> None:
    path, config = pgmpys(name)
    inference = importlib.import_module("pgmpy.inference")
    mutilated = pgmpys_model(path).do(list(do))
    found = inference.VariableElimination(mutilated).query(of, evidence=do, show_progress=False)
    states = config.states
    for combination in itertools.product(*(range(len(states[variable])) for variable in of)):
        asked = {variable: states[variable][state] for variable, state in zip(of, combination, strict=True)}
        ours = float(config.probabilities(of, do=do)[combination])
        assert abs(ours - float(found.get_value(**asked))) < 1e-6


@pytest.mark.filterwarnings("default")
def test_pgmpys_gaussian_networks_have_our_moments() -> None:
    path, config = pgmpys("ecoli70")
    model = importlib.import_module("pgmpy.models").LinearGaussianBayesianNetwork.load(path)
    mean, covariance = model.to_joint_gaussian()
    at = [list(importlib.import_module("networkx").topological_sort(model)).index(name) for name in config.names]
    x = anc.SCMFamily.from_config(config).sample_task(1).sample(20_000, draw=0).double().numpy()
    deviation = np.sqrt(np.diag(covariance)[at])
    assert (np.abs(x.mean(axis=0) - np.asarray(mean)[at]) < 5 * deviation / 20_000**0.5).all()
    correlation = covariance[np.ix_(at, at)] / np.outer(deviation, deviation)
    assert (np.abs(np.corrcoef(x.T) - correlation) <= 5 * (1 - correlation**2) / 20_000**0.5 + 1e-5).all()
