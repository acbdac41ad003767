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
