"""VGG-16 in PyTorch: for GPUs, for training, and where ncnn does not run."""

import numpy as np
import torch
from torch import nn

from lrcn_desktop.model.backbones.vgg16 import LAYERS, POOLS_AFTER
from lrcn_desktop.model.backbones.weights import FrozenWeights


def build_vgg16(weights: FrozenWeights) -> nn.Sequential:
    """Return the frozen network in float32, named as torchvision's `vgg16().features`.

    It maps (N, 3, S, S) scaled input to (N, 512, S // 32, S // 32): `pool5`.
    """
    modules: list[nn.Module] = []
    with torch.device("meta"):  # no time is spent on initial values
        for name, out, channels in LAYERS:
            modules += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
            if name in POOLS_AFTER:
                modules.append(nn.MaxPool2d(2))
        network = nn.Sequential(*modules)
    state = {
        key.removeprefix("features."): torch.from_numpy(t.astype(np.float32))
        for key, t in weights.tensors.items()
    }
    network.load_state_dict(state, assign=True)
    return network.eval().requires_grad_(False)
