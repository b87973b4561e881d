"""Collecting examples for a long time: memory stays flat.

An hour, or as long as is wanted (at least fifteen minutes; of less than an hour the slope of the
process's megabytes is uncertain):

    LRCN_SOAK_MINUTES=15 pytest -s -m slow tests/app/test_teach_soak.py
"""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from held_memory import held
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.free_memory import keep_returning
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.heaps import return_free, share_heaps

MINUTES = float(os.environ.get("LRCN_SOAK_MINUTES", "60"))
EVERY, LONG = 5.0, 1.5  # seconds from one recording to the next, and of each
MOST_KEPT = 30  # examples of an activity: the oldest goes
SETTLED = 80  # examples before the first measurement: as many as are kept, and some
LOOKS = 10  # a sample is the least of so many: a model that is being made takes 80 MB
MOST_SLOPE = 10.0  # MB an hour
Play = Callable[[MainWindow, str | Path], None]


@pytest.mark.slow
@pytest.mark.timeout(60 * MINUTES + 600)
def test_memory_is_flat_over_an_hour_of_collecting(
    window: MainWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> None:
    share_heaps()  # as the program does
    keep_returning(window)  # likewise
    play(window, "demo:101")
    part, lesson = window.teach, window.teach.lesson
    lesson.open(tmp_path / "mine")
    qtbot.waitUntil(lambda: part.open, timeout=PATIENCE)
    for name in ("one", "two"):
        part.panel.activity_wanted.emit(name)
    began, recorded = time.monotonic(), 0
    looks: list[tuple[float, float, float]] = []  # hours, megabytes held, of the process
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
        if recorded > SETTLED:
            gc.collect()
            return_free()
            buffer = window.recording.last_seconds.held  # seconds and megabytes, as pictures need
            kept = buffer[1] if buffer is not None else 0.0
            resident = psutil.Process().memory_info().rss / 1e6
            looks.append((passed / 3600, held() - kept, resident - kept))
    samples = [np.min(looks[n : n + LOOKS], axis=0) for n in range(0, len(looks), LOOKS)]
    print(f"{recorded} examples in {MINUTES:.0f} minutes, {samples[0]} to {samples[-1]}")
    hours, *megabytes = np.transpose(samples)
    for what, found in zip(("held", "of the process"), megabytes, strict=True):
        (slope, _), covariance = np.polyfit(hours, found, 1, cov=True)
        error = 2 * covariance[0, 0] ** 0.5
        print(f"{slope:.1f} +- {error:.1f} MB an hour, {what}")
        assert slope - error < MOST_SLOPE
