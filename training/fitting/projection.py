"""Fitting a head's projection: principal components of pooled features and of their change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

import torch
from torch import Tensor

from lrcn_desktop.model.projection import Projection
from training.fitting.example import Example
from training.fitting.together import together

_MOST = 8_000  # frames that components are computed from: neighbors are alike
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
    frames, changes = [Tensor()] * len(examples), [Tensor()] * len(examples)
    for numbers, pooled in together(examples, check):
        change, _, _ = projection.compare(pooled, pooled.new_zeros(len(pooled), pooled.shape[2]))
        for row, number in enumerate(numbers):
            steps = len(examples[number])
            frames[number] = pooled[row, :steps:stride].half()
            changes[number] = change[row, 1:steps:stride].half()  # the first has none before it
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
    """Return clips of pooled features as rows, in memory: parts of one tensor.

    Those that are rows already stay as they are.
    """
    if all(example.rows is not None for example in examples):
        return list(examples)
    ends = list(accumulate(len(example) for example in examples))
    kept, result = Tensor(), list(examples)
    for numbers, pooled in together(examples, check):
        rows, _ = projection(pooled, pooled.new_zeros(len(pooled), pooled.shape[2]))
        if not len(kept):
            kept = torch.empty(ends[-1], rows.shape[2], dtype=torch.half)
        for row, number in zip(rows, numbers, strict=True):
            example, end = examples[number], ends[number]
            mine = kept[end - len(example) : end]
            mine.copy_(row[: len(example)])
            result[number] = replace(example, rows=mine)
    return result


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
