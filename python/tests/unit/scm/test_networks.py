"""Known networks: files in, families out, which go wherever families go."""

import gzip
import itertools
import json
import math
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc

GARDEN = """
network garden { }
variable wet { type discrete [ 2 ] { yes, no }; }
variable rain { type discrete [ 2 ] { yes, no }; }
variable sprinkler { type discrete [ 3 ] { low, high, off }; }
probability ( rain ) { table 0.2, 0.8; }
probability ( sprinkler | rain ) { (yes) 0.1, 0.1, 0.8; (no) 0.3, 0.3, 0.4; }
probability ( wet | sprinkler, rain ) {
  (low, yes) 0.9, 0.1;  (high, yes) 0.95, 0.05;  (off, yes) 0.8, 0.2;
  (low, no) 0.5, 0.5;   (high, no) 0.7, 0.3;     (off, no) 0.05, 0.95;
}
"""
LINE = {
    "nodes": ["x", "y"],
    "arcs": [["x", "y"]],
    "cpds": {
        "x": {"coefficients": {"(Intercept)": [1]}, "variance": [4], "parents": []},
        "y": {"coefficients": {"(Intercept)": [0], "x": [0.5]}, "variance": [1], "parents": ["x"]},
    },
}


@pytest.fixture
def garden(tmp_path: Path) -> anc.SCMFamily:
    path = tmp_path / "garden.bif"
    path.write_text(GARDEN, encoding="utf-8")
    return anc.network(path)


def config(family: anc.SCMFamily) -> anc.NetworkConfig:
    assert isinstance(family.config, anc.NetworkConfig)
    return family.config


def test_a_file_gives_names_states_and_the_graph(garden: anc.SCMFamily) -> None:
    assert config(garden).names == ["wet", "rain", "sprinkler"]
    assert config(garden).states == {"wet": ["yes", "no"], "rain": ["yes", "no"], "sprinkler": ["low", "high", "off"]}
    assert sorted(config(garden).edges) == [("rain", "sprinkler"), ("rain", "wet"), ("sprinkler", "wet")]
    task = garden.sample_task(7)
    assert task.adjacency_matrix.tolist() == [[0, 0, 0], [1, 0, 1], [1, 0, 0]]
    assert (garden.n_nodes, garden.max_nodes, garden.sparsity_param, garden.noise_type) == (3, 3, 1.0, "gaussian")
    assert garden.mechanism_proportions == {"table": 1.0}
    rows = task.sample(500, draw=0)
    assert rows.equal(garden.sample_task(7).sample(500, draw=0))
    assert not rows.equal(garden.sample_task(8).sample(500, draw=0))
    assert set(rows[:, 2].tolist()) == {0.0, 1.0, 2.0}


def test_packed_files_and_other_forms_have_one_fingerprint(garden: anc.SCMFamily, tmp_path: Path) -> None:
    packed = tmp_path / "other.bif.gz"
    packed.write_bytes(gzip.compress(GARDEN.replace("garden", "another").encode()))
    assert anc.network(packed).fingerprint() == garden.fingerprint()
    written = tmp_path / "garden.json"
    written.write_text(json.dumps(config(garden).to_dict()), encoding="utf-8")
    assert anc.network(written).config == garden.config
    again = anc.SCMFamily.from_config(written)
    assert again.fingerprint() == garden.fingerprint()
    assert hash(again.config) == hash(garden.config)
    assert anc.SCMFamily.from_config(config(garden).to_dict()).sample_task(3).sample(9).equal(garden.sample_task(3).sample(9))
    assert anc.NetworkConfig(config(garden).to_dict()["network"]["variables"]) == garden.config
    assert anc.SCMFamily.from_config(str(packed)).config == garden.config
    changed = GARDEN.replace("0.2, 0.8", "0.3, 0.7")
    (tmp_path / "changed.bif").write_text(changed, encoding="utf-8")
    assert anc.network(tmp_path / "changed.bif").fingerprint() != garden.fingerprint()
    for copy in (pickle.loads(pickle.dumps(garden.config)), pickle.loads(pickle.dumps(garden)).config):
        assert copy == garden.config
        assert copy.fingerprint() == garden.fingerprint()


