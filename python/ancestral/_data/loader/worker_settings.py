"""The check of `loader_settings`: arguments of torch's DataLoader that would be used, or a sentence."""

import inspect
import warnings
from typing import Any, cast

import torch
from torch.utils.data import DataLoader

from ..._config.containers import hint, mapped
from ..._engine.checks import check_callable, truth
from ..._engine.errors import ConfigError

_ELSEWHERE = {
    "dataset": "the module makes the datasets",
    "batch_size": "give batch_size to the module itself",
    "num_workers": "give num_workers to the module itself",
    "pin_memory": "give pin_memory to the module itself",
    "collate_fn": "give collate_fn to the module itself",
    "shuffle": "a stream has no order to change, and fixed sets keep theirs",
    "sampler": "the batches of a set are the same in every run",
    "batch_sampler": "the batches of a set are the same in every run",
    "drop_last": "all batches of a stream are full, and no task of a fixed set is left out",
    "in_order": "batches must come in the stream's order, for a run to go on where it was",
}
"""Arguments that the module gives itself, or that would break what it promises."""


def check_loader_settings(given: Any, num_workers: int) -> dict[str, Any]:
    """The arguments, each of which reaches the DataLoaders.

    ConfigError for one that DataLoader doesn't have, that is the module's own or that torch refuses, and where there are no
    workers for any that would change something: the batches are made by a TaskLoader then.
    """
    if given is None:
        return {}
    settings = mapped(given, "loader_settings", "arguments of torch's DataLoader to their values")
    found = {str(name): value for name, value in settings.items()}
    parameters = inspect.signature(cast(Any, DataLoader)).parameters
    known = [name for name in parameters if name != "kwargs"]
    for name, value in found.items():
        if name not in known:
            raise ConfigError(
                f"loader_settings[{name!r}] = {value!r}: must be an argument of torch's DataLoader{hint(name, known)}."
            )
        if name in _ELSEWHERE:
            raise ConfigError(f"loader_settings[{name!r}] = {value!r}: must be left out; {_ELSEWHERE[name]}.")
        if num_workers == 0 and value != parameters[name].default:
            raise ConfigError(
                f"loader_settings[{name!r}] = {value!r}: must be left out with num_workers = 0, where no DataLoader but a "
                "TaskLoader makes the batches, which `threads` and `prefetch` tune; or give num_workers of 1 or more."
            )
    return _accepted(found, num_workers)


def _accepted(settings: dict[str, Any], num_workers: int) -> dict[str, Any]:
    """The same, once they are known to make a DataLoader."""
    if "persistent_workers" in settings:
        settings["persistent_workers"] = truth(settings["persistent_workers"], "loader_settings['persistent_workers']")
    check_callable(settings.get("worker_init_fn"), "loader_settings['worker_init_fn']")
    generator = settings.get("generator")
    if generator is not None and not isinstance(generator, torch.Generator):
        raise ConfigError(f"loader_settings['generator'] = {generator!r}: must be a torch.Generator.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It will be made once more, and warn then.
            DataLoader(cast(Any, [None]), batch_size=None, num_workers=num_workers, **settings)
    except (AttributeError, AssertionError, TypeError, ValueError) as error:
        raise ConfigError(f"loader_settings = {settings!r}: must be what torch's DataLoader takes ({error}).") from None
    return settings
