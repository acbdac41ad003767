"""collate, pad_collate and per-task normalisation."""

import functools
import itertools
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import forward_ad
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._data.batches.normalize import ColumnMap, normalize_rows

FAMILY = anc.SCMFamily(6)
RAGGED = anc.SCMFamily(5, n_nodes_max=20, sparsity_param=1.0)
# What float32 keeps of statistics over a few hundred rows.
CLOSE = {"rtol": 1e-5, "atol": 1e-5}


def tasks(count: int, family: anc.SCMFamily = FAMILY, n_samples: int = 201) -> list[Any]:
    return list(itertools.islice(anc.MetaIterableDataset(family, n_samples=n_samples), count))


def test_stacks_tasks_and_x_alone() -> None:
    items = tasks(5)
    batch = anc.collate(items)
    assert type(batch) is anc.Task
    assert batch.X.equal(torch.stack([task.X for task in items]))
    assert batch.adjacency.equal(torch.stack([task.adjacency for task in items]))
    alone = anc.collate([task.X for task in items])
    assert isinstance(alone, torch.Tensor)
    assert alone.equal(batch.X)


def test_standardizes_by_population_statistics() -> None:
    x = anc.collate(tasks(5), normalize="standardize").X
    raw = anc.collate(tasks(5)).X.double()
    expected = (raw - raw.mean(1, keepdim=True)) / raw.std(1, keepdim=True, correction=0)
    torch.testing.assert_close(x, expected.float(), **CLOSE)


def test_robust_is_median_and_interquartile_range() -> None:
    x = anc.collate(tasks(5), normalize="robust").X
    raw = anc.collate(tasks(5)).X.double().numpy()
    low, middle, high = np.quantile(raw, [0.25, 0.5, 0.75], axis=1, keepdims=True)
    torch.testing.assert_close(x, torch.tensor((raw - middle) / (high - low) * 1.3489795).float(), **CLOSE)


@pytest.mark.parametrize("normalize", ["standardize", "robust"])
@pytest.mark.parametrize("n_samples", [1, 2, 3, 64, 201, 1000])
def test_a_task_has_the_same_numbers_alone_and_beside_others(normalize: str, n_samples: int) -> None:  # Bug report 26.
    items = tasks(33, n_samples=n_samples)
    together = anc.collate(items, normalize=normalize).X
    threads = torch.get_num_threads()
    try:
        for torch_threads in (1, 2):
            torch.set_num_threads(torch_threads)
            for index in (0, 1, 17, 32):
                assert anc.collate([items[index]], normalize=normalize).X[0].equal(together[index])
                assert anc.pad_collate([items[index]], normalize=normalize).X[0].equal(together[index])
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("normalize", ["standardize", "robust"])
def test_a_constant_column_becomes_0(normalize: str) -> None:
    task = tasks(1)[0]
    for value in (0.0, 0.1, -1e9, 3e-39):
        task.X[:, 2] = value
        x = anc.collate([task], normalize=normalize).X
        assert torch.isfinite(x).all()
        assert not x[0, :, 2].any()
        assert x[0, :, 1].any()


@pytest.mark.parametrize("normalize", ["standardize", "robust"])
@pytest.mark.parametrize("exponent", [-100, -80, -60, 60, 64, 100, 124])  # Squares leave float32 from 64 and -75 on.
def test_a_power_of_two_changes_no_bit(exponent: int, normalize: str) -> None:
    task = tasks(1)[0]
    right = anc.collate([task], normalize=normalize).X
    columns = torch.tensor([0, exponent, exponent, 0, exponent, 0])  # Beside others of another size.
    large = task.X.double() * 2.0 ** columns.double()
    assert bool((large.abs().max() <= torch.finfo(torch.float32).max) & (large.abs()[large != 0].min() > 1e-37))
    assert anc.collate([task._replace(X=large.float())], normalize=normalize).X.equal(right)
    padded = anc.pad_collate([task._replace(X=large.float())], normalize=normalize, n_nodes=8).X
    assert padded[..., :6].equal(right)


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-38, 1.0, 1e38, 1e300, 1e308])
def test_float64_of_any_size_has_mean_0_and_deviation_1(scale: float) -> None:
    signs = torch.tensor([[1.0], [-1.0]] * 100, dtype=torch.float64)
    x = anc.collate([signs * scale], normalize="standardize")
    assert isinstance(x, torch.Tensor)
    torch.testing.assert_close(x[0], signs, rtol=1e-12, atol=0)


