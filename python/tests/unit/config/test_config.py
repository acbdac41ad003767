"""FamilyConfig: its fields are the engine's, and what is wrong is refused in one sentence."""

import copy
import dataclasses
import inspect
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import omegaconf
import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi

TYPES = {"integer": int, "number": float, "string": str, "array": list, "object": dict, "null": type(None)}


def test_fields_types_and_defaults_are_the_engines() -> None:
    properties = json.loads(_ffi.schema())["properties"]
    default = anc.FamilyConfig().to_dict()
    assert set(default) == {name for name, entry in properties.items() if not entry.get("deprecated")}
    for name in default:
        entry = properties[name]
        kinds = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
        assert default[name] == entry["default"], name
        assert type(default[name]) in {TYPES[kind] for kind in kinds}, name


@pytest.mark.parametrize(
    ("values", "field", "said", "right"),
    [
        ({"n_nodes": 0}, "n_nodes", "0", "2048"),
        ({"n_nodes": -1}, "n_nodes", "-1", "2048"),
        ({"n_nodes": 10**6}, "n_nodes", "1000000", "2048"),
        ({"n_nodes": 10**30}, "n_nodes", "1", "2048"),
        ({"n_nodes": 2.5}, "n_nodes", "2.5", "integer"),
        ({"n_nodes": "20"}, "n_nodes", "20", "integer"),
        ({"n_nodes": True}, "n_nodes", "True", "must"),
        ({"n_nodes": None}, "n_nodes", "null", "integer"),
        ({"n_nodes": 20, "n_nodes_max": 10}, "n_nodes_max", "10", "20"),
        ({"n_nodes": 5, "sparsity_param": 5.0}, "sparsity_param", "5", "2"),
        ({"sparsity_param": float("nan")}, "sparsity_param", "nan", "finite"),
        ({"sparsity_param": float("inf")}, "sparsity_param", "inf", "finite"),
        ({"sparsity_param": -1.0}, "sparsity_param", "-1", "must"),
        ({"sparsity_param": "many"}, "sparsity_param", "many", "number"),
        ({"sparsity_param": object()}, "sparsity_param", "object", "number"),
        ({"graph": "erdos_reny"}, "graph", "erdos_reny", "erdos_renyi"),
        ({"noise_type": "gausian"}, "noise_type", "gausian", "gaussian"),
        ({"standardization": "all"}, "standardization", "all", "internal"),
        ({"mechanism_proportions": {"linear": 0.0}}, "mechanism_proportions", "0", "positive"),
        ({"mechanism_proportions": {}}, "mechanism_proportions", "{}", "positive"),
        ({"mechanism_proportions": {"linear": -1.0, "mlp": 2.0}}, "mechanism_proportions.linear", "-1", ">= 0"),
        ({"mechanism_proportions": {"linaer": 1.0}}, "mechanism_proportions", "linaer", "linear"),
        ({"mechanism_proportions": {"mlp": float("nan")}}, "mechanism_proportions.mlp", "nan", "finite"),
        ({"mechanism_proportions": {1: 1.0}}, "mechanism_proportions", "1", "text"),
        ({"mechanism_proportions": "mlp"}, "mechanism_proportions", "mlp", "map"),
        ({"mlp_hidden": [32, 0]}, "mlp_hidden[1]", "0", "from 1"),
        ({"mlp_hidden": [True]}, "mlp_hidden[0]", "True", "must"),
        ({"mlp_hidden": 32}, "mlp_hidden", "32", "list"),
        ({"gpcde_kernels": ["rbf", "mattern"]}, "gpcde_kernels[1]", "mattern", "matern32"),
        ({"n_node": 20}, "n_node", "20", "n_nodes"),
        ({"mechanism_proportion": None}, "mechanism_proportion", "null", "mechanism_proportions"),
    ],
)
def test_refuses_by_field_value_and_what_would_be_right(values: dict[str, Any], field: str, said: str, right: str) -> None:
    for make in (lambda: anc.FamilyConfig(**values), lambda: anc.FamilyConfig.from_dict(values)):
        with pytest.raises(anc.ConfigError) as caught:
            make()
        (sentence,) = caught.value.args
        for part in (field, said, right):
            assert part in sentence, sentence
        assert "\n" not in sentence
        assert sentence.endswith(".")


