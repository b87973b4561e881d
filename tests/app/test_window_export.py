"""Exporting from the window: what is offered, what is written, and what a cancel leaves."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import webvtt
from camera_server import CameraServer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.export.dialog import ExportDialog
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.recognition.export.formats import FORMATS
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.file import FileSource

OpenWindow = Callable[..., MainWindow]
WriteVideo = Callable[..., Path]
Play = Callable[[MainWindow, str | Path], None]
EVERY = tuple(each.name for each in FORMATS)


def know(window: MainWindow, start: float, end: float) -> None:
    """Let the timeline's history say "walking" from `start` to `end`, as the analysis would."""
    history = window.document.history
    assert history is not None
    writer = history.writer(final=True)
    probabilities = np.array([0.1, 0.1, 0.8], np.float32)
    for step in range(round(start * 10), round(end * 10)):
        writer.push(Prediction(step / 10, probabilities, "walking"))
    writer.finish(end)


@pytest.fixture
def clip(write_video: WriteVideo) -> Path:
    """Return a video of four seconds."""
    return write_video("clip.mp4", frames=40, rate=10.0, size=(320, 240))


@pytest.fixture
def opened(
    window: MainWindow, play: Play, clip: Path, qtbot: QtBot
) -> tuple[MainWindow, ExportDialog]:
    """Return a window with a video, of which the first half is known, and the dialog."""
    window.session.set_every_frame(True)  # a busy machine must not miss the beginning
    play(window, clip)
    qtbot.waitUntil(lambda: window.document.review is not None, timeout=PATIENCE)
    assert window.session.capture is not None
    window.session.capture.pause()
    know(window, 0.0, 2.0)
    review = window.document.review
    assert review is not None  # corrections are made to what it has taken from the history so far
    qtbot.waitUntil(lambda: review.result.covered[:1] == ((0.0, 2.0),), timeout=PATIENCE)
    return window, open_dialog(window)


def open_dialog(window: MainWindow) -> ExportDialog:
    window.export.open()
    assert window.export.dialog is not None
    return window.export.dialog


def tick(dialog: ExportDialog, *names: str) -> None:
    for row in dialog.rows:
        row.box.setChecked(row.format.name in names)