def test_the_whole_range_of_float32_fits() -> None:
    largest = torch.finfo(torch.float32).max
    x = torch.tensor([[largest, 1e-45], [-largest, 0.0]])
    assert anc.collate([x], normalize="standardize").tolist() == [[[1.0, 1.0], [-1.0, -1.0]]]


def test_half_precision_and_whole_numbers_are_computed_in_float32() -> None:
    x = tasks(1)[0].X
    half = anc.collate([(x / x.std(dim=0) * 2000).half()], normalize="standardize")  # The sum of squares is beyond 65504.
    assert isinstance(half, torch.Tensor)
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.float().std(dim=1, correction=0), torch.ones(1, 6), rtol=1e-3, atol=1e-3)
    counts = torch.tensor([[1], [3]])
    assert anc.collate([counts], normalize="standardize").tolist() == [[[-1.0], [1.0]]]
    padded = anc.pad_collate([anc.Task(counts, torch.zeros(1, 1))], normalize="standardize", n_nodes=2).X
    assert padded.tolist() == [[[-1.0, 0.0], [1.0, 0.0]]]


@pytest.mark.parametrize("how", ["standardize", "robust"])
def test_columns_of_whole_numbers_become_float32(how: str) -> None:
    x = torch.arange(24).reshape(12, 2) ** 2
    found = normalize_rows(x, how)
    assert found.dtype == torch.float32
    assert found.equal(normalize_rows(x.float(), how) if how == "robust" else ColumnMap.of(x.float(), how).moved(x))


@pytest.mark.parametrize("exponent", [-101, 101])
def test_differences_of_any_size_are_scaled_as_their_columns_are(exponent: int) -> None:
    x = -torch.rand(50, 3, generator=torch.Generator().manual_seed(0))  # 0 is the largest, but not of the largest size.
    x[0] = 0
    plain, far = ColumnMap.of(x, "standardize"), ColumnMap.of(x * 2.0**exponent, "standardize")
    assert far.scaled(x * 2.0**exponent).equal(plain.scaled(x))
    assert far.moved(x * 2.0**exponent).equal(plain.moved(x))
    torch.testing.assert_close(plain.scaled(x), (x.double() / x.double().std(0, correction=0)).float(), rtol=1e-6, atol=0)


def test_a_batch_is_normalised_without_values_as_under_vmap_and_compile() -> None:
    x = torch.stack([task.X for task in tasks(3)])
    assert anc.collate(x.to("meta"), normalize="robust").shape == x.shape
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 13):
        pytest.skip("torch 2.11 has no rule for `view(dtype)` under vmap")
    mapped = torch.vmap(lambda one: anc.collate([one], normalize="standardize")[0])(x)
    # The engine's, which vmap can't call.
    torch.testing.assert_close(mapped, anc.collate(x, normalize="standardize"), **CLOSE)


@pytest.mark.parametrize("n_nodes", [1, 3, 8, 20])
@pytest.mark.parametrize("n_samples", [1, 2, 33, 1000])
def test_the_engine_standardizes_as_torch_does(n_nodes: int, n_samples: int) -> None:
    x = torch.randn(4, n_samples, n_nodes, generator=torch.Generator().manual_seed(n_nodes)) * 3 + torch.arange(n_nodes)
    x[1, :, 0] = 0.7
    plain = ColumnMap.of(x, "standardize").moved(x)
    kept = x.clone()
    torch.testing.assert_close(normalize_rows(x, "standardize"), plain, **CLOSE)
    assert x.equal(kept)
    # Rows that lie elsewhere, and those of a larger tensor.
    turned = x.transpose(1, 2).contiguous().transpose(1, 2)
    assert normalize_rows(turned, "standardize").equal(normalize_rows(x, "standardize"))
    # Nothing but its own rows has a part in a column, to the bit.
    alone = torch.cat([normalize_rows(x[2:3, :, j : j + 1].contiguous(), "standardize") for j in range(n_nodes)], dim=2)
    assert alone.equal(normalize_rows(x, "standardize")[2:3])
    # In float64, of which the engine's are the float32 nearest up to the last bit.
    wide = normalize_rows(x.double(), "standardize")
    torch.testing.assert_close(normalize_rows(x, "standardize"), wide.float(), rtol=2**-22, atol=2**-40)


