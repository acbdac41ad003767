"""What is written from the engine's schema is what `make config` would write."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._scm.interventions import KINDS
from script_files import module_of

SCRIPT = Path(__file__).parents[4] / "scripts/write_config.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return module_of(SCRIPT)


@pytest.fixture
def schema() -> dict[str, Any]:
    return json.loads(_ffi.schema())


@pytest.fixture
def designs() -> dict[str, Any]:
    return json.loads(_ffi.design_schema())


def test_files_are_what_make_config_writes(script: ModuleType, schema: dict[str, Any], designs: dict[str, Any]) -> None:
    for path, text in script.written(schema, designs).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run make config"


def test_every_graph_kind_is_exported_and_draws(schema: dict[str, Any]) -> None:
    for graph in schema["x-graphs"]:
        strategy = getattr(anc, graph["name"])
        assert strategy.kind == graph["kind"]
        assert set(strategy.settings.values()) == set(graph["fields"])
        assert strategy.__doc__
        assert "sparsity_param" in strategy.__dataclass_fields__


def test_a_new_option_and_a_new_graph_reach_python_and_the_pages(
    script: ModuleType, schema: dict[str, Any], designs: dict[str, Any]
) -> None:
    entry = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5, "description": "Share of spokes."}
    schema["properties"]["wheel_share"] = entry
    schema["x-order"].append("wheel_share")
    schema["x-graphs"].append({"kind": "wheel", "name": "Wheel", "description": "A wheel.", "fields": ["wheel_share"]})
    texts = {path.name: text for path, text in script.written(schema, designs).items()}
    assert '    wheel_share: float = 0.5\n    """Share of spokes. From 0 to 1."""\n' in texts["fields.py"]
    graphs = texts["graph_strategies.py"]
    assert 'class Wheel(EngineGraph):\n    """A wheel."""\n\n    kind: ClassVar[str] = "wheel"\n' in graphs
    assert '    "Wheel",\n' in graphs
    assert '    share: float = DefaultFloat(0.5)\n    """Share of spokes. From 0 to 1."""\n' in graphs
    assert "| `wheel_share` | `0.5` | From 0 to 1 | Share of spokes. |" in texts["options.md"]
    assert "::: ancestral.Wheel\n" in texts["strategies.md"]
    for name in ("fields.py", "graph_strategies.py"):
        compile(texts[name], name, "exec")


def test_a_new_part_and_a_new_output_reach_python_and_the_pages(
    script: ModuleType, schema: dict[str, Any], designs: dict[str, Any]
) -> None:
    rate = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "default": None, "description": "Share that is lost."}
    flag = {"type": "boolean", "default": True, "description": "Whether lost cells are 0."}
    part = {
        "properties": {"rate": rate, "zero": flag},
        "x-order": ["rate", "zero"],
        "type": ["object", "null"],
        "default": None,
    }
    designs["schema"]["properties"]["lost_cells"] = {**part, "description": "What is lost; null for nothing."}
    designs["schema"]["x-order"].append("lost_cells")
    output = {"name": "observed", "dtype": "bool", "axes": "[n, d]", "meaning": "Whether it is there."}
    designs["outputs"].append(output)
    texts = {path.name: text for path, text in script.written(schema, designs).items()}
    module = texts["design_fields.py"]
    start = '@part("lost_cells")\n@dataclass(frozen=True)\nclass LostCells:\n    """What is lost."""\n\n'
    fields = '    rate: Optional[float] = None\n    """Share that is lost. From 0 to 1."""\n    zero: bool = True\n'
    assert start + fields + '    """Whether lost cells are 0. True or False."""\n' in module
    assert '    lost_cells: Optional[LostCells] = None\n    """What is lost; null for nothing."""\n' in module
    assert '    "LostCells",\n' in module
    compile(module, "design_fields.py", "exec")
    assert "| `rate` | `null` | From 0 to 1 | Share that is lost. |" in texts["designs.md"]
    assert "| `observed` | bool | [n, d] | Whether it is there. |" in texts["designs.md"]


def test_a_new_module_is_exported_and_has_a_section() -> None:
    mechanisms = module_of(SCRIPT.parent / "from_schema/mechanisms.py")
    catalogue = "M = {kind: module for module in (modules.LinearMechanism, bumps.BumpMechanism) for kind in module.kinds}"
    exports = mechanisms.mechanisms_module(catalogue)
    assert "from ._mechanisms.bumps import BumpMechanism as BumpMechanism\n" in exports
    assert "LogSpaceMechanism" not in exports
    page = "::: ancestral.mechanisms.LinearMechanism\n"
    assert mechanisms.with_sections(page, catalogue).removeprefix(page).splitlines() == [
        "::: ancestral.mechanisms.BumpMechanism",
        "    options: {heading_level: 3, members: false}",
    ]


def test_every_output_has_the_shapes_that_designs_give_it(designs: dict[str, Any]) -> None:
    assert [entry["name"] for entry in designs["outputs"] if not entry["axes"]] == [], "Design.all in Output.swift"


def test_the_engines_kinds_of_intervention_are_pythons(designs: dict[str, Any]) -> None:
    kinds = designs["schema"]["properties"]["interventions"]["properties"]["kind"]["enum"]
    assert set(KINDS) == set(kinds), "KINDS in _scm/interventions.py"


def test_every_part_is_exported_with_the_options_and_defaults_of_the_engine(designs: dict[str, Any]) -> None:
    properties = designs["schema"]["properties"]
    plain = anc.Design().to_dict()
    assert list(plain) == designs["schema"]["x-order"]
    assert plain == {name: entry["default"] for name, entry in properties.items()}
    for name, entry in properties.items():
        if "x-order" in entry:
            part = getattr(anc, name.title().replace("_", ""))()
            assert list(part.__dataclass_fields__) == entry["x-order"]
            for option, described in entry["properties"].items():
                value, default = getattr(part, option), described["default"]
                assert value == default
                assert not isinstance(value, float) or described["type"] == "number"
