"""Calls every function of ancestral.h with random arguments.

    python scripts/faults/fuzz_c.py [--calls N] [--seed S] [--library PATH]

Each call must answer with a status, and a failing one with one sentence; memory that a call reads or writes ends at a page that
ends the process when it is touched; resident memory must stay flat. Needs neither torch nor the package. The exit status is 1
for a wrong answer; a trap or a byte out of bounds ends the process by a signal, and `--trace FILE` keeps the last call before.

Outside the contract, and so not tried: handles that were freed or never made, and sizes larger than the memory given.
"""

import argparse
import ctypes
import json
import math
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from guarded import Guarded
from hostile_json import HostileJSON

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "python" / "ancestral" / "_lib" / "libAncestralBridge.so"
HEADER = ROOT / "Sources" / "CAncestral" / "include" / "ancestral.h"

OK, MORE, CONFIG, DISJOINT, ENGINE = range(5)
MOST_BYTES = 1 << 20
HUGE = [2**40 + 1, 2**47, 2**62, 2**63 - 1, 2**63, 2**64 - 1]  # Beyond the limit of every size.
FLAT_MEGABYTES = 8
_C_TYPES: dict[str, Any] = {
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
}


_BIF = (
    b"variable a { type discrete [ 2 ] { x, y } ; } variable b { type discrete [ 3 ] { p, q, r } ; } "
    b"probability ( a ) { table 0.5, 0.5 ; } probability ( b | a ) { ( x ) 0.1, 0.2, 0.7 ; default 1, 0, 0 ; }"
)
_NEVER = ctypes.pointer(ctypes.c_int32(0))  # A number that cancels nothing, and outlives all calls.


def _bytes_of(entry: dict[str, Any]) -> int:
    """The bytes of one task's array."""
    return math.prod(entry["shape"]) * {"float32": 4, "int32": 4, "int16": 2, "int8": 1, "bool": 1}[entry["dtype"]]


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


