"""The C line refuses what would harm the process, and handles stay where they belong."""

import gc
import json
import os
import pickle
from collections import Counter
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine._ffi import tasks
from ancestral._engine._ffi.loading import library
from batch_filling import fill


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '"text"', "{}}", '{"n_nodes": 1e400}', "\x00", '{"n_nodes"'])
def test_text_that_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        _ffi.family_create(text)
    assert str(caught.value).strip()


def test_deeply_nested_text_does_not_end_the_process() -> None:
    with pytest.raises(anc.ConfigError):
        _ffi.family_create('{"n_nodes": ' + "[" * 100_000 + "]" * 100_000 + "}")


def test_a_repeated_handle_is_freed_each_time() -> None:
    for _ in range(2000):
        _ffi.family_create("{}")
    gc.collect()


def test_handles_refuse_to_pickle() -> None:
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(_ffi.family_create("{}"))


def test_canonical_configuration_makes_the_same_family() -> None:
    family = _ffi.family_create(json.dumps({"n_nodes": 9, "graph": "scale_free"}))
    again = _ffi.family_create(_ffi.family_config(family))
    assert _ffi.family_fingerprint(again) == _ffi.family_fingerprint(family)
    assert again.about["max_nodes"] == 9


def test_a_cycle_is_named() -> None:
    with pytest.raises(anc.ConfigError, match=r"[012]"):
        _ffi.graph_order(torch.tensor([[0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=torch.uint8))


def test_digests_come_in_32_bytes() -> None:
    with pytest.raises(anc.ConfigError, match="31 bytes"):
        _ffi.reserved_create(b"0" * 31, 0)


def test_a_wrong_instance_is_refused() -> None:
    family = _ffi.family_create('{"n_nodes": 4, "sparsity_param": 1}')
    with pytest.raises(anc.ConfigError):
        _ffi.instance_create(family, 1, torch.tensor([[0, 1], [1, 0]], dtype=torch.uint8))
    with pytest.raises(anc.ConfigError):
        _ffi.instance_parameters(_ffi.instance_create(family, 1), 1)


def test_noise_of_a_later_row_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    family, whole, parts = _ffi.family_create("{}"), torch.empty(101, 3), torch.empty(101, 3)
    _ffi.noise_fill(family, 5, 1, whole)
    monkeypatch.setattr(tasks, "_NOISE_VALUES_PER_CALL", 21)
    _ffi.noise_fill(family, 5, 1, parts)
    assert parts.equal(whole)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_uses_inherited_objects() -> None:
    family = anc.SCMFamily(8, mechanism_factory="mlp")
    task = family.sample_task(3)
    fill(family, torch.arange(64), 100, threads=4, x=torch.empty(64, 100, 8))
    expected = task.sample(50, draw=0)
    for _ in range(20):
        child = os.fork()
        if child == 0:
            same = task.sample(50, draw=0).equal(expected) and family.sample_task(3).sample(50).equal(expected)
            os._exit(0 if same else 1)
        _, status = os.waitpid(child, 0)
        assert status == 0


def test_noise_of_a_mixture_is_that_of_the_seeds_own_family() -> None:
    configs = [f'{{"n_nodes": 3, "sparsity_param": 1, "noise_type": "{law}"}}' for law in ("uniform", "cauchy")]
    mixture = _ffi.family_create(f'{{"mixture": [{", ".join(f"""{{"family": {config}}}""" for config in configs)}]}}')
    families = [_ffi.family_create(config) for config in configs]
    chosen = _ffi.family_components(mixture, torch.arange(20)).tolist()
    assert set(chosen) == {0, 1}
    for seed, component in enumerate(chosen):
        mixed, own = torch.zeros(10, 3), torch.ones(10, 3)
        _ffi.noise_fill(mixture, seed, 0, mixed)
        _ffi.noise_fill(families[component], seed, 0, own)
        assert mixed.equal(own), seed


def test_a_graph_with_fewer_nodes_than_roles_has_none() -> None:
    family = _ffi.family_create('{"n_nodes": 6, "graph": "front_door", "sparsity_param": 1}')
    small = _ffi.instance_create(family, 1, torch.tensor([[0, 1], [0, 0]], dtype=torch.uint8))
    design = _ffi.design_create('{"n_samples": 5, "effects": {"treatment": "graph"}}')
    assert not _ffi.design_admits(design, family, small)
    described = json.loads(_ffi.design_describe(design, family, 2))["layout"]
    types = {"float32": torch.float32, "int32": torch.int32, "int8": torch.int8, "bool": torch.bool}
    arrays = [torch.empty(entry["shape"], dtype=types[entry["dtype"]]) for entry in described]
    with pytest.raises(anc.ConfigError, match="a graph whose structure names no treatment"):
        _ffi.instance_run(small, family, design, arrays, first_seed=1, draw=0)


def test_experiments_go_into_memory_of_their_layout_alone() -> None:
    family = _ffi.family_create('{"n_nodes": 4, "sparsity_param": 1}')
    design = _ffi.design_create('{"n_samples": 5}')
    layout = json.loads(_ffi.design_describe(design, family))["layout"]
    kinds = {"float32": torch.float32, "int32": torch.int32}
    right = [torch.empty(2, *entry["shape"], dtype=kinds[entry["dtype"]]) for entry in layout]
    seeds = torch.arange(2)
    _ffi.experiments_fill(family, design, seeds, right)
    short, strided = [torch.empty(2, 4, 4), *right[1:]], [torch.empty(2, 4, 5).mT, *right[1:]]
    for arrays, said in (
        (right[:-1], r"n_arrays = \d+: must be \d+, one for each entry of the layout"),
        (short, r"sizes\[0\] = 128: must be 160, the bytes of X of 2 tasks"),
        (strided, r"arrays\[0\] must be a contiguous CPU tensor"),
    ):
        with pytest.raises(anc.ConfigError, match=said):
            _ffi.experiments_fill(family, design, seeds, arrays)
    instance = _ffi.instance_create(family, 7)
    with pytest.raises(anc.ConfigError, match=r"sizes\[0\] = 160: must be 80"):
        _ffi.instance_run(instance, family, design, right, first_seed=7, draw=0)
    slow, many = _ffi.family_create('{"mechanism_proportions": {"mlp": 1}}'), _ffi.design_create('{"n_samples": 1000000}')
    described = json.loads(_ffi.design_describe(many, slow))["layout"]
    arrays = [torch.empty(1, *entry["shape"], dtype=kinds[entry["dtype"]]) for entry in described]
    with pytest.raises(_ffi.Stopped):
        _ffi.experiments_fill(slow, many, seeds[:1], arrays, stopped=lambda: True)
    redrawn = _ffi.family_create('{"mechanism_proportions": {"mlp": 1}, "divergence": "redraw"}')
    with pytest.raises(_ffi.Stopped):  # Its rows decide, though nobody gets them.
        _ffi.experiments_fill(redrawn, many, seeds[:1], [], stopped=lambda: True)


def test_texts_have_room_at_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()

    def counted(name: str, original: Any) -> Any:
        return lambda *given: asked.update([name]) or original(*given)

    for name in ("anc_design_describe", "anc_instance_describe", "anc_presets"):
        monkeypatch.setattr(library(), name, counted(name, getattr(library(), name)))
    _ffi.presets()
    family = anc.SCMFamily(200, mechanism_proportions={"linear": 1, "mlp": 1})
    design = anc.Design(
        n_samples=4, n_samples_max=8, n_samples_per="per_batch", interventions={}, counterfactuals={}, hidden={}
    )
    batches = iter(anc.MetaIterableDataset(family, design=design, batch_size=2))
    next(batches)
    asked.clear()
    next(batches)
    _ffi.presets()
    assert len(family.sample_task(1).mechanisms) == 200
    # An instance tells of its graph first, and of its mechanisms where they are asked for.
    assert asked == {"anc_design_describe": 1, "anc_presets": 1, "anc_instance_describe": 2}
