"""Reviewing as the user does: with keys and mouse, closed and opened again, given to Retrain."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from children import child
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.review.labels_menu import ask_label
from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.recognition.review.clips import corrections_dir
from lrcn_desktop.recognition.review.review import ModelSegments, Review
from lrcn_desktop.recognition.review.store import ENDING, ReviewFile, reviews_dir
from lrcn_desktop.recognition.segments import Segment

SECONDS = 6.0
CLASSES = ("sitting down", "standing up", "walking")
Play = Callable[[MainWindow, str | Path], None]
OpenWindow = Callable[..., MainWindow]
WriteVideo = Callable[..., Path]
Told = list[tuple[float, float, str]]


@pytest.fixture
def video(write_video: WriteVideo) -> Path:
    """Return a video whose review is kept: what a model saw, and no correction."""
    path = write_video("talk.mp4", frames=round(25 * SECONDS))
    review = Review(SECONDS)
    segments = (Segment(0.0, 2.0, CLASSES[0], 0.9), Segment(3.0, 5.0, CLASSES[1], 0.8))
    review.follow(ModelSegments("before", CLASSES, segments, ((0.0, SECONDS),)))
    review.confirm(segments[0])
    ReviewFile.of_video(path).save(review.snapshot)
    return path


@pytest.fixture
def opened(window: MainWindow, video: Path, qtbot: QtBot) -> MainWindow:
    """Return a window that has the video open, paused at 1 second."""
    open_paused(window, video, qtbot)
    return window


def open_paused(window: MainWindow, video: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(video))
    assert window.session.capture is not None
    window.session.capture.pause()
    qtbot.waitUntil(lambda: window.document.review is not None, timeout=PATIENCE)
    go(window, 1.0, qtbot)


def go(window: MainWindow, seconds: float, qtbot: QtBot) -> None:
    capture = window.session.capture
    assert capture is not None
    window.document.seek(seconds)
    qtbot.waitUntil(lambda: abs(capture.position - seconds) < 0.05, timeout=PATIENCE)


def told(window: MainWindow) -> Told:
    return [(round(s.start, 2), round(s.end, 2), s.label) for s in window.document.segments]


def press(window: MainWindow, *keys: str) -> None:
    for key in keys:
        QTest.keySequence(window, key)


def choose(qtbot: QtBot, text: str) -> None:
    """Choose from the menu that has popped up."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=PATIENCE)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(a for a in menu.actions() if text in a.text().replace("&", ""))
    menu.close()
    action.trigger()


def add(window: MainWindow, qtbot: QtBot) -> None:
    """Add a segment, once the model has told its activities."""
    qtbot.waitUntil(lambda: "walking" in window.review.editing.labels, timeout=PATIENCE)
    press(window, "N")
    choose(qtbot, "Walking")


def test_what_is_corrected_is_there_when_the_video_is_opened_again(
    open_window: OpenWindow, video: Path, qtbot: QtBot
) -> None:
    window = open_window()
    open_paused(window, video, qtbot)
    view = window.timeline.view
    assert "Confidence 90 %, confirmed by you" in view.accessibleDescription()
    press(window, "3", "S")  # relabel what is at 1 s, and split it there
    assert "Set by you" in view.accessibleDescription()
    go(window, 4.0, qtbot)
    press(window, "[")
    expected = [(0.0, 1.0, "walking"), (1.0, 2.0, "walking"), (4.0, 5.0, "standing up")]
    assert told(window) == expected
    qtbot.waitUntil(lambda: "saved in talk.mp4.lrcn.json" in window.review.note.text)
    assert window.review.note.text.startswith("3 corrections")
    press(window, "Ctrl+Left", "Del")
    window.close()
    again = open_window()
    open_paused(again, video, qtbot)
    assert told(again) == [expected[0], expected[2]]
    assert again.document.review is not None
    assert again.document.review.corrections == 4
    assert [s.label for s in again.timeline.view.rows[0].beneath.segments] == [CLASSES[0]]


def test_everything_is_undone_and_done_again_by_key(opened: MainWindow, qtbot: QtBot) -> None:
    window, before = opened, told(opened)
    press(window, "2")
    add(window, qtbot)
    press(window, "Ctrl+Right", "Del")
    after = told(window)
    assert after != before
    press(window, *["Ctrl+Z"] * 9)
    assert told(window) == before
    press(window, *["Ctrl+Shift+Z"] * 9)
    assert told(window) == after


