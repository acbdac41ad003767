"""Sub-networks of a given network: its edge list from a file, and the strategy with it."""

import re
from pathlib import Path

import pytest

import ancestral as anc

RING = [number for node in range(9) for number in (node, (node + 1) % 9)]


@pytest.mark.parametrize(
    "text", ["b\ta\t+\na\tc\t-\n", "# A comment\nb,a\n\n  a , c\n", "b  a x\r\na;c\r\n", '\ufeff"b","a"\n"a","c"']
)
def test_reads_the_first_two_names_of_each_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "edges.txt").write_text(text, encoding="utf-8")
    assert anc.read_edges(tmp_path / "edges.txt") == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a b\nc\n", "line 2: 'c' must have a cause"),
        ("# no edge\n", "at least one"),
        ('"gene a","b"\n', 'line 1: \'"gene a","b"\' must have names without tabs, commas, semicolons and blanks'),
        ("a -> b\n", "line 1: 'a -> b' must have a cause and an effect."),
        ("cause,effect\na,b\n", "begins with cause, effect: must have causes, then effects, without a line above them"),
        ("Target\tTF\na\tb\n", "begins with Target, TF: must have causes, then effects, without a line above them"),
        ("a\tb\t1\nb\tc\t0\n", r"line 2: 'b\tc\t0' must be an edge: pairs that are none, with a 0 behind them, must be left"),
    ],
)
def test_refuses_what_is_no_edge_list(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "edges.txt").write_text(text, encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=re.escape(sentence)):
        anc.read_edges(tmp_path / "edges.txt")


def test_nodes_may_be_called_as_headings_are(tmp_path: Path) -> None:
    (tmp_path / "edges.txt").write_text("source target\ntarget sink\n", encoding="utf-8")
    assert anc.read_edges(tmp_path / "edges.txt") == [1, 2, 2, 0]
    (tmp_path / "edges.txt").write_text("source sink\n", encoding="utf-8")
    assert anc.read_edges(tmp_path / "edges.txt") == [1, 0]
    (tmp_path / "edges.txt").write_text("u v\na b\n", encoding="utf-8")  # Names as usual as a and b.
    assert anc.read_edges(tmp_path / "edges.txt") == [2, 3, 0, 1]


def test_a_module_of_a_ring_is_a_path() -> None:
    strategy = anc.Subnetwork(0.0, edges=RING, top=1.0)
    assert strategy == anc.Subnetwork(0.0, edges=tuple(RING), top=1.0)
    assert hash(strategy) == hash(anc.Subnetwork(0.0, edges=tuple(RING), top=1.0))
    for seed in range(20):
        assert int(strategy(4, seed=seed).sum()) == 3
        assert int(strategy(9, seed=seed).sum()) == 8


def test_a_family_has_the_strategys_graphs_and_gives_it_back() -> None:
    strategy = anc.Subnetwork(0.0, edges=RING)
    family = anc.SCMFamily(5, graph_generator=strategy)
    assert family.sample_task(3).adjacency_matrix.equal(strategy(5, seed=3))
    assert family.graph_generator == strategy
    assert family.config.subnetwork_edges == RING


def test_another_network_is_another_family() -> None:
    families = [anc.SCMFamily(3, graph_generator=anc.Subnetwork(0.0, edges=edges)) for edges in (RING, RING[2:])]
    assert families[0].fingerprint() != families[1].fingerprint()
    plain = anc.SCMFamily.from_config(anc.FamilyConfig(subnetwork_edges=RING))
    assert plain.fingerprint() == anc.SCMFamily.from_config(anc.FamilyConfig()).fingerprint()


@pytest.mark.parametrize(
    ("strategy", "sentence"),
    [
        (anc.Subnetwork(2.0, edges=RING), "sparsity_param = 2.0: must be 0"),
        (anc.Subnetwork(0.0), "subnetwork_edges"),
        (anc.Subnetwork(0.0, edges=RING[:3]), "pairs of a cause and an effect"),
        (anc.Subnetwork(0.0, edges=RING[:4]), "n_nodes = 5: must be at most 3"),
    ],
)
def test_refuses_what_it_cannot_draw(strategy: anc.Subnetwork, sentence: str) -> None:
    with pytest.raises(anc.ConfigError, match=re.escape(sentence)):
        strategy(5, seed=1)
