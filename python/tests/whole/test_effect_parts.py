"""The baselines and measures that the example of causal effects publishes, against their formulas."""

from typing import Any

import numpy as np
import pytest
import torch
from effect_learner.baselines import difference_in_means, linear_adjustment
from effect_learner.network import EffectLearner, ridge
from effect_learner.tasks import EffectTasks, effect_tasks
from effect_learner.training import answers, ate_error, effects, pehe
from torch import Tensor, nn

import ancestral as anc

N_COVARIATES, N_ROWS, N_ASKED = 3, 40, 7


def some_tasks(n_tasks: int = 2, *, binary: bool = False) -> EffectTasks:
    """Random numbers in the shapes of tasks; the covariates tell of the treatment."""
    torch.manual_seed(0)
    x = torch.randn(n_tasks, N_ROWS, N_COVARIATES)
    t = x[..., 0] + torch.randn(n_tasks, N_ROWS)
    t = (t > 0).float() if binary else t
    y = 2 * t - 3 * x[..., 0] + x[..., 1] + 1
    return EffectTasks(
        mask=torch.ones(n_tasks, N_COVARIATES, dtype=torch.bool), x=x, t=t, y=y,
        asked=torch.randn(n_tasks, N_ASKED, N_COVARIATES),
        arms=torch.tensor([[0.0, 1.0], [-1.5, 2.0]])[torch.arange(n_tasks) % 2],
        outcomes=torch.randn(n_tasks, N_ASKED, 2), effect=torch.randn(n_tasks, N_ASKED), average=torch.randn(n_tasks),
    )  # fmt: skip


def test_of_a_binary_treatment_it_is_the_difference_of_mean_outcomes() -> None:
    tasks = some_tasks(binary=True)
    found = difference_in_means(tasks)
    assert found.shape == tasks.effect.shape
    for i in range(2):
        y, treated = tasks.y[i].numpy(), tasks.t[i].numpy() == 1
        expected = (y[treated].mean() - y[~treated].mean()) * float(tasks.arms[i, 1] - tasks.arms[i, 0])
        assert found[i].numpy() == pytest.approx(np.full(N_ASKED, expected), rel=1e-5)


def test_of_a_continuous_treatment_it_is_the_slope_alone() -> None:
    tasks = some_tasks()
    for i, found in enumerate(difference_in_means(tasks).numpy()):
        slope = np.polyfit(tasks.t[i].numpy(), tasks.y[i].numpy(), 1)[0]
        assert found == pytest.approx(np.full(N_ASKED, slope * float(tasks.arms[i, 1] - tasks.arms[i, 0])), rel=1e-4)


def test_linear_adjustment_finds_the_coefficient_that_confounding_hides() -> None:
    tasks = some_tasks()
    wanted = (2 * (tasks.arms[:, 1] - tasks.arms[:, 0]))[:, None].expand(-1, N_ASKED)
    assert torch.allclose(linear_adjustment(tasks), wanted, rtol=1e-3)
    assert not torch.allclose(difference_in_means(tasks), wanted, rtol=0.2)


def test_the_ridges_are_least_squares_with_rows_for_their_penalty() -> None:
    tasks = some_tasks()
    tasks = tasks._replace(y=tasks.y + torch.randn(2, N_ROWS))
    columns = torch.cat([tasks.t[..., None], tasks.x, torch.ones(2, N_ROWS, 1)], dim=-1)
    for i in range(2):
        for penalty in (1e-4, 1e-2):
            k = columns.shape[-1]
            rows = np.concatenate([columns[i].double().numpy(), np.sqrt(penalty * N_ROWS) * np.eye(k)])
            expected = np.linalg.lstsq(rows, np.concatenate([tasks.y[i].double().numpy(), np.zeros(k)]), rcond=None)[0]
            assert ridge(columns, tasks.y, penalty)[i, :, 0].numpy() == pytest.approx(expected, rel=1e-3, abs=1e-4)
            if penalty == 1e-4:
                width = float(tasks.arms[i, 1] - tasks.arms[i, 0])
                assert linear_adjustment(tasks)[i].numpy() == pytest.approx(np.full(N_ASKED, expected[0] * width), rel=1e-5)


