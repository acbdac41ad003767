"""A folder holds the registry of one run."""

from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from small_modules import OTHER, SMALL, module


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"train": OTHER}, r"other families \(train\)"),
        ({"test": {"id": SMALL}}, r"other families \(test/ood\)"),
        ({"base_seed": 1}, "base_seed = '0000000000000000', and this one has '0000000000000001'"),
    ],
)
def test_the_registry_of_another_run_is_not_written_over(other: dict[str, Any], says: str, tmp_path: Path) -> None:
    module(output_dir=tmp_path).setup()
    with pytest.raises(anc.ConfigError, match=rf"^output_dir = .*: holds the registry of a run with {says}; give another"):
        module(**other, output_dir=tmp_path)
    with pytest.raises(anc.ConfigError, match=says):
        module(**other).write_registry(tmp_path)
    assert anc.verify(tmp_path) == []
    module(output_dir=tmp_path, batch_size=2).setup()  # The same run, to go on.


def test_of_two_runs_that_begin_at_once_the_second_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at its end: both had been set up, and hours later the one that closed last was told."""
    first, second = module(output_dir=tmp_path), module(output_dir=tmp_path, base_seed=1)
    distances = anc.DataModule.distances

    def meanwhile(self: anc.DataModule, *arguments: Any, **settings: Any) -> Any:
        if self is second:
            first.setup()
        return distances(self, *arguments, **settings)

    monkeypatch.setattr(anc.DataModule, "distances", meanwhile)
    with pytest.raises(anc.ConfigError, match="holds the registry of a run with base_seed"):
        second.setup()
    assert anc.verify(tmp_path) == []
