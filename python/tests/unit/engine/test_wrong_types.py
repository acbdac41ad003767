"""Values of a wrong type get a ConfigError that names the argument, wherever they are given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral import evaluation, formats

FAMILY = anc.SCMFamily(n_nodes=3, sparsity_param=1.0)
COIN = anc.NetworkConfig([{"name": "coin", "parents": [], "states": ["heads", "tails"], "probabilities": [0.5, 0.5]}])
GRAPH = torch.tensor([[0.0, 1.0], [0.0, 0.0]])
META = torch.ones(2, 2, device="meta")
RAGGED = anc.MetaIterableDataset({"n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1.0}, n_samples=2)
STREAM = anc.MetaIterableDataset(FAMILY, n_samples=2)
SET = anc.MetaFixedDataset(FAMILY, [1, 2], n_samples=2)
SPARSE = torch.ones(2, 2).to_sparse()

CASES: dict[str, tuple[Callable[[], Any], str]] = {
    "variables of a network": (lambda: anc.NetworkConfig(3), "variables is of type int: must be a list."),  # type: ignore[arg-type]
    "dict of a network": (lambda: anc.NetworkConfig.from_dict([]), "values is of type list: must be a dictionary."),  # type: ignore[arg-type]
    "dict of another family": (lambda: anc.NetworkConfig.from_dict({"n_nodes": 3}), "network is missing"),
    "variables asked for": (lambda: COIN.probabilities(0), "of is of type int: must be a list."),  # type: ignore[arg-type]
    "interventions of a law": (lambda: COIN.probabilities("coin", do="coin"), "do is of type str: must be a dictionary."),  # type: ignore[arg-type]
    "interventions as a tensor": (lambda: COIN.probabilities("coin", do=GRAPH), "do is of type Tensor"),  # type: ignore[arg-type]
    "dict of a design": (lambda: anc.Design.from_dict("a"), "values is of type str: must be a dictionary."),  # type: ignore[arg-type]
    "dict of a family": (lambda: anc.FamilyConfig.from_dict(3), "values is of type int: must be a dictionary."),  # type: ignore[arg-type]
    "dict of a mixture": (lambda: anc.MixtureConfig.from_dict(()), "values is of type tuple: must be a dictionary."),  # type: ignore[arg-type]
    "preset of designs": (lambda: anc.Design.preset([]), "preset = []: must be one of avici"),  # type: ignore[arg-type]
    "preset of families": (lambda: anc.FamilyConfig.preset({}), "preset = {}: must be one of notears"),  # type: ignore[arg-type]
    "option on the meta device": (lambda: anc.Observation(error_share=META), "error_share is a tensor on device meta"),  # type: ignore[arg-type]
    "option that is sparse": (
        lambda: anc.Design(n_samples=SPARSE),
        "n_samples is a tensor on device cpu of layout torch.sparse",
    ),  # type: ignore[arg-type]
    "long path": (lambda: anc.SCMFamily.from_config("a" * 5000), "is no preset and no file"),
    "long path of a design": (lambda: anc.Design.from_config("a" * 5000), "is no preset and no file"),
    "graph on the meta device": (lambda: anc.graph_hash(META), "adjacency has dtype torch.float32 on device meta"),
    "targets that are words": (lambda: anc.cpdag(GRAPH, np.array([["a", "b"]])), "targets has dtype <U1"),
    "targets on the meta device": (lambda: anc.cpdag(GRAPH, META), "targets has dtype torch.float32 on device meta"),
    "node": (lambda: FAMILY.sample_task(0).parents("a"), "j = 'a': must be a whole number from 0 to 2."),  # type: ignore[arg-type]
    "node below": (lambda: FAMILY.sample_task(0).parents(-1), "j = -1: must be a whole number from 0 to 2."),
    "axes": (lambda: FAMILY.sample_task(0).visualize("a"), "ax is, or holds, something of type str: must be Axes"),
    "seeds": (lambda: anc.MetaFixedDataset(FAMILY, 3, n_samples=2), "seeds is of type int: must be a list."),  # type: ignore[arg-type]
    "metrics": (lambda: anc.analysis.distance(FAMILY, FAMILY, metrics=3), "metrics is of type int: must be a list."),  # type: ignore[arg-type]
    "names": (lambda: formats.to_dot(GRAPH, 3), "names is of type int: must be a list."),  # type: ignore[arg-type]
    "graph of networkx": (lambda: formats.from_networkx(GRAPH), "graph is of type Tensor: must be a directed graph"),
    "nodes of networkx": (lambda: formats.from_networkx(nx.DiGraph([(0, 1)]), 3), "nodes is of type int: must be a list."),  # type: ignore[arg-type]
    "table": (lambda: formats.from_pandas(GRAPH, GRAPH), "data is of type Tensor: must be a pandas.DataFrame."),
    "AVICI's dict": (lambda: formats.from_avici([]), "data is of type list: must be a dictionary."),  # type: ignore[arg-type]
    "AVICI's words": (lambda: formats.from_avici({"x_obs": "a"}), "x_obs holds something else than numbers"),
    "AVICI's graph": (
        lambda: formats.from_avici(dict.fromkeys(["x_obs", "x_int"], np.zeros((1, 2, 2)))),
        "data has no array 'g'",
    ),
    "threshold": (lambda: evaluation.acyclic_guess(GRAPH, threshold=float("nan")), "threshold = nan: must be a finite number"),
    "device": (lambda: FAMILY.sample_task(0).to("cuda:99"), "device = 'cuda:99': must be a device that torch has here"),
    "ragged batch": (lambda: next(iter(DataLoader(RAGGED, batch_size=8))), "anc.pad_collate takes tasks that differ"),
    "state of a stream": (lambda: iter(STREAM).load_state_dict(None), "state is of type NoneType: must be a dictionary."),  # type: ignore[arg-type]
    "state of a loader": (lambda: anc.TaskLoader(STREAM, batch_size=2).load_state_dict([]), "state is of type list"),  # type: ignore[arg-type]
    "state of a set's loader": (lambda: anc.TaskLoader(SET, batch_size=2).load_state_dict("a"), "state is of type str"),  # type: ignore[arg-type]
    "law": (lambda: evaluation.expected_shd(GRAPH, GRAPH, law=np.zeros(2)), "must be one of 'pair', 'edge'"),  # type: ignore[arg-type]
    "X without an axis": (lambda: anc.collate(torch.tensor(3.0), normalize="standardize"), "batch has an X of shape ()"),
    "X that is sparse": (lambda: anc.collate(SPARSE, normalize="standardize"), "layout torch.sparse_coo: must be dense"),
    "edges of no file": (lambda: anc.read_edges("/nowhere.tsv"), "path = '/nowhere.tsv': must be a file of text"),
    "edges of no path": (lambda: anc.read_edges(3), "path is of type int: must be a text or a pathlib.Path."),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", CASES)
def test_names_the_argument_of_a_wrong_type(case: str) -> None:
    call, sentence = CASES[case]
    with pytest.raises(anc.ConfigError) as refusal:
        call()
    assert sentence in str(refusal.value)


def test_names_the_file_of_edges_that_is_no_text(tmp_path: Path) -> None:
    (path := tmp_path / "edges.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(anc.ConfigError, match=r"edges.tsv': must be a file of text that can be read"):
        anc.read_edges(path)


def test_takes_a_design_in_any_form_for_a_fingerprint() -> None:
    assert FAMILY.fingerprint({"n_samples": 10}) == FAMILY.fingerprint(anc.Design(n_samples=10))  # type: ignore[arg-type]
    with pytest.raises(anc.ConfigError, match="design"):
        FAMILY.fingerprint(3)  # type: ignore[arg-type]
