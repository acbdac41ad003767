"""Calls that make designs and run them."""

import ctypes
import json
import math
from typing import Any

from .checked_calls import HUGE, OK
from .instances import InstanceCalls


class DesignCalls(InstanceCalls):
    """Designs, of families and of SCMs."""

    def try_design(self) -> None:
        text = self.json.design(self.design_schema)
        handle = self.created("anc_design_create", self.texts.put(text + b"\0"))
        if handle is not None:
            self.keep(self.designs, handle, "anc_design_free")

    def layout(self, design: int, family: int | None, nodes: int, first: int) -> tuple[int, list[dict[str, Any]]]:
        """The arrays of a design, and whether it can be had."""
        needed = ctypes.c_size_t()
        arguments = (design, family, nodes, first)
        status = self.call("anc_design_describe", *arguments, None, 0, ctypes.addressof(needed))
        return status, json.loads(self.text("anc_design_describe", *arguments))["layout"] if status == OK else []

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
        # Never a few more: with another family's classes the layout may have just so many arrays, and those aren't there.
        given = len(places) if self.random.random() < 0.95 else self.random.choice([max(len(places) - 1, 0), 0, *HUGE])
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


def _bytes_of(entry: dict[str, Any]) -> int:
    """The bytes of one task's array."""
    return math.prod(entry["shape"]) * {"float32": 4, "int32": 4, "int16": 2, "int8": 1, "bool": 1}[entry["dtype"]]
