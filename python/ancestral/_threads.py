"""How many engine threads a call may use."""

import os

import torch.utils.data


def thread_count() -> int:
    """1 inside a DataLoader worker, else the number of processors that this process may run on."""
    if torch.utils.data.get_worker_info() is not None:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
