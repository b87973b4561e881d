"""How many parameters a preset has: the figures that the slides print."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from lrcn_desktop.model.backbones.lite0 import LITE0_LAYERS
from lrcn_desktop.model.backbones.paper_cnn import build_cnn
from lrcn_desktop.model.backbones.vgg16 import LAYERS
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.presets import PRESETS


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """Parameters trained, and of the whole network end to end."""

    trainable: int
    total: int


def count_parameters(preset: str, classes: int = 7) -> ParameterCount:
    """Count a preset's parameters; PyTorch's zeroed second recurrent bias is none."""
    spec = PRESETS[preset]
    with torch.device("meta"):
        head = Head(spec.head, spec.backbone.shape, classes)
        if spec.backbone.kind == "cnn":
            cnn = build_cnn(batch_norm=spec.backbone.batch_norm, last_pool=spec.backbone.last_pool)
    in_head, in_fc = _trainable(head), _trainable(head.fc)
    if spec.backbone.kind == "cnn":
        convolutions = _trainable(cnn)
        trained = 0 if spec.frozen_backbone else convolutions
    else:
        trained, convolutions = 0, sum(out * (9 * channels + 1) for _, out, channels in LAYERS)
        if spec.backbone.kind == "lite0":
            convolutions = sum(math.prod(la.shape) + la.outputs for la in LITE0_LAYERS)
    trained += in_head - (in_fc if spec.frozen_fc else 0)
    return ParameterCount(trained, convolutions + in_head)


def _trainable(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