def test_takes_numpy_and_torch_scalars_as_plain_numbers() -> None:
    config = anc.FamilyConfig(
        n_nodes=np.int64(12),  # type: ignore[arg-type]
        sparsity_param=np.float32(1.5),  # type: ignore[arg-type]
        mlp_slope=torch.tensor(0.5),  # type: ignore[arg-type]
    )
    assert [type(value) for value in (config.n_nodes, config.sparsity_param, config.mlp_slope)] == [int, float, float]


def test_whole_numbers_in_float_fields_become_floats() -> None:
    config = anc.FamilyConfig(sparsity_param=2, mechanism_proportions={"mlp": 1})
    assert type(config.sparsity_param) is float
    assert config.mechanism_proportions == {"mlp": 1.0}
    assert config == anc.FamilyConfig(sparsity_param=2.0, mechanism_proportions={"mlp": 1.0})


def test_keeps_nothing_of_the_callers_lists_and_dicts() -> None:
    shares, hidden = {"mlp": 1.0}, [8]
    config = anc.FamilyConfig(mechanism_proportions=shares, mlp_hidden=hidden)
    shares["linear"] = 9.0
    hidden.append(1)
    config.to_dict()["mlp_hidden"].append(2)
    assert config.mechanism_proportions == {"mlp": 1.0}
    assert config.mlp_hidden == [8]


def test_comes_back_from_dict_pickle_and_replace() -> None:
    config = anc.FamilyConfig(n_nodes=9, n_nodes_max=11, graph="scale_free", mechanism_proportions={"gpcde": 1.0})
    assert anc.FamilyConfig.from_dict(config.to_dict()) == config
    assert pickle.loads(pickle.dumps(config)) == config
    assert dataclasses.replace(config, graph="erdos_renyi").graph == "erdos_renyi"
    with pytest.raises(anc.ConfigError, match="n_nodes"):
        dataclasses.replace(config, n_nodes=0)


def test_takes_a_former_name_of_a_field() -> None:
    new = anc.FamilyConfig(mechanism_proportions={"gpcde": 1.0}, gpcde_length_first=1.0, gpcde_length_second=0.25)
    old = {"mechanism_proportions": {"gpcde": 1.0}, "gpcde_length_location": 1.0, "gpcde_length_spread": 0.25}
    assert anc.FamilyConfig.from_dict(old) == new
    assert anc.FamilyConfig(**old) == new
    assert (new.gpcde_length_location, new.gpcde_length_spread) == (1.0, 0.25)
    assert anc.SCMFamily.from_config(old).fingerprint() == new.fingerprint()
    # Of version 0.1, which knew the former names alone.
    assert (
        anc.FamilyConfig(mechanism_proportions={"gpcde": 1.0}, gpcde_length_first=1.0).fingerprint()
        == "8bbcef25ce43ed79bdff627d97b9368f9de76a0ba7f0593ef6cfa139f6300a41"
    )
    with pytest.raises(anc.ConfigError, match="gpcde_length_location is the former name of gpcde_length_first"):
        anc.FamilyConfig.from_dict({**new.to_dict(), "gpcde_length_location": 1.0})


def test_tells_its_fields_to_whoever_asks_for_its_signature() -> None:
    names = [field.name for field in dataclasses.fields(anc.FamilyConfig)]
    assert list(inspect.signature(anc.FamilyConfig).parameters) == names
    assert names[:4] == ["n_nodes", "n_nodes_max", "graph", "sparsity_param"]
    assert anc.FamilyConfig(7, 9, "scale_free", 1.0) == anc.FamilyConfig(
        n_nodes=7, n_nodes_max=9, graph="scale_free", sparsity_param=1.0
    )
    with pytest.raises(TypeError):
        anc.FamilyConfig(7, n_nodes=7)  # type: ignore[misc]


def test_is_frozen_and_hashable() -> None:
    config = anc.FamilyConfig()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.n_nodes = 3  # type: ignore[misc]
    assert {config: 1}[anc.FamilyConfig()] == 1


