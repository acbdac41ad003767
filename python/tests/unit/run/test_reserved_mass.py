"""Whether training can keep clear of the reserved graphs: the estimate, the warning and the refusal."""

import itertools
import math

import pytest
import torch

import ancestral as anc
from ancestral._data.loader.fixed_batches import FixedBatches
from ancestral._data.stream.rank import Rank
from ancestral._run.reserved_mass import check_overlap

# Every pair of nodes is joined with probability 1/2.
PAIR = anc.SCMFamily(2, sparsity_param=0.25)
FIVE = anc.SCMFamily(5, sparsity_param=1.0)


def reserve(family: anc.SCMFamily, count: int, level: str = "exact") -> anc.HashRegistry:
    return anc.HashRegistry(anc.MetaFixedDataset(family, n_tasks=count, n_samples=0).graph_hashes(level), level=level)


@pytest.mark.parametrize(("level", "exist"), [("exact", 3), ("mec", 2), ("iso", 2)])
def test_25_validation_graphs_of_2_nodes_are_refused_in_words(level: str, exist: int) -> None:  # Bug report 27.
    registry = reserve(PAIR, 25, level)
    with pytest.raises(anc.DisjointnessError) as caught:
        check_overlap(PAIR, registry)
    (sentence,) = caught.value.args
    for part in ("1000 of 1000", "2 nodes", f"the {exist} reserved", level, f"where {exist} "):
        assert part in sentence, sentence


def test_half_of_the_mass_is_a_warning_that_says_what_it_costs() -> None:
    registry = anc.HashRegistry([anc.graph_hash(torch.zeros(2, 2)), anc.graph_hash(torch.tensor([[0, 1], [0, 0]]))])
    # The empty graph with probability 1/2 and one of the two others: the mass is 3/4.
    with pytest.warns(UserWarning, match=r"among the 2 reserved .* where 3 graphs exist: .* drawn [34]\.\d times"):
        found = check_overlap(PAIR, registry)
    assert abs(found.mass - 0.75) < 5 * math.sqrt(0.75 * 0.25 / 1000)


def test_graphs_without_room_for_a_design_are_not_counted() -> None:
    # The empty graph has half of the law and no treatment; of the rest one of two graphs is reserved.
    registry = anc.HashRegistry([anc.graph_hash(torch.tensor([[0, 1], [0, 0]]))])
    effects = anc.Design(n_samples=4, effects={})
    assert abs(check_overlap(PAIR, registry, design=effects).mass - 0.5) < 5 * math.sqrt(0.25 / 1000)
    assert abs(check_overlap(PAIR, registry).mass - 0.25) < 5 * math.sqrt(0.1875 / 1000)
    empty = anc.HashRegistry([anc.graph_hash(torch.zeros(2, 2))])
    assert check_overlap(PAIR, empty, design=effects).mass == 0


def test_a_module_estimates_for_the_design_that_it_trains_under() -> None:
    # The validation set holds both graphs that have an edge, which are all that can be trained on.
    data = anc.DataModule(PAIR, PAIR, None, design=anc.Design(n_samples=4, effects={}), batch_size=2)
    with pytest.raises(anc.DisjointnessError, match="1000 of 1000 training graphs"):
        data.setup()


def test_nothing_reserved_is_nothing_to_check() -> None:
    assert check_overlap(PAIR, anc.HashRegistry()).mass == 0


@pytest.mark.filterwarnings("ignore:.*will be drawn")  # At level iso most of the mass is reserved.
@pytest.mark.parametrize(("level", "expected"), [("exact", (0.05, 0.1)), ("mec", (0.1, 0.4)), ("iso", (0.8, 0.99))])
def test_1000_reserved_graphs_of_5_nodes_are_rejected_as_often_as_estimated(level: str, expected: tuple[float, float]) -> None:
    registry = reserve(FIVE, 1000, level)
    found = check_overlap(FIVE, registry, base_seed=3)
    stream = anc.MetaIterableDataset(FIVE, n_samples=1, base_seed=4, batch_size=500, reserved=registry)
    batches = list(itertools.islice(stream, 2))
    graphs = [graph for batch in batches for graph in batch.adjacency]
    assert not any(anc.graph_hash(graph, level) in registry for graph in graphs)
    tasks, rejected = stream.rejections
    assert tasks == 1000
    draws = tasks + rejected
    rate = stream.rejections.rate
    deviation = math.sqrt(found.mass * (1 - found.mass) * (1 / found.draws + 1 / draws))
    assert expected[0] < found.mass < expected[1]
    assert abs(rate - found.mass) < 5 * deviation


def test_a_large_family_is_checked_with_fewer_draws() -> None:
    large = anc.SCMFamily(30)
    assert check_overlap(large, reserve(large, 5)).draws == 100


@pytest.mark.filterwarnings("ignore:.*will be drawn")
@pytest.mark.parametrize(("family", "count"), [(FIVE, 1000), (anc.SCMFamily(30), 5)])
def test_graphs_that_python_draws_are_estimated_alike(family: anc.SCMFamily, count: int) -> None:
    def drawn(n_nodes: int, *, seed: int) -> torch.Tensor:
        return family.sample_task(seed).adjacency_matrix

    own = anc.SCMFamily(family.max_nodes, graph_generator=drawn)
    for level in ("exact", "iso"):
        registry = reserve(family, count, level)
        assert check_overlap(own, registry, base_seed=3) == check_overlap(family, registry, base_seed=3)


def test_a_range_of_nodes_is_counted_over_all_of_them() -> None:
    range_of_two = anc.SCMFamily(1, n_nodes_max=2, sparsity_param=0.0)
    with pytest.raises(anc.DisjointnessError, match=r"1 to 2 nodes .* where 4 graphs exist"):
        check_overlap(range_of_two, reserve(range_of_two, 25))


@pytest.mark.parametrize("world", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [7, 12, 13])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_ranks_share_out_a_fixed_set_in_equally_many_batches(world: int, count: int, size: int) -> None:  # Bug report 7.
    dataset = anc.MetaFixedDataset(FIVE, n_tasks=count, n_samples=2)
    ranks = [FixedBatches(dataset, size, Rank(rank, world, "test")) for rank in range(world)]
    assert len({len(batches) for batches in ranks}) == 1
    found = [x.numpy().tobytes() for part in ranks for index in range(len(part)) for x in part[index].X]
    assert sorted(found) == sorted(task.X.numpy().tobytes() for task in dataset)
    assert all(1 <= len(part[index].X) <= size for part in ranks for index in range(len(part)))


@pytest.mark.parametrize(("world", "rank"), [(3, 0), (9, 6), (9, 7), (9, 8)])
def test_a_set_too_small_for_its_ranks_is_refused_with_what_would_do(world: int, rank: int) -> None:
    dataset = anc.MetaFixedDataset(FIVE, n_tasks=7, n_samples=2)
    says = rf"7 tasks on {world} ranks with batch_size = 1: must have a multiple of {world}"
    with pytest.raises(anc.ConfigError, match=says):  # Of each rank alike, also of one beyond the tasks.
        FixedBatches(dataset, 1, Rank(rank, world, "test"))
