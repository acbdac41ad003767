"""What a DataModule's settings do, each on its own, and that all of them are checked when it is made."""

import functools
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc
from small_modules import RAGGED, SMALL, batches, doubled, module


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("normalize", ["none", "standardize"])
def test_collate_fn_gets_each_stacked_batch_after_it_was_normalised(workers: int, normalize: str) -> None:
    own = module(num_workers=workers, normalize=normalize, collate_fn=doubled)
    for found, batch in zip(batches(own), batches(module()), strict=True):
        assert list(found) == ["twice"]
        assert found["twice"].equal(2 * anc.collate(batch, normalize=normalize).X)


def test_collate_fn_may_be_ours() -> None:
    wide = module(collate_fn=functools.partial(anc.pad_collate, n_nodes=9, normalize="robust"))
    for found, batch in zip(batches(wide), batches(module()), strict=True):
        assert found.X.shape == (4, 8, 9)
        assert found.X[:, :, :6].equal(anc.collate(batch, normalize="robust").X)


@pytest.mark.parametrize("workers", [0, 1])
def test_batches_come_on_the_device(workers: int) -> None:
    for batch in batches(module(num_workers=workers, device="meta")):
        assert type(batch) is anc.Task
        assert batch.X.device == batch.adjacency.device == torch.device("meta")
    data = module(num_workers=workers, device="meta")
    assert len(data.test_dataloader()["id"]) == 2
    assert len(list(data.test_dataloader()["id"])) == 2
    same, plain = module(num_workers=workers, device=torch.device("cpu")), module()
    for _ in range(2):  # A second pass goes on after the first.
        taken = list(itertools.islice(same.train_dataloader(), 3))
        assert all(one.X.equal(two.X) for one, two in zip(taken, plain.train_dataloader(), strict=False))
    assert same.state_dict() == plain.state_dict()
    same.close()
    plain.close()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_device_that_is_not_there_is_named(workers: int) -> None:
    data = module(num_workers=workers, device="cuda:99")
    for loader in (data.train_dataloader(), data.test_dataloader()["id"]):
        with pytest.raises(anc.ConfigError, match=r"^device = 'cuda:99': must be a device that torch has here \("):
            next(iter(loader))


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("family", [SMALL, RAGGED])
def test_return_adjacency_false_gives_x_alone_everywhere(workers: int, family: anc.FamilyConfig) -> None:
    settings: dict[str, Any] = {"train": family, "test": {"a": family}, "normalize": "standardize"}
    whole = module(**settings)
    alone = module(**settings, num_workers=workers, return_adjacency=False)
    for found, batch in zip(batches(alone), batches(whole), strict=True):
        if family is SMALL:
            assert type(found) is torch.Tensor
            assert found.equal(batch.X)
        else:
            assert type(found) is anc.PaddedX
            assert found.X.equal(batch.X)
            assert found.node_mask.equal(batch.node_mask)
    assert alone.hashes == whole.hashes


def test_the_loaders_of_workers_have_the_settings() -> None:
    def started(worker_id: int) -> None:
        """Called in each worker."""

    given = {
        "persistent_workers": True,
        "prefetch_factor": 5,
        "timeout": 9,
        "multiprocessing_context": "fork",
        "worker_init_fn": started,
        "generator": torch.Generator(),
    }
    data = module(num_workers=1, loader_settings=given)
    for loader in (data.train_dataloader().loader, data.test_dataloader()["id"]):
        assert isinstance(loader, DataLoader)
        assert (loader.persistent_workers, loader.prefetch_factor, loader.timeout) == (True, 5, 9)
        assert loader.multiprocessing_context.get_start_method() == "fork"
        assert loader.worker_init_fn is started
        assert loader.generator is given["generator"]


