"""The registry of a run with strategies written in Python: what it says, what it proves, and what is replayed from it."""

import json
import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral._run.registry_files import write_json, write_manifest


@dataclass(frozen=True)
class Chain:
    step: int = 1
    version = "1.2"

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        random = torch.Generator().manual_seed(seed % 2**63)
        edges = torch.bernoulli(torch.full((n_nodes - self.step,), 0.7), generator=random)
        return torch.diag(edges, self.step)


def dense(n_nodes: int, *, seed: int, sparsity_param: float) -> Tensor:
    share = torch.full((n_nodes, n_nodes), 2 * sparsity_param / (n_nodes - 1))
    return torch.bernoulli(share, generator=torch.Generator().manual_seed(seed % 2**63)).triu(1)


class Noise(nn.Module):
    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return noise + parents.sum(1)


def sums(adjacency_matrix: Tensor, *, seed: int, factor: float = 1.0) -> list[nn.Module]:
    return [Noise() for _ in adjacency_matrix]


CHAINS = anc.SCMFamily(5, Chain(2), "mlp")
DENSE = anc.SCMFamily(5, dense, sparsity_param=0.8)
SUMS = anc.SCMFamily(5, anc.ErdosRenyi(1.0), partial(sums, factor=2.0), noise_type="laplace")
BOTH = anc.SCMFamily(5, Chain(1), sums)
TEST = {"chains": CHAINS, "dense": DENSE, "sums": SUMS, "both": BOTH, "engine": anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)}


def module(train: Any = None, **settings: Any) -> anc.DataModule:
    given = {"n_samples": 3, "batch_size": 4, "n_test": 3, "base_seed": 5, "threads": 1, **settings}
    return anc.DataModule(train or anc.FamilyConfig(n_nodes=5, sparsity_param=1.5), None, TEST, **given)


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, anc.DataModule]:
    data = module(output_dir=tmp_path)
    next(iter(data.train_dataloader()))
    data.close()
    return tmp_path, data


def test_it_says_what_the_strategies_are(run: tuple[Path, anc.DataModule]) -> None:
    folder, _ = run
    configs = json.loads((folder / "config.json").read_text())
    chains = configs["test/chains"]["config"]
    assert chains["graph_generator"] == {
        "name": f"{__name__}.Chain",
        "version": "1.2",
        "parameters": {"step": 2},
        "fingerprint": chains["graph_generator"]["fingerprint"],
    }
    assert len(chains["graph_generator"]["fingerprint"]) == 64
    assert "graph" not in chains
    assert "sparsity_param" not in chains
    assert chains["mechanism_proportions"] == {"mlp": 1.0}
    dense_config = configs["test/dense"]["config"]
    assert dense_config["graph_generator"]["name"] == f"{__name__}.dense"
    assert dense_config["graph_generator"]["parameters"] == {"sparsity_param": 0.8}
    assert dense_config["sparsity_param"] == 0.8
    sums_config = configs["test/sums"]["config"]
    assert sums_config["mechanism_factory"]["parameters"] == {"func": f"{__name__}.sums", "args": [], "factor": 2.0}
    assert (sums_config["graph"], sums_config["sparsity_param"], sums_config["noise_type"]) == ("erdos_renyi", 1.0, "laplace")
    assert "mechanism_proportions" not in sums_config
    assert "mlp_hidden" not in sums_config
    assert "erdos_renyi" not in json.dumps({name: configs[f"test/{name}"] for name in ("chains", "dense", "both")})
    for name in TEST:
        assert (
            configs[f"test/{name}"]["fingerprint"]
            == json.loads((folder / "manifest.json").read_text())["fingerprints"][f"test/{name}"]
        )


