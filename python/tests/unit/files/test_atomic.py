"""Files that appear whole: what other writers began stays, and what they left for days goes."""

import os
import time
from pathlib import Path

import pytest

from ancestral._files.atomic import replacing, write_text

DAY = 24 * 60 * 60


def test_temporary_files_of_killed_writers_go_after_a_day(tmp_path: Path) -> None:
    ages = {".a.json.0.tmp": DAY + 600, ".a.json.1.tmp": DAY - 600, ".b.json.0.tmp": 9 * DAY, "a.json.tmp": 9 * DAY}
    for name, age in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    with replacing(tmp_path / "a.json", shared=True) as temporary:
        temporary.write_text("shared")
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", *ages}
    write_text(tmp_path / "a.json", "own")
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", *ages} - {".a.json.0.tmp"}
    assert (tmp_path / "a.json").read_text() == "own"


def test_a_file_that_is_there_stays_where_the_first_one_counts(tmp_path: Path) -> None:
    for text in ("first", "second"):
        with replacing(tmp_path / "a", first=True) as temporary:
            temporary.write_text(text)
    assert (tmp_path / "a").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_temporary_file_that_went_is_an_error_unless_another_writer_was_done(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("done")
    with replacing(tmp_path / "there", shared=True) as temporary:
        temporary.unlink()
    assert (tmp_path / "there").read_text() == "done"
    for name, shared in (("there", False), ("nowhere", True)):
        with pytest.raises(FileNotFoundError), replacing(tmp_path / name, shared=shared) as temporary:
            temporary.unlink()
    with pytest.raises(FileNotFoundError, match="other"), replacing(tmp_path / "there", shared=True):
        (tmp_path / "other").read_text()
