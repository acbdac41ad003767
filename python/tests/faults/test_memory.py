"""What would not fit into memory is refused in a sentence; the process goes on."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

# Half a gigabyte is left; the first call shows that the process can still work afterwards.
UNDER_A_LIMIT = """
import os, resource, sys
import torch
import ancestral as anc, ancestral.analysis
from ancestral._engine import _ffi
torch.set_num_threads(1)
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])  # The stacks of many threads would take what is left.
family = anc.SCMFamily(50)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (1 << 29)
resource.setrlimit(resource.RLIMIT_AS, (size, size))
WIDE = '{"n_nodes": 2, "mechanism_proportions": {"mlp": 1}, "mlp_hidden": [1024, 1024], "sparsity_param": 0.1}'
def large(factory, **options):
    return anc.SCMFamily(100, mechanism_proportions={factory: 1.0}, **options).sample_task(1).sample(10)
for work in sys.stdin.read().splitlines():
    try:
        eval(work)
        print("fits:", work)
    except (anc.EngineError, anc.ConfigError) as error:
        print(" ".join(str(error).split()))
assert family.sample_task(1).sample(1000).shape == (1000, 50)
print("still working")
"""

WORK = """
next(iter(anc.MetaIterableDataset(family, n_samples=10**6, batch_size=2000)))
next(iter(anc.TaskLoader(anc.MetaIterableDataset(family, n_samples=10**6), batch_size=2000)))
anc.MetaFixedDataset(family, n_tasks=2, n_samples=10**8)[0]
anc.MetaFixedDataset(family, n_tasks=10**6, n_samples=10**5, cache_instances=True)
anc.MetaFixedDataset(family, n_tasks=10**6, n_samples=10**5, cache_dir="/tmp/never")
family.sample_task(1).sample(10**9)
large("mlp", mlp_hidden=[1024, 1024])
large("gpcde", gpcde_features=65536, sparsity_param=30.0)
large("gp", gp_features=65536, sparsity_param=30.0)
large("gpcde", gpcde_mode="exact", calibration_rows=1500, sparsity_param=0.5)
_ffi.instance_create(_ffi.family_create(WIDE), 1, torch.ones(2000, 2000).triu(1).to(torch.uint8))
anc.analysis.summary(family, n_tasks=10**7)
anc.analysis.summary(family, n_tasks=2, n_samples=10**7)
anc.analysis.distance(anc.SCMFamily(3, sparsity_param=0.5), anc.SCMFamily(4, sparsity_param=1.0), n_tasks=20_000, n_samples=0)
""".strip()


@pytest.mark.skipif("not __import__('sys').platform.startswith('linux')", reason="reads /proc")
def test_what_does_not_fit_is_refused_in_a_sentence(python: Callable[..., str]) -> None:
    said = python("-c", UNDER_A_LIMIT, given=WORK).splitlines()
    assert said[-1] == "still working"
    assert len(said) == len(WORK.splitlines()) + 1
    for line in said[:-1]:
        # What is kept on disk because it is large is refused by the disk, before that is full.
        assert "MiB of memory, which can't be had" in line or "No space left on device" in line
