"""Design: its parts and options are the engine's, and what is wrong is refused in one sentence."""

import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import omegaconf
import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf

import ancestral as anc

EVERYTHING = {
    "n_samples": 150,
    "query": 20,
    "interventions": {"n_samples": 50, "regimes": 5, "values": "signed_uniform"},
    "hidden": {"share": 0.1},
    "knowledge": {"unknown_min": 0.2},
    "outputs": ["order", "mag"],
}
BIG = {"n_samples": 100, "regimes": 200}
WRONG: list[tuple[dict[Any, Any], str]] = [
    ({"n_samples": 0}, "n_samples = 0: must be an integer from 1 to 16777216"),
    ({"n_samples": 2.5}, "n_samples = 2.5: must be an integer"),
    ({"n_samples": True}, "n_samples = True: must not be a truth value"),
    ({"n_samples": None}, "n_samples = null: must be an integer"),
    ({"n_samples": float("nan")}, "n_samples = nan: must be a finite number"),
    ({"n_samples": object()}, "n_samples is of type object: must be a number"),
    ({"n_samples": 100, "n_samples_max": 50}, "n_samples_max = 50: must be at least n_samples, 100"),
    ({"n_samples_law": "log"}, 'n_samples_law = "log": must be one of uniform, log_uniform (did you mean log_uniform?)'),
    ({"n_samples_per": "task"}, 'n_samples_per = "task": must be one of per_task, per_batch'),
    ({"query": 1000}, "query = 1000.0: must be below n_samples, 1000, so that rows are left as context"),
    ({"query": 1.5}, "query = 1.5: must be a share below 1, or a whole number of rows"),
    ({"n_samples": 10, "query": 0.04}, "query = 0.04: must be 0, or a share that gives one of 10 rows at least"),
    (
        {"n_samples": 2, "query": 0.05, "interventions": {"n_samples": 7, "regimes": 7}},
        "query = 0.05: must be 0, or a share that gives one of 9 rows at least, so that rows are asked about",
    ),
    ({"query": -1}, "query = -1: must be a number from 0.0"),
    ({"chairs": 5}, "chairs = 5: is not a field of this configuration: must be one of n_samples, n_samples_max, "),
    (
        {"hidden": {"z": 1}},
        "hidden.z = 1: is not a field of this configuration: must be one of count, count_max, share, share_max",
    ),
    ({1: 5}, "1 = 5: is not a field of this configuration"),
    ({"interventon": {}}, "interventon = {}: is not a field of this configuration (did you mean interventions?)"),
    ({"interventions": 5}, "interventions = 5: must be an object of options, or null"),
    (
        {"interventions": {"regime": 5}},
        "interventions.regime = 5: is not a field of this configuration (did you mean regimes?)",
    ),
    ({"interventions": {"regimes": 0}}, "interventions.regimes = 0: must be an integer from 1 to 4096"),
    ({"interventions": BIG}, "interventions.regimes = 200: must be at most n_samples, 100, so that each regime has a row"),
    ({"interventions": {"regimes": 5, "regimes_max": 3}}, "interventions.regimes_max = 3: must be at least regimes, 5"),
    ({"interventions": {"regimes": None, "regimes_max": 3}}, "interventions.regimes_max = 3: must stand beside regimes"),
    ({"interventions": {"targets": 3, "targets_max": 2}}, "interventions.targets_max = 2: must be at least targets, 3"),
    ({"interventions": {"allocation": "every_node", "targets": 2}}, "interventions.targets = 2: must be left out"),
    ({"interventions": {"kind": "hard"}}, 'interventions.kind = "hard": must be one of do, stochastic, shift'),
    ({"interventions": {"kind": "stochastic", "values_per": "regime"}}, 'interventions.values_per = "regime": must be "row"'),
    ({"interventions": {"values": "uniform", "value_min": 4}}, "interventions.value_min = 4.0: must be at most value_max, 3.0"),
    ({"interventions": {"values": {"law": "normal"}}}, 'interventions.values = {law: "normal"}: must be one of normal'),
    ({"interventions": {"removal": 0}}, "interventions.removal = 0: must be a number above 0.0 and at most 1.0"),
    ({"interventions": {"known_targets": "no"}}, 'interventions.known_targets = "no": must be true or false'),
    ({"interventions": {"n_samples": float("inf")}}, "interventions.n_samples = inf: must be a finite number"),
    ({"counterfactuals": {}}, "counterfactuals = given: must stand beside interventions"),
    ({"counterfactuals": {"noise": 1}}, "counterfactuals.noise = 1: is not a field of this configuration, which has none"),
    ({"hidden": {"count_max": 3}}, "hidden.count_max = 3: must stand beside count, the least number"),
    ({"hidden": {"share": 0.3, "share_max": 0.2}}, "hidden.share_max = 0.2: must be at least share, 0.3"),
    ({"hidden": {"which": "confounder"}}, "must be one of any, confounders, sources (did you mean confounders?)"),
    ({"effects": {"threshold_min": 0.9}}, "effects.threshold_min = 0.9: must be at most threshold_max, 0.75"),
    ({"effects": {"treatment": "graph", "outcome": "any"}}, 'effects.outcome = "any": must be "descendant"'),
    ({"effects": {}, "interventions": {}}, "interventions = given: must not stand beside effects"),
    ({"effects": {}, "counterfactuals": {}}, "counterfactuals = given: must not stand beside effects"),
    ({"knowledge": {"unknown_min": 0.9, "unknown_max": 0.5}}, "knowledge.unknown_min = 0.9: must be at most unknown_max, 0.5"),
    ({"outputs": ["cpdag"], "hidden": {}}, 'outputs = "cpdag": must not be asked for with hidden variables'),
    ({"outputs": ["order", "order"]}, 'outputs = "order": must be named once'),
    ({"outputs": "order"}, 'outputs = "order": must be a list of 0 to 6 elements'),
    ({"observation": {"missing_rate": 0}}, "observation.missing_rate = 0: must be a number from 0.001"),
    ({"observation": {"missing": "mar_"}}, 'observation.missing = "mar_": must be one of none, mcar, mar, mnar, graph'),
    ({"observation": {"bins_min": 9, "bins_max": 3}}, "observation.bins_min = 9: must be at most bins_max, 3"),
    ({"observation": {"censored_min": 0.5}}, "observation.censored_min = 0.5: must be at most censored_max, 0.4"),
    ({"observation": {}, "effects": {}}, "observation = given: must not stand beside effects"),
    ({"outputs": ["complete"]}, 'outputs = "complete": must stand beside an observation'),
    ({"selection": {"kept": 1}}, "selection.kept = 1: must be a number from 0.02 to 0.999"),
    ({"selection": {}, "effects": {}}, "selection = given: must not stand beside effects"),
    ({"selection": {}, "counterfactuals": {}, "interventions": {}}, "selection = given: must not stand beside counterfactuals"),
    (
        {"selection": {}, "interventions": {"noise": "shared"}},
        "selection = given: must not stand beside interventions of shared",
    ),
    ({"outputs": ["orders"]}, 'outputs[0] = "orders": must be one of ancestors, order, cpdag'),
]


