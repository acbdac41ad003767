"""FamilyConfig: everything that shapes a family's tasks, as one flat frozen dataclass."""

# No `from __future__ import annotations`, Literal or Union here: OmegaConf reads these annotations as they stand.
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Dict, List, Optional, cast, get_type_hints

from . import _ffi
from ._errors import ConfigError
from ._plain import fit, plain


@dataclass(frozen=True)
class FamilyConfig:
    """Settings of an SCM family. The engine checks them all as soon as one is made.

    Valid as a Hydra structured config. `to_dict` and `from_dict` speak the same flat JSON as YAML files and the
    command line. Two configs with one `fingerprint()` give the same task for the same seed, on every machine.

        config = FamilyConfig(n_nodes=20, mechanism_proportions={"linear": 0.5, "mlp": 0.5})

    Raises ConfigError, in one sentence, for a value that is wrong.
    """

    n_nodes: int = 20
    """Number of nodes, 1 to 2048; the lower end when `n_nodes_max` is given."""
    n_nodes_max: Optional[int] = None
    """Upper end of a range from which each task draws its number of nodes; None for `n_nodes` always."""
    graph: str = "erdos_renyi"
    """Graph generator: "erdos_renyi", "scale_free", "stochastic_block", "fixed_edge_count", "watts_strogatz",
    "random_geometric", "fixed_in_degree" or "uniform_dag"."""
    sparsity_param: float = 2.0
    """Expected edges per node, for every kind of graph; never more than (n - 1) / 2, one for each pair."""
    mechanism_proportions: Optional[Dict[str, float]] = None
    """Share of nodes of each kind, "linear", "mlp", "gpcde" and "gp"; None is {"linear": 1}."""
    noise_type: str = "gaussian"
    """Law of the noise: "gaussian", "laplace", "uniform", "student_t", "gumbel", "logistic", "exponential" or "cauchy".

    Mean 0 and variance 1 before scaling; Cauchy, which has neither, has median 0 and scale 1."""
    standardization: str = "none"
    """"none", "inputs" (each mechanism reads standardised parents), "internal" (each node is standardised) or "batch".

    "none" adds nothing to a mechanism's own definition; GPCDE reads standardised parents in any case. "batch" scales the data
    by the moments of their own first `calibration_rows` rows (draw 0), as published pipelines do: make that `n_samples`."""
    root_policy: str = "mechanism"
    """What a node without parents is: its "mechanism" over noise alone, or the "noise" itself."""
    calibration_rows: int = 256
    """Rows behind the frozen constants of standardisation, and those at which exact Gaussian processes are drawn."""
    noise_degrees_of_freedom: float = 5.0
    """Degrees of freedom of "student_t" noise."""
    noise_scale_law: str = "gamma_variance"
    """Size of the noise of linear and gp mechanisms, and of additive noise of mlp: "gamma_variance" (a node's variance is
    Gamma), "uniform" (its standard deviation is), for each row its own "gamma_variance_per_row" or "gamma_scale_per_row", or
    "input": a function of the parents."""
    noise_variance_shape: float = 2.5
    """Shape of the Gamma law of a noise variance (or scale)."""
    noise_variance_scale: float = 0.4
    """Scale of the Gamma law of a noise variance (or scale); its mean is shape times scale."""
    noise_scale_min: float = 0.2
    """Least standard deviation of the noise under the uniform law."""
    noise_scale_max: float = 2.0
    """Largest standard deviation of the noise under the uniform law."""
    noise_input_length: float = 10.0
    """Length scale of the function under the law "input"."""
    noise_input_scale: float = 2.0
    """Standard deviation of the function under the law "input"."""
    scale_free_orientation: str = "out"
    """Scale-free edges: "out" (hubs have many children), "in" (hubs have many parents) or "random"."""
    scale_free_power: float = 1.0
    """A scale-free node is chosen with probability proportional to its degree to this power."""
    watts_strogatz_rewiring: float = 0.3
    """Probability that a link of the small-world ring is rewired."""
    stochastic_block_count: int = 2
    """Number of blocks of a stochastic block model."""
    stochastic_block_ratio: float = 0.1
    """Edge probability between blocks over that within a block."""
    linear_weights: str = "normal"
    """Law of linear weights: "normal", or "signed_uniform" away from zero."""
    linear_weight_scale: float = 1.0
    """Standard deviation of "normal" weights."""
    linear_weight_min: float = 0.5
    """Least absolute value of "signed_uniform" weights."""
    linear_weight_max: float = 2.0
    """Largest absolute value of "signed_uniform" weights."""
    linear_weight_floor: float = 0.0
    """"normal" weights of a smaller magnitude are drawn again; at most twice `linear_weight_scale`."""
    linear_bias: float = 0.0
    """A linear node's bias is uniform between minus this and this."""
    mlp_hidden: List[int] = field(default_factory=lambda: [32, 32])
    """Width of each hidden layer."""
    mlp_slope: float = 0.01
    """Slope of LeakyReLU below zero."""
    mlp_init: str = "he"
    """Law of MLP weights: "he", "torch" (nn.Linear's own), "n01" (standard normal) or "notears" (±U(0.5, 2))."""
    mlp_bias_scale: float = 0.0
    """Standard deviation of the normal biases of every layer; 0 for none, with which six in ten nodes without parents never
    change sign (at 0.1: 35 in 100). `mlp_init="torch"` has its own."""
    mlp_activation: str = "leaky_relu"
    """Activation of the hidden layers: "leaky_relu", "tanh" or "sigmoid"."""
    mlp_noise: str = "input"
    """Where the noise enters: as the network's last "input", or "additive"."""
    gpcde_features: int = 512
    """Number of random Fourier features of a node, a cosine and a sine counted as two."""
    gpcde_kernels: List[str] = field(default_factory=lambda: ["rbf", "matern32"])
    """Kernels that are summed with equal variances: "rbf", "matern12", "matern32", "matern52", "rational_quadratic" or
    "gamma_exponential"."""
    gpcde_variance: float = 1.0
    """Variance of the sum of the kernels."""
    gpcde_gamma_min: float = 1.0
    """Least exponent of a gamma_exponential kernel."""
    gpcde_gamma_max: float = 2.0
    """Largest exponent of a gamma_exponential kernel."""
    gpcde_alpha: float = 1.0
    """Shape of a rational_quadratic kernel."""
    gpcde_length_law: str = "log_normal"
    """Law of a length scale: "log_normal", "uniform" or "gamma", with the two parameters below."""
    gpcde_length_first: float = 0.0
    """Mean of the logarithm, lower bound, or shape."""
    gpcde_length_second: float = 0.5
    """Standard deviation of the logarithm, upper bound, or scale."""
    gpcde_length_min: float = 0.3
    """Least length scale."""
    gpcde_length_max: float = 5.0
    """Largest length scale."""
    gpcde_mean_weight: float = 0.5
    """The mean function is this times the latent input, plus `gpcde_parent_weight` times the parents' sum."""
    gpcde_parent_weight: float = 0.0
    """Weight of each parent in the mean function."""
    gpcde_mode: str = "features"
    """How functions are drawn: by random Fourier "features", or "exact": jointly at `calibration_rows` rows, by Cholesky."""
    gpcde_noise_scale_law: str = "constant"
    """Size of the additive noise: "constant", or "gamma_per_row" with the same mean."""
    gpcde_noise_scale: float = 0.05
    """Standard deviation of the additive noise, or its mean over rows."""
    gpcde_noise_shape: float = 1.0
    """Shape of the Gamma law of "gamma_per_row"."""
    gpcde_jitter: float = 0.0
    """Variance of white noise that is added to the kernels, as exact draws add it to their diagonal."""
    gp_features: int = 256
    """Number of random Fourier features of a gp node, a cosine and a sine counted as two."""
    gp_kernels: List[str] = field(default_factory=lambda: ["rbf"])
    """Kernels that are summed with equal variances, as for GPCDE."""
    gp_gamma_min: float = 1.0
    """Least exponent of a gamma_exponential kernel."""
    gp_gamma_max: float = 2.0
    """Largest exponent of a gamma_exponential kernel."""
    gp_alpha: float = 1.0
    """Shape of a rational_quadratic kernel."""
    gp_length_law: str = "log_normal"
    """Law of a length scale: "log_normal", "uniform" or "gamma", with the two parameters below."""
    gp_length_first: float = 0.0
    """Mean of the logarithm, lower bound, or shape."""
    gp_length_second: float = 0.5
    """Standard deviation of the logarithm, upper bound, or scale."""
    gp_output_min: float = 1.0
    """Least standard deviation of a node's function."""
    gp_output_max: float = 1.0
    """Largest standard deviation of a node's function."""
    gp_bias: float = 0.0
    """A gp node's bias is uniform between minus this and this."""
    gp_parent_weight: float = 0.0
    """The mean function is the bias plus this times the parents' sum."""
    gp_mode: str = "features"
    """How functions are drawn: by random Fourier "features", or "exact", as for GPCDE."""
    gp_outer: str = "identity"
    """Function of the sum (post-nonlinear): "identity", "tanh", "sigmoid", "cube" or "leaky_relu"."""

    def __post_init__(self) -> None:
        given = {item.name: plain(getattr(self, item.name), item.name, _hints()[item.name]) for item in fields(self)}
        _ffi.family_create(json.dumps({name: value for name, value in given.items() if value != _defaults()[name]}))
        for name, value in given.items():
            object.__setattr__(self, name, fit(value, _hints()[name]))

    def __hash__(self) -> int:  # Lists and dicts have none; equal configs have equal fingerprints.
        return hash(self.fingerprint())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "FamilyConfig":
        """A config from some or all of its fields; an unknown key is a ConfigError that names the nearest known one."""
        return cls(**values)

    @classmethod
    def preset(cls, name: str, **changes: Any) -> Any:
        """A published family by name, such as "notears-linear", with fields changed where given.

        A name that stands for many kinds of tasks, such as "avici-scm-v0", gives a MixtureConfig; changes then go to each of
        its families. `FamilyConfig.presets()` lists the names with their papers. Raises ConfigError for an unknown name.
        """
        known = {item["name"]: item["config"] for item in _presets()}
        if name not in known:
            raise ConfigError(f"preset = {name!r}: must be one of {', '.join(known)}.")
        if "mixture" not in known[name]:
            return cls.from_dict({**known[name], **changes})
        from .mixture import MixtureConfig  # Which knows this module.

        entries: List[Dict[str, Any]] = known[name]["mixture"]
        families = [cls.from_dict({**entry["family"], **changes}) for entry in entries]
        return MixtureConfig(families, [entry["weight"] for entry in entries])

    @staticmethod
    def presets() -> Dict[str, str]:
        """The names of the published families, each with its paper and what is taken of it."""
        return {item["name"]: item["source"] for item in _presets()}

    def to_dict(self) -> Dict[str, Any]:
        """Every field, in plain dicts, lists and scalars that JSON and YAML take."""
        return {item.name: plain(getattr(self, item.name), item.name, _hints()[item.name]) for item in fields(self)}

    def fingerprint(self) -> str:
        """SHA-256 of the engine's canonical form, 64 hex digits: equal for equal families on every machine."""
        return _ffi.family_fingerprint(_ffi.family_create(self.to_json()))

    def to_json(self) -> str:
        """The form in which the engine and the command line read it: the fields that differ from their defaults."""
        return json.dumps({name: value for name, value in self.to_dict().items() if value != _defaults()[name]})


