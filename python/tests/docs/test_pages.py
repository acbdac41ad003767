"""Every code block of the README and the guides runs, and prints what the page says.

How a block is treated follows from what stands behind its opening fence:

| fence | what happens |
|---|---|
| `python` | run, in one namespace a page, in a folder of its own |
| any language with `title="FILE"` | written to FILE in that folder |
| `bash` | run, with the tool `ancestral` if it has been built; targets of `make` and extras of `pip` are looked up |
| `text` after one of these | must be what was printed; with `title="about"`, but for 0.05 in numbers with a point |
| anything else after one | nothing may have been printed |
| `swift` | must stand in a file of Tests, where the compiler reads it |

`ANCESTRAL_WRITE_PAGES=1 pytest python/tests/docs` writes what was printed into the pages instead: read the diff.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest

from interrupts import PATIENCE

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/guides/*.md"))]
SLOW = {"beyond-one-machine", "hydra", "out-of-distribution"}  # They start clusters and runs.
TOOL = ROOT / ".build/release/ancestral"
SWIFT = ROOT / "Tests/SCMDatasetsTests/GuideTests.swift"
WRITE = "ANCESTRAL_WRITE_PAGES" in os.environ
REMEDY = "\n(this is printed now: ANCESTRAL_WRITE_PAGES=1 writes it into the page)"
# A block with one of these shows what is typed on a cluster or in a new clone.
ELSEWHERE = {"git", "ray", "srun", "torchrun", "swift"}
NUMBER = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `span` is where its code stands in the page's text."""

    language: str
    title: str
    code: str
    span: tuple[int, int]


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = re.finditer(r"^```(\w*)(?: title=\"(.*?)\")?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [Block(match[1], match[2] or "", match[3], match.span(3)) for match in found]


class Page:
    """Runs the blocks of a page in the present folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.module = types.ModuleType("__main__")
        """What the page is to Python: the program, whose functions and classes have their names in it."""
        self.printed: str | None = None
        """What the block before printed; None if it wasn't run."""

    def run(self, block: Block) -> None:
        self.printed = None
        if block.title:
            Path(block.title).write_text(block.code, encoding="utf-8")
        elif block.language == "python":
            self.printed = self.python(block)
        elif block.language == "bash":
            self.printed = self.bash(block)
        else:
            assert block.language == "swift", f"a block of {block.language!r} needs a title or a rule"
            compiled = " ".join(SWIFT.read_text(encoding="utf-8").split())
            assert " ".join(block.code.split()) in compiled, f"{SWIFT.name} must have:\n{block.code}"

    def python(self, block: Block) -> str:
        line = self.path.read_text(encoding="utf-8")[: block.span[0]].count("\n")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            # Blank lines before it, so that a traceback has the page's own line numbers.
            exec(compile("\n" * line + block.code, str(self.path), "exec"), vars(self.module))
        return printed.getvalue()

    def bash(self, block: Block) -> str | None:
        lines = [line for line in block.code.replace("\\\n", "").splitlines() if line and not line.startswith("# ")]
        programs = {line.split()[0] for line in lines}
        if programs & ELSEWHERE or any(line.startswith("#SBATCH") for line in lines):
            return None
        if programs <= {"make", "pip"}:
            for line in lines:
                check_names(line)
            return None
        assert programs <= {"python", "ancestral", "ls"}, f"{programs} need a rule"
        if "ancestral" in programs and not TOOL.exists():
            return None
        path = os.pathsep.join([str(TOOL.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["bash", "-euc", block.code],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{block.code}\n{done.stdout}{done.stderr}"
        return done.stdout


def check_names(line: str) -> None:
    """Whether the target of a `make` and the extras of a `pip install` exist."""
    if line.startswith("make"):
        assert re.search(f"^{line.split()[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), line
    extras = re.search(r"\[(.*)\]", line)
    known = re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(extras[1].split(",") if extras else ()) <= set(known), line


def agrees(found: str, expected: str, *, about: bool) -> bool:
    """Whether the texts are equal, or equal but for small differences of numbers that have a decimal point."""
    if not about:
        return found == expected
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (found, expected)]
    shapes = [NUMBER.sub("#", text).split() for text in (found, expected)]
    return shapes[0] == shapes[1] and all(abs(a - b) <= 0.05 for a, b in zip(*numbers, strict=True))


@pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec:FutureWarning")  # Lightning 2.6 with torch 2.13.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # Python >= 3.12 at a fork.
@pytest.mark.filterwarnings("ignore:GPU available but not used")
@pytest.mark.parametrize(
    "path", [pytest.param(page, marks=pytest.mark.slow if page.stem in SLOW else [], id=page.stem) for page in PAGES]
)
def test_a_page_does_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    text = path.read_text(encoding="utf-8")
    if not TOOL.exists() and re.search(r'load_file\("', text):
        pytest.skip("this page reads what the command-line tool writes, which isn't built here")
    page, outputs = Page(path), list[tuple[Block, str]]()
    monkeypatch.setitem(sys.modules, "__main__", page.module)
    for block in blocks(text):
        if block.language != "text":
            assert not page.printed, f"the page must show this:\n{page.printed}"
            page.run(block)
        elif page.printed is not None:
            assert WRITE or agrees(page.printed, block.code, about=block.title == "about"), f"{page.printed}{REMEDY}"
            outputs.append((block, page.printed))
            page.printed = None
    assert not page.printed, f"the page must show this:\n{page.printed}"
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]  # The next page has a file of its own of that name.
    if WRITE:
        for block, printed in reversed(outputs):
            text = text[: block.span[0]] + printed + text[block.span[1] :]
        path.write_text(text, encoding="utf-8")


def test_the_pages_have_code_and_outputs() -> None:
    found = [block for path in PAGES for block in blocks(path.read_text(encoding="utf-8"))]
    languages = [block.language for block in found]
    assert languages.count("python") > 30
    assert languages.count("text") > 15
    fences = sum(line.startswith("```") for path in PAGES for line in path.read_text(encoding="utf-8").splitlines())
    assert fences == 2 * len(found)  # None has escaped the pattern.


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_root_lead_to_files(name: str) -> None:  # `make docs` checks those between pages of the site.
    links = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
