"""How many steps per second a model can take on this machine, measured."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.video.frame import Frame

if TYPE_CHECKING:
    from lrcn_desktop.recognition.engines.open import Device

_STEPS, _FRAMES = 8, 4  # that are timed, after one that does not count
_SIZE = (480, 640)  # height and width of a usual camera's frames


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

    Attributes:
        steps_per_second: At best, from frames in memory to probabilities.
        device: What it ran on, as a person calls it.
    """

    steps_per_second: float
    device: str


def measure_speed(name: str, device: Device = "auto") -> Speed:
    """Load a model, by name or path, and take some steps with it, as fast as they go.

    Raises:
        UserError: The model cannot be loaded, or does not run here.
    """
    from lrcn_desktop.recognition.load import load_recognizer  # the window knows of speeds at once

    recognizer = load_recognizer(name, device)
    rate = recognizer.step_rate or 30.0  # each frame is one step
    images = np.random.default_rng(0).integers(0, 256, (_STEPS + 1, *_SIZE, 3), np.uint8)
    taken = []
    for number, image in enumerate(images):
        began = time.perf_counter()
        recognizer.step(Frame(image, number / rate, number))
        taken.append(time.perf_counter() - began)
    # The least: other work, the window's too, only ever makes a step longer.
    return Speed(1 / min(taken[1:]), recognizer.device)


def frame_seconds(engine: Engine) -> float:
    """Return the seconds that a frame takes on `engine` at best, measured where nobody did so."""
    if engine.seconds is None:
        image = np.random.default_rng(0).integers(0, 256, (1, *_SIZE, 3), np.uint8)
        taken = []
        for _ in range(_FRAMES + 1):
            began = time.perf_counter()
            engine.features(image)
            taken.append(time.perf_counter() - began)
        engine.seconds = max(min(taken[1:]), 1e-6)
    return engine.seconds