@pytest.mark.parametrize(
    ("workers", "settings", "says"),
    [
        (1, {"prefetch": 3}, r"loader_settings\['prefetch'\] = 3: must be an argument .*did you mean 'prefetch_factor'"),
        (0, {"prefetch": 3}, r"loader_settings\['prefetch'\] = 3: must be an argument .*did you mean 'prefetch_factor'"),
        (0, {"prefetch_factor": 3}, r"loader_settings\['prefetch_factor'\] = 3: must be left out with num_workers = 0"),
        (0, {"persistent_workers": True}, r"loader_settings\['persistent_workers'\] = True: must be left out with num_work"),
        (0, {"timeout": 5}, r"loader_settings\['timeout'\] = 5: must be left out with num_workers = 0"),
        (0, {"collate_fn": list}, r"loader_settings\['collate_fn'\] = .*: must be left out; give collate_fn to the module"),
        (1, {"collate_fn": list}, r"loader_settings\['collate_fn'\] = .*: must be left out; give collate_fn to the module"),
        (1, {"batch_size": 3}, r"loader_settings\['batch_size'\] = 3: must be left out; give batch_size to the module"),
        (1, {"num_workers": 3}, r"loader_settings\['num_workers'\] = 3: must be left out; give num_workers"),
        (1, {"pin_memory": True}, r"loader_settings\['pin_memory'\] = True: must be left out; give pin_memory"),
        (1, {"dataset": []}, r"loader_settings\['dataset'\]"),
        (1, {"shuffle": True}, r"loader_settings\['shuffle'\]"),
        (1, {"sampler": []}, r"loader_settings\['sampler'\]"),
        (1, {"batch_sampler": []}, r"loader_settings\['batch_sampler'\]"),
        (1, {"drop_last": True}, r"loader_settings\['drop_last'\]"),
        (1, {"in_order": False}, r"loader_settings\['in_order'\]"),
        (1, {"prefetch_factor": -1}, r"loader_settings = .*: must be what torch's DataLoader takes \(prefetch_factor"),
        (1, {"prefetch_factor": "3"}, r"loader_settings = .*: must be what torch's DataLoader takes"),
        (1, {"timeout": -1}, r"loader_settings = .*: must be what torch's DataLoader takes"),
        (1, {"multiprocessing_context": "spoon"}, r"loader_settings = .*: must be what torch's DataLoader takes"),
        (1, {"persistent_workers": "no"}, r"loader_settings\['persistent_workers'\] = 'no': must be True or False"),
        (1, {"worker_init_fn": 3}, r"loader_settings\['worker_init_fn'\] = 3: must be a function"),
        (1, {"generator": 3}, r"loader_settings\['generator'\] = 3: must be a torch\.Generator"),
        (1, 3, r"loader_settings = 3: must map"),
        (1, [("timeout", 3)], r"loader_settings = .*: must map"),
    ],
)
def test_settings_that_no_loader_would_use_are_refused_when_the_module_is_made(workers: int, settings: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=f"^{says}"):
        module(num_workers=workers, loader_settings=settings)


def test_settings_that_change_nothing_are_taken_without_workers() -> None:
    data = module(loader_settings={"persistent_workers": False, "timeout": 0, "prefetch_factor": None})
    assert len(list(itertools.islice(data.train_dataloader(), 2))) == 2
    data.close()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        *(
            ({name: value}, rf"{name} = {value!r}: must be True or False")
            for name in ("disjoint_sets", "cache_instances", "pin_memory", "return_adjacency")
            for value in ("no", "False", 0, 1, None)
        ),
        ({"threads": 0}, "threads = 0: must be a whole number"),
        ({"threads": 2.0}, r"threads = 2\.0: must be"),
        ({"prefetch": -1}, "prefetch = -1: must be"),
        ({"prefetch": None}, "prefetch = None: must be"),
        ({"normalize": None}, "normalize = None: must be one of"),
        ({"normalize": ["none"]}, r"normalize = \['none'\]: must be one of"),
        ({"collate_fn": "stack"}, "collate_fn = 'stack': must be a function"),
        ({"device": "gpu"}, "device = 'gpu': must be"),
        ({"device": 3.5}, r"device = 3\.5: must be"),
        ({"cache_bytes": -1}, "cache_bytes = -1: must be"),
        ({"cache_bytes": "1 GiB"}, "cache_bytes = '1 GiB': must be"),
        ({"cache_dir": 3}, "cache_dir "),
        ({"cache_dir": ""}, "cache_dir "),
        ({"output_dir": 3}, "output_dir "),
        ({"output_dir": True}, "output_dir "),
        ({"disjoint": None}, "disjoint = None: must be"),
        ({"n_test": {"odd": 3}}, r"a name in n_test = 'odd': must be one of 'id', 'ood' \(did you mean 'ood'\?\)"),
        ({"n_test": {"id": 0}}, r"n_test\['id'\] = 0: must be"),
        ({"n_test": {"test/id": 3}}, "a name in n_test = 'test/id': must be one of"),
        ({"n_test": [3, 3]}, r"n_test = \[3, 3\]: must be"),
        ({"n_test": True}, "n_test = True: must be"),
        ({"n_val": {"id": 3}}, "a name in n_val = 'id': must be left out, as there is no val set"),
        ({"seeds": {"id": [3]}}, r"a name in seeds = 'id': must be one of 'test/id', 'test/ood' \(did you mean 'test/id'"),
        ({"seeds": {"train": [3]}}, "a name in seeds = 'train': must be one of"),
        ({"seeds": {"test/id": []}}, r"seeds\['test/id'\] is empty"),
        ({"seeds": {"test/id": [1, -2]}}, r"In seeds\['test/id'\]: seed = -2: must be"),
        ({"seeds": {"test/id": ["1"]}}, r"In seeds\['test/id'\]: seed = '1': must be"),
        ({"seeds": {"test/id": 7}}, r"seeds\['test/id'\] is of type int: must be a list"),
        ({"seeds": {"test/id": "12"}}, r"seeds\['test/id'\] is of type str: must be a list"),
        ({"seeds": {"test/id": torch.tensor(7)}}, r"seeds\['test/id'\] is of type int: must be a list"),
        ({"seeds": [3]}, r"seeds = \[3\]: must map"),
        ({"seeds": {"test/id": [3, 5, 3]}}, r"seeds\['test/id'\]\[2\] = 3: must be another seed, as seeds\['test/id'\]\[0\]"),
        ({"seeds": {"test/id": [3, 5]}, "n_test": {"id": 3}}, r"n_test\['id'\] = 3: must be left out, or be 2"),
        ({"metrics": ["edge_lk"]}, r"metrics has 'edge_lk': must be some of .*did you mean 'edge_kl'"),
        ({"metrics": "edge_kl"}, "metrics is of type str: must be a list"),
        ({"metrics": []}, "metrics is empty"),
        ({"metrics": 3}, "metrics is of type int: must be a list"),
    ],
)
def test_a_wrong_setting_is_refused_when_the_module_is_made(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=f"^{says}"):
        module(**settings)


