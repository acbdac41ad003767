"""Files have the rights that the umask leaves, links stay links, and what can't be written is told in one kind of sentence."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ancestral as anc
from ancestral._analysis import reports
from ancestral._files.atomic import replacing

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)

# Every way to write into a folder, and to write a file.
FOLDERS: dict[str, Callable[[Path], object]] = {
    "cache_dir": lambda path: anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=2, cache_dir=path),
    "out_dir": lambda path: anc.write_corpus(FAMILY, 4, path, n_samples=2, tasks_per_shard=2),
    "output_dir": lambda path: anc.DataModule(
        FAMILY, None, FAMILY, n_samples=2, batch_size=2, n_test=2, output_dir=path
    ).setup(),
}
FILES: dict[str, Callable[[Path], object]] = {
    "registry": lambda path: anc.HashRegistry(["ab" * 32]).save(path),
    "report": lambda path: anc.analysis.report(FAMILY, path, n_tasks=2, n_samples=4),
}
WRITES = {**FOLDERS, **FILES}


@pytest.fixture(autouse=True)
def _short_report(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """Its pictures take seconds, and are beside the point here."""
    monkeypatch.setattr(reports, "_page", _page)


def _page(*_: object) -> str:
    return "x" * 1000


@pytest.fixture(autouse=True)
def _same_umask() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


@pytest.mark.parametrize("mask", [0o002, 0o027, 0o077])
def test_files_and_folders_have_the_rights_of_the_umask(mask: int, tmp_path: Path) -> None:
    (tmp_path / "registry").touch(0o600)  # What is replaced gets them too.
    os.umask(mask)
    for name, write in WRITES.items():
        write(tmp_path / name if name in FILES else tmp_path / name / "deep")
    written = list(tmp_path.rglob("*"))
    assert len(written) == 2 + 6 + 1 + 4 + 6
    for path in written:
        assert path.stat().st_mode & 0o777 == (0o777 if path.is_dir() else 0o666) & ~mask, path


@pytest.mark.parametrize("write", FILES.values(), ids=FILES)
def test_the_file_behind_a_link_is_written(write: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "old").write_text("old")
    (tmp_path / "link").symlink_to("shared/old")
    (tmp_path / "shared" / "second").symlink_to("../link")
    (tmp_path / "ahead").symlink_to("shared/new")
    write(tmp_path / "right")
    right = (tmp_path / "right").read_bytes()
    for link in ("link", "shared/second", "ahead"):
        (tmp_path / "shared" / "old").write_text("old")
        write(tmp_path / link)
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / link).read_bytes() == right
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == ["new", "old", "second"]
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="has /proc")
@pytest.mark.parametrize("write", FILES.values(), ids=FILES)
def test_what_the_process_has_open_is_not_replaced(write: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "log").write_text("said so far")
    log, (end, pipe) = os.open(tmp_path / "log", os.O_WRONLY | os.O_APPEND), os.pipe()
    for place, descriptor in enumerate((log, pipe)):
        (tmp_path / f"link {place}").symlink_to(f"/proc/self/fd/{descriptor}")  # As /dev/stdout is.
        for path in (Path(f"/proc/self/fd/{descriptor}"), Path(f"/dev/fd/{descriptor}"), tmp_path / f"link {place}"):
            with pytest.raises(anc.ConfigError, match="it is there and no regular file"):
                write(path)
    assert (tmp_path / "log").read_text() == "said so far"
    for descriptor in (log, end, pipe):
        os.close(descriptor)


@pytest.mark.parametrize("write", FOLDERS.values(), ids=FOLDERS)
def test_what_is_behind_links_in_a_folder_is_written(write: Callable[[Path], object], tmp_path: Path) -> None:
    """A folder that a link leads to, and files that somebody has moved to another disk and linked."""
    (tmp_path / "link").symlink_to("folder")  # Which isn't there yet.
    write(tmp_path / "link")
    (tmp_path / "disk").mkdir()
    names = sorted(path.name for path in (tmp_path / "folder").iterdir())
    contents = {name: (tmp_path / "folder" / name).read_bytes() for name in names}
    for name in names:
        (tmp_path / "folder" / name).rename(tmp_path / "disk" / name)
        (tmp_path / "folder" / name).symlink_to(f"../disk/{name}")
        (tmp_path / "disk" / name).unlink()
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    for name in names:
        assert (tmp_path / "folder" / name).is_symlink()
        assert (tmp_path / "disk" / name).read_bytes() == contents[name]
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == names


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file/x/y", "Not a directory"),
        ("loop", "Too many levels|File exists"),
        ("loop/x", "Too many levels|File exists"),
        ("n" * 256, "File name too long"),
        ("device", "no regular file|File exists"),
        ("pipe", "no regular file|File exists"),
    ],
)
def test_every_obstacle_is_told_in_the_same_words(name: str, place: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "device").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    if name == "report" and place in ("file/x/y", "loop/x"):
        reason = "a folder that exists"
    field, kind = ("path", "file") if name in FILES else (name, "folder")
    with pytest.raises(anc.ConfigError, match=rf"^{field} = .*: must be a {kind} (that can be written|in) .*({reason})"):
        WRITES[name](tmp_path / place)
    assert sorted(tmp_path.iterdir()) == before
    assert not os.path.isfile("/dev/null")


@pytest.mark.parametrize("name", FILES)
def test_a_name_may_be_as_long_as_the_system_takes_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    WRITES[name](path)
    left = tmp_path / f".{'é' * 100}.0123.tmp"  # What a writer of the file would have left.
    left.touch()
    os.utime(left, (0, 0))
    WRITES[name](path)
    assert list(tmp_path.iterdir()) == [path]


def test_the_folder_is_on_the_disk_before_the_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def sync(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))

    monkeypatch.setattr(os, "fsync", sync)
    with replacing(tmp_path / "file") as temporary:
        temporary.write_text("whole")
    assert synced == [str(temporary), str(tmp_path)]


def test_only_a_file_of_many_writers_may_be_finished_by_another(tmp_path: Path) -> None:
    """Who finishes a corpus removes what the others have begun: the bytes are the same, so nothing is lost."""
    path = tmp_path / "file"
    with pytest.raises(FileNotFoundError), replacing(path, shared=True) as temporary:
        temporary.unlink()
    path.write_text("theirs")
    with replacing(path, shared=True) as temporary:
        temporary.unlink()
    assert path.read_text() == "theirs"
    with pytest.raises(FileNotFoundError), replacing(path) as temporary:
        temporary.unlink()


# Complete things in folders that this user can't write. Root may write anywhere, so it becomes somebody else.
READ_ONLY = """
import os, resource, signal, sys, tempfile
from pathlib import Path
import ancestral as anc
family = anc.SCMFamily(4, sparsity_param=1.0)
root = Path(tempfile.mkdtemp())
write = lambda name, n_tasks=4: anc.write_corpus(family, n_tasks, root / name, n_samples=2, tasks_per_shard=2)
cached = lambda n_tasks: anc.MetaFixedDataset(family, n_tasks=n_tasks, n_samples=2, cache_dir=root / "cache")
right = [task.X for task in write("corpus")]
cached(3)
write("begun")
(root / "begun" / "index.json").unlink()
(root / "corpus" / ".index.json.00.tmp").touch()
for path in (root, *root.rglob("*")):
    path.chmod(0o555 if path.is_dir() else 0o444)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print([task.X.equal(x) for task, x in zip(write("corpus"), right)], len(cached(3)))