def run(window: MainWindow, dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.export.click()
    assert window.export.job is not None
    qtbot.waitUntil(lambda: window.export.job is None, timeout=PATIENCE)


def test_every_format_is_written_with_the_persons_corrections(
    opened: tuple[MainWindow, ExportDialog], qtbot: QtBot, clip: Path
) -> None:
    window, dialog = opened
    review = window.document.review
    assert review is not None
    assert review.relabel(review.segments[0], "=dancing & singing") is not None
    tick(dialog, *EVERY)
    run(window, dialog, qtbot)
    assert dialog.errors.isHidden()
    written = f"{len(EVERY)} files written; the video is H.264, without sound."
    assert dialog.status == written
    assert not dialog.show_in_folder.isHidden()
    made = {path.name.removeprefix("clip") for path in clip.parent.glob("clip.*")} - {".mp4"}
    assert made >= {row.format.ending for row in dialog.rows}
    with clip.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["label"] == "'=dancing & singing"
    document = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    assert document["corrected"] is True
    assert document["segments"][0]["label"] == "=dancing & singing"
    assert document["steps"]
    assert document["covered"][0] == {"start": 0.0, "end": 2.0}
    (caption, *_) = webvtt.read(clip.with_suffix(".vtt")).captions
    assert "dancing &amp; singing" in caption.text
    with FileSource(clip.with_suffix(".annotated.mp4")) as source:
        assert len(list(source)) == 40


def test_a_part_is_told_and_the_rest_can_be_analyzed(
    opened: tuple[MainWindow, ExportDialog], qtbot: QtBot
) -> None:
    window, dialog = opened
    assert re.fullmatch(r"Only 0:0\d of 0:04 was analyzed so far\.", dialog.part_note)
    dialog.analyze.click()
    qtbot.waitUntil(lambda: dialog.part_note == "", timeout=PATIENCE)
    assert window.document.history is not None
    assert window.document.history.complete


@pytest.fixture
def long_export(
    open_window: OpenWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> tuple[MainWindow, ExportDialog, Path]:
    """Return a window that has begun to write a video of minutes, the dialog and its folder."""
    window = open_window()
    play(window, "demo:1")
    know(window, 0.0, 400.0)

    def is_long() -> bool:
        result = window.document.result()
        return result is not None and result.media.duration > 399.0

    qtbot.waitUntil(is_long, timeout=PATIENCE)  # the window looks a few times a second
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = open_dialog(window)
    dialog.folder.setText(str(folder))
    tick(dialog, "annotate")
    dialog.export.click()
    qtbot.waitUntil(lambda: "%" in dialog.status, timeout=PATIENCE)
    return window, dialog, folder


def test_cancelled_it_leaves_nothing(
    long_export: tuple[MainWindow, ExportDialog, Path], qtbot: QtBot
) -> None:
    window, dialog, folder = long_export
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.export.job is None, timeout=PATIENCE)
    assert dialog.status == "Cancelled."
    assert list(folder.iterdir()) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.export.dialog is None


def test_quitting_asks_first_and_leaves_nothing(
    long_export: tuple[MainWindow, ExportDialog, Path],
) -> None:
    window, _, folder = long_export
    window.close()
    assert window.isVisible()
    (question,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    (agree,) = (button for button in question.buttons() if button.text() == "Quit")
    agree.click()
    assert not window.isVisible()
    assert list(folder.iterdir()) == []


def test_what_cannot_be_written_is_one_sentence_and_the_dialog_goes_on(
    opened: tuple[MainWindow, ExportDialog], qtbot: QtBot, clip: Path
) -> None:
    window, dialog = opened
    tick(dialog, "vtt", "annotate")
    dialog.folder.setText(str(clip.parent / "nowhere"))
    run(window, dialog, qtbot)
    assert "does not exist" in dialog.errors.text
    assert dialog.show_in_folder.isHidden()
    dialog.folder.setText(str(clip.parent))
    tick(dialog, "vtt")
    run(window, dialog, qtbot)
    assert dialog.status == "1 file written."
    assert dialog.errors.isHidden()
    assert dialog.row("vtt").note == "written"
    dialog.name.setText("")
    assert not dialog.export.isEnabled()


def test_it_is_found_by_keys_and_remembers(
    opened: tuple[MainWindow, ExportDialog], qtbot: QtBot, clip: Path
) -> None:
    window, dialog = opened
    clip.with_suffix(".srt").touch()
    tick(dialog, "srt", "eaf")
    assert dialog.row("srt").note == "replaces the existing one"
    run(window, dialog, qtbot)
    dialog.reject()
    assert window.export.dialog is None
    (action,) = (a for a in window.menus.file.actions() if a.shortcut().toString() == "Ctrl+E")
    action.trigger()
    again = window.export.dialog
    assert again is not None
    assert {row.format.name for row in again.rows if row.wanted} == {"srt", "eaf"}
    assert all(row.box.accessibleDescription() for row in again.rows)
    window.open("demo")  # another source: the dialog was about this one
    qtbot.waitUntil(lambda: window.export.dialog is None, timeout=PATIENCE)


def test_a_camera_has_no_pictures_to_annotate(
    window: MainWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> None:
    with CameraServer().running() as server:
        play(window, server.url("/live"))
        dialog = open_dialog(window)
        tick(dialog, "annotate", "vtt")
        assert not dialog.row("annotate").wanted
        assert "Live frames" in dialog.row("annotate").box.accessibleDescription()
        assert dialog.part_note == ""
        dialog.folder.setText(str(tmp_path))
        dialog.name.setText("afternoon")
        run(window, dialog, qtbot)
        assert (tmp_path / "afternoon.vtt").read_text().startswith("WEBVTT")
