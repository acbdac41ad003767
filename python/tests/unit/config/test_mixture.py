"""Mixtures: each task is that of one of the families, whichever way the mixture is read or used."""

import dataclasses
import itertools
import json
import pickle
from pathlib import Path
from typing import Any

import omegaconf
import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_to_tensor
from ancestral._scm.reserved import Reserved

SMALL = anc.FamilyConfig(n_nodes=3, sparsity_param=1.0, noise_type="laplace")
RANGE = anc.FamilyConfig(
    n_nodes=6,
    n_nodes_max=9,
    graph="scale_free",
    sparsity_param=1.2,
    mechanism_proportions={"mlp": 1.0, "gpcde": 3.0},
    gpcde_features=32,
)
MIXTURE = anc.MixtureConfig([SMALL, RANGE], weights=[1, 3])


@pytest.fixture(scope="module")
def family() -> anc.SCMFamily:
    return anc.SCMFamily.from_config(MIXTURE)


# ------------------------------------------------------------------------------------------------ the configuration


def test_comes_back_from_dict_json_pickle_and_replace() -> None:
    for mixture in (MIXTURE, anc.MixtureConfig([SMALL, RANGE]), anc.MixtureConfig([SMALL])):
        assert anc.MixtureConfig.from_dict(mixture.to_dict()) == mixture
        assert anc.MixtureConfig.from_dict(json.loads(mixture.to_json())) == mixture
        assert pickle.loads(pickle.dumps(mixture)) == mixture
    assert dataclasses.replace(MIXTURE, weights=None).shares == [0.5, 0.5]
    with pytest.raises(anc.ConfigError, match="weights"):
        dataclasses.replace(MIXTURE, families=[SMALL])


def test_to_dict_is_the_engines_form() -> None:
    assert MIXTURE.to_dict() == {
        "mixture": [{"family": SMALL.to_dict(), "weight": 1.0}, {"family": RANGE.to_dict(), "weight": 3.0}]
    }
    assert _ffi.family_fingerprint(_ffi.family_create(MIXTURE.to_json())) == MIXTURE.fingerprint()
    canonical = json.loads(_ffi.family_config(_ffi.family_create(MIXTURE.to_json())))
    assert [entry["weight"] for entry in canonical["mixture"]] == MIXTURE.shares == [0.25, 0.75]
    assert anc.MixtureConfig.from_dict(canonical).fingerprint() == MIXTURE.fingerprint()


def test_is_frozen_hashable_and_keeps_nothing_of_the_callers() -> None:
    families, weights = [SMALL, RANGE], [1.0, 3.0]
    mixture = anc.MixtureConfig(families, weights)
    families.pop()
    weights[0] = 9.0
    mixture.to_dict()["mixture"].pop()
    assert mixture == MIXTURE
    assert {mixture: 1}[MIXTURE] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        mixture.weights = None  # type: ignore[misc]


def test_the_fingerprint_follows_meaning() -> None:
    one = MIXTURE.fingerprint()
    assert len(one) == 64
    assert anc.MixtureConfig([SMALL, RANGE], [0.25, 0.75]).fingerprint() == one
    assert anc.MixtureConfig((SMALL, RANGE), (10, 30)).fingerprint() == one  # type: ignore[arg-type]
    assert anc.MixtureConfig([SMALL, SMALL]).fingerprint() == anc.MixtureConfig([SMALL, SMALL], [2, 2]).fingerprint()
    others = [
        anc.MixtureConfig([SMALL, RANGE], [3, 1]),
        anc.MixtureConfig([RANGE, SMALL], [1, 3]),
        anc.MixtureConfig([SMALL, RANGE]),
        anc.MixtureConfig([SMALL, dataclasses.replace(RANGE, sparsity_param=1.0)], [1, 3]),
    ]
    assert len({mixture.fingerprint() for mixture in others} | {one, SMALL.fingerprint()}) == len(others) + 2


