"""The slides' figures, to the last digit where they can be met."""

import pytest
import torch

from lrcn_desktop.model.backbones.paper_cnn import build_cnn
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.parameters import count_parameters
from lrcn_desktop.model.presets import PRESETS, BackboneConfig


@pytest.mark.parametrize(
    ("preset", "trainable", "total"),
    [("vgg16", 6_424_583, 21_139_271), ("vgg16-lstm", 45_543, 21_183_015)],
)
def test_the_published_parameters_are_met(preset: str, trainable: int, total: int) -> None:
    count = count_parameters(preset, 7)
    assert (count.trainable, count.total) == (trainable, total)


def test_the_distance_of_the_slides_own_cnn_is_small() -> None:
    published = PRESETS["cnn"].published_parameters
    assert published == 48_326_343
    assert abs(count_parameters("cnn").trainable - published) < 0.04 * published
    assert count_parameters("cnn").trainable == count_parameters("cnn").total


@pytest.mark.parametrize("name", PRESETS)
def test_the_count_is_that_of_the_network_as_built(name: str) -> None:
    preset = PRESETS[name]
    with torch.device("meta"):
        head = Head(preset.head, preset.backbone.shape, 5)
        backbone, frozen = preset.backbone, preset.backbone.frozen
        network = (
            frozen.in_torch(frozen.weights())
            if frozen is not None
            else build_cnn(batch_norm=backbone.batch_norm, last_pool=backbone.last_pool)
        )
    parameters = sum(p.numel() for module in (head, network) for p in module.parameters())
    second_biases = sum(
        p.numel() for key, p in head.named_parameters() if key.endswith("bias_hh_l0")
    )
    assert count_parameters(name, 5).total == parameters - second_biases


@pytest.mark.parametrize("size", [128, 160, 224, 225])
@pytest.mark.parametrize("last_pool", [False, True])
def test_the_cnn_gives_the_shape_that_its_configuration_says(size: int, last_pool: bool) -> None:
    config = BackboneConfig("cnn", size, last_pool=last_pool)
    with torch.device("meta"):
        network = build_cnn(batch_norm=True, last_pool=last_pool).eval()
        assert network(torch.zeros(1, 3, size, size)).shape[1:] == config.shape
