"""The fixed sets of a DataModule: their sizes, seeds of one's own, and what there is before `setup`."""

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc

SMALL = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
OTHER = replace(SMALL, graph="scale_free")
TWO = {"id": SMALL, "ood": OTHER}


def module(train: Any = SMALL, val: Any = None, test: Any = TWO, **settings: Any) -> anc.DataModule:
    return anc.DataModule(train, val, test, **{"n_samples": 8, "batch_size": 4, "n_val": 6, "n_test": 6, **settings})


def test_sets_have_the_sizes_of_their_names() -> None:
    data = module(test={**TWO, "more": SMALL}, n_test={"id": 3, "ood": np.int64(5)})
    data.setup()
    assert {name: len(found) for name, found in data.fixed_sets.items()} == {"test/id": 3, "test/ood": 5, "test/more": 128}
    one = module(val=SMALL, test=SMALL, n_val={"val": 3}, n_test=2)
    one.setup()
    assert [len(found) for found in one.fixed_sets.values()] == [3, 2]


def test_a_size_beside_seeds_must_agree_with_them() -> None:
    given: dict[str, Any] = {"val": SMALL, "test": SMALL, "seeds": {"val": [3, 5], "test": [7]}}
    data = module(**given, n_val={"val": 2}, n_test={"test": 1})
    data.setup()
    assert [len(found) for found in data.fixed_sets.values()] == [2, 1]
    with pytest.raises(anc.ConfigError, match=r"^n_val\['val'\] = 3: must be left out, or be 2, as many as the seeds"):
        module(**given, n_val={"val": 3})
    with pytest.raises(anc.ConfigError, match=r"^n_test\['id'\] = 1: must be left out, or be 2, as many as the seeds"):
        module(seeds={"test/id": [3, 5]}, n_test={"id": 1})


@pytest.mark.parametrize("form", [list, tuple, np.array, torch.tensor, iter])
def test_own_seeds_are_taken_as_they_are_and_verified(form: Any, tmp_path: Path) -> None:
    given = [3, 2**40, 7]
    data = module(val=SMALL, seeds={"test/id": form(given), "test/ood": range(2)}, metrics=["edge_kl"])
    data.setup()
    assert data.fixed_sets["test/id"].seed_list == given
    assert data.fixed_sets["test/ood"].seed_list == [0, 1]
    assert len(data.fixed_sets["val"]) == 6
    data.write_registry(tmp_path)
    seeds = json.loads((tmp_path / "seeds.json").read_text())
    assert seeds["given"] == ["test/id", "test/ood"]
    assert seeds["sets"]["test/id"] == ["0000000000000003", "0000010000000000", "0000000000000007"]
    assert anc.verify(tmp_path, n_training_tasks=20) == []
    instance, task = anc.replay(tmp_path, "test/id", 1)
    assert instance.seed == 2**40
    assert task.X.equal(data.fixed_sets["test/id"][1].X)
    assert all(anc.graph_hash(graph) not in data.reserved for graph in next(iter(data.train_dataloader())).adjacency)
    data.close()


def test_seeds_are_verified_as_given_only_where_they_were(tmp_path: Path) -> None:
    from ancestral._run import registry_files

    data = module(seeds={"test/id": [3, 4]}, metrics=["edge_kl"])
    data.write_registry(tmp_path)
    seeds, manifest = (json.loads((tmp_path / name).read_text()) for name in ("seeds.json", "manifest.json"))
    seeds["sets"]["test/ood"][0] = "0000000000000009"
    registry_files.write_json(tmp_path / "seeds.json", seeds)
    registry_files.write_manifest(tmp_path, manifest)
    assert any("test/ood[0]: 0000000000000009 is not the seed of its place" in fault for fault in anc.verify(tmp_path))
    assert not any("test/id" in fault for fault in anc.verify(tmp_path))
    plain = module(metrics=["edge_kl"])
    plain.write_registry(tmp_path / "plain")
    assert "given" not in json.loads((tmp_path / "plain" / "seeds.json").read_text())


def test_sets_with_own_seeds_keep_clear_of_each_other_or_are_refused() -> None:
    dense = anc.FamilyConfig(n_nodes=3, sparsity_param=0.5)
    settings: dict[str, Any] = {"train": replace(SMALL, n_nodes=6), "disjoint_sets": True}
    data = module(**settings, test={"a": dense, "b": dense}, n_test=2, seeds={"test/b": [5]})
    data.setup()
    assert not set(data.hashes["test/a"]) & set(data.hashes["test/b"])
    assert data.fixed_sets["test/b"].seed_list == [5]
    assert list(data.fixed_sets) == ["test/a", "test/b"]
    mixed = anc.SCMFamily.from_config(dense)
    twin = next(seed for seed in range(6, 999) if mixed.sample_task(seed).graph_hash() == mixed.sample_task(5).graph_hash())
    both = {"test/a": [5], "test/b": [twin]}
    with pytest.raises(anc.DisjointnessError, match=rf"^seeds\['test/b'\]\[0\] = {twin}: its graph is also one of another set"):
        module(**settings, test={"a": dense, "b": dense}, seeds=both).setup()


def test_distances_are_the_measures_that_were_asked_for(tmp_path: Path) -> None:
    data = module(metrics=("spectral_w1", "edge_kl", "edge_kl"), output_dir=tmp_path)
    assert {tuple(report) for report in data.distances(20).values()} == {("edge_kl", "spectral_w1")}
    expected = anc.analysis.distance(SMALL, OTHER, n_tasks=20, metrics=["spectral_w1"])["spectral_w1"]
    assert data.distances(20)["test/ood"]["spectral_w1"] == expected
    data.setup()
    written = json.loads((tmp_path / "distances.json").read_text())["sets"]["test/ood"]["metrics"]
    assert set(written) == {"edge_kl", "spectral_w1"}
    assert len(module().distances(20)["test/ood"]) > 5


@pytest.mark.parametrize("name", ["fixed_sets", "hashes", "reserved", "overlap", "train_dataset"])
def test_what_setup_makes_says_so_before(name: str) -> None:
    data = module()
    assert not hasattr(data, name)
    with pytest.raises(anc.ConfigError, match=rf"^{name} is made by setup\(\): call setup\(\) first"):
        getattr(data, name)
    other = pickle.loads(pickle.dumps(data))
    assert not hasattr(other, name)
    data.setup()
    assert getattr(data, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'fixed_set'"):
        _ = data.fixed_set
