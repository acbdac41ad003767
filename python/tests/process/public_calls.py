"""Calls of the public API whose results depend on nothing but their arguments. Run as a script, prints their digests as JSON:
public_calls.py FOLDER, where FOLDER is for the files that they write."""

import hashlib
import itertools
import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral import evaluation, formats

KINDS = {"linear": 1.0, "mlp": 1.0, "gpcde": 1.0, "gp": 1.0}
SMALL = {"gpcde_features": 16, "gp_features": 16, "mlp_hidden": [8]}
FAMILY = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0, mechanism_proportions=KINDS, **SMALL)
SIZES = anc.FamilyConfig(n_nodes=3, n_nodes_max=5, sparsity_param=1.0, standardization="internal")
MIXTURE = anc.MixtureConfig([FAMILY, SIZES], [1.0, 2.5])
DESIGN = anc.Design(
    n_samples=6, n_samples_max=9, query=2, interventions={"n_samples": 6, "regimes": 2, "values_per": "regime"}, knowledge={}
)
EFFECTS = anc.Design(n_samples=6, query=2, effects={"mu_draws": 2, "population_rows": 16})
REGIMES = anc.Design(n_samples=4, interventions={"n_samples": 4, "regimes": 2})
GRAPH = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
OTHER = [[0, 1, 0], [0, 0, 0], [1, 0, 0]]
DATA = [[0.5, 1.0, -2.0], [1.5, 3.5, 4.0], [-2.0, 0.25, 1.0], [0.0, 3.0, 9.0]]


def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
    """A generator of one's own, which says in which dtype and where, as it must."""
    return torch.diag(torch.ones(n_nodes - 1, dtype=torch.float32, device="cpu"), 1)


