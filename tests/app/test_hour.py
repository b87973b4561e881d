"""An hour of 1080p with its timeline full, playing while recognition takes every core."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.ffmpeg import find_ffmpeg
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.writer import VideoWriter

Play = Callable[[MainWindow, str | Path], None]
SIZE, RATE, SECONDS, HOUR = (1920, 1080), 30.0, 20, 3600


@pytest.fixture
def hour(tmp_path: Path) -> Path:
    """Return an hour of 1080p at 30 fps: the demo's first seconds, over and over."""
    part, whole = tmp_path / "part.mp4", tmp_path / "hour.mp4"
    writer = VideoWriter(part, SIZE, RATE)
    source = DemoSource(0, size=(480, 270))
    for number in range(round(SECONDS * RATE)):
        writer.write(cv2.resize(source.render(number / RATE), SIZE))
    writer.close()
    ffmpeg = find_ffmpeg()
    assert ffmpeg is not None
    times = ["-stream_loop", str(HOUR // SECONDS - 1)]
    command = [ffmpeg.program, "-v", "error", *times, "-i", str(part), "-c", "copy", str(whole)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=100)
    return whole


def fill(window: MainWindow) -> None:
    """Give the timeline an hour of predictions, ten a second, another activity every 8 s."""
    history = window.document.history
    assert history is not None
    writer, rng = history.writer(final=True), np.random.default_rng(0)
    for number in range(HOUR * 10):
        logits = rng.normal(0, 0.5, len(history.classes))
        logits[number // 80 % len(history.classes)] += 4
        probabilities = (np.exp(logits) / np.exp(logits).sum()).astype(np.float32)
        label = history.classes[int(probabilities.argmax())]
        writer.push(Prediction(number / 10, probabilities, label))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_is_repainted_25_times_a_second(
    window: MainWindow, play: Play, qtbot: QtBot, vgg16_model: str, hour: Path
) -> None:
    window.session.choose_model(vgg16_model)
    play(window, hour)
    fill(window)
    assert window.document.history is not None
    print(f"segments: {len(window.document.history.segments())}")
    live, rates = window.session.live, []
    assert live is not None
    for _ in range(7):
        qtbot.wait(2000)  # the time over which the figure is measured
        rates.append(window.stage.picture.repaints_per_second)
    print(f"repaints a second: {rates}; recognition: {live.stats}")
    assert median(rates) >= 25.0
