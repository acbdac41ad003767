"""Single tasks of a stream, which are drawn a few ahead."""

import itertools

import torch

import ancestral as anc

FAMILY = anc.SCMFamily(5, sparsity_param=1.0)


def test_a_task_that_is_kept_keeps_no_other_one_in_memory() -> None:
    for task in itertools.islice(anc.MetaIterableDataset(FAMILY, n_samples=9), 30):
        for tensor in (task.X, task.adjacency):
            assert tensor.untyped_storage().nbytes() == tensor.nbytes


def test_what_was_drawn_ahead_is_forgotten_with_a_state() -> None:
    stream = iter(anc.MetaIterableDataset(FAMILY, n_samples=9, base_seed=3))
    first = list(itertools.islice(stream, 2))
    state = stream.state_dict()
    next_ones = list(itertools.islice(stream, 9))  # After 1, 2, 4 and 8 tasks some are left.
    for _ in range(2):
        stream.load_state_dict(state)
        again = list(itertools.islice(stream, 9))
        assert all(torch.equal(a.X, b.X) for a, b in zip(again, next_ones, strict=True))
    assert not any(torch.equal(first[0].X, task.X) for task in next_ones)
