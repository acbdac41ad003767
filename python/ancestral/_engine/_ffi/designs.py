"""Designs and their experiments."""

from collections.abc import Sequence
from ctypes import addressof, byref, c_int32, c_size_t, c_void_p, create_string_buffer
from typing import Any

from torch import Tensor

from ..memory import check_real
from .calls import call, in_thread, long_text, text
from .handles import Handle, create, pointer
from .tasks import batch_fill

_LAYOUT = 1 << 14
"""Bytes that the description of a design has room in: it takes some, also where it is asked for with each batch."""


def design_create(json: str) -> Handle:
    """Makes a design from its configuration, a JSON object; a fault in it is a ConfigError."""
    return create("design", json.encode("utf-8"))


def design_schema() -> str:
    """{"schema": the JSON Schema of a design, "outputs": what it may give, "presets": published ones}."""
    return text("anc_design_schema")


def design_describe(design: Handle, family: Handle | None, n_nodes: int = 0, first_seed: int = 0) -> str:
    """JSON: the canonical "config", the "layout" of one task's arrays, and of a family and a design the "fingerprint".

    `n_nodes` of 0 stands for as many as a task of the family may have; without a family there is no layout then.
    `first_seed`, in [0, 2^64), is that of the
    batch, for designs whose number of rows is the batch's.
    """
    given = design.pointer, None if family is None else family.pointer, n_nodes, first_seed
    return text("anc_design_describe", *given, room=_LAYOUT)


def experiments_fill(family: Handle, design: Handle, seeds: Tensor, arrays: Sequence[Tensor], **drawing: Any) -> None:
    """Fills the experiments of seeds, int64 [B], into one array for each entry of the layout, [B, *shape] of its dtype.

    `drawing` is what `batch_fill` takes. A task whose graph can't have the design is drawn again like one whose graph is
    reserved.
    """
    batch_fill("anc_experiments_fill", family, (design.pointer,), seeds, (), _places(arrays), **drawing)


def instance_run(
    instance: Handle, family: Handle | None, design: Handle, arrays: Sequence[Tensor], *, first_seed: int, draw: int
) -> None:
    """One instance's experiment into an array for each entry of its layout; `family` is where the instance is from.

    `first_seed` is that of its batch, for designs whose number of rows is the batch's.
    """
    given = instance.pointer, None if family is None else family.pointer, design.pointer, first_seed, draw, *_places(arrays)
    in_thread(lambda: call("anc_instance_run", *given))  # It comes in one slice, whatever its rows.


def design_admits(design: Handle, family: Handle, instance: Handle) -> bool:
    """True if the instance's graph has room for the design; where not, `experiments_fill` would draw another."""
    out = c_int32()
    call("anc_design_admits", design.pointer, family.pointer, instance.pointer, byref(out))
    return bool(out.value)


def design_summary(design: Handle, family: Handle, n_tasks: int, seed: int, threads: int) -> str:
    """JSON: {"n_tasks", "statistics": [{"name", "meaning", "mean", "sd", "quantiles"}, ..]} of the design's experiments."""
    return long_text("anc_design_summary", design.pointer, family.pointer, n_tasks, seed, threads)


def design_distance(first: Handle, first_family: Handle, second: Handle, second_family: Handle, options: str) -> str:
    """JSON: {"metrics": [{"name", "value", "p", ..}, ..], "only_first": [names], "only_second": [names]} of two designs."""
    handles = first.pointer, first_family.pointer, second.pointer, second_family.pointer
    return long_text("anc_design_distance", *handles, options.encode())


_NOTHING = create_string_buffer(1)
"""Memory for arrays without elements, to which nothing is written."""


def _places(arrays: Sequence[Tensor]) -> tuple[Any, Any, int]:
    """The addresses of the arrays, their sizes in bytes, and their number."""
    addresses = [
        # Torch has no address for what has no elements, such as the covariates of two nodes of which both have a role.
        pointer(check_real(array), f"arrays[{place}]", array.dtype, array.numel()) or addressof(_NOTHING)
        for place, array in enumerate(arrays)
    ]
    sizes = [array.nbytes for array in arrays]
    return (c_void_p * len(arrays))(*addresses), (c_size_t * len(arrays))(*sizes), len(arrays)
