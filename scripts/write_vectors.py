"""Writes the golden files that the tool's tests share with Python's, for `make vectors`."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch

import ancestral as anc
from ancestral._files.parsing import parse_yaml

VECTORS = Path(__file__).parent.parent / "Tests" / "Vectors"

# A line of words reads better than a list of them.
SCALARS = """
~ null Null yes No ON off true FALSE y n tRUE 5 -7 +8 1_000 0 00 010 0b101 0x1F -0x1f 0o17 08 09 1:30 190:20:30 -1:30 1.5 -1.5
1. +.5 .5 1_0.5 1e3 1E-3 -2.5e+3 2.5e3 1:30.5 .5e+1 1e e5 -- -. 1.2.3 0x 0b 1__0 '5' "true" "~" nan inf .inf -.Inf .NaN
Infinity 1,5 v1 0.1 100000000000000000000 1e400
""".split()  # noqa: SIM905


@dataclass(frozen=True)
class Chain:
    """A strategy that no engine knows."""

    step: int
    version = "1"

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        """Node i causes node i + step."""
        return torch.diag(torch.ones(n_nodes - self.step), self.step)


def shown(value: object) -> str:
    """A value as the engine's sentences show it."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) >= 1 << 63:
        value = float(value)
    return json.dumps(value) if isinstance(value, str) else str(value)


def main() -> None:
    """Writes the meanings of YAML scalars, fingerprints, a fixed set's checksum and the registry of a run."""
    read = [(text, shown(parse_yaml(f"graph: {text}\n")["graph"])) for text in [*SCALARS, "!!str 5", "5 6"]]
    lines = [json.dumps({"yaml": text, "shown": meaning}) for text, meaning in read]
    (VECTORS / "yaml.json").write_text("[\n " + ",\n ".join(lines) + "\n]\n")
    for path in VECTORS.glob("families/*.json"):
        path.with_suffix(".fingerprint").write_text(anc.SCMFamily.from_config(path).fingerprint() + "\n")
    with tempfile.TemporaryDirectory() as folder:
        family = anc.SCMFamily.from_config(VECTORS / "families" / "family.json")
        anc.MetaFixedDataset(family, n_tasks=4, base_seed=42, n_samples=6, cache_dir=folder)
        (path,) = Path(folder).iterdir()
        (VECTORS / "frozen.sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    small = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
    other = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75, graph="scale_free")
    chains = anc.SCMFamily(4, Chain(2), noise_type="laplace")
    tests = {"id": small, "ood": other, "chains": chains}
    data = anc.DataModule(small, small, tests, n_samples=6, batch_size=4, n_val=5, n_test=5, base_seed=3)
    data.setup()
    for _ in zip(range(10), data.train_dataset, strict=False):  # In this thread, so that none is drawn ahead.
        pass
    data.write_registry(VECTORS / "registry")


if __name__ == "__main__":
    main()
