"""How many steps per second a model can take on this machine, measured."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private
from lrcn_desktop.guard import read_json
from lrcn_desktop.paths import cache_dir
from lrcn_desktop.video.frame import Frame

if TYPE_CHECKING:
    from lrcn_desktop.model.presets import BackboneConfig
    from lrcn_desktop.recognition.engines.open import Device

_STEPS = 8  # that are timed, after one that does not count
_SIZE = (480, 640)  # height and width of a usual camera's frames


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

    Attributes:
        steps_per_second: At best, from frames in memory to probabilities.
        device: What it ran on, as the user calls it.
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
    speed = Speed(1 / min(taken[1:]), recognizer.device)
    remember(recognizer.info.backbone, device, speed.steps_per_second)
    return speed


def known_speed(backbone: BackboneConfig, device: Device) -> float | None:
    """Return the steps per second that were once measured of a backbone here; None: they were not.

    Raises nothing: what cannot be read counts as not measured.
    """
    value = _known().get(_key(backbone, device))
    return value if isinstance(value, float) and value > 0 else None


def _key(backbone: BackboneConfig, device: Device) -> str:
    return f"{backbone}, {device}, {platform.machine()}, {os.cpu_count()} cores"


def memory() -> Path:
    """Return the file in which they are kept."""
    return cache_dir() / "speeds.json"


def _known() -> dict[str, Any]:
    try:
        return read_json(memory(), dict, "is damaged")
    except (UserError, OSError):
        return {}


def remember(backbone: BackboneConfig, device: Device, steps_per_second: float) -> None:
    """Keep the best that was ever measured: other work only ever makes it less."""
    key, known = _key(backbone, device), _known()
    before = known.get(key)
    if isinstance(before, int | float) and before >= steps_per_second:
        return
    with suppress(OSError, UserError):
        make_private(memory().parent)
        with atomic_write(memory(), "w") as file:
            file.write(json.dumps(known | {key: round(steps_per_second, 2)}))