def sources(tmp_path: Path) -> dict[str, Any]:
    small = {"n_nodes": 3, "sparsity_param": 1, "noise_type": "laplace"}
    wide = {key: value for key, value in RANGE.to_dict().items() if value != anc.FamilyConfig().to_dict()[key]}
    values = {"mixture": [{"family": small}, {"weight": 3, "family": wide}]}
    (tmp_path / "family.json").write_text(json.dumps(values))
    (tmp_path / "family.yaml").write_text(
        "mixture:\n  - family: {n_nodes: 3, sparsity_param: 1, noise_type: laplace}\n"
        "  - weight: 3e0\n    family:\n      n_nodes: 6\n      n_nodes_max: 9\n      graph: scale_free\n"
        "      sparsity_param: 1.2\n      mechanism_proportions: {mlp: 1, gpcde: 3}\n      gpcde_features: 32\n"
    )
    structured = omegaconf.OmegaConf.structured(MIXTURE)
    return {
        "config": MIXTURE,
        "dict": values,
        "dict of configs": {"mixture": [{"weight": 1, "family": SMALL}, {"weight": 3, "family": RANGE}]},
        "json": tmp_path / "family.json",
        "yaml": str(tmp_path / "family.yaml"),
        "DictConfig": omegaconf.OmegaConf.create(values),
        "DictConfig of configs": omegaconf.OmegaConf.create({"mixture": [{"family": SMALL}, {"weight": 3.0, "family": RANGE}]}),
        "structured": omegaconf.OmegaConf.merge(structured, {"weights": [2.0, 6.0]}),
        "nodes of a DictConfig": dict(omegaconf.OmegaConf.create(values)),
        "object": omegaconf.OmegaConf.to_object(structured),
    }


def test_one_fingerprint_from_every_source(tmp_path: Path) -> None:
    found = {name: anc.SCMFamily.from_config(source).fingerprint() for name, source in sources(tmp_path).items()}
    assert set(found.values()) == {MIXTURE.fingerprint()}, found


@pytest.mark.parametrize(
    ("families", "weights", "says"),
    [
        ([], None, "mixture = 0 components: must have from 1 to 4096"),
        ([SMALL] * 4097, None, "4097 components"),
        (SMALL, None, "families is of type FamilyConfig: must be a list"),
        (3, None, "families is of type int"),
        ([SMALL, {"n_node": 3}], None, r"^In families\[1\]: n_node = 3: is not a field .*n_nodes"),
        ([SMALL, None], None, r"^In families\[1\]: The configuration is of type NoneType: it must be"),
        ("ab", None, "families is of type str: must be a list"),
        ({"a": SMALL}, None, "families is of type dict: must be a list"),
        ([SMALL, MIXTURE], None, r"families\[1\] is of type MixtureConfig"),
        ([SMALL, RANGE], [1.0], "weights has 1 entries: must have 2"),
        ([SMALL, RANGE], [], "weights has 0 entries"),
        ([SMALL], [1.0, 2.0], "weights has 2 entries: must have 1"),
        ([SMALL], 1.0, "weights = 1.0: must be a list"),
        ([SMALL], "1", "weights = '1': must be a list"),
        ([SMALL], {0: 1.0}, "weights"),
        ([SMALL, RANGE], [1.0, -1.0], r"mixture\[1\].weight = -1"),
        ([SMALL, RANGE], [0.0, 0.0], "weights of sum 0.0: must have a positive"),
        ([SMALL, RANGE], [1.0, float("nan")], r"weights\[1\] = nan: must be a finite number"),
        ([SMALL, RANGE], [float("inf"), 1.0], r"weights\[0\] = inf"),
        ([SMALL, RANGE], ["1", 1.0], r"mixture\[0\].weight = \"1\""),
        ([SMALL, RANGE], [True, 1.0], r"weights\[0\] = True"),
        ([SMALL, RANGE], [None, 1.0], r"mixture\[0\].weight = null"),
    ],
)
def test_refuses_wrong_families_and_weights(families: Any, weights: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says) as caught:
        anc.MixtureConfig(families, weights)
    (sentence,) = caught.value.args
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"mixture": 3}, "mixture = 3: must be a list"),
        ({"mixture": None}, "mixture = null"),
        ({"mixture": [3]}, r"mixture\[0\] = 3"),
        ({"mixture": [{"weight": 1}]}, r"mixture\[0\]"),
        ({"mixture": [{"family": {}, "wieght": 1}]}, r"mixture\[0\].wieght = 1: must be weight or family"),
        ({"mixture": [{"family": {}}, {"family": {"n_nodes": 0}}]}, r"mixture\[1\].n_nodes = 0"),
        ({"mixture": [{"family": {"n_node": 3}}]}, r"mixture\[0\].n_node = 3.*n_nodes"),
        ({"mixture": [{"family": {"mixture": []}}]}, r"mixture\[0\].mixture"),
        ({"mixture": [{"family": {}}], "n_nodes": 5}, "n_nodes = 5: must stand in the families"),
        ({"mixture": [{"family": {"n_nodes": float("nan")}}]}, r"mixture\[0\].family.n_nodes = nan"),
        ({"mixture": [{"family": {}, "weight": frozenset()}]}, r"mixture\[0\].weight is of type frozenset"),
    ],
    ids=str,
)
def test_refuses_a_wrong_dictionary_by_place(values: dict[str, Any], says: str) -> None:
    for read in (anc.SCMFamily.from_config, anc.MixtureConfig.from_dict):
        with pytest.raises(anc.ConfigError, match=says):
            read(values)


