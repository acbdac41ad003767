"""Short runs of scripts/faults; docs/faults.md says what the long ones gave."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow


def test_no_arguments_of_the_c_functions_harm_the_process(python: Callable[..., str]) -> None:  # R20
    assert "no trap" in python("scripts/faults/fuzz_c.py", "--calls", "15000", "--seed", "3")


def test_forked_children_draw_under_load(python: Callable[..., str]) -> None:  # R16
    assert "{'status 0': 100}" in python("scripts/faults/fork_storm.py", "--forks", "100")


def test_a_killed_writer_leaves_no_half_file(python: Callable[..., str]) -> None:
    assert "all whole" in python("scripts/faults/kill_writes.py", "--kills", "8")