def test_the_same_task_in_two_sets_is_refused() -> None:
    with pytest.raises(anc.ConfigError, match=r"^seeds\['test/a'\]\[0\] = 3: must be another seed, as seeds\['val'\]\[0\]"):
        module(val=SMALL, test={"a": SMALL}, seeds={"val": [3], "test/a": [3]})


@pytest.mark.parametrize("value", ["no", "False", 0, 1, None, [], torch.tensor(True)])
def test_a_truth_value_is_one_on_every_class(value: Any, tmp_path: Path) -> None:
    fixed = functools.partial(anc.MetaFixedDataset, SMALL, n_tasks=2, n_samples=2)
    anc.write_corpus(SMALL, 2, tmp_path, n_samples=2)
    for make, name in (
        (fixed, "cache_instances"),
        (fixed, "return_adjacency"),
        (functools.partial(anc.MetaIterableDataset, SMALL, n_samples=2), "return_adjacency"),
        (functools.partial(anc.CorpusDataset, tmp_path), "return_adjacency"),
        (functools.partial(anc.TaskLoader, fixed(), batch_size=1), "pin_memory"),
    ):
        with pytest.raises(anc.ConfigError, match=rf"^{name} = .*: must be True or False"):
            make(**{name: value})
        make(**{name: np.bool_(False)})


@pytest.mark.parametrize(("name", "value"), [("device", "gpu"), ("device", 1.5), ("collate_fn", "stack"), ("threads", 0)])
def test_a_task_loader_checks_its_settings_too(name: str, value: Any) -> None:
    stream = anc.MetaIterableDataset(SMALL, n_samples=2)
    with pytest.raises(anc.ConfigError, match=rf"^{name} = {value!r}: must be"):
        anc.TaskLoader(stream, batch_size=1, **{name: value})


def test_cache_settings_reach_the_fixed_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    data = module(cache_instances=True)
    data.setup()
    found = data.fixed_sets["test/id"]
    assert found.instance(2) is found.instance(2)
    assert not list(tmp_path.iterdir())
    large = module(cache_instances=True, cache_bytes=100)
    large.setup()
    assert len(list(tmp_path.iterdir())) == 2
    for one, two in zip(large.fixed_sets["test/id"], found, strict=True):
        assert one.X.equal(two.X)


def test_a_task_loader_takes_a_corpus(tmp_path: Path) -> None:
    for family in (SMALL, RAGGED):
        corpus = anc.write_corpus(family, 10, tmp_path / str(family.n_nodes_max), n_samples=4, tasks_per_shard=3)
        stream = anc.MetaIterableDataset(family, n_samples=4, batch_size=4)
        for threads in (1, 3):
            with anc.TaskLoader(corpus, batch_size=4, threads=threads) as loader:
                found = list(loader)
                assert [len(batch.X) for batch in found] == [4, 4, 2]
                for batch, expected in zip(found, itertools.islice(stream, 2), strict=False):
                    assert type(batch) is type(expected)
                    assert all(one.equal(two) for one, two in zip(batch, expected, strict=True))
            stream.seek(0)
        state = anc.TaskLoader(corpus, batch_size=4).state_dict()
        loader = anc.TaskLoader(corpus, batch_size=4)
        loader.load_state_dict({**state, "batches": 2})
        assert [len(batch.X) for batch in loader] == [2]


def test_a_family_that_no_other_process_finds_again_is_refused_beside_a_cache(tmp_path: Path) -> None:
    own = anc.SCMFamily(4, graph_generator=lambda n_nodes, *, seed: torch.zeros(n_nodes, n_nodes))
    assert not own.has_fingerprint
    assert list(anc.DataModule(own, None, {"id": own}, n_samples=8, batch_size=2).families) == ["train", "test/id"]
    with pytest.raises(anc.ConfigError, match=r"^In test/id: "):
        anc.DataModule(SMALL, None, {"id": own}, n_samples=8, batch_size=2, cache_dir=tmp_path)