def test_linear_gaussian_networks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "line.json"
    path.write_text(json.dumps(LINE), encoding="utf-8")
    family = anc.network(path)
    assert config(family).states == {"x": [], "y": []}
    assert family.mechanism_proportions == {"linear": 1.0}
    x = family.sample_task(1).sample(40_000, draw=0).double()
    # x ~ N(1, 4), y = x / 2 + N(0, 1), so that its variance is 2.
    for column, mean, variance in ((0, 1.0, 4.0), (1, 0.5, 2.0)):
        assert abs(float(x[:, column].mean()) - mean) < 5 * math.sqrt(variance / 40_000)
        assert abs(float(x[:, column].var()) - variance) < 5 * variance * math.sqrt(2 / 40_000)


def test_exact_laws_are_those_of_the_truncated_factorisation(garden: anc.SCMFamily) -> None:
    rain = [0.2, 0.8]
    sprinkler = [[0.1, 0.1, 0.8], [0.3, 0.3, 0.4]]
    wet = [[0.9, 0.95, 0.8], [0.5, 0.7, 0.05]]  # Of yes, by rain and sprinkler.
    joint = torch.zeros(2, 3, 2, dtype=torch.float64)
    for r, s in itertools.product(range(2), range(3)):
        for w in range(2):
            joint[r, s, w] = rain[r] * sprinkler[r][s] * (wet[r][s] if w == 0 else 1 - wet[r][s])
    torch.testing.assert_close(config(garden).probabilities(["rain", "sprinkler", "wet"]), joint)
    torch.testing.assert_close(config(garden).probabilities(["wet", "rain"]), joint.sum(1).T)
    # Under do(sprinkler = high) rain keeps its law.
    held = torch.tensor([sum(rain[r] * wet[r][1] for r in range(2))], dtype=torch.float64)
    found = config(garden).probabilities("wet", do={"sprinkler": "high"})
    torch.testing.assert_close(found, torch.cat([held, 1 - held]))
    assert found.dtype == torch.float64
    assert float(config(garden).probabilities([])) == 1.0
    with pytest.raises(anc.ConfigError, match=r'do\.rain = "maybe": must be one of its states, yes, no\.'):
        config(garden).probabilities("wet", do={"rain": "maybe"})
    with pytest.raises(anc.ConfigError, match=r'of\[0\] = "wett": .*did you mean wet\?'):
        config(garden).probabilities("wett")
    with pytest.raises(anc.ConfigError, match=r"of is of type set: must be a list, since its order counts\."):
        config(garden).probabilities({"wet", "rain"})  # pyright: ignore[reportArgumentType]


def test_rows_under_do_have_the_exact_law(garden: anc.SCMFamily) -> None:
    law = config(garden).probabilities(["wet", "rain"], do={"sprinkler": "off"}).flatten()
    rows = garden.sample_task(5).do({2: 2}).sample(20_000, draw=0)
    assert rows[:, 2].unique().tolist() == [2.0]
    counts = torch.bincount((rows[:, 0] * 2 + rows[:, 1]).long(), minlength=4).double()
    statistic = float(((counts - 20_000 * law) ** 2 / (20_000 * law)).sum())
    # A chi-squared number of 3 degrees of freedom: five deviations of its cube root (Wilson and Hilferty).
    assert statistic < 3 * (1 - 2 / 27 + 5 * math.sqrt(2 / 27)) ** 3
    observed = config(garden).probabilities(["wet", "rain"]).flatten()
    assert float(((counts - 20_000 * observed) ** 2 / (20_000 * observed)).sum()) > 1000  # The test has power.
    with pytest.raises(anc.ConfigError, match=r"from 0 to 2"):
        garden.sample_task(5).do({2: 3}).sample(1)


