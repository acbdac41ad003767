"""Makes calls of ancestral.h and checks each answer; draws the arguments that all kinds of calls share."""

import ctypes
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guarded import Guarded
from hostile_json import HostileJSON

HEADER = Path(__file__).resolve().parents[3] / "Sources" / "CAncestral" / "include" / "ancestral.h"

OK, MORE, CONFIG, DISJOINT, ENGINE = range(5)
MOST_BYTES = 1 << 20
HUGE = [2**40 + 1, 2**47, 2**62, 2**63 - 1, 2**63, 2**64 - 1]  # Beyond the limit of every size.
_C_TYPES: dict[str, Any] = {
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
}


class WrongAnswerError(Exception):
    """An answer that the header does not allow."""


def declarations(header: str) -> dict[str, list[Any]]:
    """The argument types of every function of the header."""
    header = re.sub(r"/\*.*?\*/", "", header, flags=re.S).replace("_Nullable", "")
    found: dict[str, list[Any]] = {}
    for name, arguments in re.findall(r"^(?:anc_status|int32_t) (anc_\w+)\(([^)]*)\);", header, flags=re.M):
        types = [] if arguments.strip() == "void" else [" ".join(part.split()[:-1]) for part in arguments.split(",")]
        found[name] = [
            ctypes.c_void_p if "*" in part else _C_TYPES[kind]
            for part, kind in zip(arguments.split(","), types or [""], strict=True)
            if kind or "*" in part
        ]
    return found


class CheckedCalls:
    """A library, memory to call it with, and what was made by it."""

    def __init__(self, library: ctypes.CDLL, seed: int) -> None:
        self.library, self.random = library, random.Random(seed)
        self.names = declarations(HEADER.read_text(encoding="utf-8"))
        for name, types in self.names.items():
            function = getattr(library, name)
            function.argtypes, function.restype = types, ctypes.c_int32
        self.rooms = [Guarded(MOST_BYTES) for _ in range(8)]
        self.texts = Guarded(1 << 21)
        self.temporary = tempfile.TemporaryDirectory(prefix="fuzz-")
        self.folder = Path(self.temporary.name)
        self.json = HostileJSON(self.random, json.loads(self.text("anc_schema")), json.loads(self.text("anc_presets")))
        self.families: list[tuple[int, int]] = []
        self.design_schema = json.loads(self.text("anc_design_schema"))["schema"]
        self.instances: list[tuple[int, int, int, int]] = []
        self.reserved: list[int] = []
        self.designs: list[int] = []
        self.arrays = [Guarded(1 << 16) for _ in range(40)]
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.sentences: set[str] = set()
        self.trace: Callable[[str], object] = lambda line: None

    def call(self, name: str, *arguments: Any) -> int:
        """One call with its answer checked; while there is more it is made again."""
        if name != "anc_family_create":  # Its text was told instead.
            self.trace(f"{name}{arguments}")
        for _ in range(10_000):
            status = getattr(self.library, name)(*arguments)
            if status != MORE:
                break
        else:
            raise WrongAnswerError(f"{name}{arguments} doesn't come to an end.")
        self.statuses[name, status] += 1
        if status not in (OK, CONFIG, DISJOINT, ENGINE):
            raise WrongAnswerError(f"{name}{arguments} answered with status {status}.")
        if status != OK:
            sentence = self.text("anc_last_error")
            if not sentence.endswith(".") or "\n" in sentence or len(sentence) > 4000:
                raise WrongAnswerError(f"{name}{arguments} failed without one sentence: {sentence[:500]!r}")
            self.sentences.add(re.sub(r"[0-9]+", "#", sentence)[:160])
        return status

    def text(self, name: str, *arguments: Any) -> str:
        """A text of the engine's, asked for its size first."""
        needed = ctypes.c_size_t()
        function = getattr(self.library, name)
        function(*arguments, None, 0, ctypes.byref(needed))
        buffer = ctypes.create_string_buffer(needed.value)
        if function(*arguments, buffer, len(buffer), ctypes.byref(needed)) != OK or buffer.raw[-1:] != b"\0":
            raise WrongAnswerError(f"{name} gave no text.")
        return buffer.raw[:-1].decode("utf-8")  # Raises for what is not UTF-8.

    def room(self, slot: int, size: int) -> int | None:
        """Exactly `size` bytes before a shut page, filled with noise now and then; NULL for one in ten."""
        if self.random.random() < 0.1:
            return None
        return self.rooms[slot].ending(size)

    def filled(self, slot: int, content: bytes) -> int | None:
        return None if self.random.random() < 0.1 else self.rooms[slot].put(content)

    def size(self, most: int) -> int:
        """A size up to `most`, or one that must be refused before memory is touched."""
        return self.random.choice(HUGE) if self.random.random() < 0.1 else self.random.randint(0, most)

    def word(self) -> int:
        return self.random.choice([0, 1, 2**32, 2**63, 2**64 - 1, self.random.getrandbits(64)])

    def threads(self) -> int:
        return self.random.choice([0, 1, 1, 1, 2, 3, 1025, *HUGE])

    def floats(self, count: int) -> bytes:
        """Bits of any kind in half of the cases, else plain numbers."""
        if self.random.random() < 0.5:
            return self.random.randbytes(4 * count)
        return bytes((ctypes.c_float * count)(*(self.random.gauss(0, 1) for _ in range(count))))

    def text_call(self, name: str, *arguments: Any) -> None:
        capacity = self.random.choice([0, 1, 2, 64, 65, 66, 5000, MOST_BYTES])
        out = self.room(0, capacity)
        if out is not None and self.random.random() < 0.02:
            capacity = self.random.choice(HUGE) if arguments and name == "anc_family_fingerprint" else capacity
            out = self.rooms[0].ending(MOST_BYTES)
        self.call(name, *arguments, out, capacity, self.room(1, 8))

    def created(self, name: str, *arguments: Any) -> int | None:
        """A new handle, or None; the place it goes to may be NULL."""
        out = None if self.random.random() < 0.02 else self.rooms[7].put(bytes(8))
        status = self.call(name, *arguments, out)
        if out is None:
            return None
        handle = ctypes.c_void_p.from_address(out).value
        if (status == OK) != (handle is not None):
            raise WrongAnswerError(f"{name} answered {status} and gave the handle {handle}.")
        return handle

    def keep(self, kept: list[Any], entry: Any, free: str) -> None:
        """Keeps a few handles, and frees one for each that is one too many."""
        kept.append(entry)
        if len(kept) > 24:
            gone = kept.pop(self.random.randrange(len(kept)))
            self.call(free, gone[0] if isinstance(gone, tuple) else gone)
