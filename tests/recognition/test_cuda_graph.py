"""The step that a GPU replays as a graph gives what the recognizer gives, in half precision too."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch import Tensor

from lrcn_desktop.model.backbones.paper_cnn import build_cnn
from lrcn_desktop.model.backbones.vgg16 import VGG16, build_vgg16
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, load_model
from lrcn_desktop.recognition.engines.convolutions import Fused, variants
from lrcn_desktop.recognition.engines.cuda_graph import GraphStep
from lrcn_desktop.recognition.engines.open import build_engine
from lrcn_desktop.recognition.rates import StepRate
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA GPU here")
# float32 differs from the recognizer where rounding puts a pixel on the other side of a half.
CASES = [
    pytest.param("cpu", torch.float32, 2e-3),
    pytest.param("cpu", torch.float16, 2e-3, marks=pytest.mark.slow),  # seconds per frame
    pytest.param("cuda", torch.float16, 2e-3, marks=NO_GPU),
]


def graph_step(model: Model, device: str, dtype: torch.dtype) -> GraphStep:
    weights = VGG16.weights()
    network, info = build_vgg16(weights), model.info
    size, temperature = info.backbone.size, info.temperature
    return GraphStep(network, weights.scaling, size, model.head, temperature, device, dtype)


SMALL = (96, 96)  # as `small_model` takes them: nothing is resized


def frames(every: int, count: int, size: tuple[int, int] = SMALL) -> Iterator[Frame]:
    with DemoSource(0, size=size) as source:
        yield from islice(source, 0, every * count, every)


@pytest.mark.parametrize(("device", "dtype", "tolerance"), CASES)
def test_it_gives_what_the_recognizer_gives(
    device: str, dtype: torch.dtype, tolerance: float
) -> None:
    model = load_model(find_model("ucf101-7"))
    step = graph_step(model, device, dtype)
    recognizer = Recognizer(model, build_engine(model, "cpu"))
    for _ in range(2):  # the second time after a reset
        step.reset()
        recognizer.reset()
        for frame in frames(every=6, count=2, size=(640, 480)):
            expected = recognizer.step(frame)
            found, _ = step.step(frame.image, expected.steps)
            assert np.abs(found - expected.probabilities).max() <= tolerance


def test_a_frame_may_stand_for_several_steps_and_have_another_size(small_model: Model) -> None:
    step = graph_step(small_model, "cpu", torch.float32)
    first, second = (frame.image for frame in frames(every=6, count=2))
    small = np.ascontiguousarray(second[::2, ::2])
    for image, steps in ((first, 1), (small, 1), (small, 1)):
        one_by_one, _ = step.step(image, steps)
    step.reset()
    step.step(first)
    np.testing.assert_allclose(step.step(small, 2)[0], one_by_one, atol=1e-6)


@pytest.mark.parametrize("asked", [5.0, 25.0, "every frame"])
def test_it_steps_at_any_rate(small_model: Model, asked: StepRate) -> None:
    """Also a frame that stands for several steps, as after missing ones."""
    model = replace(small_model, info=replace(small_model.info, rates=(5.0, 30.0)))
    engine = build_engine(model, "cpu")
    whole = graph_step(model, "cpu", torch.float32)
    plain, quick = Recognizer(model, engine), Recognizer(model, engine, whole)
    for recognizer in (plain, quick):
        recognizer.set_frame_rate(30.0)
        recognizer.set_rate(asked)
    with DemoSource(0, size=SMALL) as source:
        for number in (0, 1, 8):
            frame = Frame(source.render(number / 30), number / 30, number)
            expected, found = plain.step(frame), quick.step(frame)
            assert found.steps == expected.steps
            np.testing.assert_allclose(found.probabilities, expected.probabilities, atol=1e-3)
    assert expected.steps == {5.0: 1, 25.0: 6, "every frame": 7}[asked]


def test_a_recognizer_steps_with_it_and_goes_on_without_it(small_model: Model) -> None:
    engine = build_engine(small_model, "cpu")
    whole = graph_step(small_model, "cpu", torch.float32)
    plain, quick = Recognizer(small_model, engine), Recognizer(small_model, engine, whole)
    for frame in frames(every=3, count=4):  # of which every other is between two ticks
        expected, found = plain.step(frame), quick.step(frame)
        assert (found.time, found.steps) == (expected.time, expected.steps)
        np.testing.assert_allclose(found.probabilities, expected.probabilities, atol=1e-3)
    whole._network = torch.nn.Identity()  # a card that fails: the shapes fit no more
    fresh = Recognizer(small_model, engine)
    with DemoSource(0, size=SMALL) as source:
        for time in (0.4, 0.6, 0.8):  # the stream goes on, what was remembered is lost
            frame = Frame(source.render(time), time, round(30 * time))
            np.testing.assert_allclose(
                quick.step(frame).probabilities, fresh.step(frame).probabilities, atol=1e-6
            )


def one_kernel(x: Tensor, weight: Tensor, bias: Tensor, *options: object) -> Tensor:
    stride, padding, dilation, groups = options
    return torch.relu(torch.conv2d(x, weight, bias, stride, padding, dilation, groups))  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(("aligned", "halved"), [(False, False), (True, False), (True, True)])
def test_the_fused_layers_are_the_networks(aligned: bool, halved: bool) -> None:
    """On a processor another kernel stands in for cuDNN's; on a card the step above tries it."""
    network = build_vgg16(VGG16.weights())
    x = torch.randn(2, 3, 96, 96, generator=torch.Generator().manual_seed(0)) * 60
    with torch.inference_mode():
        fused = Fused(network, aligned=aligned, halved=halved, convolve=one_kernel)(x)
        torch.testing.assert_close(fused, network(x), rtol=1e-4, atol=1e-3)


def test_only_a_chain_of_convolutions_is_fused() -> None:
    names = [name for name, _ in variants(build_vgg16(VGG16.weights()))]
    ways = ["fused", "fused, aligned", "fused, halved", "fused, aligned, halved"]
    assert names == ["PyTorch's layers", *ways]
    network = build_cnn(batch_norm=True, last_pool=False)
    assert [found for _, found in variants(network)] == [network]
