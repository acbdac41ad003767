"""Memory of large batches is written again only when nothing can read the batch any more."""

import copy
import io
import pickle
from collections.abc import Callable
from itertools import islice
from typing import Any, cast

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._data.batches.kept_memory import KeptMemory

# 1.2 MB of rows in each batch, which are kept, and 3 KB of graphs, which are the allocator's.
FAMILY = anc.SCMFamily(5, sparsity_param=1.0)
BATCH, ROWS = 32, 2000


def stream(**settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(FAMILY, n_samples=ROWS, batch_size=BATCH, **settings)


def loader(threads: int) -> anc.TaskLoader:
    return anc.TaskLoader(stream(), batch_size=BATCH, threads=threads)


def test_memory_is_used_again_once_a_batch_is_dropped() -> None:
    places: set[int] = set()
    for x, _ in islice(stream(), 12):
        places.add(x.data_ptr())
    assert len(places) <= 3  # One is held by the loop while the next is drawn.


def test_a_loader_needs_no_more_than_what_waits_in_it() -> None:
    places: set[int] = set()
    with loader(2) as batches:
        for x, _ in islice(batches, 40):
            places.add(x.data_ptr())
    # Two more than threads and prefetch at a time: the loop's, and the one it takes. A fifth idle piece is given back, and made
    # again elsewhere; that is seldom, while a loader that kept all would have 40.
    assert len(places) <= 2 * (2 + batches.prefetch + 2)


HOLD: dict[str, Callable[[torch.Tensor], Any]] = {
    "the tensor": lambda x: x,
    "a view": lambda x: x[3, 5:7],
    "a row of a transposed view": lambda x: x.transpose(0, 1)[1],
    "an array of numpy": lambda x: x.numpy(),
    "a part of that array": lambda x: x.numpy()[2],
    "a buffer": lambda x: memoryview(cast(Any, x.numpy())),
    "what DLPack made": lambda x: np.from_dlpack(x),
    "its storage": lambda x: x.untyped_storage(),
    "a detached tensor": lambda x: x.detach(),
    "a parameter": lambda x: torch.nn.Parameter(x),
}


def content(held: Any) -> bytes:
    if isinstance(held, torch.UntypedStorage):
        return bytes(torch.tensor([], dtype=torch.uint8).set_(held).numpy())
    return (held.detach().numpy() if isinstance(held, torch.Tensor) else np.asarray(held)).tobytes()


@pytest.mark.parametrize("how", HOLD)
def test_what_is_held_stays_as_it_is(how: str) -> None:
    held: list[Any] = []
    before: list[bytes] = []
    for x, _ in islice(stream(), 6):
        held.append(HOLD[how](x))
        before.append(content(held[-1]))
        del x
    assert len(set(before)) == 6
    assert [content(each) for each in held] == before


def test_batches_that_are_kept_are_those_that_are_dropped() -> None:
    kept = list(islice(loader(2), 8))
    for (x, graph), again in zip(kept, loader(2), strict=False):
        assert x.equal(again.X)
        assert graph.equal(again.adjacency)


def test_memory_outlives_the_pass_that_it_came_from() -> None:
    passes = iter(stream())
    x = next(passes).X
    before = content(x)
    del passes
    for _ in islice(stream(base_seed=1), 4):
        pass
    assert content(x) == before


def test_tensors_are_ordinary() -> None:
    with torch.inference_mode(), torch.device("meta"):
        x = next(iter(stream())).X
    assert not x.is_inference()
    assert x.device.type == "cpu"
    assert x.data_ptr() % 64 == 0
    assert x.untyped_storage().nbytes() == x.nbytes  # So that torch.save writes no more.
    assert copy.deepcopy(x).equal(x)
    assert pickle.loads(pickle.dumps(x)).equal(x)
    saved = io.BytesIO()
    torch.save(x, saved)
    assert len(saved.getvalue()) < x.nbytes + 4096
    assert x.clone().share_memory_().equal(x)
    x.mul_(2).requires_grad_()
    x.sum().backward()
    assert x.grad is not None


def test_pieces_serve_batches_of_other_sizes() -> None:
    kept = KeptMemory()
    first = kept.empty("X", (1 << 20,), torch.float32)
    place = first.data_ptr()
    del first
    smaller = kept.empty("X", (3 << 18,), torch.float32)
    assert smaller.data_ptr() == place
    assert smaller.untyped_storage().nbytes() == smaller.nbytes
    mask = kept.empty("mask", (1 << 20,), torch.bool)  # Another name has pieces of its own.
    assert mask.dtype == torch.bool
    assert mask.data_ptr() != place
    del smaller
    kept.empty("X", (1 << 22,), torch.float32)  # Too large for the piece, which is given back.
    assert [whole.nbytes for whole in kept._idle["X"]] == [1 << 24]  # pyright: ignore[reportPrivateUsage]
    kept.empty("X", (1 << 20,), torch.float32)  # Far too small.
    assert [whole.nbytes for whole in kept._idle["X"]] == [1 << 22]  # pyright: ignore[reportPrivateUsage]


def test_of_many_that_are_dropped_few_are_kept() -> None:
    kept = KeptMemory()
    held = [kept.empty("X", (1 << 20,), torch.uint8) for _ in range(20)]
    assert len({tensor.data_ptr() for tensor in held}) == 20
    held.clear()
    assert len(kept._idle["X"]) == 4  # pyright: ignore[reportPrivateUsage]
    assert not copy.deepcopy(kept)._idle  # pyright: ignore[reportPrivateUsage]


def test_memory_that_is_not_there_is_told() -> None:
    with pytest.raises(anc.EngineError, match="would take"):
        KeptMemory().empty("X", (1 << 50,), torch.float32)
