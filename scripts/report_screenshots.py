"""Writes a report of four families and takes its pictures for docs/images: wide, narrow and dark.

    pip install playwright && python scripts/report_screenshots.py

Needs a Chromium on the path (Debian: apt-get install chromium).
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import ancestral as anc

IMAGES = Path(__file__).parents[1] / "docs" / "images"
VIEWS = {"wide": (1280, 1500, "light"), "narrow": (390, 1700, "light"), "dark": (1280, 1500, "dark")}


def families() -> dict[str, object]:
    train = anc.FamilyConfig(n_nodes=12, sparsity_param=1.5, mechanism_proportions={"linear": 0.5, "mlp": 0.5})
    return {
        "train": train,
        "test/id": train,
        "test/scale-free": anc.FamilyConfig(
            12, graph="scale_free", mechanism_proportions={"gp": 1}, standardization="internal"
        ),
        "test/notears-linear": anc.FamilyConfig.preset("notears-linear", n_nodes=12),
    }


def main() -> None:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("There is no chromium on the path.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = anc.analysis.report(families(), Path(folder) / "report.html")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, (width, height, scheme) in VIEWS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(page_file.as_uri())
            target = IMAGES / f"report-{name}.png"
            page.screenshot(path=target)
            print(f"{target}: {target.stat().st_size / 1024:.0f} KB")
        browser.close()


if __name__ == "__main__":
    main()
