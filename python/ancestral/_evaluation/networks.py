"""Networks that are evaluated: what they are asked, and what they may answer."""

import contextlib
import inspect
from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn

from .._engine.errors import ConfigError
from .._engine.matrices import read_array
from .given_batches import GivenBatch
from .given_graphs import Array

_KINDS = (
    "a callable X [B, n, d] -> edge probabilities [B, d, d], or an object with edge_probabilities(X) or "
    "sample_graphs(X, n_graphs) -> [B, n_graphs, d, d]"
)


class Posterior(NamedTuple):
    """An answer on the tasks of a batch, all of one size."""

    probabilities: Array
    """float64 [b, d, d]."""
    samples: Array | None = None
    """float64 [b, s, d, d] of 0 and 1, where the network draws graphs."""
    log_probabilities: Array | None = None
    """float64 [b] of the true graphs, where the network knows them."""


class AskedNetwork:
    """A network in one of its forms, asked for one batch at a time. ConfigError for anything else."""

    def __init__(self, network: Any, what: str, n_graphs: int) -> None:
        self._what, self._n_graphs = what, n_graphs
        self._edges = _method(network, "edge_probabilities")
        self._graphs = _method(network, "sample_graphs")
        self._log_probability = _method(network, "log_probability")
        if self._edges is None and self._graphs is None:
            if not callable(network):
                raise ConfigError(f"{what} is of type {type(network).__name__}: must be {_KINDS}.")
            self._edges = network
        self._module = network if isinstance(network, nn.Module) else None

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that measures may need: "samples" among them if it draws graphs."""
        return ("scores", "probabilities") if self._graphs is None else ("scores", "probabilities", "samples")

    @property
    def device(self) -> torch.device | None:
        """The device of a module's parameters, where it has any."""
        first = None if self._module is None else next(self._module.parameters(), None)
        return None if first is None else first.device

    @contextlib.contextmanager
    def asked(self, seed: int, device: torch.device | None) -> Generator[None]:
        """Without gradients, in evaluation mode, and with torch's random numbers from `seed`; afterwards all is as it was."""
        parts = [] if self._module is None else list(self._module.modules())
        modes = [part.training for part in parts]
        cards = [device] if device is not None and device.type == "cuda" else []
        with torch.random.fork_rng(devices=cards), torch.no_grad():
            torch.default_generator.manual_seed(seed)
            for card in cards:
                with torch.cuda.device(card):
                    torch.cuda.manual_seed(seed)
            try:
                if self._module is not None:
                    self._module.eval()
                yield
            finally:
                for part, mode in zip(parts, modes, strict=True):
                    part.training = mode

    def answer(self, batch: GivenBatch) -> list[tuple[Tensor, GivenBatch, Posterior]]:
        """Its answers in parts of tasks of one size, without padding, after the places of these in the batch, int64 [b].

        What takes a `node_mask` is asked once for the whole batch, and so is everything that reads experiments.
        """
        # Not `or`: a module may have a length, of 0 or, where torch.compile wrapped it, none.
        first = self._graphs if self._edges is None else self._edges
        if batch.is_experiment or _takes_mask(first):
            found = self._ask(batch)
            return [(index, part, _narrowed(found, index, part.n_nodes)) for index, part in batch.by_size()]
        return [(index, part, self._ask(part)) for index, part in batch.by_size()]

    def _ask(self, batch: GivenBatch) -> Posterior:
        samples = None if self._graphs is None else self._called(self._graphs, batch, self._n_graphs)
        if samples is not None:
            samples = self._checked(samples, batch, (self._n_graphs, *batch.adjacency.shape[1:]), "sampled graphs")
            if not bool(((samples == 0) | (samples == 1)).all()):
                raise ConfigError(f"{self._what} gave sampled graphs with other entries than 0 and 1.")
        rounding = 0.0  # Sums of a softmax may be above 1 by that.
        if self._edges is not None:
            answer = self._called(self._edges, batch)
            edges = self._checked(answer, batch, batch.adjacency.shape[1:], "edge probabilities")
            rounding = torch.finfo(answer.dtype).eps if isinstance(answer, Tensor) and answer.is_floating_point() else 1e-6
        else:
            assert samples is not None
            edges = samples.mean(dim=1)
        beyond = (edges < 0) | (edges > 1 + 2 * rounding)
        if bool(beyond.any()):
            value = float(edges[beyond][0])
            raise ConfigError(f"{self._what} gave {value:.7g}: must be edge probabilities, as logits.sigmoid() are.")
        edges = edges.clamp(max=1.0)
        known = None
        if self._log_probability is not None:
            known = self._called(self._log_probability, batch, batch.adjacency)
            known = self._checked(known, batch, (), "log probabilities")
        return Posterior(edges.numpy(), None if samples is None else samples.numpy(), None if known is None else known.numpy())

    def _called(self, function: Callable[..., Any], batch: GivenBatch, *others: Any) -> Any:
        masked = {"node_mask": batch.node_mask} if _takes_mask(function) and not batch.is_experiment else {}
        return function(batch.inputs, *others, **masked)

    def _checked(self, found: Any, batch: GivenBatch, shape: Sequence[int], kind: str) -> Tensor:
        """float64 [B, *shape] on the CPU, 0 where an entry means nothing: on the diagonal, and in padding."""
        if not isinstance(found, Tensor):
            try:
                # torch warns of arrays that can't be written, as JAX's are, and takes none that are reversed.
                found = torch.as_tensor(read_array(found, kind) if hasattr(found, "__array__") else found)
            except (TypeError, ValueError, RuntimeError):
                raise ConfigError(f"{self._what} gave a {type(found).__name__}: must give a tensor of {kind}.") from None
        found = found.detach().to(device="cpu", dtype=torch.float64)
        right = (len(batch.adjacency), *shape)
        if tuple(found.shape) != right:
            raise ConfigError(f"{self._what} gave {kind} of shape {list(found.shape)}: must be {list(right)}.")
        if len(shape) >= 2:
            own = batch.node_mask.cpu()
            own = own[:, :, None] & own[:, None, :] & ~torch.eye(right[-1], dtype=torch.bool, device="cpu")
            found = found.where(own if len(shape) == 2 else own[:, None], found.new_zeros(()))
        if not bool((~found.isnan() if not shape else found.isfinite()).all()):
            raise ConfigError(f"{self._what} gave {kind} that are not finite.")
        return found


def _method(network: Any, name: str) -> Callable[..., Any] | None:
    found = getattr(network, name, None)
    return cast("Callable[..., Any]", found) if callable(found) else None


def _takes_mask(function: Any) -> bool:
    target = function.forward if isinstance(function, nn.Module) else function
    with contextlib.suppress(TypeError, ValueError):
        parameters = inspect.signature(target).parameters
        if "node_mask" in parameters or all(one.kind != inspect.Parameter.VAR_KEYWORD for one in parameters.values()):
            return "node_mask" in parameters
    # torch.compile and DistributedDataParallel hand all arguments on to the module that they wrap.
    inner = getattr(function, "_orig_mod", getattr(function, "module", None))
    return isinstance(inner, nn.Module) and _takes_mask(inner)


def _narrowed(found: Posterior, index: Tensor, n: int) -> Posterior:
    """The answer on the tasks of `index`, which have n nodes."""
    places, (probabilities, samples, known) = index.numpy(), found
    return Posterior(
        probabilities[places, :n, :n],
        None if samples is None else samples[places, :, :n, :n],
        None if known is None else known[places],
    )