@functools.cache
def _hints() -> Dict[str, Any]:
    return get_type_hints(FamilyConfig)


@functools.cache
def _defaults() -> Dict[str, Any]:
    """The fields' defaults in plain form, which are the engine's own."""
    return {
        item.name: item.default_factory() if callable(item.default_factory) else item.default for item in fields(FamilyConfig)
    }


@functools.cache
def _presets() -> List[Dict[str, Any]]:
    return json.loads(_ffi.presets())


_FORMER = {"gpcde_length_location": "gpcde_length_first", "gpcde_length_spread": "gpcde_length_second"}


def _known(values: Mapping[str, Any]) -> Dict[str, Any]:
    """`values` under the names that fields have; some had others, which stay good."""
    known = {name: value for name, value in values.items() if name not in _FORMER}
    for name in values.keys() & _FORMER.keys():
        if _FORMER[name] in known:
            raise ConfigError(f"{name} is the former name of {_FORMER[name]}, which is given as well.")
        known[_FORMER[name]] = values[name]
    _check_keys(known)
    return known


def _check_keys(values: Mapping[str, Any]) -> None:
    unknown = {name: value for name, value in values.items() if name not in _hints()}
    if "mixture" in unknown:
        raise ConfigError("mixture is no field of a FamilyConfig: give it to MixtureConfig or to SCMFamily.from_config.")
    if unknown:
        name, value = next(iter(unknown.items()))
        _ffi.family_create(json.dumps({str(name): plain(value, str(name))}))  # The engine knows the nearest name.


def _checking_keys(init: Callable[..., None]) -> Callable[..., None]:
    """Makes a misspelt keyword a ConfigError like any other fault of a config, whichever way it came in."""

    @functools.wraps(init)
    def checked(self: FamilyConfig, *args: Any, **values: Any) -> None:
        init(self, *args, **_known(values))

    return checked


setattr(FamilyConfig, "__init__", _checking_keys(cast(Callable[..., None], FamilyConfig.__init__)))  # noqa: B010
