"""The paper's own convolutional network (Donahue et al., TPAMI 2017, section 4), untrained.

A CaffeNet after Zeiler and Fergus: 96 kernels of 7x7/2, 384 of 5x5/2, then 512, 512 and 384 of
3x3. The slides' approaches 1.1 and 1.2 train it from normal-distributed weights, with two
max-poolings and two batch normalizations; they leave the padding out, so it is chosen here to
come nearest to their number of parameters.
"""

from collections import OrderedDict

import torch
from torch import nn

_MOMENTUM = 0.5
"""Share of the newest batch in the running figures of batch normalization.

Few clips make few batches: after eight, the figures were 4 % off; 43 % with PyTorch's 0.1.
"""


def build_cnn(*, batch_norm: bool, last_pool: bool) -> nn.Sequential:
    """Return the convolutional layers, mapping (N, 3, S, S) in about -1..1 to (N, 384, s, s).

    Args:
        batch_norm: Normalize after the first two convolutions (the slides' variant).
        last_pool: Max-pool after the last convolution too (the paper's variant).
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    sizes = (
        (3, 96, 7, 2, 0),
        (96, 384, 5, 2, 0),
        (384, 512, 3, 1, 0),
        (512, 512, 3, 1, 1),
        (512, 384, 3, 1, 1),
    )
    for number, (channels, out, kernel, stride, padding) in enumerate(sizes, start=1):
        conv = nn.Conv2d(channels, out, kernel, stride, padding)
        if not conv.weight.is_meta:  # whose every draw imports PyTorch's compiler, for seconds
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)
        layers[f"conv{number}"] = conv
        if batch_norm and number <= 2:
            layers[f"norm{number}"] = nn.BatchNorm2d(out, momentum=_MOMENTUM)
        layers[f"relu{number}"] = nn.ReLU(inplace=True)
        if number <= 2 or (last_pool and number == 5):
            layers[f"pool{number}"] = nn.MaxPool2d(3, 2)
    return nn.Sequential(layers)


def cnn_tensors(*, batch_norm: bool, last_pool: bool) -> dict[str, tuple[tuple[int, ...], str]]:
    """Return the shape and the type of each of its tensors by name."""
    with torch.device("meta"):
        state = build_cnn(batch_norm=batch_norm, last_pool=last_pool).state_dict()
    return {
        name: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for name, tensor in state.items()
    }
