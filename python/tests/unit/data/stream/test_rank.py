"""Which rank a dataset takes itself for, and from where it knows."""

import itertools
import logging
import pickle
from typing import Any

import pytest

import ancestral as anc
from ancestral._data.stream.rank import find_rank, given_rank

NAMES = ["RANK", "WORLD_SIZE", "NODE_RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "SLURM_PROCID", "SLURM_NTASKS"]
NAMES += ["SLURM_STEP_NUM_TASKS", "SLURM_PTY_PORT", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def put(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, str(value))

    return put


@pytest.mark.parametrize(
    ("values", "rank", "world", "source"),
    [
        ({}, 0, 1, "default"),
        ({"RANK": 3, "WORLD_SIZE": 4, "LOCAL_RANK": 1, "NODE_RANK": 0}, 3, 4, "RANK and"),
        ({"LOCAL_RANK": 1, "NODE_RANK": 0, "WORLD_SIZE": 2}, 1, 2, "LOCAL_RANK"),
        ({"LOCAL_RANK": 1, "NODE_RANK": 1, "LOCAL_WORLD_SIZE": 2, "WORLD_SIZE": 4}, 3, 4, "LOCAL_RANK"),
        ({"SLURM_PROCID": 5, "SLURM_NTASKS": 8}, 5, 8, "SLURM"),
        ({"SLURM_PROCID": 0, "SLURM_NTASKS": 1}, 0, 1, "default"),
        ({"SLURM_PROCID": 0, "SLURM_NTASKS": 8, "LOCAL_RANK": 1, "NODE_RANK": 0, "WORLD_SIZE": 8}, 1, 8, "LOCAL_RANK"),
        # A batch script, or a shell of salloc: four tasks may be started, none was.
        ({"SLURM_PROCID": 0, "SLURM_NTASKS": 4}, 0, 1, "default"),
        # A single process that srun started in it.
        ({"SLURM_PROCID": 0, "SLURM_NTASKS": 4, "SLURM_STEP_NUM_TASKS": 1}, 0, 1, "default"),
        ({"SLURM_PROCID": 0, "SLURM_NTASKS": 4, "SLURM_STEP_NUM_TASKS": 4}, 0, 4, "SLURM_STEP"),
        ({"SLURM_PROCID": 3, "SLURM_NTASKS": 8, "SLURM_STEP_NUM_TASKS": 4}, 3, 4, "SLURM_STEP"),
        # mpirun in a batch script: SLURM knows of its daemons at most.
        ({"OMPI_COMM_WORLD_RANK": 3, "OMPI_COMM_WORLD_SIZE": 8, "SLURM_PROCID": 0, "SLURM_STEP_NUM_TASKS": 2}, 3, 8, "mpirun"),
        ({"OMPI_COMM_WORLD_RANK": 0, "OMPI_COMM_WORLD_SIZE": 1}, 0, 1, "default"),
    ],
)
def test_reads_the_environment(environment: Any, values: dict[str, int], rank: int, world: int, source: str) -> None:
    environment(**values)
    found = find_rank()
    assert found[:2] == (rank, world)
    assert source in found.source


def test_the_argument_comes_before_the_environment(environment: Any) -> None:
    environment(RANK=3, WORLD_SIZE=4)
    assert find_rank(given_rank(0, 2))[:2] == (0, 2)


def test_says_which_rule_fired(environment: Any, caplog: pytest.LogCaptureFixture) -> None:
    environment(RANK=1, WORLD_SIZE=2)
    with caplog.at_level(logging.INFO, logger="ancestral"):
        iter(anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=2))
    assert "rank 1 of 2, from RANK and WORLD_SIZE" in caplog.text


@pytest.mark.parametrize(
    ("half", "says"), [({"WORLD_SIZE": 2}, "RANK = None, WORLD_SIZE = 2"), ({"RANK": 1}, "RANK = 1, WORLD_SIZE = None")]
)
def test_warns_when_there_are_others_but_the_rank_is_unknown(environment: Any, half: dict[str, int], says: str) -> None:
    environment(**half)
    with pytest.warns(UserWarning, match=says):
        assert find_rank().source.startswith("the default")
    with pytest.warns(UserWarning, match=says):
        iter(anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=2))


def test_warns_in_a_shell_that_srun_started(environment: Any) -> None:
    environment(SLURM_PROCID=0, SLURM_STEP_NUM_TASKS=4, SLURM_PTY_PORT=44263)
    with pytest.warns(UserWarning, match=r"SLURM_STEP_NUM_TASKS = 4.*set RANK=0 and WORLD_SIZE=1"):
        assert find_rank()[:2] == (0, 4)
    environment(RANK=0, WORLD_SIZE=1)
    assert find_rank()[:2] == (0, 1)


def test_a_batch_script_without_srun_sees_every_task(environment: Any) -> None:
    environment(SLURM_PROCID=0, SLURM_NTASKS=4)
    family = anc.SCMFamily(3, sparsity_param=1.0)
    loader = anc.TaskLoader(anc.MetaFixedDataset(family, n_tasks=8, n_samples=2), batch_size=2)
    assert sum(len(batch.X) for batch in loader) == 8
    environment(SLURM_STEP_NUM_TASKS=4)
    loader = anc.TaskLoader(anc.MetaFixedDataset(family, n_tasks=8, n_samples=2), batch_size=2)
    assert sum(len(batch.X) for batch in loader) == 2


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"RANK": "two", "WORLD_SIZE": 4}, "RANK = 'two'"),
        ({"RANK": -1, "WORLD_SIZE": 4}, "RANK = '-1'"),
        ({"RANK": 4, "WORLD_SIZE": 4}, "RANK = 4"),
    ],
)
def test_a_wrong_environment_is_named(environment: Any, values: dict[str, Any], says: str) -> None:
    environment(**values)
    with pytest.raises(anc.ConfigError, match=f"^{says}.*must be"):
        find_rank()


def test_a_pickle_remembers_the_rank_of_its_process(environment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(RANK=1, WORLD_SIZE=2)
    dataset = anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=2)
    pickled = pickle.dumps(dataset)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    ranked = anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=2, rank=1, world_size=2)
    for one, two in itertools.islice(zip(pickle.loads(pickled), ranked, strict=True), 5):
        assert one.X.equal(two.X)
