"""Columns that are the same in all rows, among those that decide which cells and which rows are seen."""

from pathlib import Path

import pytest
import torch

import ancestral as anc

# A quantile of 256 calibration rows is off by at most 1/(2·√256) in the shares below: one standard error.
BAND = 5 / (2 * 256**0.5)

# Of 256 rows the first variable's state is the second one in all, but for one task in 4000.
NETWORK = """network few {}
variable a { type discrete [ 2 ] { rare, usual }; }
variable b { type discrete [ 2 ] { yes, no }; }
variable c { type discrete [ 2 ] { yes, no }; }
probability ( a ) { table 0.000001, 0.999999; }
probability ( b ) { table 0.4, 0.6; }
probability ( c | b ) { (yes) 0.3, 0.7; (no) 0.6, 0.4; }
"""


def held() -> anc.SCMInstance:
    return anc.SCMFamily(n_nodes=5).sample_task(3).do({0: 1.0})


def of_network(path: Path) -> anc.SCMInstance:
    (path / "few.bif").write_text(NETWORK, encoding="utf-8")
    return anc.network(path / "few.bif").sample_task(1)


@pytest.mark.parametrize("kind", ["held", "network"])
@pytest.mark.parametrize("slope", [1.0, -3.0])
def test_they_leave_the_share_of_holes_as_it_is(kind: str, slope: float, tmp_path: Path) -> None:
    task = held() if kind == "held" else of_network(tmp_path)
    observation = anc.Observation(missing="graph", missing_rate=0.2, missing_causes=16, missing_slope=slope)
    found = task.run(anc.Design(n_samples=4000, observation=observation), draw=0)
    missing = (~found["observed"]).float().mean(0)
    torch.testing.assert_close(missing, torch.full_like(missing, 0.2), rtol=0, atol=BAND + 5 * (0.25 / 4000) ** 0.5)


@pytest.mark.parametrize("kind", ["held", "network"])
def test_they_leave_the_share_of_rows_that_are_kept_as_it_is(kind: str, tmp_path: Path) -> None:
    task = held() if kind == "held" else of_network(tmp_path)
    found = task.run(anc.Design(n_samples=4000, selection=anc.Selection(kept=0.5, causes=16)), draw=0)
    share = 1 / float(found["tries"].float().mean())
    assert share == pytest.approx(0.5, abs=BAND + 5 * (0.25 / 8000) ** 0.5)