def test_edges_are_dragged_and_segments_drawn(opened: MainWindow, qtbot: QtBot) -> None:
    window, view = opened, opened.timeline.view
    list(window.document.segments)

    def place(seconds: float, row: int) -> QPoint:
        places = view.places
        y = places.row_top(row) + places.row_height / 2
        return QPoint(round(places.x_at(seconds)), round(y))

    def drag(start: float, end: float, row: int, keys: Qt.KeyboardModifier) -> None:
        button = Qt.MouseButton.LeftButton
        QTest.mousePress(view, button, keys, place(start, row))
        for step in range(1, 5):
            QTest.mouseMove(view, place(start + (end - start) * step / 4, row))
        QTest.mouseRelease(view, button, keys, place(end, row))

    drag(2.0, 2.6, 0, Qt.KeyboardModifier.NoModifier)
    assert told(window)[0] == (0.0, pytest.approx(2.6, abs=0.05), CLASSES[0])
    drag(0.5, 1.5, 1, Qt.KeyboardModifier.ShiftModifier)
    assert told(window)[1] == (
        pytest.approx(0.5, abs=0.05),
        pytest.approx(1.5, abs=0.05),
        CLASSES[1],
    )
    drag(3.0, 2.62, 1, Qt.KeyboardModifier.NoModifier)  # it snaps to the other segment's end
    assert told(window)[2][0] == told(window)[0][1]


def test_a_new_activity_can_be_typed_and_a_bad_name_is_refused(
    opened: MainWindow, qtbot: QtBot
) -> None:
    window = opened
    answers: list[str] = []
    dialog = ask_label(window, "Another activity", list(CLASSES), answers.append)
    dialog.setTextValue(" juggling ")
    dialog.accept()
    assert answers == ["juggling"]
    window.review.editing.relabel("juggling")
    assert told(window)[0][2] == "juggling"
    assert window.review.editing.labels == [*CLASSES, "juggling"]
    press(window, "L")
    qtbot.waitUntil(lambda: bool(window.findChildren(type(dialog))), timeout=PATIENCE)
    asked = next(d for d in window.findChildren(type(dialog)) if d.isVisible())
    asked.setTextValue("../etc")
    asked.accept()
    assert window.errors.isVisible()
    assert told(window)[0][2] == "juggling"


def test_the_menu_of_a_segment_offers_every_activity(opened: MainWindow, qtbot: QtBot) -> None:
    view = opened.timeline.view
    first = opened.document.segments[0]
    view.menu_wanted.emit(first, 1.0, view.mapToGlobal(QPoint(5, 5)))
    choose(qtbot, "Standing up")
    assert told(opened)[0] == (0.0, 2.0, "standing up")
    view.menu_wanted.emit(None, 5.2, view.mapToGlobal(QPoint(5, 5)))
    choose(qtbot, "Walking")
    assert told(opened)[-1] == (5.2, SECONDS, "walking")


def test_a_damaged_sidecar_is_told_and_kept(window: MainWindow, video: Path, qtbot: QtBot) -> None:
    sidecar = video.with_name(f"{video.name}{ENDING}")
    sidecar.write_bytes(b'{"format": "lrcn-desktop review", "version": 1, "segm')
    open_paused(window, video, qtbot)
    assert "talk.mp4.lrcn.json is no review" in window.errors.text
    add(window, qtbot)
    qtbot.waitUntil(lambda: "saved in" in window.review.note.text, timeout=PATIENCE)
    assert json.loads(sidecar.read_text())["review"]["corrections"] == 1
    assert sidecar.with_name(f"{sidecar.name}.unusable-1").is_file()


