"""How many parameters a preset has: the figures that the slides print."""

from dataclasses import dataclass

import torch
from torch import nn

from lrcn_desktop.model.backbones.paper_cnn import build_cnn
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
        if spec.backbone.frozen is not None:
            convolutions = spec.backbone.frozen.parameters
        else:
            convolutions = _trainable(
                build_cnn(batch_norm=spec.backbone.batch_norm, last_pool=spec.backbone.last_pool)
            )
    in_head = _trainable(head)
    if head.movement is not None:  # fitted beside the rest, by itself
        in_head += head.mix.numel() + sum(p.numel() for p in head.movement.parameters())
    trained = in_head - (_trainable(head.fc) if spec.frozen_fc else 0)
    trained += 0 if spec.frozen_backbone else convolutions
    return ParameterCount(trained, convolutions + in_head)


def _trainable(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
