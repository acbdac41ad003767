"""Families and data modules from Hydra: the groups, the command line, a sweep, and errors that say what is wrong."""

import dataclasses
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hydra
import pytest
from omegaconf import DictConfig, OmegaConf

import ancestral as anc
from ancestral.integrations.hydra import DataModuleConfig, register
from interrupts import PATIENCE

EXAMPLE = Path(__file__).parents[3] / "examples" / "hydra_sweep.py"
register()


def composed(*overrides: str) -> DictConfig:
    groups = ["+data=default", "data.n_samples=8", "data.batch_size=2"]
    if not any(override.startswith("family@") for override in overrides):
        groups.append("+family@data.train=default")
    overrides = tuple(f"+{override}" if override.startswith("family@") else override for override in overrides)
    with hydra.initialize(version_base=None):
        return hydra.compose(overrides=[*groups, *overrides])


def module(*overrides: str) -> anc.DataModule:
    return hydra.utils.instantiate(composed(*overrides).data)


@pytest.mark.parametrize("names", [{"family": 3}, {"data": ""}, {"design": "family"}, {"family": anc.FamilyConfig()}])
def test_groups_have_names_of_their_own(names: dict[str, Any]) -> None:
    with pytest.raises(anc.ConfigError, match=r"^family, data and design = .*: must be three different names\.$"):
        register(**names)


@pytest.mark.parametrize("convert", ["none", "partial", "object", "all"])
def test_a_module_is_made_with_one_fingerprint_in_every_conversion(convert: str) -> None:  # R24
    config = composed("data.train.n_nodes=7", "data.test={ood: {n_nodes: 5}}")
    data = hydra.utils.instantiate(config.data, _convert_=convert)
    assert isinstance(data, anc.DataModule)
    assert data.train_family.fingerprint() == anc.FamilyConfig(n_nodes=7).fingerprint()
    assert data.families["test/ood"].n_nodes == 5
    assert next(iter(data.train_dataloader())).X.shape == (2, 8, 7)
    data.close()


PLAIN = [name for name in anc.FamilyConfig.presets() if isinstance(anc.FamilyConfig.preset(name), anc.FamilyConfig)]


@pytest.mark.parametrize("name", PLAIN)
def test_every_published_family_is_in_the_group(name: str) -> None:
    config = composed(f"family@data.train={name}")
    assert anc.SCMFamily.from_config(config.data.train).config == anc.FamilyConfig.preset(name)


def test_a_published_mixture_is_taken_by_its_name() -> None:
    made = module("data.train=bcnp-paper", "+data.test.far=bcnp-paper")
    expected = anc.SCMFamily.from_config("bcnp-paper").fingerprint()
    assert made.train_family.fingerprint() == expected
    assert made.families["test/far"].fingerprint() == expected


def test_a_dictionary_of_the_default_is_replaced_and_one_that_is_set_is_merged() -> None:  # Bug report 17.
    replaced = module("data.train.mechanism_proportions={gpcde: 1.0}").train_family
    assert replaced.mechanism_proportions == {"gpcde": 1.0}
    published = "family@data.train=notears-mlp"  # {mlp: 1.0}
    merged = module(published, "data.train.mechanism_proportions={gpcde: 1.0}").train_family
    assert merged.mechanism_proportions == {"mlp": 1.0, "gpcde": 1.0}
    zero = module(published, "data.train.mechanism_proportions={mlp: 0, gpcde: 1}").train_family
    assert {kind: share for kind, share in zero.mechanism_proportions.items() if share} == {"gpcde": 1.0}


@pytest.mark.parametrize("name", ["default", *anc.Design.presets()])
def test_every_published_design_is_in_a_group(name: str) -> None:
    config = composed(f"+design@data.design={name}")
    assert anc.Design.from_config(config.data.design) == (anc.Design() if name == "default" else anc.Design.preset(name))


@pytest.mark.parametrize("convert", ["none", "partial", "object", "all"])
def test_a_module_of_experiments_is_made_by_overrides(convert: str) -> None:
    sizes = ["data.n_samples=null", "data.design.n_samples=8", "data.design.interventions={n_samples: 4, regimes: 2}"]
    other = "data.set_designs={test/ood: {n_samples: 5, hidden: {count: 1}}}"
    config = composed("+design@data.design=default", *sizes, "data.test={ood: {n_nodes: 5}}", "data.n_test=2", other)
    data = hydra.utils.instantiate(config.data, _convert_=convert)
    assert tuple(next(iter(data.train_dataloader()))["X"].shape) == (2, 12, 20)
    assert tuple(next(iter(data.test_dataloader()["ood"]))["X"].shape) == (2, 5, 4)
    data.close()


