"""A training loop for test_interrupt.py to interrupt: interrupted_script.py WORKERS"""

import sys

import ancestral as anc

# A batch takes a core 100 s, in slices; what workers share is taken at once, and there may be little.
workers = int(sys.argv[1])
family = anc.FamilyConfig(n_nodes=10, mechanism_proportions={"gpcde": 1.0}, gpcde_features=16_384)
data = anc.DataModule(family, None, None, n_samples=10_000 if workers else 200_000, batch_size=64, num_workers=workers)
print("started", flush=True)
for _ in data.train_dataloader():
    pass
