"""Families in YAML files mean what they mean to the command line, whose own tests read the same golden files."""

import json
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from ancestral._files.parsing import parse_yaml

VECTORS = Path(__file__).parents[4] / "Tests" / "Vectors"


@pytest.mark.parametrize("name", ["family", "mixture"])
@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_one_family_has_one_fingerprint(name: str, ending: str) -> None:
    family = anc.SCMFamily.from_config(VECTORS / "families" / f"{name}.{ending}")
    assert family.fingerprint() + "\n" == (VECTORS / "families" / f"{name}.fingerprint").read_text()


def test_scalars_mean_what_they_mean_to_the_command_line() -> None:
    def shown(value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
            value = float(value)
        return str(value) if isinstance(value, float) else json.dumps(value)

    for scalar in json.loads((VECTORS / "yaml.json").read_text()):
        assert shown(parse_yaml(f"graph: {scalar['yaml']}")["graph"]) == scalar["shown"], scalar


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("n_nodes: 5\nn_nodes: 6\n", "key n_nodes comes twice.*line 2"),
        ("mixture:\n- family: {graph: a, graph: b}\n", "key graph comes twice.*line 2"),
        ("n_nodes: !!python/object:os.system 5\n", "could not determine a constructor.*line 1"),
    ],
)
def test_faults_are_told_with_their_line(text: str, fragment: str, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(text)
    with pytest.raises(anc.ConfigError, match=fragment):
        anc.SCMFamily.from_config(tmp_path / "f.yaml")


def test_a_member_of_a_json_file_comes_once(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"n_nodes": 5, "n_nodes": 6}')
    with pytest.raises(anc.ConfigError, match="names n_nodes twice"):
        anc.SCMFamily.from_config(tmp_path / "f.json")


@pytest.mark.parametrize("name", ["notears-linear", "avici-scm-v0"])
def test_a_presets_name_stands_for_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert anc.SCMFamily.from_config(name).config == anc.FamilyConfig.preset(name)
    (tmp_path / name).write_text("n_nodes: 3")
    with pytest.raises(anc.ConfigError, match="has the ending"):  # A file of the name is meant, as for the command line.
        anc.SCMFamily.from_config(name)
