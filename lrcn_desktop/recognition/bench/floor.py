"""The least time that a frame can take: its operations and bytes over this machine's own rates."""

import time
from collections.abc import Callable

import torch

from lrcn_desktop.model.backbones.vgg16 import LAYERS, POOLS_AFTER

_TRIES = 5
_SIDE = {"cuda": 8192, "mps": 4096}  # of the matrices that are multiplied
_COPIED = {"cuda": 1 << 30, "mps": 1 << 28}  # bytes


def floor(device: str, size: int) -> dict[str, float]:
    """Measure the rates of `device` and return what VGG-16 needs of them.

    It is the floor of direct convolution: Winograd's needs fewer multiplications, so an engine may
    be below it. Half precision on a GPU, float32 elsewhere.

    Returns:
        "gflop" and "megabytes" of a frame (the weights; the activations fit into caches), the
        measured "gflop_per_s" and "gigabytes_per_s", and "ms", the longer of both times.
    """
    kind = torch.float16 if device == "cuda" else torch.float32
    gflop = 2e-9 * _multiply_adds(size)
    megabytes = 1e-6 * kind.itemsize * sum(9 * out * channels for _, out, channels in LAYERS)
    gflop_per_s, gigabytes_per_s = _operations(device, kind), _bytes(device)
    seconds = max(gflop / gflop_per_s, 1e-3 * megabytes / gigabytes_per_s)
    return {
        "gflop": gflop,
        "megabytes": megabytes,
        "gflop_per_s": gflop_per_s,
        "gigabytes_per_s": gigabytes_per_s,
        "ms": 1000 * seconds,
    }


def _multiply_adds(size: int) -> int:
    total, side = 0, size
    for name, out, channels in LAYERS:
        total += 9 * out * channels * side * side
        if name in POOLS_AFTER:
            side //= 2
    return total


def _operations(device: str, kind: torch.dtype) -> float:
    side = _SIDE.get(device, 1536)
    a, b = (torch.rand(side, side, device=device).to(kind) for _ in range(2))
    return 2e-9 * side**3 / _best(device, lambda: torch.mm(a, b))


def _bytes(device: str) -> float:
    source = torch.zeros(_COPIED.get(device, 1 << 27), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2e-9 * source.numel() / _best(device, lambda: target.copy_(source))


def _best(device: str, work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TRIES + 1):
        began = time.perf_counter()
        work()
        if device == "cuda":
            torch.cuda.synchronize()
        elif device == "mps":
            torch.mps.synchronize()
        taken.append(time.perf_counter() - began)
    return min(taken[1:])
