"""Figures as <svg> elements of a page."""

import io
import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from .._engine.extras import package

_IDS = re.compile(r'(\bid="|url\(#|href="#)')
# Equal images in one figure have equal ids, which nothing refers to.
_IMAGE_IDS = re.compile(r' id="image[0-9a-f]+"')
# Ink and paper follow the page, so that a figure can be read in dark mode.
_INK = {"#000000": "currentColor", "#ffffff": "var(--card)"}
_WORDS = re.compile(r"#(?:000000|ffffff)\b")


@contextmanager
def plain_style() -> Generator[None]:
    """matplotlib's own defaults whatever the caller's are, and letters as text; afterwards all is as it was."""
    package("matplotlib", "plot")
    from matplotlib import style

    with style.context(["default", {"svg.fonttype": "none", "svg.hashsalt": "ancestral"}]):
        yield


def inline_svg(figure: Any, prefix: str, label: str) -> str:
    """An <svg> element for a page: the same text for the same figure, ids that begin with `prefix`, no background."""
    from markupsafe import escape

    figure.patch.set_alpha(0)
    for axes in figure.axes:
        axes.patch.set_alpha(0)
    written = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with warnings.catch_warnings():
        # Letters stay letters, and a browser has more of them than matplotlib's font.
        warnings.filterwarnings("ignore", r"Glyph .* missing from font")
        figure.savefig(written, format="svg", dpi=144, metadata=nothing)
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = _IMAGE_IDS.sub("", text)
    text = _IDS.sub(rf"\g<1>{prefix}-", text)
    text = _WORDS.sub(lambda found: _INK[found[0]], text)
    width = round(figure.get_figwidth() * 96)
    # The drawing's own width and height give way to the page's.
    text = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", text, count=1)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" style="--w:{width}px" ', 1)