print(anc.verify_corpus(root / "corpus"))
for work in (lambda: cached(4), lambda: write("new"), lambda: write("begun"), lambda: write("corpus", 5)):
    try:
        work()
    except anc.ConfigError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="becomes the user nobody of Linux")
def test_what_is_complete_is_used_where_nothing_can_be_written(python: Callable[..., str]) -> None:
    said = python("-c", READ_ONLY).splitlines()
    assert said[:2] == ["[True, True, True, True] 3", "[]"]
    assert [line.split(" = ")[0] for line in said[2:]] == ["cache_dir", "out_dir", "out_dir", "out_dir"]
    assert all(line.endswith("can be written (Permission denied).") for line in said[2:5])
    assert "holds a corpus with n_tasks = 4, but 5 was asked for" in said[5]


# A limit on the size of files stands in for a full disk.
FULL = """
import resource, signal, sys
from pathlib import Path
import ancestral as anc
from ancestral._analysis import reports
family = anc.SCMFamily(4, sparsity_param=1.0)
folder = Path(sys.argv[1])
write = lambda name, n_tasks=5: anc.write_corpus(family, n_tasks, folder / name, n_samples=5, tasks_per_shard=1)
corpus = [write("kept"), write("index")]
(folder / "index" / "index.json").unlink()
(folder / "shard").mkdir()
(folder / "shard" / "plan.json").write_bytes((folder / "index" / "plan.json").read_bytes())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for name, limit in (("kept", 10), ("index", 600), ("shard", 600), ("plan", 100)):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        print(len(write(name)))
    except anc.ConfigError as error:
        print(str(error).replace(str(folder), ""))
reports._page = lambda *_: "x" * 1000
try:
    anc.analysis.report(family, folder / "report.html", n_tasks=2, n_samples=4)
except anc.ConfigError as error:
    print(str(error).replace(str(folder), ""))
print(sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if "kept" not in str(path) and path.is_file()))
"""


def test_a_full_disk_is_told_for_each_file_of_a_corpus(tmp_path: Path, python: Callable[..., str]) -> None:
    said = python("-c", FULL, str(tmp_path)).splitlines()
    full = "must be a {} that can be written (File too large)."
    assert said[:5] == [
        "5",
        *(f"out_dir = '/{name}': {full.format('folder')}" for name in ("index", "shard", "plan")),
        f"path = '/report.html': {full.format('file')}",
    ]
    shards = [f"index/shard-{shard:08d}.safetensors" for shard in range(5)]
    assert said[5] == str(["index/plan.json", *shards, "shard/plan.json"])
