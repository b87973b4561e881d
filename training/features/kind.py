"""What made the features of a folder."""

from dataclasses import dataclass, replace
from math import prod
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.pooling import Pooling
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig, Pool

Stream = Literal["rgb", "flow"]
Kept = Literal["", "average", "statistics"]


@dataclass(frozen=True, slots=True)
class FeatureKind:
    """What made the features of a folder; two that are alike hold the same numbers.

    Attributes:
        backbone: A key of `FROZEN`, "pixels" (the resized frames), or another program's word.
        digest: `weights_digest` of its weights, "" where there are none.
        size: Side of the input in pixels; 0: unknown.
        rate: Steps a second; 0: each clip has its own.
        dim: D.
        flip: The frames were mirrored, left to right.
        stream: "rgb" pictures or "flow", optical flow as pictures.
        pool: How the feature maps were pooled (see `HeadConfig`); "": they are whole.
    """

    backbone: str
    digest: str
    size: int
    rate: float
    dim: int
    flip: bool = False
    stream: Stream = "rgb"
    pool: Kept = ""

    @property
    def folder(self) -> str:
        """The name of its folder in a cache."""
        parts = [self.backbone, *([self.digest[:12]] if self.digest else [])]
        parts += [f"{self.size}px", f"{self.rate:g}fps"]
        parts += ["flow"] if self.stream == "flow" else []
        parts += ["flip"] if self.flip else []
        parts += [self.pool] if self.pool else []
        return "-".join(parts)

    @property
    def whole(self) -> Self:
        """The kind of the whole maps that these were pooled of."""
        return replace(self, pool="", dim=prod(self._shape)) if self.pool else self

    @property
    def row_bytes(self) -> int:
        """What a step takes on the disk."""
        return self.dim * np.dtype(self.dtype).itemsize

    def of_maps(self, maps: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return features of this kind, (T, `dim`), of an engine's, (T, D)."""
        if self.pool:
            maps = Pooling(self.pool, self._shape)(maps.astype(np.float32))
        return maps.astype(self.dtype)

    @property
    def _shape(self) -> tuple[int, int, int]:
        return BackboneConfig(self.backbone, self.size).shape

    @property
    def dtype(self) -> type[np.generic]:
        """How its numbers are kept: uint8 pixels, float16 features."""
        return np.uint8 if self.backbone == "pixels" else np.float16


def frozen_kind(info: ModelInfo, rate: float) -> FeatureKind:
    """Return the kind of features that a model on a frozen network needs, at `rate` a second.

    What its head pools is kept pooled: an eighth of the numbers, and UCF-101 fits on a laptop.
    """
    frozen = info.backbone.frozen
    digest = info.backbone_digest or (frozen.digest if frozen is not None else "")
    backbone, pool = info.backbone, kept_pooled(info.head.pool)
    dim = width_of(backbone, info.head, pool)
    return FeatureKind(backbone.kind, digest, backbone.size, rate, dim, False, info.stream, pool)


def width_of(backbone: BackboneConfig, head: HeadConfig, pool: Kept) -> int:
    """Return how many numbers a step of a model's features has, kept as `pool` says.

    Returns:
        0 where its head takes none that are pooled like this.
    """
    if not pool:
        return backbone.dim
    return head.pooled_width(backbone.shape) if pool == head.pool else 0


def kept_pooled(pool: Pool) -> Kept:
    """Return how features are kept for a head: pooled as it does, where that makes them fewer."""
    return pool if pool in ("average", "statistics") else ""


def pixel_kind(info: ModelInfo, rate: float) -> FeatureKind:
    """Return the kind that a model with a CNN of its own needs: frames of its input's size."""
    size = info.backbone.size
    return FeatureKind("pixels", "", size, rate, 3 * size * size, stream=info.stream)