def test_a_mixture_is_no_field_of_a_family() -> None:
    for make in (anc.FamilyConfig, anc.SCMFamily):
        with pytest.raises(anc.ConfigError, match=r"mixture is no field of a FamilyConfig.*MixtureConfig"):
            make(mixture=MIXTURE.to_dict()["mixture"])
    with pytest.raises(anc.ConfigError, match="mixture is missing"):
        anc.MixtureConfig.from_dict({"n_nodes": 3})


# ------------------------------------------------------------------------------------------------ the family


def test_sums_itself_up(family: anc.SCMFamily) -> None:
    assert (family.n_nodes, family.max_nodes, family.noise_type) == (3, 9, "mixed")
    assert family.sparsity_param == pytest.approx(0.25 * 1.0 + 0.75 * 1.2)
    assert family.mechanism_proportions == pytest.approx({"linear": 0.25, "mlp": 0.75 / 4, "gpcde": 0.75 * 3 / 4})
    assert family.config is MIXTURE
    assert family.fingerprint() == MIXTURE.fingerprint()
    assert "MixtureConfig" in repr(family)


def test_a_law_that_all_share_is_the_mixtures() -> None:
    one, other = anc.FamilyConfig(noise_type="uniform"), anc.FamilyConfig(n_nodes=9, noise_type="uniform")
    assert anc.SCMFamily.from_config(anc.MixtureConfig([one, other])).noise_type == "uniform"
    assert anc.SCMFamily.from_config(anc.MixtureConfig([one, SMALL], [1, 0])).noise_type == "uniform"


def test_a_task_is_its_familys_own_task_of_the_seed(family: anc.SCMFamily) -> None:
    alone = [anc.SCMFamily.from_config(config) for config in MIXTURE.families]
    seen = set()
    for seed in [*range(12), 2**64 - 1]:
        task = family.sample_task(seed)
        own = alone[task.component].sample_task(seed)
        seen.add(task.component)
        assert own.component == 0
        assert task.adjacency_matrix.equal(own.adjacency_matrix)
        assert task.sample(40, draw=1).equal(own.sample(40, draw=1))
        assert task.noise(5).equal(own.noise(5))
        assert [type(mechanism) for mechanism in task.mechanisms] == [type(mechanism) for mechanism in own.mechanisms]
    assert seen == {0, 1}


def test_components_and_their_node_counts_come_as_often_as_their_weights_say(family: anc.SCMFamily) -> None:
    counts = torch.empty(20_000, dtype=torch.int32)
    family._fill(torch.arange(20_000), 0, threads=2, node_counts=counts)
    # Component 0 has 3 nodes, component 1 from 6 to 9 with equal probability, whichever seeds choose it.
    expected = {3: 1 / 4, 6: 3 / 16, 7: 3 / 16, 8: 3 / 16, 9: 3 / 16}
    assert set(counts.unique().tolist()) == set(expected)
    for n_nodes, share in expected.items():
        # A binomial count: 5 sigma is 5 sqrt(N p (1 - p)).
        band = 5 * (20_000 * share * (1 - share)) ** 0.5
        assert abs(int((counts == n_nodes).sum()) - 20_000 * share) < band, n_nodes
    for seed in range(50):
        assert family.sample_task(seed).component == int(counts[seed] > 3)