def turn_to(window: MainWindow, qtbot: QtBot) -> None:
    """Make a window the one that keys go to."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)


def test_two_windows_on_one_video_keep_the_corrections_of_both(
    open_window: OpenWindow, video: Path, qtbot: QtBot
) -> None:
    one, other = open_window(), open_window()
    for window in (one, other):
        open_paused(window, video, qtbot)
    turn_to(one, qtbot)
    press(one, "3")
    qtbot.waitUntil(lambda: not one.document.reviews.saver.pending, timeout=PATIENCE)
    turn_to(other, qtbot)
    go(other, 4.0, qtbot)
    press(other, "[")
    expected = [(0.0, 2.0, "walking"), (4.0, 5.0, "standing up")]
    qtbot.waitUntil(lambda: told(other) == expected, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not other.document.reviews.saver.pending, timeout=PATIENCE)
    assert not other.errors.isVisible()
    turn_to(one, qtbot)
    press(one, "1")
    qtbot.waitUntil(lambda: not one.document.reviews.saver.pending, timeout=PATIENCE)
    turn_to(other, qtbot)
    press(other, "Ctrl+Left", "2")
    qtbot.waitUntil(lambda: other.errors.isVisible(), timeout=PATIENCE)
    assert f"{video.name}{ENDING}.other-1" in other.errors.text
    assert told(other)[0] == (0.0, 2.0, "standing up")
    for window in (one, other):
        window.close()
    again = open_window()
    open_paused(again, video, qtbot)
    assert told(again) == [(0.0, 2.0, "standing up"), expected[1]]


def test_corrections_that_can_be_written_nowhere_are_told_before_they_are_lost(
    window: MainWindow, video: Path, qtbot: QtBot
) -> None:
    long = video.rename(video.with_name(f"{'x' * 246}.mp4"))
    shutil.rmtree(reviews_dir())
    reviews_dir().write_text("no folder")
    open_paused(window, long, qtbot)
    add(window, qtbot)
    qtbot.waitUntil(lambda: "not saved" in window.review.note.text, timeout=PATIENCE)
    assert window.errors.isVisible()
    window.close()
    assert window.isVisible()
    (question,) = window.findChildren(QMessageBox)
    question.reject()
    window.activateWindow()  # no screen, no window manager to do it
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    reviews_dir().unlink()
    press(window, "Ctrl+Z", "Ctrl+Shift+Z")
    qtbot.waitUntil(lambda: "saved in" in window.review.note.text, timeout=PATIENCE)
    assert window.close()


def test_corrections_are_given_to_retrain(opened: MainWindow, qtbot: QtBot) -> None:
    window = opened
    go(window, 4.0, qtbot)
    press(window, "C")  # what the model saw is right
    with qtbot.waitSignal(window.review.giving.done, timeout=PATIENCE):
        window.review.note.give.click()
        assert window.review.giving.banner.isVisible()
    clips = sorted(p.relative_to(corrections_dir()).parts for p in corrections_dir().rglob("*.mp4"))
    assert [(label, name) for label, _, name in clips] == [
        ("sitting down", "001.mp4"),
        ("standing up", "002.mp4"),
    ]
    assert len({group for _, group, _ in clips}) == 1
    retrain = window.retraining.window
    assert retrain is not None
    assert retrain.isVisible()
    assert retrain.clips.folder.currentText() == str(corrections_dir())


def test_clips_of_one_activity_are_kept_and_no_training_is_begun(
    opened: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.review.giving.done, timeout=PATIENCE):
        opened.review.note.give.click()
    notes = [note.text for note in opened.findChildren(NoteBanner) if note.isVisible()]
    assert any("The clips of Sitting down are kept" in text for text in notes)
    assert opened.retraining.window is None
    assert [path.name for path in corrections_dir().rglob("*.mp4")] == ["001.mp4"]


def test_corrections_become_examples_of_what_is_taught(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    part, project = opened.teach, tmp_path / "mine"
    part.lesson.open(project)
    qtbot.waitUntil(lambda: part.open, timeout=PATIENCE)
    with qtbot.waitSignal(part.lesson.examples.changed, timeout=PATIENCE):
        part.panel.project.click()
        choose(qtbot, "Add segments of this video")
    (clip,) = (project / CLASSES[0]).rglob("*.mp4")
    (card,) = [card for name, card in part.panel.cards.items() if name == CLASSES[0]]
    assert [thumbnail.clip.path for thumbnail in card.thumbnails] == [clip]
    assert not (project / CLASSES[1]).exists()  # the model saw it, and nobody confirmed it
    qtbot.waitUntil(lambda: not part.lesson.busy, timeout=PATIENCE)
    assert "record one of a second activity as well" in part.lesson.why


def test_a_live_session_is_reviewed_too(window: MainWindow, play: Play, qtbot: QtBot) -> None:
    play(window, "demo")
    qtbot.waitUntil(lambda: window.document.review is not None, timeout=PATIENCE)
    assert window.session.capture is not None
    window.session.capture.pause()
    add(window, qtbot)
    qtbot.waitUntil(lambda: "saved in" in window.review.note.text, timeout=PATIENCE)
    assert not window.review.note.give.isVisible()
    (kept,) = reviews_dir().glob(f"demo *{ENDING}")
    assert json.loads(kept.read_text())["review"]["segments"][0]["label"] == "walking"


KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from lrcn_desktop.app.document.saver import Saver
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.recognition.review.store import ReviewFile
from lrcn_desktop.recognition.review.review import Review

app = QCoreApplication([])
file, review, saver = ReviewFile.of_video(Path(sys.argv[1])), Review(None), Saver(Worker())
file.load()

def correct():
    review.add(review.corrections * 2.0, review.corrections * 2.0 + 1.0, "walking")
    saver.save_soon(file, review.snapshot)
    print(review.corrections, flush=True)

timer = QTimer(interval=20)
timer.timeout.connect(correct)
timer.start()
app.exec()
"""


def test_a_kill_loses_a_second_at_the_most(video: Path) -> None:
    command = (sys.executable, "-c", KILLED, video)
    with child(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        done = [int(process.stdout.readline()) for _ in range(60)]
        process.send_signal(signal.SIGKILL)
        done += map(int, process.stdout.read().split())
    kept = ReviewFile.of_video(video).load().snapshot
    assert kept is not None
    assert kept.state is not None
    assert len(kept.state.items) == kept.state.corrections
    assert kept.state.corrections >= done[-1] - 50