@pytest.mark.parametrize(
    "config",
    [
        anc.FamilyConfig(),
        anc.Design(),
        anc.Hidden(),
        anc.MixtureConfig([anc.FamilyConfig()]),
        anc.NetworkConfig([{"name": "a", "variance": 1}]),
    ],
    ids=lambda config: type(config).__name__,
)
def test_what_is_no_field_can_not_be_set_either(config: Any) -> None:
    for name in ("n_node", "_made", "fingerprint"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(config, name, 5)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(config, name)
    assert copy.deepcopy(config) == pickle.loads(pickle.dumps(config)) == copy.copy(config) == config


def test_fingerprint_is_hex_and_follows_meaning() -> None:
    one = anc.FamilyConfig().fingerprint()
    assert len(one) == 64
    assert int(one, 16) >= 0
    assert anc.FamilyConfig(sparsity_param=2).fingerprint() == one
    assert anc.FamilyConfig(sparsity_param=1.5).fingerprint() != one
    assert anc.FamilyConfig(mechanism_proportions={"linear": 1.0}).fingerprint() == one


def sources(tmp_path: Path) -> dict[str, Any]:
    values = {"n_nodes": 8, "gpcde_noise_scale": 1e-3, "mechanism_proportions": {"mlp": 1.0}, "mlp_hidden": [4]}
    (tmp_path / "family.json").write_text(json.dumps(values))
    (tmp_path / "family.yaml").write_text(
        "n_nodes: 8\ngpcde_noise_scale: 1e-3\nmechanism_proportions: {mlp: 1}\nmlp_hidden: [4]\n"
    )
    structured = omegaconf.OmegaConf.structured(anc.FamilyConfig)
    return {
        "config": anc.FamilyConfig(**values),
        "dict": values,
        "json": tmp_path / "family.json",
        "yaml": str(tmp_path / "family.yaml"),
        "DictConfig": omegaconf.OmegaConf.create(values),
        "structured": omegaconf.OmegaConf.merge(structured, values),
        "nodes of a DictConfig": dict(omegaconf.OmegaConf.create(values)),
        "object": omegaconf.OmegaConf.to_object(omegaconf.OmegaConf.merge(structured, values)),
    }


def test_one_fingerprint_from_every_source(tmp_path: Path) -> None:
    found = {name: anc.SCMFamily.from_config(source).fingerprint() for name, source in sources(tmp_path).items()}
    assert len(set(found.values())) == 1, found


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    (tmp_path / "family.yaml").write_text("# nothing\n")
    assert anc.SCMFamily.from_config(tmp_path / "family.yaml").config == anc.FamilyConfig()


@pytest.mark.parametrize(("name", "text"), [("family.yaml", "n_nodes: 7\n"), ("family.json", '{\n"n_nodes": 7\n}\n')])
def test_a_file_that_windows_wrote_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert anc.SCMFamily.from_config(tmp_path / name).config == anc.FamilyConfig(n_nodes=7)


def test_validates_what_omegaconf_merged_unseen() -> None:
    merged = omegaconf.OmegaConf.merge(omegaconf.OmegaConf.structured(anc.FamilyConfig), {"n_nodes": 0})
    with pytest.raises(anc.ConfigError, match="n_nodes"):
        anc.SCMFamily.from_config(merged)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", "n_nodes: [", "not YAML"),
        ("a.json", "{", "not JSON"),
        ("a.yaml", "- 1", "list"),
        ("a.toml", "", "must be .yaml"),
        ("a.yml", "n_node: 3", "n_nodes"),
        ("a.json", '{"sparsity_param": NaN}', "finite"),
    ],
)
def test_refuses_a_bad_file_by_name(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(anc.ConfigError, match=says) as caught:
        anc.SCMFamily.from_config(path)
    assert "\n" not in str(caught.value)


def test_refuses_a_missing_file_and_a_foreign_type(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=r"no\.yaml"):
        anc.SCMFamily.from_config(tmp_path / "no.yaml")
    with pytest.raises(anc.ConfigError, match="int"):
        anc.SCMFamily.from_config(3)
    with pytest.raises(anc.ConfigError, match="n_nodes"):
        anc.SCMFamily.from_config(omegaconf.OmegaConf.create({"n_nodes": "???"}))


def test_a_repr_tells_what_differs_from_the_defaults() -> None:
    config = anc.FamilyConfig(n_nodes=20, graph="scale_free", mechanism_proportions={"mlp": 1.0})
    assert repr(config) == "FamilyConfig(n_nodes=20, graph='scale_free', mechanism_proportions={'mlp': 1.0})"
    assert eval(repr(config), vars(anc)) == config
    assert repr(anc.FamilyConfig()) == "FamilyConfig(n_nodes=20)"