@pytest.mark.parametrize(("values", "said"), WRONG)
def test_a_wrong_design_is_refused_by_the_option_s_whole_path(values: dict[Any, Any], said: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        anc.Design.from_dict(values)
    message = str(caught.value)
    assert message.startswith("design.")
    assert said in message
    assert message.endswith(".")
    assert message.count("\n") == 0


@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        (
            anc.Interventions,
            {"regime": 5},
            "design.interventions.regime = 5: is not a field of this configuration (did you mean",
        ),
        (anc.Interventions, {"n_samples": 3}, "design.interventions.regimes = 10: must be at most n_samples, 3"),
        (anc.Hidden, {"share": float("nan")}, "design.hidden.share = nan: must be a finite number"),
        (anc.Effects, {"grids": 3}, "design.effects.grids = 3: is not a field of this configuration (did you mean grid?)"),
        (anc.Counterfactuals, {"noise": 1}, "design.counterfactuals.noise = 1: is not a field of this configuration"),
        (
            anc.Knowledge,
            {"kind": "edge"},
            'design.knowledge.kind = "edge": must be one of edges, ancestors (did you mean edges?)',
        ),
    ],
)
def test_a_part_is_refused_where_it_is_made(part: Any, values: dict[str, Any], said: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        part(**values)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"interventions": anc.Counterfactuals()},
            "design.interventions is of type Counterfactuals: must be an anc.Interventions",
        ),
        ({"hidden": anc.Counterfactuals()}, "design.hidden is of type Counterfactuals: must be an anc.Hidden"),
        ({"selection": anc.Hidden(count=1)}, "design.selection is of type Hidden: must be an anc.Selection"),
        ({"interventions": {}, "counterfactuals": True}, "design.counterfactuals = True: must be an anc.Counterfactuals"),
        ({"knowledge": False}, "design.knowledge = False: must be an anc.Knowledge, a dictionary of its options, or None."),
    ],
)
def test_what_is_not_the_part_that_a_field_is_of_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        anc.Design(**values)
    assert str(caught.value).startswith(said)