@pytest.mark.parametrize(
    ("name", "part", "options"),
    [
        ("default", "interventions", {"kind": "shift", "n_samples": 40}),
        ("avici-interventional", "hidden", {"count": 2}),
    ],
)
def test_an_option_of_a_part_that_is_null_gives_the_part(name: str, part: str, options: dict[str, Any]) -> None:
    start = [f"+design@data.design={name}", "data.n_samples=null"]
    given = [f"data.design.{part}.{option}={value}" for option, value in options.items()]
    plain = anc.Design() if name == "default" else anc.Design.preset(name)
    expected = anc.Design.from_dict({**plain.to_dict(), part: options})
    assert module(*start, *given).design == expected != plain
    assert module(*start, *given, f"data.design.{part}=null").design == plain


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("data.design.interventions.knid=shift", "kind"),
        ("data.design.hiden.count=2", "hidden"),
        ("data.design.interventions.kind=shfit", "shift"),
    ],
)
def test_a_misspelt_option_of_a_design_is_told_with_the_nearest(override: str, says: str) -> None:
    with pytest.raises(hydra.errors.InstantiationException, match=says):
        module("+design@data.design=default", "data.n_samples=null", override)


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("data.train.n_nodes=0", "n_nodes = 0"),
        ("data.train.graph=erdos_reny", "erdos_renyi"),
        ("data.train.mechanism_proportions={linaer: 1.0}", "linaer"),
        ("data.test={ood: {n_node: 5}}", "n_nodes"),
        ("data.disjoint=graph", "'exact', 'mec', 'iso'"),
    ],
)
def test_our_sentence_is_in_hydras_error(override: str, says: str) -> None:  # Bug report 18.
    with pytest.raises(hydra.errors.InstantiationException) as caught:
        module(override)
    assert says in str(caught.value)
    assert isinstance(caught.value.__cause__, anc.ConfigError)


@pytest.mark.parametrize("convert", ["none", "partial", "object", "all"])
def test_a_mixture_is_made_with_one_fingerprint_in_every_conversion(convert: str) -> None:  # R24
    families = [{"_target_": "ancestral.FamilyConfig", "n_nodes": 5, "mlp_hidden": [8]}, {"n_nodes": 7}]
    config = OmegaConf.create(
        {
            "mixture": {"_target_": "ancestral.MixtureConfig", "families": families, "weights": ["${three}", 1]},
            "three": 3,
        }
    )
    mixture = hydra.utils.instantiate(config.mixture, _convert_=convert)
    expected = anc.MixtureConfig([anc.FamilyConfig(n_nodes=5, mlp_hidden=[8]), anc.FamilyConfig(n_nodes=7)], [3, 1])
    assert mixture.fingerprint() == expected.fingerprint()
    data = composed("data.train.n_nodes=7")
    OmegaConf.set_struct(data, False)
    data.data.test = {"mixture": config.mixture, "plain": {"_target_": "ancestral.FamilyConfig", "n_nodes": 5}}
    data.three = 3
    module = hydra.utils.instantiate(data.data, _convert_=convert)
    assert module.families["test/mixture"].fingerprint() == expected.fingerprint()
    assert module.families["test/plain"].fingerprint() == anc.FamilyConfig(n_nodes=5).fingerprint()


def test_the_configuration_of_a_module_has_its_arguments() -> None:
    ours = {item.name: item.default for item in dataclasses.fields(DataModuleConfig) if item.name != "_target_"}
    arguments = dict(list(inspect.signature(anc.DataModule.__init__).parameters.items())[1:])
    assert list(ours) == list(arguments)
    for name, argument in arguments.items():
        if argument.default is not inspect.Parameter.empty:
            assert ours[name] == argument.default, name


def test_lists_and_dictionaries_of_a_module_come_from_a_configuration() -> None:
    data = module(
        "data.test={a: {n_nodes: 5}, b: {n_nodes: 6}}",
        "data.n_test={a: 3}",
        "data.seeds={test/b: [4, 5]}",
        "data.metrics=[edge_kl]",
        "data.num_workers=1",
        "data.loader_settings={prefetch_factor: 3}",
        "data.device=cpu",
        "data.return_adjacency=false",
        "+data.collate_fn={_target_: ancestral.collate, _partial_: true, normalize: robust}",
    )
    data.setup()
    assert len(data.fixed_sets["test/a"]) == 3
    assert data.fixed_sets["test/b"].seed_list == [4, 5]
    assert [list(report) for report in data.distances(20).values()] == [["edge_kl"]] * 2
    assert next(iter(data.test_dataloader()["a"])).shape == (2, 8, 5)


@pytest.mark.parametrize(
    "override",
    ["data.disjoint_sets=no way", "data.prefetch=-1", "data.threads=0", "data.n_test={a: 3}", "data.seeds={test: [1, 1]}"],
)
def test_a_wrong_setting_is_refused_when_the_module_is_made(override: str) -> None:
    with pytest.raises((hydra.errors.InstantiationException, hydra.errors.ConfigCompositionException)):
        module("data.test={n_nodes: 5}", override)


def test_a_misspelt_key_is_an_error() -> None:  # R25
    with pytest.raises(hydra.errors.ConfigCompositionException, match="n_node"):
        module("data.train.n_node=5")


@pytest.mark.slow
def test_the_example_sweeps_and_leaves_a_registry_for_each_run(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLE), "--multirun", f"hydra.sweep.dir={tmp_path}", "batches=2"]
    command += ["family@data.train=default,notears-linear", "data.train.n_nodes=8,10"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, cwd=tmp_path, env={**os.environ, "HYDRA_FULL_ERROR": "1"}
    )
    assert done.returncode == 0, done.stderr
    prints = set()
    for run in range(4):
        manifest: dict[str, Any] = json.loads((tmp_path / str(run) / "manifest.json").read_text())
        config = OmegaConf.load(tmp_path / str(run) / "config.json")
        prints.add(manifest["fingerprints"]["train"])
        assert anc.SCMFamily.from_config(config.train.config).fingerprint() == manifest["fingerprints"]["train"]
        assert manifest["fingerprints"]["train"][:12] in done.stdout
    assert len(prints) == 4