class Doubled(torch.nn.Module):
    """A mechanism of one's own without parameters."""

    def forward(self, parents: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Twice the parents' sum, plus noise, by a product of matrices."""
        return parents @ parents.new_full((parents.shape[1],), 2.0) + noise


def doubled(adjacency_matrix: torch.Tensor, *, seed: int) -> list[torch.nn.Module]:
    """A factory of one's own."""
    return [Doubled() for _ in adjacency_matrix]


def calls(folder: Path) -> dict[str, Callable[[], Any]]:
    """By name; each may be called once for a `folder`."""
    family, sizes = anc.SCMFamily.from_config(FAMILY), anc.SCMFamily.from_config(SIZES)
    own = anc.SCMFamily(4, graph_generator=chain, mechanism_factory=doubled)
    own_graphs = anc.SCMFamily(4, graph_generator=chain)
    tiny = anc.SCMFamily(6, sparsity_param=2.0, noise_variance_scale=1e-77)  # Deviations about float32's least normal number.

    def task() -> anc.SCMInstance:
        return family.sample_task(3)

    def stream(of: anc.SCMFamily = family, **settings: Any) -> anc.MetaIterableDataset:
        return anc.MetaIterableDataset(of, **{"n_samples": 6, "batch_size": 2, **settings})

    def module(**settings: Any) -> dict[str, Any]:
        data = anc.DataModule(
            FAMILY, val=FAMILY, test={"id": FAMILY, "sizes": SIZES}, n_samples=6, batch_size=2, n_val=2, n_test=2, **settings
        )
        found = {"train": take(data.train_dataloader(), 2), "val": list(data.val_dataloader()), "state": data.state_dict()}
        found["test"] = {name: list(loader) for name, loader in data.test_dataloader().items()}
        data.close()
        return found

    def registry() -> Any:
        run = folder / "run"
        anc.DataModule(FAMILY, val=None, test=FAMILY, n_samples=6, batch_size=2, n_test=2, output_dir=run).setup()
        return anc.verify(run, n_training_tasks=20), anc.replay(run, "train", 5)[1], (run / "hashes.json").read_bytes()

    def corpus() -> Any:
        anc.write_corpus(family, 5, folder / "corpus", n_samples=4, tasks_per_shard=2)
        return anc.CorpusDataset(folder / "corpus")[3], anc.verify_corpus(folder / "corpus"), sorted_bytes(folder / "corpus")

    def cached() -> Any:
        found = anc.MetaFixedDataset(family, [1, 2], n_samples=6, cache_dir=folder / "cache")[1]
        return found, sorted_bytes(folder / "cache")

    def settings_file() -> str:
        path = folder / "family.yaml"
        path.write_text("# Erdős\nnoise_type: laplace\nn_nodes: 5\nsparsity_param: 1.5\n", encoding="utf-8")
        return anc.SCMFamily.from_config(path).fingerprint()

    def changed() -> torch.Tensor:
        one = task()
        with torch.no_grad():
            for mechanism in one.mechanisms:
                mechanism.output_shift.add_(0.5)
        return pickle.loads(pickle.dumps(one)).do({0: 1.0}).sample(5, draw=0)

    def resumed() -> Any:
        first = stream()
        passed = iter(first)
        next(passed)
        state, second = json.loads(json.dumps(passed.state_dict())), stream()
        second.resume(state)
        return state, next(iter(second))

    def wide() -> Any:
        return [torch.tensor(DATA, dtype=torch.float32, device="cpu") * scale for scale in (1e-25, 1.0, 1e25)]

    batch = [anc.Task(x, torch.zeros(3, 3, dtype=torch.float32, device="cpu")) for x in wide()]
    return {
        "sample": lambda: task().sample(5, draw=0),
        "sample, tiny": lambda: tiny.sample_task(1).sample(50, draw=0),
        "sample, standardised": lambda: sizes.sample_task(1).sample(5),
        "noise": lambda: task().noise(5),
        "sample_from_noise": lambda: (one := task()).sample_from_noise(one.noise(5)).detach(),
        "mechanism": lambda: (
            (one := task()).mechanisms[2](one.sample(5, draw=0)[:, one.parents(2)], one.noise(5)[:, 2]).detach()
        ),
        "do": lambda: task().do({0: 1.0}).sample(5, draw=0),
        "intervene": lambda: task().intervene("edge_removal", {0: [1, 4]}).intervene("shift", {4: 1.5}).sample(5),
        "changed": changed,
        "moved": lambda: task().to("cpu").sample(5, draw=1),
        "pickled": lambda: pickle.loads(pickle.dumps(task())).sample(5),
        "graph": lambda: (
            task().adjacency_matrix,
            task().topological_order,
            [task().graph_hash(level) for level in ("exact", "mec", "iso")],
        ),
        "mechanisms": lambda: [list(mechanism.parameters()) for mechanism in task().mechanisms],
        "own strategies": lambda: (own.sample_task(2).sample(5, draw=0), next(iter(stream(own)))),
        "mixture": lambda: anc.SCMFamily.from_config(MIXTURE).sample_task(5).sample(3),
        "generator": lambda: (anc.ErdosRenyi(1.0)(4, seed=1), anc.ScaleFree(1.0)(4, seed=1)),
        "factory": lambda: [list(made.parameters()) for made in family.mechanism_factory(task().adjacency_matrix, seed=1)],
        "stream": lambda: take(stream(), 2),
        "padded stream": lambda: take(stream(sizes), 2),
        "single tasks": lambda: take(stream(batch_size=None), 3),
        "clear of": lambda: next(iter(stream(reserved=anc.HashRegistry([task().graph_hash()])))),
        "state": resumed,
        "DataLoader": lambda: take(DataLoader(stream(), batch_size=None, num_workers=1), 2),
        "DataLoader of a set": lambda: list(
            DataLoader(anc.MetaFixedDataset(family, [1, 2], n_samples=6), batch_size=2, num_workers=1)
        ),
        "TaskLoader": lambda: take(anc.TaskLoader(stream(), batch_size=2, threads=2), 2),
        "fixed": lambda: (
            anc.MetaFixedDataset(sizes, n_tasks=2, n_samples=6).__getitems__([1, 0]),
            anc.MetaFixedDataset(family, [1], n_samples=2).graph_hashes(),
        ),
        "fixed, in memory": lambda: anc.MetaFixedDataset(family, [1, 2], n_samples=6, cache_instances=True)[1],
        "fixed, on disk": cached,
        "corpus": corpus,
        "experiment": lambda: [dict(task().run(design, draw=0)) for design in (DESIGN, EFFECTS)],
        "experiments": lambda: [dict(item) for item in take(stream(design=DESIGN, n_samples=None), 2)],
        "experiments of own graphs": lambda: dict(next(iter(stream(own_graphs, design=EFFECTS, n_samples=None)))),
        "fixed experiments": lambda: (
            dict(anc.MetaFixedDataset(sizes, [1, 2], design=DESIGN, cache_dir=folder / "experiments")[1]),
            sorted_bytes(folder / "experiments"),
            anc.MetaFixedDataset(sizes, [1, 2], design=EFFECTS).graph_hashes("mec"),
        ),
        "experiments, normalised": lambda: dict(
            anc.pad_collate(take(stream(sizes, design=DESIGN, n_samples=None, batch_size=None), 3), normalize="robust")
        ),
        "experiments in a TaskLoader": lambda: [
            dict(item) for item in take(anc.TaskLoader(stream(design=EFFECTS, n_samples=None), batch_size=2, threads=2), 2)
        ],
        "registry": lambda: (
            (lambda kept: (kept.save(folder / "kept.json"), anc.HashRegistry.load(folder / "kept.json"))[1])(
                anc.HashRegistry([task().graph_hash()])
            )
            == anc.HashRegistry([task().graph_hash()])
        ),
        "module": module,
        "module, normalised": lambda: module(normalize="robust", threads=1),
        "run": registry,
        "standardised": lambda: anc.collate(batch, normalize="standardize"),
        "robust": lambda: anc.collate(batch, normalize="robust"),
        "padded": lambda: anc.pad_collate(batch, normalize="standardize", n_nodes=4),
        "tables": lambda: [
            formats.TabularPrior(family, base_seed=1, split=(2, 4))(3, 6, 2),
            formats.TabularPrior(sizes, problem_type="classification", n_classes=(2, 3), target="child")(3, 6, 2),
            formats.TabularPrior(anc.MetaFixedDataset(family, [1, 2], n_samples=6))(3, 5, 4),
        ],
        "tables on disk": lambda: formats.write_tabular(
            folder / "tables.h5", formats.TabularPrior(family), n_tasks=2, batch_size=2, n_rows=6, n_features=3
        )[1],
        "formats of graph learners": lambda: (
            {name: array.tolist() for name, array in formats.to_avici(task().run(REGIMES, draw=0)).items()},
            formats.from_avici(formats.to_avici(task().run(REGIMES, draw=0))),
            formats.read_dcdi(formats.write_dcdi(folder / "dcdi", [task().run(REGIMES, draw=0)])),
            sorted_bytes(folder / "dcdi"),
            [array.tobytes() for array in formats.write_bcnp(folder / "tasks.hdf5", next(iter(stream())))[1]],
        ),
        "formats of effect learners": lambda: (
            formats.to_do_pfn(task().run(EFFECTS, draw=0)),
            formats.to_causalfm(task().run(EFFECTS, draw=0)),
        ),
        "graphs and tables": lambda: (
            formats.from_networkx(formats.to_networkx(GRAPH)),
            formats.read_graphml(formats.write_graphml(folder / "graph.graphml", GRAPH)),
            formats.to_dot(GRAPH),
            tuple(formats.from_pandas(*formats.to_pandas(anc.MetaFixedDataset(family, [1], n_samples=2)[0]))),
            tuple(formats.read_csv(formats.write_csv(folder / "csv", anc.MetaFixedDataset(family, [1], n_samples=2)))),
            sorted_bytes(folder / "csv"),
        ),
        "hash": lambda: [anc.graph_hash(GRAPH, level) for level in ("exact", "mec", "iso")],
        "cpdag": lambda: (anc.cpdag(GRAPH), anc.cpdag(GRAPH, [[0], [1, 2]])),
        "design": lambda: (
            DESIGN.to_dict(),
            DESIGN.fingerprint(FAMILY),
            hash(DESIGN) == hash(anc.Design.from_dict(DESIGN.to_dict())),
        ),
        "config": lambda: (FAMILY.fingerprint(), FAMILY.to_dict(), json.dumps(MIXTURE.to_dict()), settings_file()),
        "presets": lambda: [anc.FamilyConfig.preset(name).fingerprint() for name in ("notears-linear", "avici-rff")],
        "refusal": refusal,
        "summary": lambda: str(anc.analysis.summary(family, 10, n_samples=16)),
        "distance": lambda: anc.analysis.distance(family, sizes, n_tasks=10, n_samples=8, permutations=9).to_dict(),
        "sortability": lambda: list(anc.analysis.sortability(torch.tensor(DATA, dtype=torch.float32, device="cpu"), GRAPH)),
        "evaluation": lambda: [evaluation.shd(GRAPH, OTHER), evaluation.cpdag_shd(GRAPH, OTHER), evaluation.f1(GRAPH, OTHER)],
        "picture": lambda: [len(panel.collections) for panel in task().visualize().ravel()],
    }


def refusal() -> str:
    """The sentence of an error, in which a number is written."""
    try:
        anc.FamilyConfig(sparsity_param=-1.5)
    except anc.ConfigError as error:
        return str(error)
    return "nothing"


def take(batches: Any, count: int) -> list[Any]:
    """The first few, of what is endless."""
    return list(itertools.islice(batches, count))


def sorted_bytes(folder: Path) -> list[bytes]:
    """Of a folder's files."""
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def digest(value: Any) -> str:
    """Of the bits, shapes, types and texts in a result."""
    return hashlib.sha256(repr(plain(value)).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """What tells two results apart, in bytes and texts."""
    if isinstance(value, torch.Tensor):
        bits = value.detach().contiguous().numpy().tobytes()
        return type(value).__name__, str(value.dtype), str(value.device), tuple(value.shape), value.requires_grad, bits
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(item) for item in value]
    return value.hex() if isinstance(value, float) else value


if __name__ == "__main__":
    print(json.dumps({name: digest(call()) for name, call in calls(Path(sys.argv[1])).items()}))
