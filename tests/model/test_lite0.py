"""EfficientNet-lite0 is the published network: its shapes, its count, its weights by digest."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.functional import batch_norm, conv2d, pad, relu6

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.efficientnet import same_padding
from lrcn_desktop.model.backbones.lite0 import LITE0, LITE0_LAYERS
from tools.convert import lite0


def test_it_has_the_published_layers() -> None:
    assert len(LITE0_LAYERS) == 49
    assert sum(layer.stride == 2 for layer in LITE0_LAYERS) == 5  # 224 pixels become 7
    assert sum(layer.residual for layer in LITE0_LAYERS) == 9
    convolutions = sum(
        p.numel() for p in LITE0.in_torch(LITE0.weights()).parameters() if p.ndim == 4
    )
    # 4,652,008 is what the authors publish, with a classifier of 1,281,000 and two numbers a
    # channel of each normalization, of which the bias here is one.
    channels = sum(layer.outputs for layer in LITE0_LAYERS)
    assert convolutions + 2 * channels + 1_281_000 == 4_652_008


@pytest.mark.parametrize("size", [96, 224])
def test_it_maps_a_square_to_a_map_of_a_32nd(size: int) -> None:
    with torch.inference_mode():
        found = LITE0.in_torch(LITE0.weights())(torch.zeros(2, 3, size, size))
    assert found.shape == (2, 1280, size // 32, size // 32)
    assert found.min() >= 0
    assert found.max() <= 6


def test_the_shipped_weights_are_checked() -> None:
    assert LITE0.weights().digest == LITE0.digest
    with pytest.raises(UserError, match="install LRCN Desktop again"):
        replace(LITE0, digest="another").weights()


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (5, 1), (5, 2)])
def test_padding_is_tensorflows_same(kernel: int, stride: int) -> None:
    before, after = same_padding(kernel, stride)
    x = torch.zeros(1, 1, 64, 64)
    shape = conv2d(
        pad(x, (before, after) * 2), torch.zeros(1, 1, kernel, kernel), stride=stride
    ).shape
    assert shape[-2:] == (64 // stride, 64 // stride)
    assert 0 <= after - before <= 1


def test_folding_keeps_what_a_layer_computes() -> None:
    torch.manual_seed(0)
    convolution, norm = nn.Conv2d(320, 1280, 1, bias=False), nn.BatchNorm2d(1280, eps=1e-3)
    for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        assert values is not None
        nn.init.uniform_(values, 0.5, 1.5)
    state = {"_conv_head.weight": convolution.weight.detach()}
    state |= {f"_bn1.{key}": value for key, value in norm.state_dict().items()}
    (_, weight), (_, bias) = lite0.fold(state, "head")
    x = torch.rand(1, 320, 4, 4)
    assert norm.running_mean is not None
    with torch.inference_mode():
        expected = batch_norm(
            conv2d(x, convolution.weight),
            *(norm.running_mean, norm.running_var),
            *(norm.weight, norm.bias),
            eps=1e-3,
        )
        found = conv2d(x, weight.float(), bias.float())
    torch.testing.assert_close(relu6(found), relu6(expected), atol=2e-3, rtol=2e-3)