def test_modules_give_the_engines_rows(garden: anc.SCMFamily) -> None:
    task = garden.sample_task(11)
    torch.testing.assert_close(task.sample_from_noise(task.noise(300, draw=0)), task.sample(300, draw=0))


def test_a_picture_asks_tables_between_and_beyond_their_classes(garden: anc.SCMFamily) -> None:
    task = garden.sample_task(11)
    wet = task.mechanisms[0]
    noise = task.noise(4, draw=0)[:, 0]
    beyond = torch.tensor([[-3.0, 1.5], [9.0, 2.0], [0.9, float("nan")], [1.0, 7.0]])
    assert wet(beyond, noise).equal(wet(torch.tensor([[0.0, 1.0], [1.0, 2.0], [0.0, 0.0], [1.0, 2.0]]), noise))
    assert len(task.visualize()) > 1


def test_networks_go_where_families_go(garden: anc.SCMFamily, tmp_path: Path) -> None:
    fixed = anc.MetaFixedDataset(garden, n_tasks=3, n_samples=20, cache_dir=tmp_path / "cache")
    item: Any = fixed[1]
    assert item["X"].equal(garden.sample_task(fixed.seed_list[1]).sample(20, draw=0))
    assert item["n_classes"].tolist() == [2, 2, 3]
    assert item["kind"].tolist() == garden.sample_task(0).kind.tolist() == [1, 1, 2]
    assert len(set(fixed.graph_hashes("exact"))) == 1
    batch: Any = next(iter(anc.MetaIterableDataset(garden, n_samples=16, batch_size=4)))
    assert batch["X"].shape == (4, 16, 3)
    assert batch["adjacency"].unique(dim=0).shape[0] == 1
    design = anc.Design(n_samples=30, interventions=anc.Interventions(n_samples=10, values="marginal"))
    data: Any = next(iter(anc.MetaIterableDataset(garden, design=design, batch_size=2)))
    assert data["X"].shape == (2, 40, 3)
    run = garden.sample_task(3).run(design)
    assert run["X"].shape == (40, 3)
    with pytest.raises(anc.ConfigError, match=r"must be another one for a network: its laws are given"):
        anc.MetaIterableDataset(garden, design=anc.Design(n_samples=9, interventions=anc.Interventions(kind="mechanism")))
    with pytest.raises(anc.ConfigError, match=r"only linear ones have coefficients"):
        anc.MetaIterableDataset(garden, design=anc.Design(n_samples=9, interventions=anc.Interventions(kind="coefficient")))


def test_a_stream_that_must_keep_clear_of_the_graph_has_none_left(garden: anc.SCMFamily) -> None:
    reserved = anc.HashRegistry(level="exact")
    reserved.add(garden.sample_task(0).graph_hash())
    stream = anc.MetaIterableDataset(garden, n_samples=4, reserved=reserved)
    with pytest.raises(anc.DisjointnessError):
        next(iter(stream))
    other = anc.MetaIterableDataset(anc.SCMFamily(n_nodes=3, sparsity_param=1.0), n_samples=4, reserved=reserved)
    task: Any = next(iter(other))
    assert not task[1].equal(garden.sample_task(0).adjacency_matrix)


def test_mixtures_hold_networks(garden: anc.SCMFamily, tmp_path: Path) -> None:
    mixture = anc.MixtureConfig([config(garden), anc.FamilyConfig(n_nodes=5)], weights=[1, 1])
    family = anc.SCMFamily.from_config(mixture)
    assert (family.n_nodes, family.max_nodes) == (3, 5)
    for seed in range(12):
        task = family.sample_task(seed)
        assert task.n_nodes == (3 if task.component == 0 else 5)
        modules = family.mechanism_factory(task.adjacency_matrix, seed=seed)
        assert [module.kind for module in modules] == [module.kind for module in task.mechanisms]
        assert family.graph_generator(task.n_nodes, seed=seed).equal(task.adjacency_matrix)
    again = anc.MixtureConfig.from_dict(json.loads(json.dumps(mixture.to_dict())))
    assert again == mixture
    assert again.fingerprint() == mixture.fingerprint()


