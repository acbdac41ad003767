"""A corpus for test_corpus_writers.py to break off: corpus_script.py FOLDER [SHARDS]

With a number of shards it stops in the midst of the file of the next one, and waits there.
"""

import signal
import sys
from pathlib import Path
from typing import Any

import ancestral as anc
from ancestral._data.sets.set_file import SetPlan


def stop_after(shards: int) -> None:
    whole = SetPlan.write

    def write(self: SetPlan, path: Path, tensors: dict[str, Any]) -> None:
        nonlocal shards
        whole(self, path, tensors)
        if shards == 0:
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size // 2)
            print("half a shard", flush=True)
            while True:
                signal.pause()
        shards -= 1

    SetPlan.write = write


if len(sys.argv) > 2:
    stop_after(int(sys.argv[2]))
anc.write_corpus(anc.SCMFamily(8), 1200, sys.argv[1], n_samples=100, tasks_per_shard=20, threads=1)
