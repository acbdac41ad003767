"""Calls that read files and folders."""

import json
import os

from .graphs import GraphCalls


class FileCalls(GraphCalls):
    """Files and folders to verify, and plans of fixed sets."""

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

    def try_tensors_read(self) -> None:
        """Descriptors of files with a hostile header, of a folder, and of nothing."""
        header = self.json.options()
        length = len(header) if self.random.random() < 0.7 else self.size(200)
        path = self.folder / "read.safetensors"
        path.write_bytes(length.to_bytes(8, "little") + header + self.random.randbytes(40))
        descriptor = os.open(self.random.choice([path, self.folder]), os.O_RDONLY)
        try:
            given = self.random.choice([descriptor, descriptor, descriptor, -1, 1 << 30])
            self.call("anc_tensors_read", given, self.room(0, 65_536), 65_536, self.room(1, 8))
        finally:
            os.close(descriptor)

    def try_set_plan(self) -> None:
        described = {"config": "{}", "fingerprint": "f", "rows": self.size(9), "nodes": self.size(9), "more": {"a": "b"}}
        text = json.dumps(described).encode() if self.random.random() < 0.8 else self.json.options()
        count = self.size(9)
        room = 8 * min(count, 9)
        seeds = self.filled(1, self.random.randbytes(room))
        given = self.texts.put(text + b"\0"), seeds, count, self.room(2, room)
        self.call("anc_set_plan", *given, self.room(3, 4096), 4096, self.room(4, 8))
