"""Without its memory, a model judges each frame alone."""

import numpy as np
import pytest

from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.frame import Frame


class Colors(Engine):
    """Features that are a function of a frame's brightness, for a small head."""

    name, batch, dim = "colors", 1, 8

    def features(self, frames: np.ndarray) -> np.ndarray:
        mean = frames.reshape(len(frames), -1).mean(1, keepdims=True) / 255
        shape = np.sin(np.arange(self.dim, dtype=np.float32)) + 1.0
        return (mean * shape).astype(np.float32)


@pytest.fixture
def recognizer() -> Recognizer:
    model = read_model(find_model("demo"))
    engine = Colors()
    engine.dim = int(np.prod(model.info.backbone.shape))
    return Recognizer(model, engine)


def steps(recognizer: Recognizer, shades: list[int]) -> list[np.ndarray]:
    recognizer.reset()
    images = [np.full((8, 8, 3), shade, np.uint8) for shade in shades]
    return [
        recognizer.step(Frame(image, number / 5, number)).probabilities
        for number, image in enumerate(images)
    ]


def test_the_order_matters_with_the_memory_and_not_without(recognizer: Recognizer) -> None:
    rising, falling = [10, 120, 240, 60], [240, 120, 10, 60]
    assert recognizer.can_do_without_memory
    with_memory = [steps(recognizer, shades)[-1] for shades in (rising, falling)]
    assert not np.allclose(*with_memory, atol=1e-6)
    recognizer.set_memory(wanted=False)
    alone = [steps(recognizer, shades)[-1] for shades in (rising, falling)]
    np.testing.assert_array_equal(*alone)
    recognizer.set_memory(wanted=True)
    np.testing.assert_array_equal(steps(recognizer, rising)[-1], with_memory[0])
