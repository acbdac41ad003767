"""Checksums of files, and JSON files that tell when one of their own bytes was changed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .parsing import parse_object
from .regular import open_regular

_CHUNK = 1 << 20
_ZEROS = "0" * 64


def checksum(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits, without having all of it in memory. OSError where that can't be read or is no file."""
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while part := file.read(_CHUNK):
            digest.update(part)
    return digest.hexdigest()


def json_text(content: Mapping[str, Any]) -> str:
    """Depends on nothing but the content and the order of its members."""
    return json.dumps(content, indent=1) + "\n"


def sealed(content: Mapping[str, Any]) -> str:
    """The content with a last member `digest`: the SHA-256 of the text where its own 64 digits are zeros.

    So any language computes it alike.
    """
    text = json_text({**content, "digest": _ZEROS})
    head, _, tail = text.rpartition(_ZEROS)
    return head + hashlib.sha256(text.encode()).hexdigest() + tail


def is_sealed(text: str) -> bool:
    """True if a text is as `sealed` made it."""
    try:
        members = parse_object(text)
    except ValueError:
        return False
    members.pop("digest", None)
    return sealed(members) == text
