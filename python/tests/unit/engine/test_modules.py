"""All public modules are reached from the package, and those that few need are imported when somebody says their name."""

import subprocess
import sys

import pytest

import ancestral as anc

LATER = ("evaluation", "formats", "generators", "integrations", "mechanisms")


@pytest.mark.parametrize("name", ["analysis", "data", *LATER])
def test_a_public_module_is_reached_and_listed(name: str) -> None:
    assert getattr(anc, name).__name__ == f"ancestral.{name}"
    assert name in dir(anc)


@pytest.mark.parametrize("name", ["hydra", "lightning", "ray"])
def test_an_integration_is_reached_and_listed(name: str) -> None:
    pytest.importorskip(name)
    assert getattr(anc.integrations, name).__name__ == f"ancestral.integrations.{name}"
    assert name in dir(anc.integrations)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'ancestral' has no attribute 'evaluations'"):
        _ = anc.evaluations  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]


def test_it_is_imported_when_it_is_named() -> None:
    program = (
        "import sys, ancestral as anc\n"
        "assert 'ancestral.evaluation' not in sys.modules and 'ancestral.formats' not in sys.modules\n"
        "assert anc.evaluation.f1([[0, 1], [0, 0]], [[0, 1], [0, 0]]) == 1\n"
        "assert 'ancestral.evaluation' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_integrations_import_no_library_before_it_is_named() -> None:
    program = (
        "import sys, ancestral as anc\n"
        "assert 'lightning' in dir(anc.integrations) and not {'hydra', 'lightning', 'ray'} & set(sys.modules)\n"
        "assert not hasattr(anc.integrations, 'keras') and not hasattr(anc.integrations, '__path_of_nothing__')"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
