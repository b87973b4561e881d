"""Teaching by driving the real window, with the demo as the camera: minutes, so a slow test."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.video.demo import DemoSource

ACTIVITIES = ("waving", "walking", "boxing", "sitting down", "standing up")
EACH = 6  # recordings of each, of 3 s at the most
JUDGED = 150.0  # seconds of another scene
PATIENCE = 600_000
Play = Callable[[MainWindow, str | Path], None]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_five_activities_are_recognized_in_another_scene_after_six_recordings_of_each(
    window: MainWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> None:
    play(window, "demo:101")
    part, lesson = window.teach, window.teach.lesson
    lesson.open(tmp_path / "My activities")
    qtbot.waitUntil(lambda: part.open, timeout=PATIENCE)
    for name in ACTIVITIES:
        part.panel.activity_wanted.emit(name)
    _record(window, qtbot)
    qtbot.waitUntil(
        lambda: lesson.collecting.recording is None and not lesson.busy, timeout=PATIENCE
    )
    window._worker.finish(60)
    window.open("demo:202")
    right, pair = _judge(window, qtbot)
    assert right >= 0.85
    assert pair >= 0.80


def _record(window: MainWindow, qtbot: QtBot) -> None:
    """Hold the key of what the demo shows, as a person would who does it in front of a camera."""
    part, bouts = window.teach, DemoSource(101).truth_segments(1200.0)
    recorded, others = dict.fromkeys(ACTIVITIES, 0), 0
    for start, end, activity in bouts:
        if min(recorded.values()) == EACH:
            return
        wanted = recorded.get(activity, EACH) < EACH
        if not wanted and (activity in recorded or others == 4):
            continue
        qtbot.waitUntil(lambda start=start: _position(window) >= start, timeout=PATIENCE)
        if _position(window) - start > 0.8:  # too late for this one
            continue
        key = _key(activity) if wanted else Qt.Key.Key_0
        QTest.keyPress(part.panel, key)
        ends = min(end - 0.25, start + 3.0)
        qtbot.waitUntil(lambda ends=ends: _position(window) >= ends, timeout=PATIENCE)
        QTest.keyRelease(part.panel, key)
        if wanted:
            recorded[activity] += 1
        else:
            others += 1


def _judge(window: MainWindow, qtbot: QtBot) -> tuple[float, float]:
    """Return the share of steps that are shown rightly, and that of the pair's."""
    truth, seen = DemoSource(202), -1.0
    shown: dict[str, list[bool]] = {name: [] for name in ACTIVITIES}
    ends = time.monotonic() + JUDGED
    while time.monotonic() < ends:
        qtbot.wait(30)
        capture, live = window.document.capture, window.document.live
        latest = live.latest if live is not None and window.document.address == "demo:202" else None
        if capture is None or latest is None or latest.time == seen:
            continue
        seen = latest.time
        activity = truth.truth(seen)
        if activity in shown:
            shown[activity].append(latest.label == activity)
    every = [right for of in shown.values() for right in of]
    pair = [*shown["sitting down"], *shown["standing up"]]
    return sum(every) / len(every), sum(pair) / len(pair)


def _position(window: MainWindow) -> float:
    return window.document.position


def _key(activity: str) -> Qt.Key:
    return Qt.Key(Qt.Key.Key_1.value + ACTIVITIES.index(activity))