def test_a_component_of_weight_0_never_comes() -> None:
    never = anc.SCMFamily.from_config(anc.MixtureConfig([RANGE, SMALL, RANGE], [0, 1, 0]))
    counts = torch.empty(3000, dtype=torch.int32)
    never._fill(torch.arange(3000), 0, node_counts=counts)
    assert counts.eq(3).all()
    assert never.sample_task(0).component == 1


def test_a_batch_is_its_tasks_padded(family: anc.SCMFamily) -> None:
    seeds = [3, 2**64 - 1, 0, 1, 77, 5]
    x, adjacency = torch.full((6, 50, 9), float("nan")), torch.full((6, 9, 9), float("nan"))
    counts, hashes = torch.empty(6, dtype=torch.int32), torch.empty(6, 32, dtype=torch.uint8)
    family._fill(seeds_to_tensor(seeds), 50, draw=2, threads=2, x=x, adjacency=adjacency, node_counts=counts, hashes=hashes)
    assert len(set(counts.tolist())) > 2
    for index, seed in enumerate(seeds):
        task, n = family.sample_task(seed), int(counts[index])
        assert n == task.n_nodes
        assert x[index, :, :n].equal(task.sample(50, draw=2))
        assert adjacency[index, :n, :n].equal(task.adjacency_matrix)
        assert not x[index, :, n:].any()
        assert not adjacency[index, n:].any()
        assert not adjacency[index, :, n:].any()
        assert bytes(hashes[index].tolist()).hex() == task.graph_hash()


def test_a_reserved_graph_is_drawn_again_of_any_component(family: anc.SCMFamily) -> None:
    reserved = Reserved([bytes.fromhex(family.sample_task(1).graph_hash())])
    x, attempts, hashes = torch.empty(2, 5, 9), torch.empty(2, dtype=torch.int32), torch.empty(2, 32, dtype=torch.uint8)
    family._fill(seeds_to_tensor([1, 2]), 5, reserved=reserved, x=x, attempts=attempts, hashes=hashes)
    assert attempts[0] > 0
    again = family.sample_task(_ffi.retry_seed(1, int(attempts[0])))
    assert bytes(hashes[0].tolist()).hex() == again.graph_hash()
    assert x[0, :, : again.n_nodes].equal(again.sample(5, draw=0))


def test_strategies_draw_as_the_seeds_family_does(family: anc.SCMFamily) -> None:
    assert isinstance(family.graph_generator, anc.GraphGenerator)
    assert isinstance(family.mechanism_factory, anc.MechanismFactory)
    for seed in range(8):
        task = family.sample_task(seed)
        assert family.graph_generator(task.n_nodes, seed=seed).equal(task.adjacency_matrix)
        again = family.mechanism_factory(task.adjacency_matrix, seed=seed)
        for own, other in zip(task.mechanisms, again, strict=True):
            assert type(own) is type(other)
            assert all(value.equal(other.state_dict()[name]) for name, value in own.state_dict().items())
    assert family.graph_generator == anc.SCMFamily.from_config(MIXTURE).graph_generator


def test_its_graphs_can_go_into_another_family_and_its_mechanisms_cannot(family: anc.SCMFamily) -> None:
    other = anc.SCMFamily(8, family.graph_generator, "linear")
    assert other.sample_task(4).adjacency_matrix.equal(family.graph_generator(8, seed=4))
    with pytest.raises(anc.ConfigError, match=r"mechanism_factory is a mixture's.*MixtureConfig"):
        anc.SCMFamily(8, mechanism_factory=family.mechanism_factory)


def test_pickles_and_draws_an_example(family: anc.SCMFamily) -> None:
    before = family.sample_task(5).sample(3)  # With handles open.
    again = pickle.loads(pickle.dumps(family))
    assert again.fingerprint() == family.fingerprint()
    assert again.sample_task(5).sample(3).equal(before)
    task = pickle.loads(pickle.dumps(family.sample_task(5)))
    assert task.component == family.sample_task(5).component
    assert family.plot_example(seed=4)[0].get_title() == "seed 4"


# ------------------------------------------------------------------------------------------------ datasets


