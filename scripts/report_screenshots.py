"""Writes a report of seven families and takes the picture of its head for docs/images.

    pip install playwright && python scripts/report_screenshots.py

Needs a Chromium on the path (Debian: apt-get install chromium).
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright
from torch import Tensor

import ancestral as anc
from ancestral import evaluation

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH, HEIGHT = 1280, 1560


def data_module() -> anc.DataModule:
    """A training family and six test families."""
    train = anc.FamilyConfig(n_nodes=12, sparsity_param=1.5, mechanism_proportions={"linear": 0.5, "mlp": 0.5})
    tests = {
        "id": train,
        "scale-free": replace(train, graph="scale_free"),
        "denser": replace(train, sparsity_param=3.0),
        "laplace": replace(train, noise_type="laplace"),
        "gp": replace(train, mechanism_proportions={"gp": 1.0}),
        "notears-linear": anc.FamilyConfig.preset("notears-linear", n_nodes=12),
    }
    return anc.DataModule(train, None, tests, n_samples=200, batch_size=50, n_test=100, normalize="standardize")


def correlation(x: Tensor) -> Tensor:
    """What stands for a network on these pictures: |corr|."""
    return (x.mT @ x / x.shape[1]).abs().clamp(max=1)


def main() -> None:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("There is no chromium on the path.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = data_module()
        found = evaluation.evaluate(correlation, data, baseline=None, measures=["auroc", "average_precision"])
        page_file = anc.analysis.report(data, Path(folder) / "report.html", results=found)
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.as_uri())
        target = IMAGES / "report-wide.png"
        page.screenshot(path=target)
        print(f"{target}: {target.stat().st_size / 1024:.0f} KB")
        browser.close()


if __name__ == "__main__":
    main()
