"""The coefficients of the elementary functions are those that scripts/elementary_coefficients.py makes."""

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from script_files import module_of

SCRIPT = Path(__file__).parents[3] / "scripts/elementary_coefficients.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return module_of(SCRIPT)


def test_the_source_has_the_numbers_that_the_script_makes(script: ModuleType) -> None:
    assert script.faults() == []


def test_each_kind_of_fault_is_found(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "SCMElementary"
    shutil.copytree(script.SOURCE, source)
    changes = [
        ("Elementary+Float.swift", "0.128816503999", "0.128816503998"),
        ("Elementary+Float.swift", "(repeating: 81.601004074)", "(repeating: 81.601004073)"),
        ("Elementary+Float.swift", "error of the fit 1.4e-8", "error of the fit 1.3e-8"),
        ("Elementary+Double.swift", "(1.0 / 5_040)", "(1.0 / 5_041)"),
        ("Elementary+Double.swift", "    sum = (42.05869394489765314498681).addingProduct(sum, z)\n", ""),
        ("NoiseFormulas.swift", "0.57721566", "0.57721567"),
        ("GammaMethod.swift", "1.0 / 3", "0.33333333"),
    ]
    for file, old, new in changes:
        text = (source / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (source / file).write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(script, "SOURCE", source)
    coefficient, bound, lane, fraction, missing, unexplained, constant = script.faults()
    assert coefficient == "Elementary+Float.swift: func logNearOne(_ f: Float: has 0.128816503998 where 0.128816503999 is made."
    assert "81.601004073 where 81.601004074 is made" in lane
    assert "1.35e-8 is above 1.3e-8" in bound
    assert "1.0 / 5_041 where 1.0 / 5040 is made" in fraction
    assert "has 12 numbers where 13 are made" in missing
    assert unexplained == "GammaMethod.swift: has 1 numbers where 0 are made: 0.33333333."
    assert constant == "NoiseFormulas.swift: has 0.57721567 where 0.57721566 is made."
