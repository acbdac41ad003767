"""Configurations, families, data sets and modules from hydra-zen, with the fingerprints of those made by hand (R24)."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hydra.errors import InstantiationException
from hydra_zen import builds, instantiate, just, make_config, to_yaml, zen
from omegaconf import OmegaConf

import ancestral as anc

FIELDS: dict[str, Any] = {
    "n_nodes": 9,
    "graph": "scale_free",
    "mechanism_proportions": {"mlp": 0.5, "linear": 0.5},
    "mlp_hidden": [8, 8],
}
FAMILY = anc.FamilyConfig(**FIELDS)
MIXTURE = anc.MixtureConfig([FAMILY, anc.FamilyConfig()], [1.0, 2.0])
Partial = builds(anc.FamilyConfig, **FIELDS)
Full = builds(anc.FamilyConfig, populate_full_signature=True, **FIELDS)


def read(source: Any) -> str:
    return anc.SCMFamily.from_config(source).fingerprint()


def referring() -> Any:
    return make_config(n=9, family=builds(anc.FamilyConfig, **{**FIELDS, "n_nodes": "${..n}"}))


FORMS: dict[str, Callable[[], Any]] = {
    "builds": lambda: instantiate(Partial),
    "builds, every field": lambda: instantiate(Full),
    "an instance of builds": lambda: instantiate(builds(anc.FamilyConfig, populate_full_signature=True)(**FIELDS)),
    "not instantiated": lambda: Full,
    "an instance, not instantiated": lambda: Full(),
    "a partial one, not instantiated": lambda: Partial,
    "a structured node": lambda: OmegaConf.structured(Full),
    "a node": lambda: OmegaConf.create(to_yaml(Partial)),
    "YAML": lambda: instantiate(OmegaConf.create(to_yaml(Full))),
    "a value": lambda: instantiate(just(FAMILY)),
    "a field": lambda: instantiate(make_config(family=Partial)).family,
    "a value in a field": lambda: instantiate(make_config(family=FAMILY)).family,
    "a reference": lambda: instantiate(referring()).family,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_fingerprint_of_the_config(form: str) -> None:
    assert read(FORMS[form]()) == FAMILY.fingerprint()


@pytest.mark.parametrize("convert", ["none", "partial", "object", "all"])
def test_everything_is_made_in_every_conversion(convert: Any) -> None:
    family = builds(anc.SCMFamily, populate_full_signature=True, hydra_convert=convert, **FIELDS)
    assert instantiate(family).fingerprint() == FAMILY.fingerprint()
    assert instantiate(builds(anc.SCMFamily.from_config, cfg=Full, hydra_convert=convert)).fingerprint() == FAMILY.fingerprint()
    mixture = builds(anc.MixtureConfig, families=[Full, builds(anc.FamilyConfig)], weights=[1.0, 2.0], hydra_convert=convert)
    assert instantiate(mixture).fingerprint() == MIXTURE.fingerprint()
    assert read(mixture) == MIXTURE.fingerprint()
    stream = builds(anc.MetaIterableDataset, populate_full_signature=True, family=family, n_samples=4, hydra_convert=convert)
    assert next(iter(instantiate(stream))).X.shape == (4, 9)
    fixed = builds(anc.MetaFixedDataset, family=family, seeds=[1, 2], n_samples=4, hydra_convert=convert)
    assert instantiate(fixed).seed_list == [1, 2]
    module = builds(
        anc.DataModule,
        populate_full_signature=True,
        train=Full,
        val=None,
        test={"id": Partial, "mixed": mixture},
        n_samples=4,
        batch_size=2,
        hydra_convert=convert,
    )
    data = instantiate(module)
    assert data.families["train"].fingerprint() == data.families["test/id"].fingerprint() == FAMILY.fingerprint()
    assert data.families["test/mixed"].fingerprint() == MIXTURE.fingerprint()


def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
    return torch.diag(torch.ones(n_nodes - 1), 1)


def test_strategies_are_handed_on() -> None:
    own = instantiate(builds(anc.SCMFamily, n_nodes=5, graph_generator=just(chain)))
    assert own.sample_task(1).adjacency_matrix.equal(chain(5, seed=1))
    engines = instantiate(builds(anc.SCMFamily, n_nodes=9, graph_generator=builds(anc.ScaleFree, power=2.0)))
    assert engines.fingerprint() == anc.FamilyConfig(n_nodes=9, graph="scale_free", scale_free_power=2.0).fingerprint()


def test_a_task_function_gets_a_family() -> None:
    task = zen(lambda family: family.fingerprint())
    assert task(make_config(family=builds(anc.SCMFamily, **FIELDS))) == FAMILY.fingerprint()


def test_a_wrong_value_is_named() -> None:
    with pytest.raises(InstantiationException, match="n_nodes = -1: must be an integer from 1"):
        instantiate(builds(anc.FamilyConfig, n_nodes=-1))
    with pytest.raises(anc.ConfigError, match=r"^n_nodes = -1: must be an integer from 1"):
        read(builds(anc.FamilyConfig, n_nodes=-1))
    with pytest.raises(anc.ConfigError, match="_target_"):
        read({"_target_": "somebody.Else", "n_nodes": 3})
