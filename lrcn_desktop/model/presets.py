"""The presets: every network that this project knows and how it is fitted, as data."""

import sys
from dataclasses import dataclass, replace
from typing import Literal, Self

from lrcn_desktop.model.backbones.backbone import Backbone
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.fits import CNN, OWN, PAPER, SLIDES, Fits

Cell = Literal["lstm", "gru"]
Pool = Literal["flatten", "norm", "average", "statistics"]


ROW_EXTRAS = 2
"""Numbers that follow the components in a row: the norm of what the principal components leave of
the pooled features, and the cosine similarity to the frames before."""


@dataclass(frozen=True, slots=True)
class BackboneConfig:
    """The convolutional part.

    Attributes:
        kind: A key of `FROZEN` (trained on ImageNet, frozen, shipped); "cnn" (the paper's, trained
            here); or "features" (vectors that another program made: no frame can be recognized with
            them).
        size: The side of the square input in pixels; "features": the length of a vector.
        batch_norm: "cnn" only: batch normalization after the first two convolutions.
        last_pool: "cnn" only: max-pooling after the last convolution.
    """

    kind: str = "vgg16"
    size: int = 224
    batch_norm: bool = False
    last_pool: bool = False

    @property
    def frozen(self) -> Backbone | None:
        """The shipped network that it is, if it is one."""
        return FROZEN.get(self.kind)

    @property
    def trained(self) -> bool:
        """Whether it is trained here, and its weights lie in the model's file."""
        return self.kind == "cnn"

    @property
    def elsewhere(self) -> bool:
        """Whether another program made the features."""
        return self.kind == "features"

    @property
    def sizes(self) -> range:
        """Which `size` it may have; none for a kind that this version does not know."""
        if self.frozen is not None:
            return self.frozen.sizes
        return range(96, 1025) if self.trained else range(1, sys.maxsize if self.elsewhere else 1)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of the feature map."""
        if self.elsewhere:
            return self.size, 1, 1
        if self.frozen is not None:
            return self.frozen.channels, self.size // 32, self.size // 32
        side = (self.size - 7) // 2 + 1
        side = (side - 3) // 2 + 1
        side = (side - 5) // 2 + 1
        side = (side - 3) // 2 + 1
        side -= 2
        if self.last_pool:
            side = (side - 3) // 2 + 1
        return 384, side, side

    @property
    def dim(self) -> int:
        """D: how many numbers describe a frame."""
        channels, height, width = self.shape
        return channels * height * width


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """What turns a frame's features into class logits, one step a frame.

    Attributes:
        pool: What is kept of the feature map: "flatten" all of it as it is; "norm" all of it;
            "average" a mean per channel; "statistics" the means of a channel's quarters, its
            maximum and standard deviation. All but "flatten" is layer-normalized and dropped out.
        fc: Sizes of the fully connected layers (ReLU).
        cell: The recurrent cell.
        hidden: Sizes of the recurrent layers; empty for a network without memory.
        dropout: After the pooled features (where pooled), each fc and the last recurrent layer.
        frames: The same network without memory stands beside it, and their logits are averaged.
        project: Principal components that the pooled features are reduced to before anything that
            is trained; 0: none. With them go weights of the two networks that are trained, and
            scene cuts, at which the memory restarts.
        motion: Principal components of the change of the pooled features, which the network with
            memory takes too. Only with `project`.
        movement: Seconds over which motion is averaged for a linear classifier beside the two
            networks, which sees nothing else; 0: there is none. Only with `motion` and `frames`.
        cut: The cosine similarity of pooled features to those of the frames before, below which the
            scene was cut; -1: never. Only with `project`.
    """

    pool: Pool = "flatten"
    fc: tuple[int, ...] = ()
    cell: Cell = "lstm"
    hidden: tuple[int, ...] = ()
    dropout: float = 0.5
    frames: bool = False
    project: int = 0
    motion: int = 0
    movement: float = 0.0
    cut: float = -1.0

    def pooled_width(self, shape: tuple[int, int, int]) -> int:
        """Return how many numbers are kept of a map of `shape` (channels, height, width)."""
        channels, height, width = shape
        kept = {"flatten": height * width, "norm": height * width, "average": 1, "statistics": 6}
        return channels * kept[self.pool]

    def row_width(self, shape: tuple[int, int, int]) -> int:
        """Return how many numbers a frame has for the trained layers (see `Head.pool`)."""
        if not self.project:
            return self.pooled_width(shape)
        return self.project + self.motion + ROW_EXTRAS

    def without_memory(self) -> Self:
        """Return the same without recurrent layers."""
        return replace(self, hidden=(), frames=False, motion=0, movement=0.0)


@dataclass(frozen=True, slots=True)
class Preset:
    """A network, how it is fitted, and what the literature says of it.

    Attributes:
        fits: The stages of its training.
        summary: One line for a person.
        frozen_backbone: The convolutional part is not trained with this preset.
        frozen_fc: The fully connected layers come trained from the frame preset, and stay.
        published_parameters: What the slides print for seven activities, or None.
    """

    backbone: BackboneConfig
    head: HeadConfig
    fits: Fits
    summary: str
    frozen_backbone: bool = True
    frozen_fc: bool = False
    published_parameters: int | None = None


_VGG16 = BackboneConfig("vgg16")
_CNN = BackboneConfig("cnn", batch_norm=True)
_OWN = HeadConfig(
    pool="statistics",
    fc=(128,),
    hidden=(64,),
    frames=True,
    project=256,
    motion=64,
    movement=2.0,
    cut=0.45,
)

PRESETS: dict[str, Preset] = {
    "cnn": Preset(
        _CNN,
        HeadConfig(fc=(1024, 512)),
        Fits(CNN, CNN),
        "1.1 of the slides: single frames, own CNN",
        frozen_backbone=False,
        published_parameters=48_326_343,
    ),
    "cnn-lstm": Preset(
        _CNN,
        HeadConfig(fc=(1024, 512), hidden=(64, 64)),
        Fits(CNN, replace(CNN, batch=64, length=16)),
        "1.2 of the slides: sequences, 1.1's CNN frozen",
        published_parameters=48_326_343,
    ),
    "vgg16": Preset(
        _VGG16,
        HeadConfig(fc=(256,)),
        Fits(SLIDES, SLIDES),
        "2.1 of the slides: single frames, VGG-16 frozen",
        published_parameters=6_424_583,
    ),
    "vgg16-lstm": Preset(
        _VGG16,
        HeadConfig(fc=(256,), hidden=(32, 32)),
        Fits(SLIDES, replace(SLIDES, batch=32, length=8)),
        "2.2 of the slides: sequences, VGG-16 and 2.1's FC frozen",
        frozen_fc=True,
        published_parameters=45_543,
    ),
    "lrcn-fc6": Preset(
        BackboneConfig("cnn", last_pool=True),
        HeadConfig(fc=(4096,), hidden=(256,), dropout=0.9),
        Fits(PAPER, replace(PAPER, epochs=2, batch=24, length=16)),
        "LRCN-fc6 of Donahue et al. 2017",
        frozen_backbone=False,
    ),
    "default": Preset(
        _VGG16,
        _OWN,
        Fits(OWN, OWN),
        "this project's own: few clips, quick training, honest probabilities",
    ),
    "light": Preset(
        BackboneConfig("lite0"),
        _OWN,
        Fits(OWN, OWN),
        "the same on EfficientNet-lite0: 25 steps per second on two cores",
    ),
}
