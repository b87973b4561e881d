"""Pooled features reduced to what the trained layers take, in PyTorch; fitted and not trained.

Beside the principal components of a frame stands how it differs from the frames just before: what
moves, how much of the frame the components leave out, and whether the scene was cut.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lrcn_desktop.model.head_arrays import FARTHEST, MEMORY


def decay(rate: float, seconds: float = MEMORY) -> float:
    """Return the weight that a running mean keeps from one step to the next, at a step rate."""
    return math.exp(-1 / (seconds * rate))


class Projection(nn.Module):
    """Maps pooled features to rows.

    Attributes:
        rate: Steps per second, by which the running mean of the frames before is kept.
        cut: The cosine similarity below which the scene was cut.
        motion_count: M.
    """

    def __init__(self, width: int, components: int, motion: int, cut: float) -> None:
        """Map `width` numbers to K `components` and M of `motion`; to zeros until it is fitted."""
        super().__init__()
        self.rate = 5.0
        self.cut, self.motion_count = cut, motion
        self.mean: Tensor
        self.basis: Tensor
        self.scale: Tensor
        self.motion_mean: Tensor
        self.motion_basis: Tensor
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("basis", torch.zeros(components, width))
        self.register_buffer("scale", torch.ones(2))
        if motion:
            self.register_buffer("motion_mean", torch.zeros(width))
            self.register_buffer("motion_basis", torch.zeros(motion, width))

    def forward(self, pooled: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """Map pooled features (B, T, P) to rows (B, T, K + M + 2).

        Args:
            pooled: Layer-normalized.
            before: (B, P), the running mean of the frames before; zeros where there is none.

        Returns:
            The rows, and the running mean after the last frame.
        """
        change, similarity, before = self.compare(pooled, before)
        centered = pooled - self.mean
        components = centered @ self.basis.T
        rest = centered.square().sum(-1) - components.square().sum(-1)
        parts = [(components * self.scale[0]).clamp(-FARTHEST, FARTHEST)]
        if self.motion_count:
            moved = (change - self.motion_mean) @ self.motion_basis.T
            # A frame without one before has no change, rather than less than the mean one.
            moved = (moved * self.scale[1]).clamp(-FARTHEST, FARTHEST)
            parts.append(moved * (similarity >= self.cut)[..., None])
        parts += [rest.clamp_min(0).sqrt()[..., None], similarity[..., None]]
        return torch.cat(parts, dim=-1), before

    def compare(self, pooled: Tensor, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compare frames with the running mean of those before them, which a cut restarts.

        Args:
            pooled: (B, T, P).
            before: (B, P).

        Returns:
            The absolute change (B, T, P), the cosine similarity (B, T), 0 where there is no frame
            before, and the running mean after the last frame (B, P).
        """
        kept = decay(self.rate)
        changes, similarities = [], []
        for frame in pooled.unbind(1):
            norms = frame.norm(dim=-1) * before.norm(dim=-1)
            similarity = ((frame * before).sum(-1) / norms.clamp_min(1e-6)).clamp(-1, 1)
            fresh = ((similarity < self.cut) | (norms < 1e-6))[:, None]
            difference = torch.where(fresh, 0.0, frame - before)
            changes.append(difference.abs())
            similarities.append(similarity)
            before = frame - kept * difference
        return torch.stack(changes, 1), torch.stack(similarities, 1), before

    def similarity(self) -> Callable[[Tensor, Tensor], Tensor]:
        """Return what gives about the cosine similarity of frames by rows (..., K + M + 2)."""
        count, scale, width = len(self.basis), self.scale[0].clamp_min(1e-6), len(self.mean)
        square, toward = self.mean.square().sum(), self.basis @ self.mean

        def similarity(a: Tensor, b: Tensor) -> Tensor:
            a, b = a[..., :count] / scale, b[..., :count] / scale
            return (square + (a + b) @ toward + (a * b).sum(-1)) / width

        return similarity
