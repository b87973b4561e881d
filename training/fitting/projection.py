"""Fitting a head's projection: principal components of pooled features and of their change."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from lrcn_desktop.model.projection import Projection
from training.fitting.example import Example

_MOST = 8_000  # frames that components are computed from: neighbors are alike
_AT_ONCE = 512  # frames that are in memory as they were read
_OVERSAMPLED = 32  # of the randomized search, and its passes over the data
_PASSES = 2
_NOTHING = 1e-6  # of layer-normalized features, whose mean square is 1


@torch.no_grad()
def fit_projection(
    projection: Projection, examples: Sequence[Example], check: Callable[[], None] = lambda: None
) -> None:
    """Fit `projection` in place to clips of pooled features, (T, P) each.

    Args:
        projection: Its rate is that of the clips.
        examples: The clips that a network will be fitted to, and no others.
        check: Called between clips; it may raise KeyboardInterrupt to stop.
    """
    stride = -(-sum(len(example) for example in examples) // _MOST) or 1
    frames, changes = [], []
    for batch in _alike(examples):
        pooled = _read(batch)
        change, _, _ = projection.compare(pooled, torch.zeros_like(pooled[:, 0]))
        frames += list(pooled[:, ::stride].half())
        changes += list(change[:, 1:][:, ::stride].half())  # the first has no frame before it
        check()
    mean, basis, scale = _principal(torch.cat(frames), len(projection.basis))
    projection.mean.copy_(mean)
    projection.basis.copy_(basis)
    projection.scale[0] = scale
    if projection.motion_count:
        moved = torch.cat(changes)
        mean, basis, scale = _principal(moved, len(projection.motion_basis))
        projection.motion_mean.copy_(mean)
        projection.motion_basis.copy_(basis)
        projection.scale[1] = scale


@torch.no_grad()
def projected(
    projection: Projection, examples: Sequence[Example], check: Callable[[], None] = lambda: None
) -> list[Example]:
    """Return clips of pooled features as rows, in memory."""
    result: dict[Example, Example] = {}
    for batch in _alike(examples):
        pooled = _read(batch)
        rows, _ = projection(pooled, torch.zeros_like(pooled[:, 0]))
        for example, own in zip(batch, rows.half(), strict=True):
            result[example] = replace(example, rows=own.clone())
        check()
    return [result[example] for example in examples]


def _alike(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Yield clips of one length at a time: many short ones take hardly longer than one."""
    by_length: dict[int, list[Example]] = {}
    for example in examples:
        batch = by_length.setdefault(len(example), [])
        batch.append(example)
        if len(batch) * len(example) >= _AT_ONCE:
            yield by_length.pop(len(example))
    yield from by_length.values()


def _read(batch: Sequence[Example]) -> Tensor:
    """Return the pooled features of clips of one length, (B, T, P)."""
    return torch.stack([example.read() for example in batch]).float()


def _principal(frames: Tensor, count: int) -> tuple[Tensor, Tensor, float]:
    """Return the mean of (N, P), its principal components, and what brings them to unit size.

    By a randomized search with power iterations (Halko, Martinsson and Tropp 2011), algorithm 4.4.
    Where there are fewer frames than components, the others are zero.
    """
    width = frames.shape[1]
    mean, basis = torch.zeros(width), torch.zeros(count, width)
    found = min(count, len(frames) - 1, width)
    if found < 1:
        return mean, basis, 1.0
    centered = frames.float()
    mean = centered.mean(0)
    centered -= mean
    generator = torch.Generator().manual_seed(0)
    size = min(found + _OVERSAMPLED, *frames.shape)
    sketch = centered @ torch.randn(width, size, generator=generator)
    for _ in range(_PASSES):
        across, _ = torch.linalg.qr(centered.T @ torch.linalg.qr(sketch)[0])
        sketch = centered @ across
    _, sizes, directions = torch.linalg.svd(sketch, full_matrices=False)
    basis[:found] = (across @ directions.T)[:, :found].T
    mean_square = float(sizes[:found].square().sum()) / (len(frames) * count)
    # Frames that are all alike have no components, whatever rounding makes of them.
    return mean, basis, mean_square**-0.5 if mean_square > _NOTHING else 0.0
