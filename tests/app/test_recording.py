"""Recording in the window: a real stream, real files, and what the user sees of it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from camera_server import CameraServer
from faults import drive
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.recording import sightings
from lrcn_desktop.app.recording.recording_page import RecordingPage
from lrcn_desktop.app.recording.recording_settings import FOLDER, KEEP, MEGABYTES, SAVE_ON, SECONDS
from lrcn_desktop.app.recording.sightings import AFTER, LONGEST, Sightings
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame

FIRST = ("sitting down", "standing up", "walking")  # what the window's model knows
Play = Callable[[MainWindow, str], None]
WriteVideo = Callable[..., Path]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def server() -> Iterator[CameraServer]:
    """Return a server of a live stream."""
    with CameraServer().running() as camera:
        yield camera


@pytest.fixture
def watch(qtbot: QtBot) -> Play:
    """Return a function that opens a source and waits for no prediction."""

    def opened(window: MainWindow, address: str) -> None:
        with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
            window.open(address)

    return opened


@pytest.fixture
def folder(window: MainWindow, tmp_path: Path) -> Path:
    """Return the folder that the window records to; it does not exist yet."""
    window.settings.set(FOLDER, str(tmp_path / "recordings"))
    return tmp_path / "recordings"


def frames_of(path: Path) -> list[Frame]:
    with FileSource(path) as source:
        return list(source)


def entry(window: MainWindow, key: str) -> QAction:
    """Return the entry of the Record menu that has a key."""
    (found,) = (one for one in window.menus.record.actions() if one.shortcut().toString() == key)
    return found


def record(window: MainWindow, qtbot: QtBot, seconds: float) -> None:
    """Wait until something has been recorded for so long."""
    until = window.recording.recordings.seconds + seconds
    qtbot.waitUntil(lambda: window.recording.recordings.seconds >= until, timeout=PATIENCE)


def saved(window: MainWindow, qtbot: QtBot) -> str:
    """Wait until the window says that something was saved, and return its words."""
    banner = window.recording.saved
    qtbot.waitUntil(lambda: banner.isVisible() and "Saved" in banner.text, timeout=PATIENCE)
    return banner.text


def test_a_stream_is_recorded_raw_and_annotated_at_once(
    window: MainWindow, play: Play, server: CameraServer, folder: Path, qtbot: QtBot
) -> None:
    play(window, server.url("/live"))
    raw, annotated = entry(window, "Ctrl+R"), entry(window, "Ctrl+Shift+R")
    assert window.recording.controls.isVisible()
    raw.trigger()
    window.recording.controls.annotated.click()
    record(window, qtbot, 1.0)
    badge = window.recording.badge
    qtbot.waitUntil(lambda: badge.isVisible() and badge.text.startswith("0:01"), timeout=PATIENCE)
    assert (raw.text(), annotated.text()) == ("Stop &recording", "Stop the &annotated recording")
    assert window.recording.controls.raw.accessibleName() == "Stop recording"
    annotated.trigger()
    assert "annotated.mkv" in saved(window, qtbot)
    assert badge.isVisible()
    window.recording.controls.raw.click()
    qtbot.waitUntil(lambda: "annotated" not in saved(window, qtbot), timeout=PATIENCE)
    assert not badge.isVisible()
    assert raw.text() == "&Record"
    plain, drawn = sorted(folder.iterdir(), key=lambda path: "annotated" in path.name)
    assert plain.name in window.recording.saved.text
    assert "127.0.0.1" in plain.name
    grey = frames_of(plain)[-1].image.astype(int)
    panel = frames_of(drawn)[-1].image.astype(int)
    assert np.ptp(grey) < 12  # the server's pictures are even
    assert np.ptp(panel) > 60
    assert frames_of(plain)[-1].time >= 0.9  # the last of a second begins before its end
    window.menus.dismiss.emit()
    assert not window.recording.saved.isVisible()


def test_the_last_seconds_are_saved_within_the_bounds_that_the_person_set(
    window: MainWindow, watch: Play, server: CameraServer, folder: Path, qtbot: QtBot
) -> None:
    save, keep = entry(window, "Ctrl+L"), window.recording.last_seconds
    assert not save.isEnabled()
    watch(window, server.url("/live"))
    assert save.text() == "Save the last 30 seconds"
    qtbot.waitUntil(lambda: keep.held is not None and keep.held[0] > 1.0, timeout=PATIENCE)
    save.trigger()
    assert not save.isEnabled()  # until it is saved
    assert window.recording.saved.text.startswith("Saving the last ")
    saved(window, qtbot)
    assert save.isEnabled()
    (path,) = folder.iterdir()
    assert 0.9 < frames_of(path)[-1].time < 29
    window.settings.set(SECONDS, 120.0)
    assert save.text() == "Save the last 2 minutes"
    window.settings.set(KEEP, False)
    assert keep.held is None
    assert not save.isEnabled()
    window.settings.set(KEEP, True)
    assert save.isEnabled()


def test_a_file_is_not_recorded_but_the_demo_is(
    window: MainWindow, watch: Play, write_video: WriteVideo, folder: Path, qtbot: QtBot
) -> None:
    actions = [entry(window, key) for key in ("Ctrl+R", "Ctrl+Shift+R", "Ctrl+L")]
    assert not any(action.isEnabled() for action in actions)
    watch(window, str(write_video()))
    assert not any(action.isEnabled() for action in actions)
    assert not window.recording.controls.isVisible()
    window.recording.toggle("raw")
    assert not window.recording.recordings.running
    watch(window, "demo")
    assert all(action.isEnabled() for action in actions)
    window.recording.toggle("raw")
    record(window, qtbot, 0.3)
    watch(window, str(write_video("other.avi")))  # which ends the recording
    assert " demo.mkv" in saved(window, qtbot)
    (path,) = folder.iterdir()
    assert frames_of(path)[-1].image.shape == (480, 640, 3)


def test_a_recording_outlives_a_lost_connection(
    window: MainWindow, watch: Play, server: CameraServer, folder: Path, qtbot: QtBot
) -> None:
    watch(window, server.url("/live"))
    window.recording.toggle("raw")
    record(window, qtbot, 0.5)
    server.kill()
    with CameraServer(server.server_port).running():
        record(window, qtbot, 1.0)
        assert window.recording.recordings.running == {"raw"}
        window.recording.toggle("raw")
        saved(window, qtbot)
    assert sum(frames_of(path)[-1].time for path in folder.iterdir()) >= 1.4


def test_closing_the_window_finishes_the_file(
    window: MainWindow, watch: Play, server: CameraServer, folder: Path, qtbot: QtBot
) -> None:
    watch(window, server.url("/live"))
    window.recording.toggle("raw")
    record(window, qtbot, 0.5)
    assert window.close()
    (path,) = folder.iterdir()
    assert frames_of(path)[-1].time >= 0.4
    assert not encoders()


@posix
def test_a_dead_encoder_is_told_and_the_session_goes_on(
    window: MainWindow, watch: Play, server: CameraServer, folder: Path, qtbot: QtBot
) -> None:
    watch(window, server.url("/live"))
    window.recording.toggle("raw")
    record(window, qtbot, 1.5)
    (encoder,) = encoders()
    os.kill(encoder.pid, signal.SIGKILL)
    qtbot.waitUntil(window.errors.isVisible, timeout=PATIENCE)
    assert window.errors.text.endswith("; what was recorded until then is kept.")
    assert window.errors.text.count(". ") == 0
    (path,) = folder.iterdir()
    assert str(path) in window.errors.text
    assert frames_of(path)
    assert not window.recording.recordings.running
    assert not window.recording.badge.isVisible()
    window.recording.toggle("raw")  # and once more
    record(window, qtbot, 0.2)
    window.recording.toggle("raw")
    saved(window, qtbot)


def test_a_disk_that_fills_up_is_told_and_the_session_goes_on(
    window: MainWindow, watch: Play, server: CameraServer, tmp_path: Path, qtbot: QtBot
) -> None:
    with drive(tmp_path / "drive", megabytes=8) as disk:
        window.settings.set(FOLDER, str(disk.path / "recordings"))
        watch(window, server.url("/live"))
        window.recording.toggle("raw")
        record(window, qtbot, 1.5)
        disk.fill()
        qtbot.waitUntil(window.errors.isVisible, timeout=PATIENCE)
        assert "No space left on device" in window.errors.text
        assert window.errors.text.endswith("; what was recorded until then is kept.")
        assert not window.recording.recordings.running
        (path,) = (disk.path / "recordings").iterdir()
        assert frames_of(path)
        position = window.document.position
        qtbot.waitUntil(lambda: window.document.position > position, timeout=PATIENCE)
        disk.empty()
        window.recording.toggle("raw")
        record(window, qtbot, 0.2)
        window.recording.toggle("raw")
        saved(window, qtbot)
        window.close()


def test_a_folder_that_cannot_be_made(
    window: MainWindow, watch: Play, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    window.settings.set(FOLDER, str(tmp_path / "file" / "folder"))
    watch(window, "demo")
    for begin in (lambda: window.recording.toggle("raw"), window.recording.save_last_seconds):
        begin()
        qtbot.waitUntil(window.errors.isVisible, timeout=PATIENCE)
        assert window.errors.text.startswith("Cannot record in ")
        assert not window.recording.saved.isVisible()
        assert not window.recording.recordings.running
        window.errors.hide()


def test_what_is_seen_is_saved_by_itself(
    window: MainWindow,
    play: Play,
    server: CameraServer,
    folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sightings, "AFTER", 0.1)
    window.settings.set(SAVE_ON, [FIRST[0]])
    play(window, server.url("/live"))
    live = window.session.live
    assert live is not None
    live.stop()  # from here on, this test recognizes
    for listener in window.session.listeners:
        listener.forget()
        for prediction in stay(FIRST[0], 100.0, 102.0):
            listener.push(prediction)
        listener.forget()
    assert "Sitting down" in saved(window, qtbot)
    assert len(list(folder.iterdir())) == 1


def stay(label: str, start: float, end: float) -> Iterator[Prediction]:
    """Give the predictions of one certain activity, ten a second."""
    for step in range(round((end - start) * 10)):
        probabilities = np.array([0.98 if one == label else 0.01 for one in FIRST], np.float32)
        yield Prediction(start + step / 10, probabilities / probabilities.sum(), label)


def test_when_the_last_seconds_are_worth_saving() -> None:
    seen = Sightings([FIRST[0], FIRST[1]], 30.0)
    assert seen.look(0.0, True) is None
    watch = seen.begin(FIRST)
    for prediction in (*stay(FIRST[0], 0.0, 2.0), *stay(FIRST[2], 2.0, 6.0)):
        watch.push(prediction)
    assert seen.look(0.0, True) is None  # some seconds more
    assert seen.look(AFTER - 0.1, True) is None
    assert seen.look(AFTER, False) is None  # just now, another one is being saved
    assert seen.look(AFTER + 5, True) == FIRST[0]
    assert seen.look(AFTER + 5, True) is None  # once
    for prediction in stay(FIRST[1], 6.0, 9.0):
        watch.push(prediction)  # and it goes on
    assert seen.look(20.0, True) is None
    assert seen.look(20.0 + LONGEST - 0.1, True) is None
    assert seen.look(20.0 + LONGEST, True) == FIRST[1]
    for prediction in stay(FIRST[2], 9.0, 12.0):
        watch.push(prediction)
    assert seen.look(99.0, True) is None  # its end is no news
    for prediction in (*stay(FIRST[0], 12.0, 14.0), *stay(FIRST[2], 14.0, 16.0)):
        watch.push(prediction)
    assert seen.look(100.0, False) is None
    assert seen.look(140.0, True) is None  # nothing of it is left
    seen.choose([], 30.0)
    for prediction in (*stay(FIRST[0], 16.0, 18.0), *stay(FIRST[2], 18.0, 20.0)):
        watch.push(prediction)
    assert seen.look(200.0, True) is None
    assert seen.look(300.0, True) is None


def test_the_preferences_page(
    window: MainWindow, play: Play, server: CameraServer, qtbot: QtBot
) -> None:
    play(window, server.url("/live"))
    pages = [make() for make in window.places.preference_pages]
    page = next(p for p in pages if isinstance(p, RecordingPage))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.reading.text().startswith("Holds "), timeout=PATIENCE)
    page.seconds.setValue(45)
    page.megabytes.setValue(64)
    assert window.settings.get(SECONDS) == 45.0
    assert window.settings.get(MEGABYTES) == 64.0
    item = page.activities.item(1)
    assert item.text() == "Standing up"
    item.setCheckState(Qt.CheckState.Checked)
    assert window.settings.get(SAVE_ON) == [FIRST[1]]
    (keep,) = page.findChildren(QCheckBox)
    keep.click()
    assert window.recording.last_seconds.held is None
    qtbot.waitUntil(lambda: page.reading.text().startswith("Nothing is held"), timeout=PATIENCE)
    page.hide()


def encoders() -> list[psutil.Process]:
    """Return the encoders of this process; other tests may have left other children."""
    return [child for child in psutil.Process().children() if "ffmpeg" in child.name()]
