"""The engine's mechanisms as torch modules, and the protocol of a user's own.

A module computes what the engine computes, within the rounding of float32, from the same parents and noise. Its
parameters are ordinary `nn.Parameter`s, so gradients flow through it. A task whose modules were changed is what they say, in
`SCMInstance.sample_from_noise`, `sample` and `do`, and in copies and pickles.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

import torch
from torch import Tensor, nn
from torch.nn import functional

from .._engine.errors import ConfigError
from .._engine.torch_modes import exact
from .exact_process import exact_draw


@runtime_checkable
class MechanismFactory(Protocol):
    """Makes one mechanism per node, such as a user's own function of this shape.

    `adjacency_matrix` is float32 [n, n], A[i, j] == 1 means i -> j. Mechanism j is a module that maps
    (parents [rows, |pa(j)|], noise [rows]) to [rows]; the parents' columns ascend. The same seed, a whole number in
    [0, 2^64), must give the same mechanisms: read no global random state.
    """

    def __call__(self, adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        """The mechanisms of `seed` over a graph, float32 [n, n] with A[i, j] == 1 for i -> j: n modules."""
        ...


class EngineMechanism(nn.Module):
    """out = output_gain * g(f(input_gain * parents + input_shift, noise)) + output_shift, with f from a subclass.

    The gains and shifts are the frozen constants of standardisation; without it they are 1 and 0. g is the identity unless the
    settings have a "post_nonlinear", the name of another function. Where the settings have "columns", f reads parent k by
    columns[k] columns: of a class one for each class, which is 1 where it is the parent's. Where there is a buffer `edge`, the
    value of the node is a class, the number of edges that lie below g.
    """

    kinds: ClassVar[tuple[str, ...]]
    """The engine's names of what the module computes."""
    kind: str
    """The one of this module, such as "linear"."""
    fixed: ClassVar[tuple[str, ...]] = ("edge",)
    """The numbers that no gradient reaches, which are buffers."""
    whole: ClassVar[tuple[str, ...]] = ()
    """Those of them that are whole numbers, int64."""

    input_gain: nn.Parameter
    input_shift: nn.Parameter
    output_gain: nn.Parameter
    output_shift: nn.Parameter

    def __init__(
        self,
        parameters: Mapping[str, Tensor],
        settings: Mapping[str, Any],
        channels: Sequence[str] = ("noise",),
        kind: str | None = None,
    ) -> None:
        super().__init__()
        self.kind = self.kinds[0] if kind is None else kind
        self.settings = dict(settings)
        self.channels = tuple(channels)
        for name, value in parameters.items():
            if name in self.fixed:
                self.register_buffer(name, value.long() if name in self.whole else value)
            else:
                self.register_parameter(name, nn.Parameter(value))

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        """parents [rows, p] in ascending order of the nodes, noise [rows] or [rows, channels] -> [rows].

        A 1-D noise is channel 0; a channel that is not given is 0, a scale 1, and columns past `channels` are not read. For
        GPCDE, channel 0 is the latent input. Both are floating-point tensors. ConfigError for other types, shapes or dtypes.
        """
        _check_tensors(parents=parents, noise=noise)
        with exact(parents.device):
            value = self.function(self.columns(parents), _channels(noise, parents))
            if "post_nonlinear" in self.settings:
                value = OUTER[self.settings["post_nonlinear"]](value)
            if "edge" in self._buffers:
                value = (value[:, None] > self.get_buffer("edge")).sum(1).to(value.dtype)
            return self.output_gain * value + self.output_shift

    def columns(self, parents: Tensor) -> Tensor:
        """What f reads of the parents [rows, p]: scaled, and one column for each class of a parent that has classes."""
        if parents.shape[1:] != self.input_gain.shape:  # Broadcasting would take one column for several parents.
            raise ConfigError(f"parents has shape {list(parents.shape)}: must be [rows, {len(self.input_gain)}].")
        if not parents.is_floating_point():  # Cosines, which are rounded to the dtype of the parents, would be 0.
            raise ConfigError(f"parents has dtype {parents.dtype}: must be floating-point numbers.")
        # One rounding, like the engine's fused multiply-add: high frequencies would magnify a second one.
        inputs = (self.input_gain.double() * parents.double() + self.input_shift.double()).to(parents.dtype)
        return one_hot(inputs, self.settings["columns"]) if "columns" in self.settings else inputs

    def extra_repr(self) -> str:
        """What `repr` tells inside the brackets, as of torch's own modules."""
        named = "" if self.kind == self.kinds[0] else f", kind={self.kind!r}"
        return f"parents={self.input_gain.numel()}{named}"

    def channel(self, noise: Tensor, name: str, default: float) -> Tensor:
        """The column of a channel, [rows]; `default` in each row where the mechanism or the caller has none."""
        index = self.channels.index(name) if name in self.channels else noise.shape[1]
        return noise[:, index] if index < noise.shape[1] else noise.new_full((len(noise),), default)

    def scaled_noise(self, inputs: Tensor, noise: Tensor) -> Tensor:
        """The channel "noise", times the channel "scale" or the root of softplus(h(inputs)) where there is one: [rows]."""
        value = self.channel(noise, "noise", 0.0) * self.channel(noise, "scale", 1.0)
        if "noise_function_frequencies" in dict(self.named_parameters()):
            value = value * functional.softplus(self.features("noise_function_", inputs)).sqrt()
        return value

    def features(self, prefix: str, inputs: Tensor) -> Tensor:
        """sum_k amplitude_k cos(2 pi (frequency_k . inputs + phase_k)): [rows, d] -> [rows].

        Source: Rahimi and Recht, "Random features for large-scale kernel machines", NIPS 2007.
        """
        own = dict(self.named_parameters())
        frequencies, phase = own[f"{prefix}frequencies"], own[f"{prefix}phase"]
        return (
            wave(functional.linear(inputs.double(), frequencies.double(), phase.double()), inputs) @ own[f"{prefix}amplitude"]
        )

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        """f: inputs [rows, p], noise [rows, channels] -> [rows]."""
        raise NotImplementedError


