"""Detection of mechanisms that a user has changed: whether a task's are still those that the engine drew."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


def compute_alike(own: Sequence[nn.Module], drawn: Sequence[nn.Module]) -> bool:
    """True if modules compute what freshly drawn ones do; that they do so in float64 or on another device doesn't count."""
    return len(own) == len(drawn) and all(_alike(*pair) for pair in zip(own, drawn, strict=True))


def are_untouched(own: Sequence[nn.Module], drawn: Sequence[nn.Module]) -> bool:
    """True if nothing would be lost if freshly drawn ones took their place."""
    return compute_alike(own, drawn) and all(_same_form(*pair) for pair in zip(own, drawn, strict=True))


def _alike(own: nn.Module, drawn: nn.Module) -> bool:
    if type(own) is not type(drawn) or not _equal_members(own, drawn):
        return False
    mine, right = ({**dict(module.named_parameters()), **dict(module.named_buffers())} for module in (own, drawn))
    return mine.keys() == right.keys() and all(_equal(mine[name], right[name]) for name in right)


def _equal_members(own: nn.Module, drawn: nn.Module) -> bool:
    """Settings, hooks, functions put in the place of methods: all but parameters, buffers and what has no effect on them."""
    unread = {"_parameters": None, "_buffers": None, "training": None}
    mine, right = ({**vars(module), **unread} for module in (own, drawn))
    try:
        return bool(mine == right)
    except (RuntimeError, ValueError):  # Tensors and arrays are neither equal nor not.
        return False


def _equal(own: Tensor, drawn: Tensor) -> bool:
    if own.shape != drawn.shape:
        return False
    # What is on the device "meta" has no values. Float64 holds those of every narrower dtype.
    return own.is_meta or torch.equal(own.detach().cpu().double(), drawn.detach().double())


def _same_form(own: nn.Module, drawn: nn.Module) -> bool:
    right = dict(drawn.named_parameters())
    return own.training == drawn.training and all(
        _form(parameter) == _form(right[name]) for name, parameter in own.named_parameters()
    )


def _form(parameter: nn.Parameter) -> tuple[Any, ...]:
    return parameter.dtype, parameter.device, parameter.requires_grad