def test_a_registry_just_written_has_no_fault_and_what_is_not_proved_is_said(
    run: tuple[Path, anc.DataModule], caplog: pytest.LogCaptureFixture
) -> None:
    folder, data = run
    found = anc.verify(folder)
    assert found == []
    assert [sentence.split(":")[0] for sentence in found.unproved] == ["test/both", "test/chains", "test/dense", "test/sums"]
    assert f"test/chains: its graphs are drawn by {__name__}.Chain, in Python" in found.unproved[1]
    assert "the hashes of its 3 graphs can't be computed again here" in found.unproved[1]
    assert "graphs" not in found.unproved[3].split("in Python")[1]  # The engine draws them.
    assert found.unproved[1] in caplog.text
    assert all(record.levelno == logging.WARNING for record in caplog.records if "not proved" in record.message)
    for known in (
        data.families,
        {name: data.families[name] for name in ("test/both", "test/chains", "test/dense", "test/sums")},
    ):
        proved = anc.verify(folder, families=known)
        assert (proved, proved.unproved) == ([], [])
    some = anc.verify(folder, families={"test/chains": CHAINS})
    assert [sentence.split(":")[0] for sentence in some.unproved] == ["test/both", "test/dense", "test/sums"]
    with pytest.raises(anc.ConfigError, match=r"families\['test/chains'\] has fingerprint .*: must be "):
        anc.verify(folder, families={"test/chains": BOTH})


def forge(folder: Path, name: str, change: Any) -> None:
    content = json.loads((folder / name).read_text())
    change(content)
    write_json(folder / name, content)
    write_manifest(folder, json.loads((folder / "manifest.json").read_text()))


def test_a_faulty_registry_is_found(run: tuple[Path, anc.DataModule]) -> None:
    folder, data = run
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}

    def restore() -> None:
        for name, content in whole.items():
            (folder / name).write_bytes(content)

    forge(folder, "hashes.json", lambda found: found["sets"]["test/chains"].__setitem__(1, "0" * 64))
    assert anc.verify(folder) == []  # Which says that these hashes weren't computed again.
    assert anc.verify(folder, families=data.families)[0].startswith("hashes.json: test/chains[1]: the graph of seed ")
    restore()
    forge(folder, "hashes.json", lambda found: found["sets"]["test/sums"].__setitem__(1, "0" * 64))
    assert anc.verify(folder)[0].startswith("hashes.json: test/sums[1]: the graph of seed ")
    restore()
    entry = "graph_generator"
    forge(folder, "config.json", lambda found: found["test/chains"]["config"][entry].__setitem__("fingerprint", "0" * 64))
    assert anc.verify(folder)[0].startswith("config.json: test/chains: this engine gives the family another fingerprint")
    assert anc.verify(folder, families=data.families) == anc.verify(folder)  # Whose fingerprints say nothing then.
    restore()
    forge(folder, "config.json", lambda found: found["test/chains"]["config"].__setitem__("noise_type", "laplace"))
    assert anc.verify(folder)[0].startswith("config.json: test/chains: this engine gives the family another fingerprint")
    restore()
    assert anc.verify(folder) == []


def test_a_task_is_replayed_with_its_strategies_to_the_bit(run: tuple[Path, anc.DataModule]) -> None:
    folder, data = run
    own: dict[str, dict[str, Any]] = {
        "chains": {"graph_generator": Chain(2)},
        "dense": {"graph_generator": dense},
        "sums": {"mechanism_factory": partial(sums, factor=2.0)},
        "both": {"graph_generator": Chain(1), "mechanism_factory": sums},
        "engine": {},
    }
    for name, strategies in own.items():
        _, task = anc.replay(folder, f"test/{name}", 2, **strategies)
        assert task.X.equal(data.fixed_sets[f"test/{name}"][2].X)
        assert task.adjacency.equal(data.fixed_sets[f"test/{name}"][2].adjacency)


