"""What the package's own code must never do; docs/security.md says why."""

import ast
from pathlib import Path

import pytest

import ancestral

SOURCES = sorted(Path(ancestral.__file__).parent.rglob("*.py"))
FORBIDDEN = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
METHODS = {
    "os": {"system", "popen"},
    "torch": {"load", "save"},
    "yaml": {"unsafe_load", "full_load", "load_all", "unsafe_load_all"},
}


def calls(tree: ast.AST) -> list[tuple[str, str, ast.Call]]:
    """(owner, name, node) of every call; the owner of a plain function is empty."""
    found: list[tuple[str, str, ast.Call]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append(("", node.func.id, node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else "?"
            found.append((owner, node.func.attr, node))
    return found


def faults(text: str) -> list[str]:
    """What a module does that it must not."""
    tree, found = ast.parse(text), list[str]()
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        found += [name for name in names if name.split(".")[0] in MODULES]
    for owner, name, node in calls(tree):
        weights_only = any(
            k.arg == "weights_only" and isinstance(k.value, ast.Constant) and k.value.value is True for k in node.keywords
        )
        if (not owner and name in FORBIDDEN) or (name in METHODS.get(owner, set()) and not (name == "load" and weights_only)):
            found.append(f"{owner}.{name}")
        # The one loader that may be named is a SafeLoader of our own.
        if (owner, name) == ("yaml", "load") and "class Loader(yaml.SafeLoader)" not in text:
            found.append("yaml.load")
        if any(k.arg == "shell" for k in node.keywords):
            found.append(f"{name}(shell=...)")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(SOURCES[0].parent)) for path in SOURCES])
def test_the_package_runs_nothing_that_it_reads(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        *("import pickle", "from pickle import loads", "eval('1')", "exec(x)", "import yaml\nyaml.load(x, yaml.Loader)"),
        *(
            "yaml.unsafe_load(x)",
            "torch.load(path)",
            "torch.load(path, weights_only=False)",
            "os.system('x')",
            "run('x', shell=True)",
        ),
    ],
)
def test_the_rule_finds_what_it_forbids(text: str) -> None:
    assert faults(text)


def test_the_rule_lets_the_rest_be() -> None:
    assert faults("import json\ntorch.load(path, weights_only=True)\nself.eval()\nyaml.safe_load(x)") == []


def test_stored_artefacts_name_no_code(tmp_path: Path) -> None:
    family = ancestral.SCMFamily(4, sparsity_param=1.0)
    data = ancestral.DataModule(
        family,
        family,
        None,
        n_samples=2,
        batch_size=2,
        n_val=3,
        cache_dir=tmp_path / "cache",
        output_dir=tmp_path / "run",
        threads=1,
    )
    data.setup()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".safetensors"}
    for path in files:
        content = path.read_bytes()
        assert not any(word in content for word in (b"_target_", b"!!python", b"__reduce__", str(tmp_path).encode()))
