"""Training loaders that users make themselves."""

from typing import Any

import pytest

import ancestral as anc


@pytest.mark.parametrize("length", [-1, 0, 2.0, True, "3"])
def test_a_pass_has_a_whole_number_of_batches(length: Any) -> None:
    stream = anc.MetaIterableDataset(anc.FamilyConfig(n_nodes=9), n_samples=4, batch_size=2)
    with pytest.raises(anc.ConfigError, match=r"^length = .*: must be a whole number from 1 to 2147483648\.$"):
        anc.data.TrainLoader(stream, anc.TaskLoader(stream), length=length)


def test_passes_go_on_after_each_other() -> None:
    stream = anc.MetaIterableDataset(anc.FamilyConfig(n_nodes=9), n_samples=4, batch_size=2)
    loader = anc.data.TrainLoader(stream, anc.TaskLoader(stream), length=2)
    found = [batch.X for _ in range(2) for batch in loader]
    assert len(loader) == 2
    whole = anc.TaskLoader(anc.MetaIterableDataset(anc.FamilyConfig(n_nodes=9), n_samples=4, batch_size=2))
    assert all(ours.equal(theirs.X) for ours, theirs in zip(found, whole, strict=False))
    assert len(found) == 4
