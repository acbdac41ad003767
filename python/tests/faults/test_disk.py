"""Disks that are full or shut, and two who write at once: a sentence, and nothing half written."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import ancestral as anc
from ancestral._files.atomic import replacing

pytestmark = pytest.mark.slow

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)

# Every way to write, with a limit on the size of a file where one is given: what it says, and what it leaves.
WRITES = """
import resource, signal, sys
from pathlib import Path
import ancestral as anc
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
family = anc.SCMFamily(4, sparsity_param=1.0)
hashes = anc.HashRegistry(number.to_bytes(32, "big") for number in range(2000))
data = anc.DataModule(family, family, None, n_samples=4, batch_size=2, n_val=40, threads=1)
data.setup()
data.distances()
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for write in (
    lambda: anc.MetaFixedDataset(family, n_tasks=200, n_samples=100, cache_dir=folder / "cache"),
    lambda: hashes.save(folder / "hashes.json"),
    lambda: data.write_registry(folder / "run"),
):
    try:
        write()
        print("written")
    except anc.ConfigError as error:
        print("refused:", " ".join(str(error).split()))
print("left:", sorted(path.name for path in folder.rglob("*") if path.is_file()))
"""


FORMATS = """
import resource, signal, sys
from pathlib import Path
import ancestral as anc
from ancestral import formats
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
family = anc.SCMFamily(4, sparsity_param=1.0)
tasks = anc.MetaFixedDataset(family, n_tasks=20, n_samples=500)
effects = anc.Design(n_samples=501, query=500, effects=anc.Effects())
prior = formats.TabularPrior(family)
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for write in (
    lambda: formats.write_tabular(folder / "t.h5", prior, n_tasks=100, batch_size=10, n_rows=100, n_features=3),
    lambda: formats.write_bcnp(folder / "b.hdf5", tasks),
    lambda: formats.write_dcdi(folder / "dcdi", tasks),
    lambda: formats.write_csv(folder / "csv", tasks),
    lambda: formats.write_causalfm(folder / "effects", anc.MetaFixedDataset(family, n_tasks=2, design=effects)),
    lambda: formats.write_dot(folder / "graph.dot", tasks[0].adjacency, names=[letter * 5000 for letter in "abcd"]),
):
    try:
        write()
        print("written")
    except anc.ConfigError as error:
        print("refused:", " ".join(str(error).split()))
print("left:", sorted(path.name for path in folder.iterdir()))
"""


def test_formats_that_may_not_grow_are_refused_and_leave_nothing(tmp_path: Path, python: Callable[..., str]) -> None:
    said = python("-c", FORMATS, str(tmp_path), "2048").splitlines()
    assert len(said) == 7
    assert all(line.startswith("refused: ") and "File too large" in line for line in said[:6]), said
    assert said[6] == "left: []"


def test_a_file_that_may_not_grow_is_refused_in_a_sentence(tmp_path: Path, python: Callable[..., str]) -> None:
    said = python("-c", WRITES, str(tmp_path), "1024").splitlines()
    assert len(said) == 4
    assert said[0].startswith("refused: cache_dir = ")
    assert said[1].startswith("refused: path = ")
    assert said[2].startswith("refused: output_dir = ")
    assert all("must be a f" in line and "File too large" in line for line in said[:3])
    # What was small enough stands; of the rest not even a temporary file.
    assert ".tmp" not in said[3]


def _can_mount() -> bool:
    tool = shutil.which("unshare")
    return tool is not None and subprocess.run([tool, "--mount", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux") or not _can_mount(), reason="needs the right to mount")
def test_a_full_disk_is_refused_in_a_sentence(tmp_path: Path, python: Callable[..., str]) -> None:
    mounted = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size=16k none {tmp_path} && exec "$@"', "sh")
    said = python("-c", WRITES, str(tmp_path), "0", under=mounted).splitlines()
    assert all(line.startswith("refused: ") and "No space left" in line for line in said[:3]), said
    assert ".tmp" not in said[3]
    said = python("-c", FORMATS, str(tmp_path), "0", under=mounted).splitlines()
    assert all(line.startswith("refused: ") and "No space left" in line for line in said[:6]), said
    assert said[6] == "left: []"


@pytest.mark.skipif(not sys.platform.startswith("linux") or not _can_mount(), reason="needs the right to mount")
def test_a_shut_folder_is_refused_in_a_sentence(tmp_path: Path, python: Callable[..., str]) -> None:
    mounted = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o ro none {tmp_path} && exec "$@"', "sh")
    said = python("-c", WRITES, str(tmp_path), "0", under=mounted).splitlines()
    assert all(line.startswith("refused: ") and "Read-only file system" in line for line in said[:3]), said
    assert said[3] == "left: []"


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(anc.ConfigError, match=r"^path = .*file/hashes\.json.*must be a file that can be written"):
        anc.HashRegistry().save(tmp_path / "file" / "hashes.json")
    with pytest.raises(anc.ConfigError, match=r"^cache_dir = .*file.*must be a folder that can be written"):
        anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=2, cache_dir=tmp_path / "file")
    with pytest.raises(anc.ConfigError, match=r"^output_dir = .*file.*must be a folder that can be written"):
        anc.DataModule(FAMILY, None, None, n_samples=2, batch_size=2, output_dir=tmp_path / "file")


def test_processes_that_make_one_cache_at_once_agree(tmp_path: Path) -> None:
    right = [task.X for task in anc.MetaFixedDataset(FAMILY, n_tasks=50, n_samples=40)]
    pids: list[int] = []
    start = time.monotonic() + 0.2
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            try:
                time.sleep(max(0, start - time.monotonic()))
                made = [task.X for task in anc.MetaFixedDataset(FAMILY, n_tasks=50, n_samples=40, cache_dir=tmp_path)]
                os._exit(0 if all(one.equal(two) for one, two in zip(made, right, strict=True)) else 1)
            finally:
                os._exit(2)
        pids.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * 4
    assert len(list(tmp_path.iterdir())) == 1


def test_only_old_leftovers_of_a_file_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "a[b].json"
    names = [".a[b].json.00.tmp", ".a[b].json.11.tmp", ".ab.json.22.tmp", ".a[b].json.33"]
    for name in names:
        (tmp_path / name).write_text("half")
    for name in (names[0], names[2], names[3]):
        os.utime(tmp_path / name, (0, 0))
    with replacing(path) as temporary:
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert sorted(left.name for left in tmp_path.iterdir()) == sorted([path.name, *names[1:]])