def test_a_value_that_is_not_finite_takes_its_column_alone() -> None:
    x = tasks(1)[0].X
    for value in (torch.nan, torch.inf, -torch.inf):
        wrong = x.clone()
        wrong[7, 2] = value
        found, plain = normalize_rows(wrong, "standardize"), ColumnMap.of(wrong, "standardize").moved(wrong)
        assert found[:, 2].equal(plain[:, 2]) or bool(found[:, 2].isnan().equal(plain[:, 2].isnan()))
        kept = [0, 1, 3, 4, 5]
        assert found[:, kept].equal(normalize_rows(x, "standardize")[:, kept])


def test_a_gradient_flows_through_torch() -> None:
    x = tasks(1)[0].X.clone().requires_grad_()
    normalize_rows(x, "standardize")[:, 0].square().sum().backward()
    assert x.grad is not None
    # What has deviation 1 whatever it was has no slope.
    assert float(x.grad.abs().max()) < 1e-4
    with torch.no_grad():
        assert normalize_rows(x, "standardize").equal(normalize_rows(x.detach(), "standardize"))


@pytest.mark.filterwarnings("ignore:.torch.jit")  # torch's of itself.
def test_a_derivative_along_values_flows_through_torch() -> None:
    x = tasks(1)[0].X
    weights = torch.linspace(-1, 1, x.numel()).view_as(x)
    with forward_ad.dual_level():
        moved = normalize_rows(forward_ad.make_dual(x, x.sin()), "standardize")
        along = forward_ad.unpack_dual(moved).tangent
    asked = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad((normalize_rows(asked, "standardize") * weights).sum(), asked)
    assert along is not None
    torch.testing.assert_close((along * weights).sum(), (slope * x.sin()).sum(), rtol=1e-4, atol=1e-4)


def test_robust_scales_a_column_that_is_mostly_one_value() -> None:
    task = tasks(1)[0]
    task.X[:, 0] = torch.tensor([0.0] * 190 + [5.0] * 11)
    x = anc.collate([task], normalize="robust").X[0, :, 0]
    assert x.unique().numel() == 2
    assert torch.isfinite(x).all()


def test_a_column_far_from_0_keeps_its_shape() -> None:
    task = tasks(1)[0]
    task.X[:, 0] = 1e5 + torch.arange(201.0)
    x = anc.collate([task], normalize="standardize").X[0, :, 0]
    expected = (torch.arange(201.0).double() - 100) / torch.arange(201.0).double().std(correction=0)
    torch.testing.assert_close(x, expected.float(), **CLOSE)


@pytest.mark.parametrize("normalize", ["none", "standardize", "robust"])
def test_takes_what_is_stacked_already(normalize: str) -> None:
    collate = functools.partial(anc.collate, normalize=normalize)
    stacked = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=201, batch_size=5)))
    batch = collate(stacked)
    assert type(batch) is anc.Task
    assert batch.X.equal(collate(tasks(5)).X)
    assert collate(stacked.X).equal(batch.X)
    padded = next(iter(anc.MetaIterableDataset(RAGGED, n_samples=201, batch_size=5)))
    assert type(collate(padded)) is anc.PaddedTask
    assert collate(padded).X.equal(anc.pad_collate(tasks(5, RAGGED), normalize=normalize, n_nodes=20).X)
    assert pickle.loads(pickle.dumps(collate))(stacked).X.equal(batch.X)