def test_a_part_is_the_same_in_whatever_form_it_is_given() -> None:
    made = anc.Design(interventions=anc.Interventions(n_samples=50, regimes=5))
    given: list[Any] = [
        {"n_samples": 50, "regimes": 5},
        OmegaConf.create({"n_samples": 50, "regimes": 5}),
        OmegaConf.create({"_target_": "ancestral.Interventions", "n_samples": 50, "regimes": 5}),
        {"n_samples": np.int64(50), "regimes": np.float32(5).astype(int)},
    ]
    for part in given:
        design = anc.Design(interventions=part)
        assert design == made
        assert type(design.interventions) is anc.Interventions
        assert type(design.interventions.n_samples) is int


def test_options_have_their_fields_types() -> None:
    design = anc.Design(query=20, interventions={"value_mean": 1, "values_scaled": np.bool_(True)})
    assert type(design.query) is float
    assert design.interventions is not None
    assert type(design.interventions.value_mean) is float
    assert design.interventions.values_scaled is True


def test_it_travels_through_dicts_files_and_pickles(tmp_path: Path) -> None:
    design = anc.Design.from_dict(EVERYTHING)
    (tmp_path / "design.json").write_text(json.dumps(EVERYTHING))
    (tmp_path / "design.yaml").write_text(OmegaConf.to_yaml(OmegaConf.create(EVERYTHING)))
    (tmp_path / "empty.yaml").write_text("")
    copies = [
        anc.Design.from_dict(design.to_dict()),
        anc.Design.from_config(tmp_path / "design.json"),
        anc.Design.from_config(str(tmp_path / "design.yaml")),
        anc.Design.from_config(OmegaConf.create(EVERYTHING)),
        anc.Design.from_config(design),
        pickle.loads(pickle.dumps(design)),
        dataclasses.replace(design),
        eval(repr(design), vars(anc)),
    ]
    for other in copies:
        assert other == design
        assert hash(other) == hash(design)
        assert other.to_dict() == design.to_dict()
    assert anc.Design.from_config(tmp_path / "empty.yaml") == anc.Design()
    assert json.loads(design.to_json()) == design.to_dict()


def test_it_prints_as_what_differs_from_the_defaults() -> None:
    assert repr(anc.Design()) == "Design(n_samples=1000)"
    design = anc.Design(interventions={"regimes": None, "kind": "shift"}, counterfactuals={}, outputs=["order"])
    parts = "interventions=Interventions(regimes=None, kind='shift'), counterfactuals=Counterfactuals()"
    assert repr(design) == f"Design(n_samples=1000, {parts}, outputs=['order'])"


def test_one_that_was_used_pickles_without_its_handle() -> None:
    design, family = anc.Design(n_samples=5), anc.SCMFamily(8)
    before = family.sample_task(7).run(design, draw=0)
    again = pickle.loads(pickle.dumps(design))
    assert again == design
    after = family.sample_task(7).run(again, draw=0)
    assert all(after[name].equal(array) for name, array in before.items())


def test_outputs_that_were_changed_after_a_use_are_drawn() -> None:
    design, family = anc.Design(n_samples=5), anc.SCMFamily(8)
    before, task = family.fingerprint(design), family.sample_task(7)
    assert "cpdag" not in task.run(design, draw=0)
    assert design == anc.Design(n_samples=5)
    design.outputs.append("cpdag")
    assert design != anc.Design(n_samples=5)
    assert len({design, anc.Design(n_samples=5, outputs=["cpdag"])}) == 1
    assert "cpdag" in task.run(design, draw=0)
    assert family.fingerprint(design) != before


