"""Calls that make SCMs and read them."""

import ctypes
import json

from .checked_calls import HUGE, MOST_BYTES, WrongAnswerError
from .graphs import GraphCalls

_NEVER = ctypes.pointer(ctypes.c_int32(0))  # A number that cancels nothing, and outlives all calls.


class InstanceCalls(GraphCalls):
    """SCMs and texts."""

    def instance(self) -> tuple[int | None, int, int, int]:
        if not self.instances or self.random.random() < 0.05:
            return None, 4, 1, 1
        return self.random.choice(self.instances)

    def keep_instance(self, handle: int) -> None:
        mechanisms = json.loads(self.text("anc_instance_describe", handle, 1))
        sizes = len(mechanisms["nodes"]), mechanisms["noise_channels"], mechanisms["parameter_count"]
        self.keep(self.instances, (handle, *sizes), "anc_instance_free")

    def try_instance(self) -> None:
        family, _ = self.family()
        graph, n = self.matrix(0)
        handle = self.created("anc_instance_create", family, self.word(), graph, n)
        if handle is not None:
            self.keep_instance(handle)

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
