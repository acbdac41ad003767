"""The report in a real browser: wide, on a phone, and in the dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the path"), pytest.mark.slow]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    families = {
        "train": anc.FamilyConfig(n_nodes=6, sparsity_param=1.5),
        "test/" + "unbroken" * 12: anc.MixtureConfig([anc.FamilyConfig(n_nodes=n, sparsity_param=1.0) for n in (5, 6, 7)]),
    }
    return anc.analysis.report(families, tmp_path_factory.mktemp("page") / "report.html", n_tasks=20, n_samples=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def luminance(colour: str) -> float:
    """Of "rgb(r, g, b)": WCAG 2.2."""
    parts = [int(part) / 255 for part in colour[4:-1].split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_is_quiet_fits_and_can_be_read(width: int, scheme: str, file: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    colours = page.evaluate(
        """() => {
          const card = getComputedStyle(document.querySelector('.card')).backgroundColor;
          const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
          return [card, of('.card', 'color'), of('.soft', 'color'), of('figure svg text', 'fill')];
        }"""
    )
    card, *inks = map(luminance, colours)
    assert (card > 0.5) == (scheme == "light")
    assert all((max(card, ink) + 0.05) / (min(card, ink) + 0.05) >= 4.5 for ink in inks)
    page.close()
