"""Calls that make families, draw their tasks and tell their seeds."""

import json
from typing import Any

from .checked_calls import CheckedCalls

_BIF = (
    b"variable a { type discrete [ 2 ] { x, y } ; } variable b { type discrete [ 3 ] { p, q, r } ; } "
    b"probability ( a ) { table 0.5, 0.5 ; } probability ( b | a ) { ( x ) 0.1, 0.2, 0.7 ; default 1, 0, 0 ; }"
)


class FamilyCalls(CheckedCalls):
    """Families and networks, few of which are kept at a time."""

    def family(self) -> tuple[int | None, int]:
        return (None, 4) if self.random.random() < 0.05 else self.random.choice(self.families)

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

    def try_noise(self) -> None:
        nodes, rows = self.size(8), self.size(30)
        first = self.random.choice([0, 1, 5, 2**34 - 40, 2**34, 2**63, 2**64 - 1])
        out = self.room(0, 4 * min(nodes, 8) * min(rows, 30))
        self.call("anc_noise_fill", self.family()[0], self.word(), nodes, first, rows, self.random.getrandbits(32), out)


def _is_light(config: dict[str, Any]) -> bool:
    """Whether a task of the family costs little; the others are made, told and freed."""
    widths = [config.get("gpcde_features", 0), config.get("gp_features", 0), *config.get("mlp_hidden", [])]
    return (
        max(config["n_nodes"], config.get("n_nodes_max") or 0) <= 12
        and config.get("calibration_rows", 0) <= 256
        and max(widths) <= 512
    )
