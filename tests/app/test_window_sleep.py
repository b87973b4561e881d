"""A laptop that slept for an hour while the window recorded a camera."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_camera import plug_in
from faults import Clocks
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.recording.recording_settings import FOLDER
from lrcn_desktop.video.file import FileSource

HOUR = 3600.0  # seconds
Play = Callable[[MainWindow, str], None]


def test_it_goes_on_and_the_recording_has_a_file_before_the_sleep_and_one_after_it(
    window: MainWindow,
    play: Play,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug_in(monkeypatch)
    clocks = Clocks(monkeypatch)
    window.settings.set(FOLDER, str(tmp_path / "recordings"))
    play(window, "0")
    recordings, document = window.recording.recordings, window.document
    window.recording.controls.raw.click()
    qtbot.waitUntil(lambda: recordings.seconds >= 0.4, timeout=PATIENCE)
    before = recordings.seconds
    clocks.sleep(HOUR)
    qtbot.waitUntil(lambda: recordings.seconds >= before + 0.4, timeout=PATIENCE)
    capture, live = document.capture, document.live
    assert capture is not None
    assert live is not None
    assert capture.position > HOUR
    qtbot.waitUntil(lambda: live.latest is not None and live.latest.time > HOUR, timeout=PATIENCE)
    assert (capture.loss, capture.error, live.error) == (None, None, None)
    covered = document.covered
    assert sum(end - start for start, end in covered) < HOUR / 10
    window.recording.controls.raw.click()
    banner = window.recording.saved
    qtbot.waitUntil(lambda: banner.isVisible() and "Saved" in banner.text, timeout=PATIENCE)
    files = sorted((tmp_path / "recordings").iterdir())
    assert len(files) == 2
    for path in files:
        with FileSource(path) as source:
            assert 0.2 < max(frame.time for frame in source) < 20.0