@pytest.mark.parametrize(
    ("split", "own", "says"),
    [
        ("chains", {}, r"graph_generator = None: must be given for 'test/chains', whose registry says .*Chain with parameters"),
        ("chains", {"graph_generator": Chain(1)}, r"graph_generator = .*: must be the strategy of 'test/chains'.*version 1\.2"),
        ("chains", {"graph_generator": dense}, "sparsity_param is missing"),
        ("chains", {"graph_generator": lambda n_nodes, *, seed: torch.zeros(5, 5)}, "function that no module has"),
        ("chains", {"graph_generator": Chain(2), "mechanism_factory": sums}, "mechanism_factory = .*: must be left out"),
        ("engine", {"graph_generator": Chain(2)}, "graph_generator = .*: must be left out for 'test/engine'"),
        ("sums", {"mechanism_factory": sums}, "mechanism_factory = .*: must be the strategy of 'test/sums'"),
        ("both", {"graph_generator": Chain(1)}, "mechanism_factory = None: must be given"),
        (
            "both",
            {"graph_generator": Chain(1), "mechanism_factory": partial(sums, factor=3.0)},
            "mechanism_factory = .*: must be the strategy of 'test/both'",
        ),
    ],
)
def test_another_strategy_replays_nothing(run: tuple[Path, anc.DataModule], split: str, own: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.replay(run[0], f"test/{split}", 0, **own)


def test_settings_beside_strategies_that_are_others_replay_nothing(run: tuple[Path, anc.DataModule]) -> None:
    folder, _ = run
    forge(folder, "config.json", lambda found: found["test/chains"]["config"].__setitem__("noise_type", "laplace"))
    with pytest.raises(anc.ConfigError, match=r"^'test/chains' is another family here than where .* was written"):
        anc.replay(folder, "test/chains", 0, graph_generator=Chain(2))


def test_training_on_own_graphs_is_replayed_clear_of_the_fixed_sets(tmp_path: Path) -> None:
    data = module(DENSE, output_dir=tmp_path, n_test=40)
    batches = iter(data.train_dataloader())
    batch = [next(batches) for _ in range(8)]
    data.close()
    assert data.train_dataset.rejections.rejected > 0
    for index in range(32):
        _, task = anc.replay(tmp_path, "train", index, graph_generator=dense)
        assert task.X.equal(batch[index // 4].X[index % 4])


def test_families_without_a_fingerprint_go_wherever_nothing_is_written(tmp_path: Path) -> None:
    unknown = anc.SCMFamily(5, lambda n_nodes, *, seed: Chain(1)(n_nodes, seed=seed))
    right: list[Any] = [next(iter(module(family).train_dataloader())) for family in (BOTH, anc.SCMFamily(5, Chain(1)))]
    data = module(unknown)
    batches = iter(data.train_dataloader())
    assert next(batches).X.equal(right[1].X)
    assert [len(loader) for loader in data.test_dataloader().values()] == [1] * 5
    following = next(batches).X
    with pytest.warns(UserWarning, match="without a fingerprint"):
        state = data.state_dict()
    assert next(batches).X.shape == following.shape
    data.load_state_dict(state)
    other = module(anc.SCMFamily(5, lambda n_nodes, *, seed: Chain(1)(n_nodes, seed=seed)))
    with pytest.raises(anc.ConfigError, match="must be of this very family"):
        other.load_state_dict(state)
    with pytest.raises(anc.ConfigError, match="In train: graph_generator = <function "):
        data.write_registry(tmp_path / "run")
    for where in ("output_dir", "cache_dir"):
        with pytest.raises(anc.ConfigError, match="In train: graph_generator = <function "):
            module(unknown, **{where: tmp_path / where})
    assert list(tmp_path.iterdir()) == []
    data.close()


def test_a_fixed_sets_file_says_what_drew_it(tmp_path: Path) -> None:
    from safetensors import safe_open

    anc.MetaFixedDataset(CHAINS, [1, 2], n_samples=3, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    with safe_open(path, framework="pt") as file:  # pyright: ignore[reportUnknownVariableType]
        config = json.loads(file.metadata()["config"])
    assert config["graph_generator"]["parameters"] == {"step": 2}
    assert "erdos_renyi" not in json.dumps(config)
    found = anc.verify(path)
    assert found == []
    assert f"its graphs are drawn by {__name__}.Chain, in Python, so that no task can be drawn again here." in found.unproved[0]


def test_a_configuration_that_names_a_strategy_makes_no_family_of_another(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=r"graph_generator = .*Chain: must be given to SCMFamily itself"):
        anc.SCMFamily.from_config(CHAINS.config.to_dict())
    (tmp_path / "family.json").write_text(json.dumps(BOTH.config.to_dict()))
    with pytest.raises(anc.ConfigError, match=r"graph_generator = .*Chain and mechanism_factory = .*sums: must be given"):
        anc.SCMFamily.from_config(tmp_path / "family.json")
