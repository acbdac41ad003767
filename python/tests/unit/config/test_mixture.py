"""MixtureConfig: the same mixture from every form, and what is wrong is refused in one sentence."""

import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import omegaconf
import pytest

import ancestral as anc
from ancestral._engine import _ffi
from mixtures import MIXTURE, RANGE, SMALL


@pytest.fixture(scope="module")
def family() -> anc.SCMFamily:
    return anc.SCMFamily.from_config(MIXTURE)


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


def test_a_mapping_changed_afterwards_is_told():
    config = anc.FamilyConfig(mechanism_proportions={"linear": 1.0})
    mixture = anc.MixtureConfig([config])
    before, drawn = mixture.fingerprint(), anc.SCMFamily.from_config(mixture)
    first = drawn.sample_task(1).mechanisms[0].kind
    config.mechanism_proportions["mlp"] = 1e9
    del config.mechanism_proportions["linear"]
    assert mixture.fingerprint() != before
    assert (first, anc.SCMFamily.from_config(mixture).sample_task(1).mechanisms[0].kind) == ("linear", "mlp")
