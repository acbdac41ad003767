"""A training loop for test_interrupt.py to interrupt: interrupted_script.py WORKERS"""

import sys

import ancestral as anc

# A batch takes two cores minutes, in slices.
family = anc.FamilyConfig(n_nodes=10, mechanism_proportions={"gpcde": 1.0}, gpcde_features=16_384)
data = anc.DataModule(family, None, None, n_samples=50_000, batch_size=64, num_workers=int(sys.argv[1]))
print("started", flush=True)
for _ in data.train_dataloader():
    pass
