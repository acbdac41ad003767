"""Worker processes that a scheduler ends, as SLURM does before a preemption."""

import contextlib
import itertools
import multiprocessing

import ancestral as anc
from small_streams import tasks


def test_a_state_counts_what_was_taken_when_workers_are_ended(family: anc.SCMFamily) -> None:
    def module() -> anc.DataModule:
        return anc.DataModule(family, val=None, test=None, n_samples=3, batch_size=2, num_workers=2)

    seen: list[bytes] = []
    data = module()
    with contextlib.suppress(RuntimeError, EOFError, OSError):  # What torch makes of it.
        for batch in data.train_dataloader():
            seen += tasks([batch], 1)
            if len(seen) == 6:
                for worker in multiprocessing.active_children():
                    worker.terminate()
            assert len(seen) < 1000
    again = module()
    again.load_state_dict(data.state_dict())
    whole = tasks(anc.MetaIterableDataset(family, n_samples=3, batch_size=2), len(seen) // 2 + 2)
    assert len(seen) < 1000
    for place in (data, again):
        assert seen + tasks(itertools.islice(place.train_dataloader(), 2), 2) == whole
        place.close()