def test_a_stream_of_batches_is_padded_and_masked(family: anc.SCMFamily) -> None:
    stream = anc.MetaIterableDataset(family, n_samples=20, batch_size=8, base_seed=3)
    batch = next(iter(DataLoader(stream, batch_size=None)))
    assert isinstance(batch, anc.PaddedTask)
    assert (batch.X.shape, batch.adjacency.shape, batch.node_mask.shape) == ((8, 20, 9), (8, 9, 9), (8, 9))
    seeds = _ffi.stream_seeds(3, -1, -1, 0, 8)
    for index, seed in enumerate(seeds.tolist()):
        task = family.sample_task(seed % 2**64)
        assert int(batch.node_mask[index].sum()) == task.n_nodes
        assert batch.X[index, :, : task.n_nodes].equal(task.sample(20, draw=0))
    alone = next(iter(anc.MetaIterableDataset(family, n_samples=20, batch_size=8, base_seed=3, return_adjacency=False)))
    assert isinstance(alone, anc.PaddedX)
    assert alone.X.equal(batch.X)
    assert alone.node_mask.equal(batch.node_mask)


def test_a_stream_of_single_tasks_is_trimmed(family: anc.SCMFamily) -> None:
    tasks = list(itertools.islice(anc.MetaIterableDataset(family, n_samples=4), 20))
    assert {len(task.adjacency) for task in tasks} == {3, 6, 7, 8, 9}
    assert all(task.X.shape == (4, len(task.adjacency)) for task in tasks)
    padded = anc.pad_collate(tasks)
    assert padded.X.shape == (20, 4, 9)


def test_a_state_of_another_mixture_is_refused(family: anc.SCMFamily) -> None:
    stream = anc.MetaIterableDataset(family, n_samples=4, batch_size=2)
    state = iter(stream).state_dict()
    other = anc.MetaIterableDataset(anc.SCMFamily.from_config(anc.MixtureConfig([SMALL, RANGE])), n_samples=4, batch_size=2)
    with pytest.raises(anc.ConfigError, match="fingerprint"):
        iter(other).load_state_dict(state)


def test_families_of_one_size_make_plain_batches() -> None:
    families = [anc.FamilyConfig(n_nodes=5, sparsity_param=1.0, graph=graph) for graph in ("erdos_renyi", "scale_free")]
    stream = anc.MetaIterableDataset(anc.SCMFamily.from_config(anc.MixtureConfig(families)), n_samples=4, batch_size=3)
    assert isinstance(next(iter(stream)), anc.Task)


def test_a_fixed_set_is_the_same_from_the_engine_memory_and_file(family: anc.SCMFamily, tmp_path: Path) -> None:
    plain = anc.MetaFixedDataset(family, n_tasks=12, n_samples=7)
    ways = [
        anc.MetaFixedDataset(family, n_tasks=12, n_samples=7, cache_instances=True),
        anc.MetaFixedDataset(family, n_tasks=12, n_samples=7, cache_dir=tmp_path),
        pickle.loads(pickle.dumps(plain)),
    ]
    for index in range(12):
        task = plain.instance(index)
        assert plain[index].X.equal(task.sample(7, draw=0))
        for way in ways:
            assert way[index].X.equal(plain[index].X)
            assert way[index].adjacency.equal(plain[index].adjacency)
    assert {plain.instance(index).component for index in range(12)} == {0, 1}
    assert plain.graph_hashes() == [plain.instance(index).graph_hash() for index in range(12)]


def test_a_fixed_sets_file_says_which_mixture_it_is_of(family: anc.SCMFamily, tmp_path: Path) -> None:
    from safetensors import safe_open

    anc.MetaFixedDataset(family, n_tasks=2, n_samples=3, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert anc.MixtureConfig.from_dict(json.loads(metadata["config"])).fingerprint() == MIXTURE.fingerprint()
    assert metadata["fingerprint"] == MIXTURE.fingerprint()


def test_keeps_clear_of_reserved_graphs(family: anc.SCMFamily) -> None:
    held_out = anc.HashRegistry()
    for digest in anc.MetaFixedDataset(family, n_tasks=20, n_samples=0).graph_hashes():
        held_out.add(digest)
    stream = anc.MetaIterableDataset(family, n_samples=0, reserved=held_out)
    assert not any(anc.graph_hash(task.adjacency) in held_out for task in itertools.islice(stream, 60))
