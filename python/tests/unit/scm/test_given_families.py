"""A family in every form, wherever one is taken; and when a mapping is one family, or several by name."""

from pathlib import Path
from typing import Any

import omegaconf
import pytest

import ancestral as anc
from ancestral._run.named_families import named_families
from ancestral._scm.given_families import families_by_name, one_family

SMALL = anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)
MIXTURE = anc.MixtureConfig([SMALL, SMALL], [1, 3])


@pytest.fixture(params=["SCMFamily", "FamilyConfig", "dict", "DictConfig", "structured", "file", "path", "mixture", "preset"])
def form(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, str]:
    """A family in some form, and its fingerprint."""
    file = tmp_path / "family.json"
    file.write_text(SMALL.to_json())
    given: Any = {
        "SCMFamily": anc.SCMFamily.from_config(SMALL),
        "FamilyConfig": SMALL,
        "dict": SMALL.to_dict(),
        "DictConfig": omegaconf.OmegaConf.create(SMALL.to_dict()),
        "structured": omegaconf.OmegaConf.structured(SMALL),
        "file": str(file),
        "path": file,
        "mixture": MIXTURE.to_dict(),
        "preset": "notears-linear",
    }[request.param]
    return given, one_family(given, "family").fingerprint()


def test_every_dataset_takes_a_family_in_every_form(form: tuple[Any, str], tmp_path: Path) -> None:
    family, fingerprint = form
    stream = anc.MetaIterableDataset(family, n_samples=3)
    fixed = anc.MetaFixedDataset(family, n_tasks=2, n_samples=3)
    corpus = anc.write_corpus(family, 2, tmp_path / "corpus", n_samples=3)
    module = anc.DataModule(family, family, {"a": family}, n_samples=3, batch_size=2)
    assert stream.family.fingerprint() == fixed.family.fingerprint() == corpus.fingerprint == fingerprint
    assert [one.fingerprint() for one in module.families.values()] == [fingerprint] * 3
    with anc.TaskLoader(fixed, batch_size=2) as loader:
        assert len(list(loader)) == 1
    assert next(iter(stream)).X.shape[0] == 3


def test_every_analysis_takes_a_family_in_every_form(form: tuple[Any, str]) -> None:
    family, _ = form
    assert anc.analysis.summary(family, 4).n_tasks == 4
    assert "edge_kl" in anc.analysis.distance(family, family, n_tasks=4, metrics=["edge_kl"], permutations=9)
    assert anc.analysis.metrics({"a": family}, n_tasks=4)
    assert anc.analysis.metrics(family, n_tasks=4)


@pytest.mark.parametrize("name", ["graph", "noise_type", "mixture", "n_nodes", "mechanism_proportions", "standardization"])
def test_a_set_may_be_named_like_a_field(name: str, tmp_path: Path) -> None:
    (tmp_path / "family.yaml").write_text("n_nodes: 5\nsparsity_param: 1.0\n")
    file = str(tmp_path / "family.yaml")
    for family in (SMALL, SMALL.to_dict(), {"n_nodes": 5}, MIXTURE, MIXTURE.to_dict(), anc.SCMFamily(5), file, Path(file)):
        assert list(named_families({name: family}, "test")) == [f"test/{name}"]
    assert list(named_families({name: "notears-linear", "id": SMALL}, "test")) == [f"test/{name}", "test/id"]
    assert list(named_families(omegaconf.OmegaConf.create({name: SMALL.to_dict()}), "test")) == [f"test/{name}"]
    data = anc.DataModule(SMALL, None, {name: SMALL}, n_samples=2, batch_size=1, n_test={name: 3})
    assert list(data.test_dataloader()) == [name]
    assert set(anc.analysis.metrics({name: SMALL}, n_tasks=4)) == {
        key.replace("family/a/", f"family/{name}/") for key in anc.analysis.metrics({"a": SMALL}, n_tasks=4)
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"n_nodes": 5},
        {"graph": "scale_free"},
        {"n_nodes_max": None},
        {"mechanism_proportions": {"mlp": 1}},
        {"mechanism_proportions": None},
        {"mlp_hidden": [8]},
        {"mlp_hidden": []},
        {"mixture": [{"family": {"n_nodes": 5}}]},
        {"n_node": 5},
        {"n_nodes": 5, "mechanism_proportion": {"mlp": 1}},
        SMALL.to_dict(),
        MIXTURE.to_dict(),
    ],
)
def test_settings_are_one_family(settings: dict[str, Any]) -> None:
    assert families_by_name(settings, "test") is None
    assert families_by_name(omegaconf.OmegaConf.create(settings), "test") is None


@pytest.mark.parametrize(
    "given", [{"id": SMALL, "n_nodes": 5}, {"id": SMALL, "ood": None}, {"graph": "scale_free", "mixture": SMALL}]
)
def test_a_family_beside_a_setting_is_refused_in_words(given: dict[str, Any]) -> None:
    with pytest.raises(anc.ConfigError, match=r"^test has both a family, '.*', and a setting, .*: must be the settings"):
        anc.DataModule(SMALL, None, given, n_samples=2, batch_size=1)
    with pytest.raises(anc.ConfigError, match=r"^families has both a family"):
        anc.analysis.metrics(given, n_tasks=4)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"id": {"n_node": 5}}, r"^In test\.id: n_node = 5: .*did you mean n_nodes"),
        ({"graph": {"n_node": 5}}, r"^In test\.graph: n_node = 5: .*did you mean n_nodes"),
        ({"id": "notears-liner"}, r"^In test\.id: .*'notears-liner' is no preset .*did you mean 'notears-linear'"),
        ({"n_node": 5}, r"^In test: n_node = 5: .*did you mean n_nodes"),
        ({"id": "missing.yaml"}, r"^In test\.id: .*missing\.yaml can't be read"),
        (omegaconf.OmegaConf.create({"id": "${nowhere}"}), r"^test can't be resolved: .*nowhere"),
        ([SMALL], r"^In test: The configuration is of type list: it must be"),
    ],
)
def test_what_is_wrong_is_named(given: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        anc.DataModule(SMALL, None, given, n_samples=2, batch_size=1)


def test_no_training_family_is_no_default_one() -> None:
    with pytest.raises(anc.ConfigError, match=r"^In train: The configuration is of type NoneType"):
        anc.DataModule(None, None, None, n_samples=2, batch_size=1)  # pyright: ignore[reportArgumentType]