class NoiseMechanism(EngineMechanism):
    """The noise itself: a root under the policy "noise"."""

    kinds = ("noise",)

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        return noise[:, 0]


class ConstantMechanism(EngineMechanism):
    """A value that an intervention holds a node at."""

    kinds = ("constant",)

    value: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        return self.value.expand(len(noise))


class LinearMechanism(EngineMechanism):
    """bias + sum of weight * parent + noise_scale * noise; a channel "scale" multiplies the noise row by row."""

    kinds = ("linear",)

    weight: nn.Parameter
    bias: nn.Parameter
    noise_scale: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        return self.bias + inputs @ self.weight + self.noise_scale * self.scaled_noise(inputs, noise)


class MLPMechanism(EngineMechanism):
    """A network over the parents and, as its last input, the noise; or over the parents, with the noise added."""

    kinds = ("mlp",)

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        own = dict(self.named_parameters())
        value = inputs if "noise_scale" in own else torch.cat([inputs, self.channel(noise, "noise", 0.0)[:, None]], dim=1)
        value = dense(own, value, self.activation)
        if "noise_scale" in own:
            return value[:, 0] + own["noise_scale"] * self.scaled_noise(inputs, noise)
        return value[:, 0]

    def activation(self, value: Tensor) -> Tensor:
        """The function after a hidden layer, by its name."""
        name = self.settings["activation"]
        return _leaky(self.settings["slope"], value) if name == "leaky_relu" else OUTER[name](value)


