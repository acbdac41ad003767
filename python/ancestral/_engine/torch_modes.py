"""torch's modes around a call, which it keeps clear of: default device, inference mode, autocast, transforms of functions."""

import contextlib
import functools
from collections.abc import Callable, Generator, Sequence
from typing import ParamSpec, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

P = ParamSpec("P")
R = TypeVar("R")


@contextlib.contextmanager
def ordinary() -> Generator[None]:
    """Tensors made here are on the CPU where nothing else is said, also where torch has another default device; and they can
    be used in training, also where `torch.inference_mode()` is on. No gradient is recorded then.
    """
    elsewhere, inference = _is_elsewhere(), torch.is_inference_mode_enabled()
    if not elsewhere and not inference:
        yield
        return
    with contextlib.ExitStack() as stack:
        if inference:
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.no_grad())  # The former alone would turn gradients on.
        if elsewhere:
            stack.enter_context(torch.device("cpu"))
        yield


def in_ordinary(call: Callable[P, R]) -> Callable[P, R]:
    """The call within `ordinary`: one that keeps tensors, hands out what others keep, or runs what others wrote."""

    @functools.wraps(call)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _is_elsewhere() and not torch.is_inference_mode_enabled():
            return call(*args, **kwargs)
        with ordinary():
            return call(*args, **kwargs)

    return within


@contextlib.contextmanager
def untransformed() -> Generator[None]:
    """Outside of torch.func.grad, jvp and the like, under which each tensor that is made stands for one without memory.

    For what reads no tensor that is given, since those of a transform mean nothing here.
    """
    if torch._C._functorch.peek_interpreter_stack() is None:  # pyright: ignore
        yield
        return
    from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack

    with temporarily_clear_interpreter_stack():
        yield


def in_plain(call: Callable[P, R]) -> Callable[P, R]:
    """The call within `ordinary` and `untransformed`: one that draws, and reads no tensor that is given."""

    @functools.wraps(call)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        stack = torch._C._functorch.peek_interpreter_stack()  # pyright: ignore
        if stack is None and not _is_elsewhere() and not torch.is_inference_mode_enabled():
            return call(*args, **kwargs)
        with untransformed(), ordinary():
            return call(*args, **kwargs)

    return within


def is_followed(tensor: Tensor) -> bool:
    """True where torch follows what is made of a tensor: for a gradient, for a derivative along it, or in a transform of
    functions such as torch.func.jvp and vmap. A number that is taken out of it leads nowhere."""
    return tensor.requires_grad or is_transformed(tensor)


def is_transformed(tensor: Tensor) -> bool:
    """True for a tensor of a transform of functions, and one that a derivative is taken along."""
    return _is_wrapped(tensor) or forward_ad.unpack_dual(tensor).tangent is not None


def bare(tensor: Tensor) -> Tensor:
    """The values of a tensor without what transforms of functions have put around it; under vmap those of all calls."""
    while _is_wrapped(tensor):
        tensor = cast(Tensor, torch._C._functorch.get_unwrapped(tensor))  # pyright: ignore
    return tensor


def _is_wrapped(tensor: Tensor) -> bool:
    return torch._C._functorch.is_functorch_wrapped_tensor(tensor)  # pyright: ignore


def _is_elsewhere() -> bool:
    try:
        return torch.empty(0).device.type != "cpu"  # A tenth of the time that `torch.get_default_device` takes.
    except RuntimeError:  # The default is a GPU that a forked worker's parent uses: only tensors on the CPU can be made here.
        return True


def as_ordinary(tensor: Tensor) -> Tensor:
    """The same memory without the mark of inference mode, for what was unpickled or copied under it."""
    if not tensor.is_inference():
        return tensor
    with torch.inference_mode(False), torch.no_grad():
        plain = torch.empty(0, dtype=tensor.dtype, device=tensor.device)
        plain.set_(tensor.untyped_storage(), tensor.storage_offset(), tensor.shape, tensor.stride())  # pyright: ignore[reportUnknownMemberType]
        return plain


def make_ordinary(modules: Sequence[object]) -> None:
    """The same for the parameters and buffers of modules, in place; what they share they still share."""
    made: dict[int, Tensor] = {}
    for module in nn.ModuleList(found for found in modules if isinstance(found, nn.Module)).modules():
        for held in (module._parameters, module._buffers):  # pyright: ignore[reportPrivateUsage]
            for name, tensor in held.items():
                if tensor is not None and tensor.is_inference():
                    plain = made.get(id(tensor), as_ordinary(tensor))
                    if isinstance(tensor, nn.Parameter) and not isinstance(plain, nn.Parameter):
                        plain = nn.Parameter(plain, requires_grad=tensor.requires_grad)
                    made[id(tensor)] = plain
                    held[name] = plain  # pyright: ignore[reportArgumentType]


def exact(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Computes in the dtypes of the tensors, also where autocast would take half precision for products of matrices."""
    kind = device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return contextlib.nullcontext()
