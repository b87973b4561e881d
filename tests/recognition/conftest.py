"""Recognizers whose engine costs next to nothing, for tests of what comes after it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from lrcn_desktop.model.backbones.weights import SCALINGS
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, build_head, load_model
from lrcn_desktop.recognition.engines.torch_engine import TorchEngine
from lrcn_desktop.recognition.recognizer import Recognizer

MakeRecognizer = Callable[..., Recognizer]


@pytest.fixture
def model(tiny_model: Path) -> Model:
    return load_model(tiny_model)


@pytest.fixture(scope="session")
def small_model() -> Model:
    """Return a model on VGG-16 for frames of 96 pixels, which cost a fifth; all is known to it."""
    whole = load_model(find_model("ucf101-7"))
    backbone = replace(whole.info.backbone, size=96)
    info = replace(whole.info, backbone=backbone, rejection=None)
    head = build_head(info)
    head.load_state_dict(whole.head.state_dict())
    return Model(info, head.eval().requires_grad_(False))


@pytest.fixture
def cheap_engine() -> Iterator[TorchEngine]:
    """Give an engine of one random layer, whose features have the tiny model's size.

    It runs on one thread: so small a network takes 60 times as long on two of a busy machine.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = nn.Sequential(nn.AvgPool2d(32), nn.Conv2d(3, 512, 1), nn.ReLU())
    yield TorchEngine(network, SCALINGS["torchvision"], 96, 512 * 9, "cpu")
    torch.set_num_threads(threads)


@pytest.fixture
def make_recognizer(model: Model, cheap_engine: TorchEngine) -> MakeRecognizer:
    """Return a function that makes a recognizer on the cheap engine.

    Its arguments replace what the tiny model's description says: step_rate, threshold...
    """

    def make(**changes: object) -> Recognizer:
        info = replace(model.info, **changes)  # type: ignore[arg-type]
        return Recognizer(Model(info, model.head), cheap_engine)

    return make