@pytest.mark.parametrize("kind", ["logistic", "continuous"])
def test_tasks_are_on_the_scale_of_their_context_rows(kind: Any) -> None:
    family = anc.SCMFamily(n_nodes=5, sparsity_param=1.5, mechanism_proportions={"mlp": 1.0})
    design = anc.Design(n_samples=30, query=6, effects=anc.Effects(treatment_kind=kind))
    fixed = anc.MetaFixedDataset(family, n_tasks=3, design=design, base_seed=0)
    batch = anc.collate([fixed[index] for index in range(3)])
    found = effect_tasks(batch)
    assert found.mask.equal(batch["covariate_mask"])
    for i in range(3):
        raw = {name: array[i].double() for name, array in batch.items()}
        centre, scale = raw["Y"].mean(), raw["Y"].std(correction=0)
        t_centre, t_scale = (0, 1) if kind == "logistic" else (raw["T"].mean(), raw["T"].std(correction=0))
        if kind == "logistic":
            ends, outcomes = torch.tensor([0.0, 1.0]), torch.stack([raw["y0"], raw["y1"]], dim=-1)
            effect, average = raw["mu1"] - raw["mu0"], raw["ate"]
        else:
            ends, outcomes = raw["grid"][[0, -1]], raw["y_at"][:, [0, -1]]
            effect, average = raw["mu_at"][:, -1] - raw["mu_at"][:, 0], raw["dose_response"][-1] - raw["dose_response"][0]
        for name, expected in {
            "t": (raw["T"] - t_centre) / t_scale, "y": (raw["Y"] - centre) / scale, "arms": (ends - t_centre) / t_scale,
            "outcomes": (outcomes - centre) / scale, "effect": effect / scale, "average": average / scale,
        }.items():  # fmt: skip
            assert getattr(found, name)[i].shape == expected.shape
            assert torch.allclose(getattr(found, name)[i].double(), expected.double(), rtol=1e-4, atol=1e-5), name
        held = raw["X"].std(0, correction=0) > 0
        for name, rows in (("x", raw["X"]), ("asked", raw["X_query"])):
            expected = ((rows - raw["X"].mean(0)) / raw["X"].std(0, correction=0))[:, held]
            assert torch.allclose(getattr(found, name)[i].double()[:, held], expected, rtol=1e-4, atol=1e-5), name


class Told(nn.Module):
    """Answers with 10 times the arm and the question's first covariate, and nothing while it is trained."""

    def forward(self, mask: Tensor, x: Tensor, t: Tensor, y: Tensor, asked: Tensor, arm: Tensor) -> Tensor:
        return (0 if self.training else 10) * arm * (1 + asked[..., 0])


def test_each_arm_is_asked_about_for_each_row() -> None:
    tasks, network = some_tasks(), Told()
    wanted = 10 * tasks.arms[:, None, :] * (1 + tasks.asked[..., :1])
    assert torch.allclose(answers(network.eval(), tasks), wanted)  # type: ignore[arg-type]


def test_the_effect_is_the_second_arm_less_the_first_of_every_task() -> None:
    tasks, network = some_tasks(70), Told()
    wanted = 10 * (tasks.arms[:, 1:] - tasks.arms[:, :1]) * (1 + tasks.asked[..., 0])
    assert torch.allclose(effects(network, tasks), wanted, atol=1e-5)  # type: ignore[arg-type]
    assert network.training


def test_errors_are_medians_over_tasks() -> None:
    tasks = some_tasks(3)._replace(effect=torch.tensor([[1.0, 2.0]] * 3), average=torch.tensor([1.0, 1.0, 1.0]))
    found = torch.tensor([[3.0, 4.0], [1.0, -1.0], [9.0, -9.0]])
    # Roots of the means of 4 and 4, of 0 and 9, of 64 and 121; means 3.5, 0 and 0 are off 1 by 2.5, 1 and 1.
    assert pehe(found, tasks) == pytest.approx(4.5**0.5)
    assert ate_error(found, tasks) == pytest.approx(1.0)
    assert ate_error(found + torch.tensor([[0.0], [3.0], [9.0]]), tasks) == pytest.approx(2.5)


def learner() -> EffectLearner:
    torch.manual_seed(0)
    return EffectLearner(N_COVARIATES, width=16, heads=2, blocks=2).eval()


def asked_of(network: EffectLearner, tasks: EffectTasks) -> Tensor:
    with torch.no_grad():
        return network(tasks.mask, tasks.x, tasks.t, tasks.y, tasks.asked, tasks.asked[..., 0])


def test_before_training_it_answers_with_the_ridge_regression() -> None:
    tasks = some_tasks()
    columns = torch.cat([tasks.t[..., None], tasks.x, torch.ones(2, N_ROWS, 1)], dim=-1)
    questions = torch.cat([tasks.asked[..., :1], tasks.asked, torch.ones(2, N_ASKED, 1)], dim=-1)
    assert torch.allclose(asked_of(learner(), tasks), (questions @ ridge(columns, tasks.y))[..., 0], atol=1e-5)


def test_the_order_of_context_rows_says_nothing_and_their_outcomes_do() -> None:
    network, tasks = learner(), some_tasks()
    nn.init.normal_(network.answer[-1].weight)  # type: ignore[arg-type]
    found, order = asked_of(network, tasks), torch.randperm(N_ROWS)
    moved = tasks._replace(x=tasks.x[:, order], t=tasks.t[:, order], y=tasks.y[:, order])
    assert torch.allclose(asked_of(network, moved), found, atol=1e-4)
    # Residuals of the ridge regression alone: the line stays what it was.
    columns = torch.cat([tasks.t[..., None], tasks.x, torch.ones(2, N_ROWS, 1)], dim=-1)
    noise = torch.randn(2, N_ROWS)
    noise = noise - (columns @ torch.linalg.lstsq(columns, noise[..., None]).solution)[..., 0]
    assert not torch.allclose(asked_of(network, tasks._replace(y=tasks.y + noise)), found, atol=1e-2)
    # What one is asked about says nothing of another.
    other = tasks._replace(asked=torch.cat([tasks.asked[:, :1], torch.randn(2, N_ASKED - 1, N_COVARIATES)], dim=1))
    assert torch.allclose(asked_of(network, other)[:, 0], found[:, 0], atol=1e-4)