def test_the_strategies_are_the_networks_own(garden: anc.SCMFamily) -> None:
    graph = garden.graph_generator(3, seed=5)
    assert graph.equal(garden.sample_task(0).adjacency_matrix)
    with pytest.raises(anc.ConfigError, match=r"n_nodes = 4: must be 3"):
        garden.graph_generator(4, seed=5)
    assert [module.kind for module in garden.mechanism_factory(graph, seed=5)] == ["table"] * 3
    with pytest.raises(anc.EngineError, match=r"another one than the network's"):
        garden.mechanism_factory(torch.zeros(3, 3), seed=5)


def test_runs_and_reports_take_networks(garden: anc.SCMFamily, tmp_path: Path) -> None:
    train = anc.FamilyConfig(n_nodes=3, sparsity_param=0.5)
    module = anc.DataModule(train, None, {"garden": str(tmp_path / "garden.bif")}, n_samples=10, batch_size=2, n_test=2)
    module.setup()
    module.write_registry(tmp_path / "run")
    assert anc.verify(tmp_path / "run") == []
    report = anc.analysis.report(garden, tmp_path / "report.html", n_tasks=4).read_text(encoding="utf-8")
    assert '<tr><th scope="row">network</th><td>wet, rain, sprinkler</td></tr>' in report
    corpus = anc.write_corpus(garden, 4, tmp_path / "corpus", n_samples=5)
    assert corpus.config == garden.config
    assert anc.verify_corpus(tmp_path / "corpus") == []
    item: Any = corpus[2]
    assert item["X"].shape == (5, 3)


def test_a_property_is_any_text_to_its_semicolon(garden: anc.SCMFamily, tmp_path: Path) -> None:
    for text in ("url http://www.bnlearn.com/bnrepository/", 'screen 5" wide', "it's { ( [ /* x", '"a; b" // c'):
        changed = GARDEN.replace("network garden { ", f"network garden {{ property {text}; ").replace(
            "table", f"property {text}; table"
        )
        (tmp_path / "other.bif").write_text(changed, encoding="utf-8")
        assert anc.network(tmp_path / "other.bif").config == garden.config


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "a.bif",
            GARDEN.replace("| rain )", "| rian )"),
            r'a\.bif, line 7: parents of sprinkler = "rian": .*did you mean rain',
        ),
        ("a.bif", GARDEN.replace("0.2, 0.8", "0.2, 0.7"), r"line 6: table of rain = a row of sum 0\.8999+: must sum to 1"),
        ("a.json", "{}", r"must have nodes, a list of names, and cpds"),
        ("a.json", '{"nodes": ["x"],\n "cpds": {"x": }}', r"must hold a JSON object \(line 2, column 16: expected a value\)"),
        ("a.json", json.dumps(LINE).replace("[4]", "[NaN]"), r"must hold a JSON object \(line 1, column \d+: expected a value"),
        ("a.txt", GARDEN, r"must end with \.bif, \.json, \.bif\.gz or \.json\.gz\."),
        ("a.gz", GARDEN, r"must end with \.bif"),
        ("a.bif.gz", GARDEN, r"which can be read \(Not a gzipped file"),
        ("a.bif", GARDEN + "\0", r"a\.bif', a file with a character 0: must be text of at most"),
    ],
)
def test_what_a_file_has_wrong_is_said(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=sentence) as caught:
        anc.network(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=r"No such file"):
        anc.network(tmp_path / "none.bif")
    (tmp_path / "bad.bif").write_bytes(b"network \xff { }")
    with pytest.raises(anc.ConfigError, match=r"UTF-8"):
        anc.network(tmp_path / "bad.bif")
    # More than there may be, which is not unpacked.
    with gzip.open(tmp_path / "bomb.bif.gz", "wb", compresslevel=9) as file:
        for _ in range(65):
            file.write(b" " * (1 << 20))
    with pytest.raises(anc.ConfigError, match=r"at most 67108864 bytes"):
        anc.network(tmp_path / "bomb.bif.gz")