def test_designs_are_equal_where_they_give_the_same() -> None:
    assert anc.Design() != anc.Design(n_samples=999)
    assert anc.Design(interventions={}) != anc.Design()
    assert len({anc.Design(), anc.Design(n_samples=1000), anc.Design(hidden={})}) == 2
    assert anc.Design() != "design"


def test_presets_are_told_or_named(tmp_path: Path) -> None:
    for name in anc.Design.presets():
        assert anc.Design.preset(name, n_samples=123).n_samples == 123
        assert anc.Design.from_config(name) == anc.Design.preset(name)
    with pytest.raises(anc.ConfigError, match="preset = 'nobody': must be"):
        anc.Design.preset("nobody")
    with pytest.raises(anc.ConfigError, match="'nobody' is no preset and no file: it must be the name of one"):
        anc.Design.from_config("nobody")
    with pytest.raises(anc.ConfigError, match="is of type int: it must be a Design, a dictionary"):
        anc.Design.from_config(3)


def test_the_fingerprint_is_that_of_family_and_design() -> None:
    family, other = anc.FamilyConfig(n_nodes=6), anc.FamilyConfig(n_nodes=7)
    design = anc.Design(interventions={})
    found = design.fingerprint(family)
    assert len(found) == 64
    assert found == design.fingerprint(anc.SCMFamily.from_config(family)) == family.fingerprint(design)
    assert found != family.fingerprint()
    assert found != design.fingerprint(other)
    assert found != anc.Design(interventions={"regimes": 5}).fingerprint(family)
    assert found == anc.Design(interventions={"factor_min": 3}).fingerprint(family)  # Which plays no part in kind = do.
    assert design.fingerprint(anc.MixtureConfig([family, other])) == anc.MixtureConfig([family, other]).fingerprint(design)
    with pytest.raises(anc.ConfigError, match="family is of type dict: must be an SCMFamily"):
        design.fingerprint({})
    with pytest.raises(anc.ConfigError, match="family is of type Design: must be an SCMFamily"):
        design.fingerprint(design)
    with pytest.raises(anc.ConfigError, match=r"design\.interventions\.targets = 8: must be at most n_nodes, 6"):
        anc.Design(interventions={"targets": 8}).fingerprint(family)


def test_an_own_strategy_counts_in_the_fingerprint() -> None:
    design = anc.Design(interventions={})
    own = anc.SCMFamily(6, graph_generator=empty_graph)
    assert design.fingerprint(own) not in (own.fingerprint(), design.fingerprint(anc.SCMFamily(6)))


def empty_graph(n_nodes: int, *, seed: int) -> torch.Tensor:
    """A generator of graphs without edges."""
    return torch.zeros(n_nodes, n_nodes)


def test_it_is_a_structured_config_with_overrides() -> None:
    merged = OmegaConf.merge(
        OmegaConf.structured(anc.Design),
        OmegaConf.from_dotlist(["n_samples=150", "interventions={regimes: 5, n_samples: 50}"]),
        OmegaConf.from_dotlist(["interventions.kind=shift"]),
    )
    found = anc.Design.from_config(merged)
    assert found == anc.Design(n_samples=150, interventions={"regimes": 5, "n_samples": 50, "kind": "shift"})
    assert isinstance(OmegaConf.to_object(merged), anc.Design)
    for wrong in ("interventions.regimes=many", "interventions.regime=3", "intervention={}"):
        with pytest.raises(omegaconf.errors.OmegaConfBaseException):
            OmegaConf.merge(merged, OmegaConf.from_dotlist([wrong]))


def test_hydra_composes_it(tmp_path: Path) -> None:
    store = ConfigStore.instance()
    store.store(name="experiment", node={"defaults": [{"design": "shown"}]})
    store.store(group="design", name="shown", node=anc.Design)
    store.store(group="design", name="changed", node=anc.Design(interventions=anc.Interventions()))
    with initialize_config_dir(str(tmp_path), version_base=None):
        plain = compose("experiment", overrides=["design.n_samples=50"])
        changed = compose("experiment", overrides=["design=changed", "design.interventions.regimes=7"])
    assert anc.Design.from_config(plain.design) == anc.Design(n_samples=50)
    assert anc.Design.from_config(changed.design) == anc.Design(interventions={"regimes": 7})


def test_it_is_frozen() -> None:
    design = anc.Design(interventions={})
    for value, name in ((design, "n_samples"), (design.interventions, "regimes")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, 5)
