"""Sortabilities, against the reference package."""

import math
from typing import Any

import networkx
import numpy as np
import pandas
import pytest
import torch
from CausalDisco.analytics import r2_sortability, var_sortability

import ancestral as anc
from ancestral import analysis


def test_sortabilities_are_those_of_causaldisco() -> None:
    family = anc.SCMFamily(
        9, sparsity_param=1.5, mechanism_proportions={"linear": 0.7, "mlp": 0.3}, linear_weights="signed_uniform"
    )
    for seed in range(20):
        task = family.sample_task(seed)
        x, adjacency = task.sample(200), task.adjacency_matrix
        found = analysis.sortability(x, adjacency)
        data, graph = x.double().numpy(), adjacency.numpy()
        assert found.var == pytest.approx(var_sortability(data, graph), abs=1e-9)
        assert found.r2 == pytest.approx(r2_sortability(data, graph), abs=1e-9)


def test_sortability_takes_a_table_of_pandas() -> None:
    task = anc.SCMFamily(9, sparsity_param=1.5).sample_task(4)
    x = task.sample(100)
    table = pandas.DataFrame(x.numpy(), columns=[f"gene {j}" for j in range(9)])
    for given in (table, pandas.DataFrame(x.double().numpy()), np.asfortranarray(x.numpy())):
        assert analysis.sortability(given, task.adjacency_matrix) == analysis.sortability(x, task.adjacency_matrix)


def test_a_tables_columns_are_the_nodes_of_their_names() -> None:
    task = anc.SCMFamily(10, sparsity_param=1.0).sample_task(8)
    x, graph = task.sample(300, draw=0).numpy(), task.adjacency_matrix.numpy()
    expected, n = analysis.sortability(x, graph), len(graph)
    names = [f"gene {j}" for j in range(n)]
    data, table = pandas.DataFrame(x, columns=names), pandas.DataFrame(graph, names, names)
    moved = [*names[n // 2 :], *names[: n // 2]]
    drawn: Any = networkx.relabel_nodes(networkx.from_numpy_array(graph, create_using=networkx.DiGraph), dict(enumerate(names)))
    assert analysis.sortability(x, table.loc[moved, moved].to_numpy()) != expected
    for given in (table, table.loc[moved, moved], drawn):
        assert analysis.sortability(data[moved], given) == expected
        found = analysis.summary([(data[moved], given)] * 2, n_samples=300).statistics
        assert found["r2_sortability"].mean == expected.r2
    # Places are no names.
    for plain, unnamed in ((data, graph), (data, pandas.DataFrame(graph)), (pandas.DataFrame(x), table)):
        assert analysis.sortability(plain, unnamed) == expected
    other = data.rename(columns={"gene 0": "g0"})
    with pytest.raises(anc.ConfigError, match=r"^A has the nodes 'gene 0', .*: must be the columns of X, 'g0', 'gene 1'"):
        analysis.sortability(other, table)
    with pytest.raises(anc.ConfigError, match=r"must be the columns of its X, 'g0'"):
        analysis.summary([(other, table)])


def test_a_tables_rows_are_in_any_order_even_where_they_are_as_many_as_columns() -> None:
    task = anc.SCMFamily(9, sparsity_param=1.5).sample_task(4)
    x, graph = task.sample(9, draw=0).numpy(), task.adjacency_matrix.numpy()
    table, moved = pandas.DataFrame(x), [3, 1, 2, 0, 4, 5, 8, 7, 6]
    expected = analysis.sortability(x, graph).var
    for data, given in ((table.loc[moved], graph), (table[moved], pandas.DataFrame(graph))):
        assert analysis.sortability(data, given).var == expected
        found = analysis.summary([(data, given)] * 2, n_samples=9).statistics
        assert found["var_sortability"].mean == expected
    # An array's nodes have no names.
    assert analysis.sortability(table[moved], graph).var != expected


def test_sortability_is_not_defined_without_edges_or_for_constant_columns() -> None:
    assert all(math.isnan(value) for value in analysis.sortability(torch.randn(20, 3), torch.zeros(3, 3)))
    constant = torch.stack([torch.zeros(20), torch.randn(20)], dim=1)
    found = analysis.sortability(constant, torch.tensor([[0, 1], [0, 0]]))
    assert found.var == 1.0
    assert math.isnan(found.r2)


@pytest.mark.parametrize(
    ("x", "graph", "says"),
    [
        (torch.zeros(3, 4), torch.zeros(3, 3), r"X has shape \[3, 4\]: must be \[rows, 3\]"),
        (torch.zeros(0, 3), torch.zeros(3, 3), "at least one row"),
        (torch.zeros(5, 2), torch.ones(2, 2), "A|cycle|acyclic"),
        (torch.zeros(5, 2), torch.zeros(2, 3), "A has shape"),
    ],
)
def test_wrong_data_are_refused(x: Any, graph: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        analysis.sortability(x, graph)


@pytest.mark.parametrize("scale", [1e-310, 1e-300, 1e-25, 1.0, 1e25, 1e300])
def test_sortability_of_data_of_any_size_is_the_same(scale: float) -> None:
    x = torch.randn(50, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 3.0, 2.0])
    graph = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    assert anc.analysis.sortability(x * scale, graph) == anc.analysis.sortability(x, graph)


@pytest.mark.parametrize("mean", [1e4, 1e8, 1e12])
def test_sortability_does_not_depend_on_means(mean: float) -> None:
    x = torch.randn(60, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) * torch.tensor([1.0, 1.1, 1.2])
    graph = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    assert analysis.sortability(x + mean, graph) == analysis.sortability(x, graph)


def test_what_is_equal_but_for_rounding_does_not_sort() -> None:
    pair = anc.SCMFamily(2, sparsity_param=0.5)
    for seed in range(20):
        # Each of two variables explains the same of the other.
        assert analysis.sortability(pair.sample_task(seed).sample(50), pair.sample_task(seed).adjacency_matrix).r2 == 0.5
    tasks = anc.MetaFixedDataset(anc.SCMFamily(6, sparsity_param=1.5), n_tasks=20, n_samples=300)
    X, adjacency = anc.collate([tasks[index] for index in range(20)], normalize="standardize")
    assert {analysis.sortability(x, graph).var for x, graph in zip(X, adjacency, strict=True)} == {0.5}
    assert analysis.summary((X, adjacency), n_samples=300).statistics["var_sortability"].mean == 0.5
