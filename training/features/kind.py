"""What made the features of a folder."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lrcn_desktop.model.model_info import ModelInfo

Stream = Literal["rgb", "flow"]


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
    """

    backbone: str
    digest: str
    size: int
    rate: float
    dim: int
    flip: bool = False
    stream: Stream = "rgb"

    @property
    def folder(self) -> str:
        """The name of its folder in a cache."""
        parts = [self.backbone, *([self.digest[:12]] if self.digest else [])]
        parts += [f"{self.size}px", f"{self.rate:g}fps"]
        parts += ["flow"] if self.stream == "flow" else []
        parts += ["flip"] if self.flip else []
        return "-".join(parts)

    @property
    def dtype(self) -> type[np.generic]:
        """How its numbers are kept: uint8 pixels, float16 features."""
        return np.uint8 if self.backbone == "pixels" else np.float16


def frozen_kind(info: ModelInfo, rate: float) -> FeatureKind:
    """Return the kind of features that a model on a frozen network needs, at `rate` a second."""
    frozen = info.backbone.frozen
    digest = info.backbone_digest or (frozen.digest if frozen is not None else "")
    size, dim = info.backbone.size, info.backbone.dim
    return FeatureKind(info.backbone.kind, digest, size, rate, dim, stream=info.stream)


def pixel_kind(info: ModelInfo, rate: float) -> FeatureKind:
    """Return the kind that a model with a CNN of its own needs: frames of its input's size."""
    size = info.backbone.size
    return FeatureKind("pixels", "", size, rate, 3 * size * size, stream=info.stream)
