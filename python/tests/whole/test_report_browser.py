"""The report in a real browser: wide, on a phone, and in the dark."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the path"), pytest.mark.slow]


UNBROKEN = "test/" + "unbroken" * 12


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    train = anc.FamilyConfig(n_nodes=6, sparsity_param=1.5)
    families = {
        "train": train,
        UNBROKEN: anc.MixtureConfig([anc.FamilyConfig(n_nodes=n, sparsity_param=1.0) for n in (5, 6, 7)]),
        **{f"test/noise {k}": replace(train, noise_type=noise) for k, noise in enumerate(("laplace", "uniform", "student_t"))},
        "test/denser": replace(train, sparsity_param=2.5),
    }
    return anc.analysis.report(
        families,
        tmp_path_factory.mktemp("page") / "report.html",
        design=anc.Design(n_samples=20, interventions={"n_samples": 10, "regimes": 2}, hidden={"count": 1}),
        results={UNBROKEN: {"auroc": (0.8, 0.7, 0.9)}, "test/denser": {"auroc": 0.6, "expected_shd": (7, 6, 8)}},
        n_tasks=20,
        n_samples=20,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def luminance(colour: str) -> float:
    """Of "rgb(r, g, b)": WCAG 2.2."""
    assert colour.startswith("rgb("), colour  # Not one that lets another through.
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


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21; text asks for 4.5."""
    high, low = sorted(map(luminance, (first, second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


COLOURS = """() => [1, 2, 3, 4].map(level => {
  const style = getComputedStyle(document.querySelector(`.key .far${level}`));
  return [style.backgroundColor, style.color];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_families_side_by_side_can_be_read_and_reached(width: int, scheme: str, file: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(file.as_uri())
    cells = page.evaluate(COLOURS)
    assert len({background for background, _ in cells}) == 4
    assert all(contrast(*pair) >= 4.5 for pair in cells)
    region = page.get_by_role("region", name="Measures by families")
    heads = region.locator("thead th").all_inner_texts()
    assert heads == ["measure", UNBROKEN, "test/noise 0", "test/noise 1", "test/noise 2", "test/denser"]
    rows = region.get_by_role("row").all_inner_texts()
    assert any(row.startswith("auroc") and "0.7 to 0.9" in row and "0.6" in row for row in rows)
    assert any(row.startswith("data_energy") and row.count("p 0.") == 5 for row in rows)
    if width == 390:  # It scrolls by itself, by keys too, and the names of rows stay.
        region.focus()
        page.keyboard.press("End")
        region.evaluate("part => { part.scrollLeft = part.scrollWidth }")
        assert region.evaluate("part => part.scrollLeft") > 100
        name = region.locator('th[scope="row"]').first.bounding_box()
        assert name is not None
        assert 0 <= name["x"] < 60
        assert page.evaluate("document.scrollingElement.scrollLeft") == 0
    # A chart's name for a reader who doesn't see it.
    assert page.get_by_role("img", name="The network's result over distance, data_energy").count() == 1
    hidden = page.get_by_role("region", name="Chance and intervals of distances")
    assert not hidden.is_visible()
    page.get_by_text("Chance and intervals", exact=True).click()
    assert hidden.is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_what_a_design_does_stands_under_each_family(width: int, scheme: str, file: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(file.as_uri())
    assert page.get_by_role("heading", name="Design", exact=True).count() == 6
    settings = page.get_by_role("region", name="Settings of the design of train").inner_text()
    assert [words in settings for words in ("interventions.regimes", "hidden.count")] == [True, True]
    region = page.get_by_role("region", name="What the design does to train")
    rows = region.get_by_role("row").all_inner_texts()
    assert any(row.startswith("observational_share") and "0.6667" in row for row in rows)
    assert any(row.startswith("confounded_pairs") for row in rows)
    region.scroll_into_view_if_needed()
    box = region.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    card, ink = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.card')).backgroundColor,
                  getComputedStyle(document.querySelector('td.words')).color]"""
    )
    assert contrast(card, ink) >= 4.5
    assert page.get_by_role("img", name="What the design does: the mean and the central 90 % of tasks").count() == 6
    page.close()
