"""HashRegistry."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc

ONE, TWO = "0" * 63 + "1", "ab" * 32


def test_holds_what_was_added_once() -> None:
    registry = anc.HashRegistry()
    registry.add(ONE)
    registry.add(bytes.fromhex(ONE))
    assert len(registry) == 1
    assert ONE in registry
    assert bytes.fromhex(ONE) in registry
    assert ONE.upper() in registry
    assert TWO not in registry
    assert list(registry) == [ONE]
    assert registry.level == "exact"


def test_comes_back_from_a_file(tmp_path: Path) -> None:
    registry = anc.HashRegistry([TWO, ONE], level="mec")
    registry.save(tmp_path / "hashes.json")
    assert anc.HashRegistry.load(tmp_path / "hashes.json") == registry
    assert json.loads((tmp_path / "hashes.json").read_text())["hashes"] == [ONE, TWO]
    assert [path.name for path in tmp_path.iterdir()] == ["hashes.json"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "hashes.json"
    anc.HashRegistry([ONE]).save(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(anc.ConfigError, match=r"^path = .*hashes\.json.*must be .*disk full"):
            anc.HashRegistry([TWO]).save(path)
    assert list(anc.HashRegistry.load(path)) == [ONE]
    assert [file.name for file in tmp_path.iterdir()] == ["hashes.json"]


def test_pickles() -> None:
    registry = anc.HashRegistry([ONE], level="iso")
    assert pickle.loads(pickle.dumps(registry)) == registry


def test_joins_registries_of_one_level() -> None:
    assert list(anc.HashRegistry([ONE]) | anc.HashRegistry([TWO])) == [ONE, TWO]
    with pytest.raises(anc.ConfigError, match=r"^level = 'iso': must be 'exact'"):
        anc.HashRegistry([ONE]).union(anc.HashRegistry([TWO], level="iso"))
    wrong: Any = [TWO]
    with pytest.raises(anc.ConfigError, match="is of type list: must be of type HashRegistry"):
        anc.HashRegistry([ONE]).union(wrong)


@pytest.mark.parametrize("value", ["", "0", ONE[:-1], ONE + "00", "g" * 64, bytes(31), 7, None, " " + ONE[1:]])
def test_refuses_what_is_no_hash(value: Any) -> None:
    registry = anc.HashRegistry()
    with pytest.raises(anc.ConfigError, match=r"^hash = .*: must be 64 hex digits"):
        registry.add(value)
    with pytest.raises(anc.ConfigError, match=r"^hash = .*: must be 64 hex digits"):
        assert value in registry


@pytest.mark.parametrize("value", ["ab" * 32, b"a" * 32, None, 3])
def test_refuses_what_is_no_list_of_hashes(value: Any) -> None:
    with pytest.raises(anc.ConfigError, match=rf"^hashes is of type {type(value).__name__}: must be a list of hashes"):
        anc.HashRegistry(value)


@pytest.mark.parametrize("path", [3, None])
def test_refuses_what_is_no_path(path: Any) -> None:
    for call in (anc.HashRegistry.load, anc.HashRegistry().save):
        with pytest.raises(
            anc.ConfigError, match=rf"^path is of type {type(path).__name__}: must be a text or a pathlib.Path\.$"
        ):
            call(path)


def test_refuses_an_unknown_level() -> None:
    with pytest.raises(anc.ConfigError, match=r"^level = 'close': must be one of 'exact'"):
        anc.HashRegistry(level="close")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 1, "level": "exact"}',
        '{"format": 1, "level": "no", "hashes": []}',
        '{"format": 1, "level": "exact", "hashes": ["zz"]}',
        '{"format": 2, "level": "exact", "hashes": []}',
    ],
)
def test_a_file_of_something_else_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(anc.ConfigError, match=r"x\.json"):
        anc.HashRegistry.load(tmp_path / "x.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=r"nowhere\.json"):
        anc.HashRegistry.load(tmp_path / "nowhere.json")


def test_it_equals_a_registry_alone() -> None:
    assert anc.HashRegistry([ONE]) != [ONE]
    assert anc.HashRegistry([ONE]) == anc.HashRegistry([ONE])
    assert anc.HashRegistry([ONE]) != anc.HashRegistry([ONE], level="iso")


def test_its_print_counts_its_hashes() -> None:
    shown = [repr(anc.HashRegistry(hashes)) for hashes in ([], [ONE], [ONE, TWO])]
    assert [text.partition(",")[0] for text in shown] == [
        "HashRegistry(0 hashes",
        "HashRegistry(1 hash",
        "HashRegistry(2 hashes",
    ]
