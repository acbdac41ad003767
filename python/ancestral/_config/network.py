"""NetworkConfig: a Bayesian network whose graph and laws are known, as a family."""

import gzip
import json
import math
import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from torch import Tensor

from .._engine import _ffi
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._files.paths import absolute
from .containers import mapping, ordered, sequence
from .engine_config import EngineConfig
from .kept_handle import kept_handle
from .plain_values import plain

_FORMATS = {".bif": "bif", ".json": "json"}
_MOST_BYTES = 1 << 26


class NetworkConfig(EngineConfig):
    """The configuration of a known network: every task has its very graph and laws, and rows of its own.

        config = anc.network("asia.bif.gz").config
        config.names, config.states["smoke"]                    # ["asia", "tub", ...], ["yes", "no"]
        config.probabilities(["lung"], do={"smoke": "yes"})     # float64 [2]

    Node j of a task is `names[j]`. A discrete variable has the number of its state in `states` as its value, counted from 0.
    In files it is {"network": {"variables": [{"name", "parents", "states", "probabilities"}, ..]}}: a row of probabilities for
    each combination of the parents' states, of which the last parent's change fastest. A linear-Gaussian variable has
    `intercept`, `coefficients`, one for each parent, and `variance` in place of the last two. It may be one of the families of
    a MixtureConfig.

    Raises ConfigError, in one sentence, for tables of the wrong size, rows that don't sum to 1, unknown names and cycles.
    """

    _text: str

    def __init__(self, variables: Sequence[Mapping[str, Any]]) -> None:
        given = json.dumps({"network": {"variables": plain(sequence(variables, "variables"), "variables")}})
        self._keep(_ffi.family_create(given))

    def _keep(self, handle: _ffi.Handle) -> None:
        text = _ffi.family_config(handle)
        self.__dict__.update(_text=text, _made=(text, handle))

    @classmethod
    def _of_text(cls, text: str) -> "NetworkConfig":
        config = object.__new__(cls)
        config.__dict__["_text"] = text
        return config

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> "NetworkConfig":
        """The network of a file: see `anc.network`."""
        given = absolute(path, "path")
        text, kind = _read(given)
        config = object.__new__(cls)
        try:
            config._keep(_ffi.network_read(text, kind))
        except ConfigError as error:
            raise ConfigError(f"{given}, {error}") from None
        return config

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "NetworkConfig":
        """A network from {"network": {"variables": [..]}}, as `to_dict` gives it."""
        config = object.__new__(cls)
        given = {str(name): plain(value, str(name)) for name, value in mapping(values, "values").items()}
        if "network" not in given:
            raise ConfigError('network is missing: must be {"variables": [..]}.')
        config._keep(_ffi.family_create(json.dumps(given)))
        return config

    def __reduce__(self) -> tuple[Any, ...]:
        return NetworkConfig._of_text, (self._text,)

    def __deepcopy__(self, memo: Any) -> "NetworkConfig":  # Nothing that it gives is its own: there is nothing to change in it.
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NetworkConfig) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"NetworkConfig of {self.n_nodes} variables: {', '.join(self.names[:8])}{', ...' if self.n_nodes > 8 else ''}"

    @lazy
    def _variables(self) -> list[dict[str, Any]]:
        return json.loads(self._text)["network"]["variables"]

    @property
    def names(self) -> list[str]:
        """The names of the variables: node j of a task is names[j]."""
        return [variable["name"] for variable in self._variables]

    @property
    def states(self) -> dict[str, list[str]]:
        """The names of the states of each variable, in the order of the class numbers; empty for a linear-Gaussian one."""
        return {variable["name"]: list(variable.get("states", ())) for variable in self._variables}

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The edges of the graph by names, parent and child."""
        return [(parent, variable["name"]) for variable in self._variables for parent in variable["parents"]]

    @property
    def n_nodes(self) -> int:
        """The number of variables."""
        return len(self._variables)

    @property
    def n_nodes_max(self) -> None:
        """None: all tasks have as many nodes."""

    @property
    def sparsity_param(self) -> float:
        """Edges per node."""
        return len(self.edges) / self.n_nodes

    @property
    def mechanism_proportions(self) -> dict[str, float]:
        """The shares of variables with tables and with linear-Gaussian laws."""
        discrete = sum("states" in variable for variable in self._variables) / self.n_nodes
        shares = {"table": discrete, "linear": 1 - discrete}
        return {kind: share for kind, share in shares.items() if share > 0}

    @property
    def noise_type(self) -> str:
        """The law of the noise that linear-Gaussian variables have."""
        return "gaussian"

    @property
    def standardization(self) -> str:
        """ "none": values are as the laws have them."""
        return "none"

    def probabilities(self, of: str | Sequence[str], do: Mapping[str, str] | None = None) -> Tensor:
        """The exact joint law of some variables under an intervention, P(of | do(...)).

            config.probabilities(["lung", "xray"], do={"smoke": "yes"})    # float64 [2, 2], which sum to 1

        `of` names variables, or one; `do` maps names of variables to the names of the states that they are held in. The
        result has an axis for each variable of `of`, in that order, as long as it has states. It is the truncated factorisation
        (Pearl, "Causality", section 3.2), summed by variable elimination. Raises ConfigError for names that there aren't, for
        variables that are not discrete, and for a network so wide that a step would take more than 4 million numbers.
        """
        names = [of] if isinstance(of, str) else [str(name) for name in ordered(of, "of")]
        held = {str(name): str(state) for name, state in mapping({} if do is None else do, "do").items()}
        states = self.states
        shape = [max(1, len(states.get(name, ()))) for name in names]
        query = json.dumps({"of": names, "do": held})
        return _ffi.network_probabilities(kept_handle(self), query, min(math.prod(shape), 1 << 22)).reshape(shape)

    def to_dict(self) -> dict[str, Any]:
        """The network in plain dicts, lists and scalars that JSON and YAML take; `from_dict` reads it."""
        return cast("dict[str, Any]", json.loads(self._text))

    def to_json(self) -> str:
        """The form in which the engine reads it."""
        return self._text


def is_network_file(source: Any) -> bool:
    """True for the path of a file in BIF, packed or not."""
    return isinstance(source, (str, os.PathLike)) and str(cast(Any, source)).lower().endswith((".bif", ".bif.gz"))


def _read(path: Path) -> tuple[str, str]:
    """The text of a file and its format. ConfigError for another ending, or more than 64 MiB."""
    packed = path.suffix.lower() == ".gz"
    kind = _FORMATS.get(path.with_suffix("").suffix.lower() if packed else path.suffix.lower())
    if kind is None:
        raise ConfigError(f"path = {str(path)!r}: must end with .bif, .json, .bif.gz or .json.gz.")
    try:
        with gzip.open(path, "rb") if packed else open(path, "rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ConfigError(f"path = {str(path)!r}: must be a network's text in UTF-8, which can be read ({error}).") from None
    if len(content) > _MOST_BYTES or "\0" in text:
        has = "with a character 0" if "\0" in text else "of more"
        raise ConfigError(f"path = {str(path)!r}, a file {has}: must be text of at most {_MOST_BYTES} bytes.")
    return text, kind
