"""A run configured by Hydra, and a sweep over families.

    python examples/hydra_sweep.py data.batch_size=8
    python examples/hydra_sweep.py --multirun family@data.train=default,notears-linear data.train.n_nodes=10,20

Each run draws some batches, and leaves its registry (families, seeds, hashes) in Hydra's output folder.
"""

from itertools import islice

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

import ancestral as anc
from ancestral.integrations.hydra import register

register()
ConfigStore.instance().store(
    name="run",
    node={
        "defaults": [{"data": "default"}, {"family@data.train": "default"}, "_self_"],
        "data": {"n_samples": 200, "batch_size": 16, "n_test": 32, "test": {"scale-free": {"graph": "scale_free"}}},
        "batches": 4,
    },
)


@hydra.main(version_base=None, config_name="run", config_path=None)
def main(cfg: DictConfig) -> None:
    """Draws batches and says what was drawn."""
    data: anc.DataModule = hydra.utils.instantiate(cfg.data)
    data.write_registry(HydraConfig.get().runtime.output_dir)
    edges = [float(adjacency.sum((1, 2)).mean()) for _, adjacency in islice(data.train_dataloader(), cfg.batches)]
    family = data.train_family
    print(f"family {family.fingerprint()[:12]}, {family.n_nodes} nodes: {sum(edges) / len(edges):.1f} edges a graph")


if __name__ == "__main__":
    main()
