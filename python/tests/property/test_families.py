"""Laws that hold for any family, and words, never a trap, for anything that is no family."""

import contextlib
import json
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import ancestral as anc
from ancestral._engine import _ffi

QUICK = settings(max_examples=60)
FIELDS = sorted(anc.FamilyConfig.__dataclass_fields__)
CHOICES = {name: entry["enum"] for name, entry in json.loads(_ffi.schema())["properties"].items() if "enum" in entry}
KERNELS = json.loads(_ffi.schema())["properties"]["gp_kernels"]["items"]["enum"]
# A density from none on; uniform DAGs and sub-networks have their own, and structures with roles have edges that stay.
GRAPHS = sorted(
    {*CHOICES["graph"]} - {"uniform_dag", "subnetwork", "back_door", "hidden_confounder", "instrument", "front_door"}
)
KINDS = sorted(json.loads(_ffi.schema())["properties"]["mechanism_proportions"]["properties"])


@st.composite
def configs(draw: st.DrawFn) -> anc.FamilyConfig:
    n_nodes = draw(st.integers(2, 14))
    # What each of these kinds of graph can do: m(n - m) edges of a scale-free one, at most
    # with m = n/2, or m n of a ring, at most with m = (n - 1)/2.
    most = min((n_nodes // 2) * ((n_nodes + 1) // 2) / n_nodes, (n_nodes - 1) // 2)
    kinds = st.dictionaries(st.sampled_from(KINDS), st.floats(0.1, 5.0), min_size=1)
    kernels = st.lists(st.sampled_from(KERNELS), min_size=1, max_size=3)
    laws = [law for law in CHOICES["noise_type"] if law != "cauchy"]
    sizes = draw(st.sampled_from(CHOICES["noise_scale_law"]))
    # A network that reads noise of the family's size needs one for all rows.
    places = CHOICES["mlp_noise"] if sizes in ("gamma_variance", "uniform", "uniform_variance") else ["input", "additive"]
    return anc.FamilyConfig(
        n_nodes=n_nodes,
        graph=draw(st.sampled_from(GRAPHS)),
        sparsity_param=draw(st.floats(0.0, 1.0)) * most * 0.999,
        stochastic_block_ratio=1.0,
        scale_free_orientation=draw(st.sampled_from(CHOICES["scale_free_orientation"])),
        mechanism_proportions=draw(kinds),
        noise_scale_law=sizes,
        mlp_activation=draw(st.sampled_from(CHOICES["mlp_activation"])),
        mlp_noise=draw(st.sampled_from(places)),
        gp_outer=draw(st.sampled_from(CHOICES["gp_outer"])),
        gp_kernels=draw(kernels),
        gp_features=16,
        gpcde_kernels=draw(kernels),
        gpcde_noise_scale_law=draw(st.sampled_from(CHOICES["gpcde_noise_scale_law"])),
        noise_type=draw(st.sampled_from(laws)),
        root_noise_type=draw(st.sampled_from([None, *laws])),
        function_range=draw(st.sampled_from([0.0, 1.0])),
        standardization=draw(st.sampled_from(CHOICES["standardization"])),
        root_policy=draw(st.sampled_from(CHOICES["root_policy"])),
        mlp_hidden=[8],
        gpcde_features=16,
        calibration_rows=32,
    )


seeds = st.integers(0, 2**64 - 1)
parts = st.lists(st.tuples(configs(), st.floats(0.0, 9.0)), min_size=1, max_size=4)
mixtures = parts.filter(lambda found: sum(weight for _, weight in found) > 0).map(
    lambda found: anc.MixtureConfig([config for config, _ in found], [weight for _, weight in found])
)


@QUICK
@given(configs(), seeds, st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_a_task_is_a_dag_whose_data_repeats(config: anc.FamilyConfig, seed: int, rows: int, draw: int) -> None:
    task = anc.SCMFamily.from_config(config).sample_task(seed)
    order = task.topological_order
    assert not task.adjacency_matrix[order][:, order].tril().any()
    x = task.sample(rows, draw=draw)
    assert x.shape == (rows, config.n_nodes)
    assert bool(x.isfinite().all())
    again = anc.SCMFamily.from_config(config.to_dict()).sample_task(seed)
    assert again.sample(rows, draw=draw).equal(x)
    assert again.graph_hash() == task.graph_hash()


@QUICK
@given(configs(), seeds)
def test_modules_equal_the_engine(config: anc.FamilyConfig, seed: int) -> None:
    task = anc.SCMFamily.from_config(config).sample_task(seed)
    x, noise = task.sample(64, draw=0), task.noise(64, draw=0)
    for node, mechanism in enumerate(task.mechanisms):
        with torch.no_grad():
            again = mechanism(x[:, task.parents(node)], noise[:, node])
        size = float(x[:, node].abs().max())
        torch.testing.assert_close(again, x[:, node], rtol=1e-4, atol=1e-4 * size)


@QUICK
@given(configs(), seeds, st.data())
def test_an_intervention_leaves_all_but_descendants(config: anc.FamilyConfig, seed: int, data: st.DataObject) -> None:
    task = anc.SCMFamily.from_config(config).sample_task(seed)
    values = data.draw(st.dictionaries(st.integers(0, config.n_nodes - 1), st.floats(-9, 9, width=32), min_size=1))
    # A class or a count of the node, where it has no others.
    values = {node: value if task.kind[node] == 0 else float(abs(value) > 4) for node, value in values.items()}
    below = set(values)
    for node in task.topological_order:
        if below & set(task.parents(node)):
            below.add(node)
    after = task.do(values)
    x, changed = task.sample(20, draw=1), after.sample(20, draw=1)
    for node in set(range(config.n_nodes)) - below:
        assert changed[:, node].equal(x[:, node])
    for node, value in values.items():
        assert changed[:, node].eq(value).all()
        assert after.parents(node) == []


@QUICK
@given(mixtures, seeds)
def test_a_mixtures_task_is_that_of_one_of_its_families(mixture: anc.MixtureConfig, seed: int) -> None:
    assert anc.MixtureConfig.from_dict(json.loads(mixture.to_json())) == mixture
    family = anc.SCMFamily.from_config(mixture)
    task = family.sample_task(seed)
    assert mixture.shares[task.component] > 0
    own = anc.SCMFamily.from_config(mixture.families[task.component]).sample_task(seed)
    assert task.sample(20, draw=1).equal(own.sample(20, draw=1))
    assert family.graph_generator(task.n_nodes, seed=seed).equal(task.adjacency_matrix)


@QUICK
@given(configs())
def test_the_dictionary_is_the_config(config: anc.FamilyConfig) -> None:
    again = anc.FamilyConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert again == config
    assert again.fingerprint() == config.fingerprint()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=12), anything, max_size=4))