class GaussianProcessMechanism(EngineMechanism):
    """outer(mean + f(inputs) + noise_scale * noise), with f a draw of a Gaussian process.

    Kind "gp": the inputs of f are the parents, and the mean is bias + parent_weight * sum of parents. It is post-nonlinear
    unless `outer` is the identity (Zhang and Hyvärinen, UAI 2009). Kind "gpcde": the last input of f is a latent variable w,
    and the mean is latent_weight * w + parent_weight * sum of parents (Dutordoir et al., "Gaussian process conditional density
    estimation", NeurIPS 2018); its channels begin with w, so that a [rows] noise is w alone.

    f is a sum of random Fourier features plus nugget_scale * nugget or, where the mechanism has anchors, an exact draw: jointly
    normal at them, and by conditioning on them at any other row. An exact draw is computed in float64 whatever the dtype of the
    inputs, at cubic cost in the anchors.
    """

    kinds = ("gp", "gpcde")

    noise_scale: nn.Parameter
    parent_weight: nn.Parameter

    def function(self, inputs: Tensor, noise: Tensor) -> Tensor:
        own, parents = dict(self.named_parameters()), inputs
        value = self.parent_weight * parents.sum(1)
        if "latent" in self.channels:
            latent = self.channel(noise, "latent", 0.0)
            value = own["latent_weight"] * latent + value
            inputs = torch.cat([parents, latent[:, None]], dim=1)
        else:
            value = own["bias"] + value
        if "anchors" in own:
            f = exact_draw(own, self.forms, inputs, self.channel(noise, "process", 0.0))
        else:
            f = self.features("", inputs) + own["nugget_scale"] * self.channel(noise, "nugget", 0.0)
        value = value + f
        return OUTER[self.settings["outer"]](value + self.noise_scale * self.scaled_noise(parents, noise))

    @property
    def forms(self) -> list[str]:
        """The names of an exact draw's kernels, in the order of its length scales."""
        return [self.settings[f"kernel_{index}"] for index in range(len(self.get_parameter("lengths")))]


def dense(own: Mapping[str, Tensor], value: Tensor, activation: Callable[[Tensor], Tensor]) -> Tensor:
    """Layers by the parameters `own`, between which there is an activation: [rows, p] -> [rows, width of the last]."""
    for layer in range(sum(name.startswith("weight_") for name in own)):
        if layer > 0:
            value = activation(value)
        value = functional.linear(value, own[f"weight_{layer}"], own[f"bias_{layer}"])
    return value


def wave(turns: Tensor, like: Tensor) -> Tensor:
    """cos(2 pi turns), of float64 phases reduced to a turn, as high frequencies would lose float32's digits."""
    return torch.cos((2 * torch.pi * (turns - torch.round(turns))).to(like.dtype))


def one_hot(parents: Tensor, columns: Sequence[int]) -> Tensor:
    """parents [rows, p] -> [rows, sum of columns]: a parent with more columns than one has a class, told by its column."""
    parts = [
        parents[:, [k]] if count == 1 else (parents[:, [k]] == torch.arange(count, device=parents.device)).to(parents.dtype)
        for k, count in enumerate(columns)
    ]
    return torch.cat(parts, dim=1)


def _check_tensors(**given: Any) -> None:
    """ConfigError for arrays and lists, which torch's functions refuse one by one and in words of their own."""
    for name, value in given.items():
        if not isinstance(value, Tensor):
            raise ConfigError(f"{name} is of type {type(value).__name__}: must be a tensor, as torch.as_tensor makes.")


def _channels(noise: Tensor, parents: Tensor) -> Tensor:
    """noise as [rows, channels], with as many rows as the parents: broadcasting would give all rows the noise of one."""
    if noise.ndim not in (1, 2) or len(noise) != len(parents):
        raise ConfigError(f"noise has shape {list(noise.shape)}: must be [{len(parents)}] or [{len(parents)}, channels].")
    if not noise.is_floating_point():
        raise ConfigError(f"noise has dtype {noise.dtype}: must be floating-point numbers.")
    return noise if noise.ndim == 2 else noise[:, None]


def _leaky(slope: float, value: Tensor) -> Tensor:
    return torch.where(value < 0, slope * value, value)


OUTER: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda value: value,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "cube": lambda value: value**3,
    "leaky_relu": lambda value: _leaky(0.1, value),
}
