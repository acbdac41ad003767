"""SCMInstance: one task, its graph, its mechanisms and its data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .._config.design import GivenDesign, one_design
from .._config.family import FamilyConfig
from .._engine import _ffi
from .._engine.checks import check_draw, check_graph, check_intervention, check_level, check_samples, check_seed, whole_number
from .._engine.torch_modes import in_ordinary, in_plain
from .._mechanisms.forward import check_noise, check_present, run_mechanisms
from .._pictures.drawable import Intervention
from .._pictures.task import draw_instance
from .experiment_data import ExperimentData
from .given_strategies import check_mechanisms
from .graph_functions import cpdag
from .interventions import intervene
from .module_rows import Changes, parents_of
from .task_sources import ModuleInstance, Source, parents_in_order


class SCMInstance:
    """One structural causal model, as `SCMFamily.sample_task` gives it, or `from_mechanisms` makes it of parts of your own.

    `A[i, j] == 1` means i -> j in `adjacency_matrix`; `X[r, j]` is row r of node j in `sample`. It pickles, and gives
    the same data in any process; the numbering of draws goes on where it stood.
    """

    def __init__(self, source: Source, seed: int) -> None:
        self._source = source
        self._seed = seed
        self._next_draw = 0
        self._before: SCMInstance | None = None
        self._targets: dict[int, str] = {}

    @classmethod
    def from_mechanisms(
        cls,
        adjacency: Any,
        mechanisms: Sequence[nn.Module | Callable[[Tensor, Tensor], Tensor]],
        *,
        noise_type: str = "gaussian",
        noise_degrees_of_freedom: float = 5.0,
        noise_mixture_components: int = 6,
        noise_mixture_spread: float = 7.5,
        seed: int = 0,
    ) -> "SCMInstance":
        """The SCM of a DAG and mechanisms of your own.

            chain = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], [lambda parents, noise: noise, Doubled()])
            chain.sample(1000, draw=0)    # float32 [1000, 2]

        `adjacency` is an n x n matrix of 0 and 1, A[i, j] == 1 for i -> j, as a tensor, an array or lists. mechanisms[j] maps
        (parents [rows, |pa(j)|], noise [rows]) to [rows], the parents' columns ascending: a module, or a function, though only
        what can be pickled makes a task that can. They are kept as they are, not copied. Node j's noise is independent, of
        `noise_type` as in FamilyConfig, mean 0 and variance 1 where the law has them, and a function of `seed`, the draw and
        the row. Raises ConfigError for a cycle, a wrong shape or number, and an unknown noise; `sample` does for a mechanism
        whose result is no tensor [rows].
        """
        graph = check_graph(adjacency)
        listed = check_mechanisms(mechanisms, len(graph), "mechanisms")
        config = FamilyConfig(
            n_nodes=len(graph),
            sparsity_param=0.0,
            noise_type=noise_type,
            noise_degrees_of_freedom=noise_degrees_of_freedom,
            noise_mixture_components=noise_mixture_components,
            noise_mixture_spread=noise_mixture_spread,
        )
        seed = check_seed(seed)
        return cls(ModuleInstance(config, seed, Changes(graph, listed, {})), seed)

    @property
    def seed(self) -> int:
        """The seed of the task, in [0, 2^64)."""
        return self._seed

    @property
    def component(self) -> int:
        """The index of the mixture's family that the task comes from; 0 for a plain family."""
        return self._source.component

    @property
    def n_nodes(self) -> int:
        """The number of nodes of the task."""
        return len(self._source.graph)

    @property
    def device(self) -> torch.device:
        """The device of the mechanisms, the data and the adjacency matrix: the CPU, unless `to` says otherwise."""
        return self._source.device

    @property
    @in_plain
    def adjacency_matrix(self) -> Tensor:
        """float32 [n, n] of 0 and 1; A[i, j] == 1 means i -> j. It belongs to the caller: the task has its graph to itself."""
        return self._source.graph.to(self.device, torch.float32, copy=True)

    @property
    def mechanisms(self) -> list[nn.Module]:
        """One module for each node: `mechanisms[j](parents [rows, |pa(j)|], noise [rows] or [rows, k])` gives [rows].

        Equal to the engine within the rounding of float32. They may be changed, in their parameters or for others: from then on
        `sample` runs them in torch, and `do`, `to`, copies and pickles keep them.
        """
        return self._source.mechanisms

    @property
    def topological_order(self) -> list[int]:
        """The nodes, each after its parents."""
        return list(self._source.order)

    @property
    @in_plain
    def kind(self) -> Tensor:
        """int8 [n]: what each node's values are, whatever its mechanism: 0 continuous, 1 binary, 2 categorical, 3 count."""
        values = self._source.values
        return torch.zeros(self.n_nodes, dtype=torch.int8) if values is None else torch.tensor(values[0], dtype=torch.int8)

    @property
    @in_plain
    def n_classes(self) -> Tensor:
        """int16 [n]: how many classes each node has, told by the numbers from 0 on; 0 where it has none."""
        values = self._source.values
        return torch.zeros(self.n_nodes, dtype=torch.int16) if values is None else torch.tensor(values[1], dtype=torch.int16)

    def parents(self, j: int) -> list[int]:
        """The parents of node j, ascending: the columns of `mechanisms[j]`'s input. ConfigError for a node that isn't there."""
        return parents_of(self._source.graph, whole_number(j, "j", 0, self.n_nodes - 1))

    @in_plain
    def sample(self, n_samples: int, *, draw: int | None = None) -> Tensor:
        """Draws rows by ancestral sampling: float32 [n_samples, n].

        `draw=k`, below 2^32, gives the same rows each time, and the first rows of a longer sample are those of a shorter one.
        None takes the next draw of this instance: 0, 1, 2 and so on. Where `mechanisms` were changed, they are run over the
        engine's noise. Raises ConfigError for a number that is not whole or out of range, and EngineError where a value is not
        finite.
        """
        n_samples = check_samples(n_samples)
        return self._source.rows(n_samples, self._draw(draw))[0]

    @in_plain
    def run(self, design: GivenDesign, *, draw: int | None = None) -> ExperimentData:
        """The experiment of a design on this SCM: a dict of tensors by the names of the page of designs.

        `draw` is that of `sample`: which regimes there are, what is hidden and who plays which role is the same in all draws.
        It is what a stream under the design gives for this task, but for the padding of variables and regimes that only larger
        tasks of the family have. `design` is a Design, or what Design.from_config takes.
        Raises ConfigError for mechanisms of your own, and where this graph can't have what is asked.

            data = instance.run(anc.Design(n_samples=100, interventions={"n_samples": 100}))
            data["X"], data["regime"]        # float32 [200, n], int32 [200]
        """
        return self._source.run(one_design(design), self._seed, self._draw(draw))

    def _draw(self, draw: int | None) -> int:
        """The number that was given, or the next."""
        if draw is None:
            draw, self._next_draw = self._next_draw, self._next_draw + 1
        return check_draw(draw)

    @in_ordinary
    def do(self, values: Mapping[int, float]) -> "SCMInstance":
        """The task under do(X[j] = v) for each j: v of `values` (Pearl, "Causality", section 3.2).

        Each such node is held at its value and its incoming edges are cut. Rows of the same draw share their noise with this
        instance's, so nodes that are no descendants are equal to the bit. Numbering of draws starts at 0. A value is one of the
        data, after standardisation; of a node that has classes one of them, of a count a whole number. Raises ConfigError for
        no node or one that doesn't exist, a value that it can't have, and one that requires a gradient, for which there is
        `intervene`. Its mechanisms are modules of their own, where `intervene` keeps this instance's for training.

            after = instance.do({2: 1.5}).sample(1000, draw=0)
        """
        checked = check_intervention(values, self.n_nodes)
        return self._under(self._source.do(checked), dict.fromkeys(checked, "do"))

    @in_ordinary
    def intervene(self, kind: str, targets: Mapping[int, Any]) -> "SCMInstance":
        """The task under an intervention of any kind, which is differentiable in what it is given.

            shift = torch.tensor(0.5, requires_grad=True)
            after = instance.intervene("shift", {2: shift})
            after.sample_from_noise(instance.noise(1000, draw=0)).mean().backward()

        `targets` maps nodes to what is done to them. A *value* is a number, or a tensor [] or [rows] of floating-point numbers,
        in the units of the data, after standardisation:

        - "do": the node is held at the value, and its incoming edges are cut.
        - "stochastic": it takes values of its own in each row, as a tensor [rows] or a function from its noise [rows] to them;
          its incoming edges are cut.
        - "shift": the value is added to what its mechanism gives.
        - "noise_scale": its noise is multiplied by the value, before the mechanism reads it.
        - "mechanism": another module, called as `mechanisms[j]` of your own is: (parents [rows, |pa|], noise [rows]) -> [rows].
        - "coefficient": the number, or tensor [|pa|], is added to `weight` of its linear mechanism.
        - "edge_removal": a mapping of parents to values that the mechanism reads in their place, or to whole numbers [rows],
          the rows of the parent to read, such as torch.randperm(rows); those edges are cut. A list of parents takes their
          values some rows before, another number of rows for each. `mechanisms[j]` goes on to take all columns.

        Noise stays: rows of the same draw are counterfactuals of this instance's, and nodes that are no descendants of the
        targets are equal but for rounding. `sample` takes noise from the engine and runs it in torch; under "do" with plain
        numbers the engine draws the rows, as for `do`. With one value for each row, as many rows must be asked for. Modules
        that stay are this instance's own, so that a loss over several worlds trains one set. Interventions can follow each
        other. Raises ConfigError for an unknown kind, no node or one that doesn't exist, and what the kind can't do to a node.
        """
        source, told = intervene(self._source, kind, targets)
        return self._under(source, told)

    def _under(self, source: Source, told: dict[int, str]) -> "SCMInstance":
        """The instance of another source, which knows the world without any intervention."""
        after = SCMInstance(source, self._seed)
        after._before = self if self._before is None else self._before
        after._targets = {**self._targets, **told}
        return after

    @in_plain
    def noise(self, n_samples: int, *, draw: int = 0) -> Tensor:
        """The noise behind `sample(n_samples, draw=draw)`: float32 [n_samples, n, K].

        `noise[:, j]` is what `mechanisms[j]` takes; channels that a node doesn't use are 0. Before a node's scale is
        applied it has mean 0 and variance 1, unless its law has neither. A channel that the mechanism's `channels` call "scale"
        has the scale of each row instead.
        """
        return self._source.rows(check_samples(n_samples), check_draw(draw), noise=True)[1]

    @in_ordinary
    def to(self, device: str | torch.device) -> "SCMInstance":
        """The same task with copies of its mechanisms on a device, to which `sample` and `noise` then move what they draw.

        This instance stays as it is; the numbering of draws goes on where it stands. Raises ConfigError for what
        is no device, or none that torch has here, and where the mechanisms are on "meta" and would leave it without values.

            on_gpu = instance.to("cuda")
            X = on_gpu.sample_from_noise(on_gpu.noise(1000, draw=0))
        """
        moved = SCMInstance(self._source.to(check_present(device)), self._seed)
        moved._next_draw, moved._targets = self._next_draw, self._targets
        moved._before = None if self._before is None else self._before.to(device)
        return moved

    def sample_from_noise(self, noise: Tensor) -> Tensor:
        """The rows that the mechanisms make of given noise, in torch: [n_samples, n, K] -> X [n_samples, n].

        `noise` is what `noise(n_samples, draw=k)` gives, or of your own, on any device; X is on this instance's. It reads
        the parameters of `mechanisms`, and gradients flow to them and to the noise. X has the dtype of the parameters:
        float32, or float64 after `double()` on each mechanism. Untouched mechanisms give the rows of `sample(n_samples,
        draw=k)` but for rounding, which grows from parent to child: where a function is rough, as with the kernels of
        "bcnp-code", rows of late nodes can be others. Raises ConfigError for a wrong shape or dtype.
        """
        noise = check_noise(noise, self.n_nodes, self._source.channels).to(self.device)
        return run_mechanisms(self.mechanisms, parents_in_order(self._source), noise)

    def graph_hash(self, level: str = "exact") -> str:
        """64 hex digits: "exact" tells labelled graphs apart, "mec" Markov equivalence classes, "iso" unlabelled graphs.

        Raises ConfigError for another level.
        """
        return _ffi.graph_hash(self._source.graph, check_level(level)).hex()

    def cpdag(self, targets: Any = None) -> Tensor:
        """What is known of the graph from data at best: see `anc.cpdag`."""
        return cpdag(self._source.graph, targets)

    @in_ordinary
    def visualize(self, ax: Any = None) -> Any:
        """Draws the graph, and the mechanisms over data: as surfaces where there are two parents, else as curves.

        A node with classes is drawn as their shares, stacked at values of one parent; a node with counts, and one whose parent
        has classes or counts, as bars from the 0.1- to the 0.9-quantile.

        None makes a new figure and returns its Axes as an array; a notebook shows it at the end of the cell, and
        `axes[0].figure.savefig` saves it. Where matplotlib has no place to show figures at, pyplot doesn't know it, so that
        none is kept alive. One Axes gets the graph alone. A list or an array of Axes gets the graph, then one mechanism (a
        child with its two parents, or an edge i -> j) each; the title tells how many are left out. Needs the extra `plot`.

        After `do` or `intervene`, targets are marked, edges that were cut are dashed, and in the place of mechanisms stand the
        rows of both worlds, of the same noise: targets with their children, and with the parents that they had.
        """
        shown = self if self.device.type == "cpu" else self.to("cpu")
        done = None if shown._before is None else Intervention(shown._before, shown._targets)
        return draw_instance(shown, ax, done)

    def __repr__(self) -> str:
        edges = int(self._source.graph.sum())
        return f"SCMInstance(seed={self._seed}, n_nodes={self.n_nodes}, edges={edges})"
