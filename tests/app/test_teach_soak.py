"""Collecting examples for a long time: memory stays flat.

LRCN_SOAK_MINUTES=10 pytest -s -m slow tests/app/test_teach_soak.py
"""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.heaps import share_heaps
from lrcn_desktop.app.main_window import MainWindow

MINUTES = float(os.environ.get("LRCN_SOAK_MINUTES", "60"))
EVERY, LONG = 5.0, 1.5  # seconds from one recording to the next, and of each
SETTLED = 60.0  # seconds before the first measurement
MOST_KEPT = 30  # examples of an activity: the oldest goes
MOST_SLOPE = 10.0  # MB an hour
Play = Callable[[MainWindow, str | Path], None]


@pytest.mark.slow
@pytest.mark.timeout(60 * MINUTES + 600)
def test_memory_is_flat_over_an_hour_of_collecting(
    window: MainWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> None:
    share_heaps()  # as the program does
    play(window, "demo:101")
    part, lesson = window.teach, window.teach.lesson
    lesson.open(tmp_path / "mine")
    qtbot.waitUntil(lambda: part.open, timeout=PATIENCE)
    for name in ("one", "two"):
        part.panel.activity_wanted.emit(name)
    began, times, megabytes, recorded = time.monotonic(), [], [], 0
    while (passed := time.monotonic() - began) < 60 * MINUTES:
        activity = ("one", "two")[recorded % 2]
        key = Qt.Key(Qt.Key.Key_1.value + recorded % 2)
        QTest.keyPress(part.panel, key)
        qtbot.wait(int(1000 * LONG))
        QTest.keyRelease(part.panel, key)
        recorded += 1
        assert lesson.project is not None
        clips = lesson.project.clips(activity)
        if len(clips) > MOST_KEPT:
            lesson.examples.delete(clips[0])
        qtbot.wait(int(1000 * (EVERY - LONG)))
        if passed > SETTLED:
            gc.collect()
            held = window.recording.last_seconds.held
            used = psutil.Process().memory_info().rss / 1e6 - (held[1] if held else 0.0)
            times.append(passed / 3600)
            megabytes.append(used)
    (slope, _), covariance = np.polyfit(times, megabytes, 1, cov=True)
    print(
        f"{recorded} examples in {MINUTES:.0f} minutes: {megabytes[0]:.0f} to {megabytes[-1]:.0f} "
        f"MB, {slope:.1f} +- {2 * covariance[0, 0] ** 0.5:.1f} MB an hour"
    )
    assert slope - 2 * covariance[0, 0] ** 0.5 < MOST_SLOPE
