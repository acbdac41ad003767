"""collate where the rows that statistics come from are all alike in a column, and others are not."""

import pytest
import torch

import ancestral as anc

FAMILY = anc.SCMFamily(3, sparsity_param=0.5)
EVERYWHERE = anc.Interventions(n_samples=4, regimes=1, targets=3, values_per="regime", values="uniform")


@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("constant", [0.0, 1e-6, -1e-10, 1e-30, 1e-40, -1e6, 1e13, 1e25])
@pytest.mark.parametrize("holes", [False, True])
def test_other_rows_keep_their_distance_from_a_constant_column(how: str, constant: float, holes: bool) -> None:
    """A scale of 1, however small or large the constant is."""
    observation = anc.Observation(missing_rate=0.001, missing_slope=0.0) if holes else None
    design = anc.Design(n_samples=4, interventions=EVERYWHERE, observation=observation)
    given = FAMILY.sample_task(0).run(design, draw=0)
    x = given["X"].clone()
    x[:4, 0] = constant
    x[4:, 0] = torch.tensor([1.0, -2.0, 3.0, 0.5]) * max(1.0, abs(constant))
    batch = anc.ExperimentData({**given, "X": x}, given.layout)
    moved = anc.collate([batch], normalize=how, rows="observational")
    right = x[:, 0].double() - x[0, 0].double()
    torch.testing.assert_close(moved["X"][0, :, 0].double(), right, rtol=1e-6, atol=0.0)
    value = given["values"][1, 0].double() - x[0, 0].double()
    torch.testing.assert_close(moved["values"][0, 1, 0].double(), value, rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("constant", [1e-10, 1e25])
def test_effects_on_a_constant_outcome_are_as_they_are(how: str, constant: float) -> None:
    given = FAMILY.sample_task(0).run(anc.Design(n_samples=40, query=10, effects=anc.Effects()), draw=0)
    batch = anc.ExperimentData({**given, "Y": torch.full_like(given["Y"], constant)}, given.layout)
    moved = anc.collate([batch], normalize=how)
    assert moved["Y"].eq(0).all()
    assert moved["ate"][0] == given["ate"]
    assert moved["mu0_se"][0].equal(given["mu0_se"])
    torch.testing.assert_close(moved["y1"][0].double(), given["y1"].double() - batch["Y"][0].double(), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("how", ["standardize", "robust"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_constant_column_has_a_gradient(how: str, dtype: torch.dtype) -> None:
    """That of its rows' distances from their centre, as its scale is 1 whatever happens to it."""
    x = torch.randn(9, 3, generator=torch.Generator().manual_seed(0), dtype=dtype)
    x[:, 1] = 2.0
    x.requires_grad_()
    weight = torch.randn(9, 3, generator=torch.Generator().manual_seed(1), dtype=dtype)
    (found,) = torch.autograd.grad((anc.collate(x, normalize=how) * weight).sum(), x)
    assert found.isfinite().all()
    assert found[:, 1].sum().abs() < 1e-5  # Moving all rows changes nothing.
    alone = x.detach()[:, [0, 2]].requires_grad_()
    (others,) = torch.autograd.grad((anc.collate(alone, normalize=how) * weight[:, [0, 2]]).sum(), alone)
    assert found[:, [0, 2]].equal(others)
