"""A real model, with its rejection, on features that are made up and cost nothing."""

from dataclasses import replace

import numpy as np

from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.video.frame import Frame

SHIPPED = read_model(find_model("ucf101-7-light"))  # any rate from 5 to 30, and knows what it knows
SHAPE = SHIPPED.info.backbone.shape
WALK = np.random.default_rng(0).normal(0, 0.3, (256, int(np.prod(SHAPE)))).astype(np.float32)
# What is made up is unlike any video: weighed as it is, it would be all but certainly unknown.
WEIGHTS = SHIPPED.tensors["rejection.weights"] * np.float32(0.02)
MODEL = replace(SHIPPED, tensors={**SHIPPED.tensors, "rejection.weights": WEIGHTS})


class MadeUp(Engine):
    """Features by a frame's first value: those of a slow walk through what features may be."""

    name, dim = "made up", WALK.shape[1]

    def __init__(self) -> None:
        self.asked: list[int] = []

    def features(self, frames: np.ndarray) -> np.ndarray:
        self.asked.append(len(frames))
        return features([int(frame[0, 0, 0]) for frame in frames])


def features(shades: list[int]) -> np.ndarray:
    return np.abs(np.stack([WALK[max(0, s - 3) : s + 1].mean(0) for s in shades]))


def frames(rate: float, count: int, start: float = 0.0, first: int = 0) -> list[Frame]:
    return [
        Frame(np.full((4, 6, 3), first + n, np.uint8), start + n / rate, n) for n in range(count)
    ]


def whole(shades: list[int], rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what network and rejection say of all steps in one call: (T, C) and (T,)."""
    info = MODEL.info
    head = HeadArrays(info.head, SHAPE, MODEL.head_arrays())
    head.set_rate(rate)
    taken = head.run(features(shades), head.initial_state())
    probabilities = softmax(taken.logits / np.float32(info.temperature))
    assert info.rejection is not None
    rejection = Rejection(info.rejection, info.head, MODEL.rejection_arrays(), rate)
    known, _ = rejection.run(taken.rows, probabilities, rejection.initial_state())
    return probabilities, known
