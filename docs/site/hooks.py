"""Brings the README, CONTRIBUTING and CHANGELOG into the site, with links as they are there."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def on_files(files: Files, *, config: Any) -> Files:
    """Adds a page for each of PAGES."""
    root = Path(config.config_file_path).parent
    known = {file.src_uri for file in files} | set(PAGES.values())
    for source, page in PAGES.items():
        text = (root / source).read_text(encoding="utf-8")
        text = re.sub(r"\[([^]]*)\]\(([^):]+)\)", lambda match: link(match, known), text)
        if page == "index.md":
            text = f"---\nhide: [navigation]\n---\n{text}"
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:
    """A page with its links to PAGES, which lie outside `docs` in the repository, as they are on the site."""
    for source, name in PAGES.items():
        markdown = markdown.replace(f"](../../{source}", f"](../{name}")
    return markdown


def link(match: re.Match[str], known: set[str]) -> str:
    """A link of a file in the repository's root as it is on the site; the mere words where it leads out of the site."""
    path, _, anchor = match[2].partition("#")
    page = PAGES.get(path, str(PurePosixPath(path).relative_to("docs")) if path.startswith("docs/") else None)
    if page is not None and not page.endswith((".md", ".png", ".svg")):
        page = next((name for name in sorted(known) if name.startswith(f"{page}/")), None)  # A folder's first page.
    return match[1] if page is None else f"[{match[1]}]({page}{'#' if anchor else ''}{anchor})"