def test_any_dictionary_makes_a_config_or_a_sentence(values: dict[str, Any]) -> None:
    try:
        config = anc.FamilyConfig.from_dict(values)
    except anc.ConfigError as error:
        (sentence,) = error.args
        assert sentence.endswith(".")
    else:
        assert len(config.fingerprint()) == 64


@QUICK
@given(st.lists(st.dictionaries(st.sampled_from(["family", "weight"]) | st.text(max_size=5), anything, max_size=3), max_size=3))
def test_any_list_makes_a_mixture_or_a_sentence(entries: list[dict[str, Any]]) -> None:
    try:
        mixture = anc.MixtureConfig.from_dict({"mixture": entries})
    except anc.ConfigError as error:
        (sentence,) = error.args
        assert sentence.endswith(".")
    else:
        assert len(mixture.fingerprint()) == 64


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_a_config_or_a_sentence(text: str) -> None:
    with contextlib.suppress(anc.ConfigError):
        _ffi.family_create(text)


@QUICK
@given(st.integers(1, 12), st.data())
def test_hashes_agree_with_equality(n_nodes: int, data: st.DataObject) -> None:
    bits = st.lists(st.booleans(), min_size=n_nodes**2, max_size=n_nodes**2)
    one, two = (torch.tensor(data.draw(bits)).view(n_nodes, n_nodes).triu(1) for _ in range(2))
    assert (anc.graph_hash(one) == anc.graph_hash(two)) == one.equal(two)
    names = torch.tensor(data.draw(st.permutations(range(n_nodes))))
    renamed = one[names][:, names]
    assert anc.graph_hash(renamed, "iso") == anc.graph_hash(one, "iso")


@QUICK
@given(st.lists(st.sampled_from([0, 1, 2, -1, 0.5, float("nan")]), min_size=1, max_size=16))
def test_any_matrix_is_hashed_or_refused(entries: list[float]) -> None:
    side = int(len(entries) ** 0.5)
    matrix = torch.tensor(entries[: side * side], dtype=torch.float32).view(side, side)
    is_dag = bool(((matrix == 0) | (matrix == 1)).all()) and not bool(torch.linalg.matrix_power(matrix, side).any())
    if is_dag:
        assert len(anc.graph_hash(matrix)) == 64
    else:
        with pytest.raises(anc.ConfigError):
            anc.graph_hash(matrix)
