"""Temporary folders: gone with their holder, and swept up after processes that were killed."""

import fcntl
import os
import tempfile
import time
from pathlib import Path

import pytest

from ancestral._files.temporary_folder import _LOCK, _PREFIX, _SECONDS_TO_LOCK, TemporaryFolder, folder_at


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def left_behind(parent: Path, name: str, age: float) -> Path:
    folder = parent / f"{_PREFIX}{name}"
    folder.mkdir()
    (folder / _LOCK).touch()
    os.utime(folder / _LOCK, (time.time() - age,) * 2)
    return folder


def test_a_folder_goes_with_its_holder(tmp_path: Path) -> None:
    held = TemporaryFolder()
    path = held.path
    assert path.parent == tmp_path
    assert folder_at(path) is held
    assert folder_at(None) is folder_at(tmp_path) is None
    del held
    assert not path.exists()
    assert folder_at(path) is None


def test_what_nobody_holds_is_swept_up_once_it_is_old(tmp_path: Path) -> None:
    old = left_behind(tmp_path, "old", _SECONDS_TO_LOCK + 60)
    new = left_behind(tmp_path, "new", 0)  # Whose maker may be about to lock it.
    lives = left_behind(tmp_path, "lives", _SECONDS_TO_LOCK + 60)
    other = tmp_path / "other"
    other.mkdir()
    with (lives / _LOCK).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = TemporaryFolder()
        assert [folder.exists() for folder in (old, new, lives, other)] == [False, True, True, True]
    os.utime(held.path / _LOCK, (0, 0))
    again = TemporaryFolder()
    assert not lives.exists()
    assert held.path.exists()  # It is locked, though it looks old.
    assert again.path != held.path
