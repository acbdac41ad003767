"""All public modules are reached from the package, and those that few need are imported when somebody says their name."""

import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from typing import Any

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


def callables(module: Any) -> Iterator[Callable[..., Any]]:
    """A module's public functions and classes, and their methods."""
    for name in dir(module):
        thing = getattr(module, name)
        if not name.startswith("_") and callable(thing) and str(getattr(thing, "__module__", "")).startswith("ancestral."):
            yield thing
            for method in vars(thing).values() if isinstance(thing, type) else ():
                if callable(method) and getattr(method, "__module__", None) == thing.__module__:
                    yield method


@pytest.mark.parametrize("name", ["", "analysis", "data", "evaluation", "formats", "generators", "mechanisms"])
def test_hints_are_told_without_the_packages_of_extras(name: str) -> None:  # As of matplotlib #28977.
    module = getattr(anc, name) if name else anc
    found = [typing.get_type_hints(thing) for thing in callables(module)]
    assert any(found)