class Fuzz:
    """Draws calls, makes them and looks at the answers."""

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
        for text in (b'{"n_nodes": 4, "sparsity_param": 1}', b'{"n_nodes": 2, "n_nodes_max": 9, "sparsity_param": 0.5}'):
            self.keep_family(text)
        costly = ("try_family", "try_instance", "try_do", "try_analysis")
        names = [name for name in dir(self) if name.startswith("try_")]
        self.steps = [getattr(self, name) for name in names for _ in range(1 if name in costly else 4)]

    # ------------------------------------------------------------------------------------------------ plumbing

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

    def text_call(self, name: str, *arguments: Any) -> None:
        capacity = self.random.choice([0, 1, 2, 64, 65, 66, 5000, MOST_BYTES])
        out = self.room(0, capacity)
        if out is not None and self.random.random() < 0.02:
            capacity = self.random.choice(HUGE) if arguments and name == "anc_family_fingerprint" else capacity
            out = self.rooms[0].ending(MOST_BYTES)
        self.call(name, *arguments, out, capacity, self.room(1, 8))

    def family(self) -> tuple[int | None, int]:
        return (None, 4) if self.random.random() < 0.05 else self.random.choice(self.families)

    def instance(self) -> tuple[int | None, int, int, int]:
        if not self.instances or self.random.random() < 0.05:
            return None, 4, 1, 1
        return self.random.choice(self.instances)

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

    def keep_family(self, text: bytes) -> None:
        self.trace(repr(text))
        handle = self.created("anc_family_create", self.texts.put(text + b"\0"))
        if handle is None:
            return
        members = json.loads(self.text("anc_family_config", handle))
        parts = [part["family"] for part in members["mixture"]] if "mixture" in members else [members]
        if all(map(_is_light, parts)):
            width = json.loads(self.text("anc_family_describe", handle))["max_nodes"]
            self.keep(self.families, (handle, width), "anc_family_free")
        else:
            self.call("anc_family_free", handle)

    # ------------------------------------------------------------------------------------------------ the calls

    def try_family(self) -> None:
        if self.random.random() < 0.02:
            self.created("anc_family_create", None)
        self.keep_family(self.json.text())

    def try_network(self) -> None:
        words = [*_BIF.split(b" "), *([self.random.choice([b"{", b"}", b"(", b"|", b";", b'"', b"/*", b"1e9", b"\xff"])] * 2)]
        if self.random.random() < 0.7:
            words[self.random.randrange(len(words) - 2)] = self.random.choice(words)
        text = self.texts.put(b" ".join(words[:-2]) + b"\0")
        form = self.filled(2, self.random.choice([b"bif", b"bif", b"bif", b"json", b"xml", b"\xff"]) + b"\0")
        network = self.created("anc_network_read", text, form)
        asked = [b'{"of": ["b"], "do": {"a": "x"}}', b'{"of": ["b", "a"], "do": {}}', b"{}", self.json.options()]
        count = self.size(6)
        query = self.filled(3, self.random.choice(asked) + b"\0")
        whose = network or self.family()[0]
        self.call("anc_network_probabilities", whose, query, self.room(0, 8 * min(count, 6)), count)
        if network is not None:
            width = json.loads(self.text("anc_family_describe", network))["max_nodes"]
            self.keep(self.families, (network, width), "anc_family_free")

    def try_texts(self) -> None:
        # The last three are put together anew by each call.
        names = ["anc_version", "anc_last_error", "anc_limits", "anc_schema", "anc_presets", "anc_measures"]
        self.text_call(self.random.choices(names, [30, 30, 30, 1, 1, 1])[0])
        told = ["anc_family_config", "anc_family_fingerprint", "anc_family_describe"]
        self.text_call(self.random.choice(told), self.family()[0])
        self.text_call("anc_instance_describe", self.instance()[0], self.random.choice([0, 1, 1, -1, 2**31 - 1]))
        word = self.filled(2, self.random.choice([b"n_node", b"ER", b"", b"\xff\xfe", b"x" * 99]) + b"\0")
        listed = b'{"names": ["n_nodes", "erdos_renyi", ""]}'
        self.text_call("anc_meant_name", word, self.texts.put(self.random.choice([listed, self.json.options()]) + b"\0"))

    def try_small(self) -> None:
        self.call("anc_cancel_on", self.random.choice([None, _NEVER]))
        self.call(self.random.choice(["anc_family_free", "anc_instance_free", "anc_reserved_free", "anc_design_free"]), None)
        if self.library.anc_abi_version() < 1:
            raise WrongAnswerError("anc_abi_version is below 1.")

    def try_seeds(self) -> None:
        count = self.size(9)
        room = 8 * min(count, 9)
        offset, epoch = (self.random.choice([-1, 0, 1, -2, 2**63 - 1, -(2**63)]) for _ in range(2))
        self.call("anc_stream_seeds", self.word(), offset, epoch, self.word(), count, self.room(0, room))
        name = self.filled(2, self.random.choice([b"", b"val", b"\xff"]) + b"\0")
        self.call("anc_fixed_seeds", self.word(), name, self.word(), count, self.room(0, room))
        self.call("anc_analysis_seeds", self.word(), count, self.room(0, room))
        reserved, attempt = self.random.choice([None, *self.reserved]), self.random.choice([1, self.random.getrandbits(32)])
        self.call("anc_retry_seed", reserved, self.word(), attempt, self.room(0, 8))
        seeds = self.filled(1, self.random.randbytes(room))
        self.call("anc_family_components", self.family()[0], seeds, count, self.room(0, room // 2))

    def try_tasks(self) -> None:
        family, width = self.family()
        count, samples = self.size(4), self.size(300 if self.random.random() < 0.02 else 12)
        honest, rows = min(count, 4), min(samples, 300)
        standing = [self.random.choice([0] * 30 + [1, -1, samples & 0xFFF, 2**63 - 1]) for _ in range(honest)]
        progress = b"".join(value.to_bytes(8, "little", signed=True) for value in standing)
        self.call(
            "anc_tasks_fill",
            family,
            self.random.choice([None, *self.reserved]),
            self.filled(0, self.random.randbytes(8 * honest)),
            count,
            samples,
            self.random.getrandbits(32),
            self.threads(),
            self.filled(1, progress),
            self.room(2, 4 * honest * rows * width),
            self.room(3, 4 * honest * width * width),
            self.room(4, 4 * honest),
            self.room(5, 32 * honest),
            self.room(6, 4 * honest),
        )

    def try_design(self) -> None:
        text = self.json.design(self.design_schema)
        handle = self.created("anc_design_create", self.texts.put(text + b"\0"))
        if handle is not None:
            self.keep(self.designs, handle, "anc_design_free")

    def try_experiments(self) -> None:
        if not self.designs:
            return
        design, family = self.random.choice(self.designs), self.family()[0]
        instance, n_nodes, *_ = self.instance()
        self.text_call("anc_design_schema" if self.random.random() < 0.02 else "anc_version")
        first = self.word()
        self.call("anc_design_describe", design, family, self.size(9), first, None, 0, self.room(1, 8))
        whose = family if self.random.random() < 0.5 else None
        status, layout = self.layout(design, whose, n_nodes, first)
        count = self.random.randint(1, 2)
        sizes = [_bytes_of(entry) for entry in layout]
        if status != OK or len(sizes) > len(self.arrays) or max(sizes, default=0) * count > 1 << 16:
            return
        places = [room.ending(size * count) for room, size in zip(self.arrays, sizes, strict=False)]
        if places and self.random.random() < 0.05:
            places[self.random.randrange(len(places))] = 0
        arrays = self.rooms[2].put(b"".join(place.to_bytes(8, "little") for place in places))
        bytes_ = self.filled(7, b"".join((size * count).to_bytes(8, "little") for size in sizes))
        given = len(places) if self.random.random() < 0.95 else self.size(40)
        draw = self.random.getrandbits(32)
        if self.random.random() < 0.02:
            tasks = self.size(2)
            self.call("anc_design_summary", design, family, tasks, first, self.threads(), None, 0, self.room(5, 8))
            options = self.texts.put(b'{"tasks": %d, "permutations": 3, "bootstraps": 3}\0' % min(tasks, 50))
            pair = design, family, self.random.choice([None, *self.designs]), self.random.choice([None, family])
            self.call("anc_design_distance", *pair, self.random.choice([None, options]), None, 0, self.room(5, 8))
        self.call("anc_design_admits", design, self.random.choice([None, family]), instance, self.room(5, 4))
        if whose is None:
            self.call(
                "anc_instance_run", instance, self.random.choice([None, family]), design, first, draw, arrays, bytes_, given
            )
            return
        seeds = self.filled(3, first.to_bytes(8, "little") + self.random.randbytes(8 * (count - 1)))
        standing = self.random.choice([0] * 9 + [-1]).to_bytes(8, "little", signed=True) * count
        self.call(
            "anc_experiments_fill",
            *(whose, design, self.random.choice([None, *self.reserved]), seeds, count, draw, self.threads()),
            *(self.filled(4, standing), arrays, bytes_, given, self.room(5, 32 * count), self.room(6, 4 * count)),
        )

    def layout(self, design: int, family: int | None, nodes: int, first: int) -> tuple[int, list[dict[str, Any]]]:
        """The arrays of a design, and whether it can be had."""
        needed = ctypes.c_size_t()
        arguments = (design, family, nodes, first)
        status = self.call("anc_design_describe", *arguments, None, 0, ctypes.addressof(needed))
        return status, json.loads(self.text("anc_design_describe", *arguments))["layout"] if status == OK else []

    def try_noise(self) -> None:
        nodes, rows = self.size(8), self.size(30)
        first = self.random.choice([0, 1, 5, 2**34 - 40, 2**34, 2**63, 2**64 - 1])
        out = self.room(0, 4 * min(nodes, 8) * min(rows, 30))
        self.call("anc_noise_fill", self.family()[0], self.word(), nodes, first, rows, self.random.getrandbits(32), out)

    def try_standardize(self) -> None:
        count, rows, columns = self.size(3), self.size(20), self.size(5)
        size = 4 * min(count, 3) * min(rows, 20) * min(columns, 5)
        x = self.filled(1, self.random.randbytes(size))
        self.call("anc_standardize", x, count, rows, columns, self.room(0, size))

    def matrix(self, slot: int) -> tuple[int | None, int]:
        """Bytes of a small matrix, mostly a DAG's, and a size that is honest, or to be refused."""
        n, cells = self.dag()
        size = self.random.choice([0, 2049, *HUGE]) if self.random.random() < 0.1 else n
        return self.filled(slot, cells), size

    def dag(self) -> tuple[int, bytes]:
        """A size and so many squared bytes, mostly a DAG's."""
        random = self.random
        n = random.choice([1, 2, 3, 5, 8, 40])
        labels = random.sample(range(n), n)
        cells = bytearray(n * n)
        for _ in range(random.randrange(2 * n)):
            i, j = sorted(random.choices(range(n), k=2))
            if i < j:
                cells[labels[i] * n + labels[j]] = 1
        if random.random() < 0.2:
            cells[random.randrange(n * n)] = random.choice([1, 2, 255])
        return n, bytes(cells)

    def try_graphs(self) -> None:
        graph, n = self.matrix(0)
        honest = n if n <= 40 else 0
        self.call("anc_graph_order", graph, n, self.room(1, 4 * honest))
        self.call("anc_graph_cpdag", graph, n, self.room(1, honest * honest))
        regimes = self.size(3)
        marks = self.filled(2, self.random.randbytes(min(regimes, 3) * honest))
        self.call("anc_graph_cpdag_of_targets", graph, n, marks, regimes, self.room(1, honest * honest))
        self.call("anc_graph_hash", graph, n, self.random.choice([0, 1, 2, -1, 3, 2**31 - 1]), self.room(1, 32))
        rows = self.size(9)
        x = self.filled(2, self.floats(min(rows, 9) * honest))
        self.call("anc_sortability", x, rows, graph, n, self.values(4, honest), self.room(3, 16))

    def values(self, slot: int, count: int) -> int | None:
        """What the values of nodes are, mostly what may be."""
        if self.random.random() < 0.5:
            return None
        choices = [0, 0, 2, 3, -1] if self.random.random() < 0.7 else [0, 1, -2, 32767, -32768]
        return self.filled(slot, bytes((ctypes.c_int16 * count)(*self.random.choices(choices, k=count))))

    def floats(self, count: int) -> bytes:
        """Bits of any kind in half of the cases, else plain numbers."""
        if self.random.random() < 0.5:
            return self.random.randbytes(4 * count)
        return bytes((ctypes.c_float * count)(*(self.random.gauss(0, 1) for _ in range(count))))

    def try_reserved(self) -> None:
        count = self.size(5)
        digests = self.filled(0, self.random.randbytes(32 * min(count, 5)))
        handle = self.created("anc_reserved_create", digests, count, self.random.choice([0, 0, 1, 2, -1, 3]))
        if handle is not None:
            self.keep(self.reserved, handle, "anc_reserved_free")
        drawn = self.filled(1, b"".join(self.random.choice([0, 1, 100, 2**64 - 1]).to_bytes(8, "little") for _ in range(2)))
        if drawn is not None or self.random.random() < 0.1:  # Which draws a thousand graphs.
            reserved = self.random.choice([None, *self.reserved])
            whose = self.family()[0], self.random.choice([None, *self.designs]) if self.random.random() < 0.5 else None
            self.call("anc_reserved_mass", *whose, reserved, self.word(), drawn, self.room(2, 2048), 2048, self.room(3, 8))

    def try_instance(self) -> None:
        family, _ = self.family()
        graph, n = self.matrix(0)
        handle = self.created("anc_instance_create", family, self.word(), graph, n)
        if handle is not None:
            self.keep_instance(handle)

    def keep_instance(self, handle: int) -> None:
        mechanisms = json.loads(self.text("anc_instance_describe", handle, 1))
        sizes = len(mechanisms["nodes"]), mechanisms["noise_channels"], mechanisms["parameter_count"]
        self.keep(self.instances, (handle, *sizes), "anc_instance_free")

    def try_do(self) -> None:
        instance, n, _, _ = self.instance()
        count = self.size(n)
        honest = min(count, n)
        nodes = [
            self.random.choice([self.random.randrange(n), self.random.randrange(n), -1, n, 2**31 - 1]) for _ in range(honest)
        ]
        places = self.filled(0, b"".join(node.to_bytes(4, "little", signed=True) for node in nodes))
        handle = self.created("anc_instance_do", instance, places, self.filled(1, self.floats(honest)), count)
        if handle is not None:
            self.keep_instance(handle)

    def try_reading(self) -> None:
        instance, n, _, parameters = self.instance()
        self.call("anc_instance_adjacency", instance, self.room(0, n * n))
        if 4 * parameters <= MOST_BYTES:
            count = self.random.choice([parameters, parameters, parameters + 1, 0, *HUGE])
            self.call("anc_instance_parameters", instance, self.room(0, 4 * parameters), count)

    def try_sample(self) -> None:
        instance, n, channels, _ = self.instance()
        rows = self.size(500 if self.random.random() < 0.02 else 9)
        honest = min(rows, 500)
        first = self.random.choice([0, 1, 3, 2**20, 2**34 - 600, 2**34, 2**63, 2**64 - 1])
        done = self.filled(1, self.random.choice([0, 0, 0, 0, 0, 0, 1, honest, honest + 1, 2**64 - 1]).to_bytes(8, "little"))
        x, noise = self.room(2, 4 * honest * n), self.room(3, 4 * honest * n * channels)
        self.call("anc_instance_sample", instance, first, rows, self.random.getrandbits(32), self.threads(), done, x, noise)

    def try_analysis(self) -> None:
        if self.random.random() < 0.9:  # A hundred times the cost of the others.
            return
        options = None if self.random.random() < 0.05 else self.texts.put(self.json.options() + b"\0")
        samples = [self.created("anc_sample_create") for _ in range(2)]
        for sample in samples:
            for _ in range(self.random.choice([0, 1, 1, 1, 2])):
                (self.draw_sample if self.random.random() < 0.5 else self.add_sample)(sample, options)
        if self.random.random() < 0.5:
            self.call("anc_sample_summary", samples[0], self.room(0, 65_536), 65_536, self.room(2, 8))
        else:
            self.call("anc_sample_distance", *samples, options, self.room(0, 65_536), 65_536, self.room(2, 8))
        for sample in samples:
            self.call("anc_sample_free", sample)

    def draw_sample(self, sample: int | None, options: int | None) -> None:
        seeds, count, sizes, cells = None, self.size(3), None, None
        if self.random.random() < 0.5:
            honest = min(count, 3)
            seeds = self.filled(3, self.random.randbytes(8 * honest))
            if self.random.random() < 0.5:
                sizes, cells, _ = self.graphs(honest)
        self.call("anc_sample_draw", sample, self.family()[0], seeds, count, sizes, cells, options)

    def add_sample(self, sample: int | None, options: int | None) -> None:
        count, rows = self.size(3), self.size(12)
        sizes, cells, nodes = self.graphs(min(count, 3))
        x = self.filled(6, self.floats(min(rows, 12) * nodes))
        self.call("anc_sample_add", sample, count, rows, sizes, cells, x, self.values(7, nodes), options)

    def try_spectra(self) -> None:
        count = self.size(3)
        sizes, cells, nodes = self.graphs(min(count, 3))
        self.call("anc_spectra", cells, sizes, count, self.threads(), self.room(3, 8 * nodes))

    def graphs(self, count: int) -> tuple[int | None, int | None, int]:
        """Sizes and cells of some graphs, and how many nodes they have together; now and then a size to be refused."""
        found = [self.dag() for _ in range(count)]
        sizes = [n for n, _ in found]
        if sizes and self.random.random() < 0.1:
            sizes[-1] = self.random.choice([0, -1, 2049, 2**31 - 1])
        packed = b"".join(n.to_bytes(4, "little", signed=True) for n in sizes)
        return self.filled(4, packed), self.filled(5, b"".join(cells for _, cells in found)), sum(n for n, _ in found)

    def try_verify(self) -> None:
        """Paths of all kinds; a file with a hostile header is one that `verify` has to read."""
        if self.random.random() < 0.5:
            content = b"".join(
                [self.size(200).to_bytes(8, "little", signed=False), self.json.options(), self.random.randbytes(40)]
            )
            (self.folder / "set.safetensors").write_bytes(content)
        names = ["", "/", "/dev/null", "/nowhere", str(self.folder), str(self.folder / "set.safetensors"), "x" * 9000]
        path = self.filled(0, self.random.choice([*(name.encode() for name in names), b"\xff\xfe"]) + b"\0")
        options = None if self.random.random() < 0.05 else self.texts.put(self.json.options() + b"\0")
        self.call("anc_verify", path, options, self.room(2, 65_536), 65_536, self.room(3, 8))
        self.call("anc_run_read", path, options, self.room(2, 65_536), 65_536, self.room(3, 8))

    def try_set_plan(self) -> None:
        described = {"config": "{}", "fingerprint": "f", "rows": self.size(9), "nodes": self.size(9), "more": {"a": "b"}}
        text = json.dumps(described).encode() if self.random.random() < 0.8 else self.json.options()
        count = self.size(9)
        room = 8 * min(count, 9)
        seeds = self.filled(1, self.random.randbytes(room))
        given = self.texts.put(text + b"\0"), seeds, count, self.room(2, room)
        self.call("anc_set_plan", *given, self.room(3, 4096), 4096, self.room(4, 8))


def _is_light(config: dict[str, Any]) -> bool:
    """Whether a task of the family costs little; the others are made, told and freed."""
    widths = [config.get("gpcde_features", 0), config.get("gp_features", 0), *config.get("mlp_hidden", [])]
    return (
        max(config["n_nodes"], config.get("n_nodes_max") or 0) <= 12
        and config.get("calibration_rows", 0) <= 256
        and max(widths) <= 512
    )


def resident() -> float:
    """Megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def main() -> int:
    """0 when every answer was right and memory stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library", type=Path, default=LIBRARY)
    parser.add_argument("--trace", type=Path, help="a file that holds the last call, should it end the process")
    parser.add_argument("--any-memory", action="store_true", help="don't ask that memory stays flat, as under a sanitizer")
    arguments = parser.parse_args()
    fuzz = Fuzz(ctypes.CDLL(str(arguments.library)), arguments.seed)
    if arguments.trace:
        file = open(arguments.trace, "w", buffering=1, encoding="utf-8")  # noqa: SIM115 - open until the end
        fuzz.trace = lambda line: (file.seek(0), file.truncate(), file.write(line[:4000]), file.flush())
    started, sizes, told = time.perf_counter(), list[float](), 0
    try:
        while (made := fuzz.statuses.total()) < arguments.calls:
            fuzz.random.choice(fuzz.steps)()
            if made * 20 >= told * arguments.calls:
                told += 1
                sizes.append(resident())
    except WrongAnswerError as wrong:
        print(f"seed {arguments.seed}, after {fuzz.statuses.total()} calls: {wrong}")
        return 1
    by_status = Counter[int]()
    for (_, status), count in fuzz.statuses.items():
        by_status[status] += count
    untried = sorted(set(fuzz.names) - {name for name, _ in fuzz.statuses} - {"anc_abi_version"})
    # The second half against the first: a few handles of changing size are always held.
    half = len(sizes) // 2
    grown = max(sizes[half:]) - max(sizes[:half]) if half else 0.0
    print(
        f"{fuzz.statuses.total()} calls in {time.perf_counter() - started:.0f} s, seed {arguments.seed}: "
        "no trap, nothing out of bounds"
    )
    print(f"statuses: {dict(sorted(by_status.items()))}; {len(fuzz.sentences)} kinds of sentences")
    print(f"resident memory: {max(sizes[:half], default=0):.0f} MB at most in the first half, {grown:+.1f} MB in the second")
    if untried:
        print(f"never called: {', '.join(untried)}")
    return 1 if untried or (grown > FLAT_MEGABYTES and not arguments.any_memory) else 0


if __name__ == "__main__":
    sys.exit(main())