def test_pads_ragged_tasks_with_a_mask() -> None:  # Bug report 15.
    items = tasks(20, RAGGED)
    batch = anc.pad_collate(items)
    width = max(task.X.shape[1] for task in items)
    assert type(batch) is anc.PaddedTask
    assert (batch.X.shape, batch.adjacency.shape, batch.node_mask.shape) == ((20, 201, width), (20, width, width), (20, width))
    for index, task in enumerate(items):
        mask = batch.node_mask[index]
        assert mask.sum() == task.X.shape[1]
        assert batch.X[index][:, mask].equal(task.X)
        assert batch.adjacency[index][mask][:, mask].equal(task.adjacency)
        assert not batch.X[index][:, ~mask].any()
        assert batch.adjacency[index].sum() == task.adjacency.sum()
    assert anc.pad_collate(items, n_nodes=30).X.shape == (20, 201, 30)


def test_buckets_leave_few_widths() -> None:
    items = tasks(60, RAGGED)
    whole = [anc.pad_collate(items[first : first + 2]) for first in range(0, 60, 2)]
    buckets = [anc.pad_collate(items[first : first + 2], bucket=8) for first in range(0, 60, 2)]
    assert len({batch.X.shape[2] for batch in whole}) > 3
    assert {batch.X.shape[2] for batch in buckets} <= {8, 16, 24}
    for one, two in zip(whole, buckets, strict=True):
        assert two.X[:, :, : one.X.shape[2]].equal(one.X)
        assert two.node_mask.sum() == one.node_mask.sum()
    with pytest.raises(anc.ConfigError, match=r"^bucket = 0: must be"):
        anc.pad_collate(items, bucket=0)


def test_a_ragged_batch_is_an_error_that_names_pad_collate() -> None:  # Bug report 15.
    loader = DataLoader(anc.MetaIterableDataset(RAGGED, n_samples=4), batch_size=20, collate_fn=anc.collate)
    with pytest.raises(anc.ConfigError, match=r"tasks of 5, .* nodes .*anc\.pad_collate"):
        next(iter(loader))


@pytest.mark.parametrize("collate", [anc.collate, anc.pad_collate])
@pytest.mark.parametrize("batch", [[], "text", [1, 2], [None], 7, [torch.zeros(3)], ([torch.zeros(2, 2), 1])])
def test_refuses_what_holds_no_tasks(collate: Any, batch: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^batch holds .*: must be a list"):
        collate(batch)


@pytest.mark.parametrize("collate", [anc.collate, anc.pad_collate])
@pytest.mark.parametrize("stacked", [False, True])
def test_refuses_tasks_of_other_than_tensors(collate: Any, stacked: bool) -> None:
    x, graph = np.zeros((3, 2), np.float32), np.zeros((2, 2), np.float32)
    for task in (anc.Task(x, graph), anc.Task(torch.from_numpy(x), graph)):  # pyright: ignore[reportArgumentType]
        with pytest.raises(anc.ConfigError, match=r"^batch has ndarray in a task: must have tensors"):
            collate(task if stacked else [task])


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(anc.ConfigError, match=r"^normalize = 'zscore': must be one of 'none', 'standardize', 'robust'"):
        anc.collate(tasks(2), normalize="zscore")
    with pytest.raises(anc.ConfigError, match=r"^n_nodes = 3: must be at least 6"):
        anc.pad_collate(tasks(2), n_nodes=3)
    with pytest.raises(anc.ConfigError, match=r"^batch holds tasks of 4, 5 rows"):
        anc.pad_collate([*tasks(1, n_samples=4), *tasks(1, n_samples=5)])


@pytest.mark.parametrize("how", ["none", "standardize", "robust"])
def test_padding_takes_a_dtype_that_holds_all_tasks(how: str) -> None:
    """As stacking does, whichever task stands first."""
    whole = anc.Task(torch.arange(12).reshape(4, 3), torch.zeros(3, 3, dtype=torch.bool))
    parts = anc.Task(torch.arange(12.0, dtype=torch.float64).reshape(4, 3) / 8, torch.full((3, 3), 0.5))
    for batch in ([whole, parts], [parts, whole]):
        found, right = anc.pad_collate(batch, normalize=how), [anc.collate(task, normalize=how) for task in batch]
        assert (found.X.dtype, found.adjacency.dtype) == (torch.float64, torch.float32)
        for x, adjacency, task in zip(found.X, found.adjacency, right, strict=True):
            assert x.equal(task.X.double())
            assert adjacency.equal(task.adjacency.float())
