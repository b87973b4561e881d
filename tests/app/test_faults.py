"""What fails while the window is open, and that all else goes on."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import torch
from camera_server import CameraServer
from fake_engines import FailingEngine
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.faults import report
from lrcn_desktop.app.faults.crash import crash_record
from lrcn_desktop.app.faults.log import MOST_BYTES, OLDER_FILES, log_file, log_folder
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.widgets.plot import with_gaps
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition import load
from lrcn_desktop.recognition.engines.engine import Engine

NOTICED = 2.0  # seconds in which the picture must say that it is lost
CLOSED = 2.0  # seconds in which a window must be gone
Play = Callable[[MainWindow, str | Path], None]
WriteVideo = Callable[..., Path]
_log = logging.getLogger("lrcn_desktop.test")


@pytest.fixture
def server() -> Iterator[CameraServer]:
    with CameraServer().running() as running:
        yield running


def until_said(window: MainWindow, qtbot: QtBot, said: bool = True) -> float:
    """Wait until the picture says that it is lost, or no more; return the seconds."""
    began = time.monotonic()
    qtbot.waitUntil(lambda: bool(window.faults.loss.text) is said, timeout=PATIENCE)
    return time.monotonic() - began


def shown(window: MainWindow) -> int:
    frame = window.stage.picture.frame
    return -1 if frame is None else frame.index


def close(window: MainWindow) -> None:
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < CLOSED
    assert not window.isVisible()


def test_a_stream_that_stalls_or_is_killed_is_told_and_goes_on_when_it_is_back(
    window: MainWindow, play: Play, qtbot: QtBot, server: CameraServer
) -> None:
    play(window, server.url("/live"))
    session, note = window.session, window.faults.loss
    kept = session.capture, session.live
    server.flowing.clear()
    assert until_said(window, qtbot) < NOTICED
    assert "sends no picture" in note.text
    server.flowing.set()
    until_said(window, qtbot, False)
    server.kill()
    assert until_said(window, qtbot) < NOTICED
    assert note.isVisible()
    assert server.url("/live") in note.text
    assert not window.errors.isVisible()
    assert "No picture" in window.stage.overlay.accessibleDescription()
    qtbot.waitUntil(lambda: "0:01" in note.text, timeout=PATIENCE)
    last = shown(window)
    window.session.reset()  # keys pressed meanwhile
    window.document.toggle_play()
    window.document.toggle_play()
    with CameraServer(server.server_port).running():
        until_said(window, qtbot, False)
        qtbot.waitUntil(lambda: shown(window) > last, timeout=PATIENCE)
        assert (session.capture, session.live) == kept
        assert not note.isVisible()
        assert not window.places.status.notice
    until_said(window, qtbot)
    close(window)  # while it is lost


@pytest.mark.slow
def test_how_long_a_loss_takes_to_be_told_and_to_mend(
    window: MainWindow, play: Play, qtbot: QtBot, server: CameraServer
) -> None:
    play(window, server.url("/live"))
    told: list[float] = []
    stalled: list[float] = []
    mended: list[float] = []
    for _ in range(9):
        server.flowing.clear()
        stalled.append(until_said(window, qtbot))
        server.flowing.set()
        until_said(window, qtbot, False)
        qtbot.wait(500)
    port = server.server_port
    server.kill()
    for round_ in range(9):
        if not round_:
            until_said(window, qtbot)
        qtbot.wait(1000 + 700 * (round_ % 5))  # back at any moment between two tries
        with CameraServer(port).running() as again:
            mended.append(until_said(window, qtbot, False))
            again.kill()
            told.append(until_said(window, qtbot))
    for name, values in (("stall told", stalled), ("loss told", told), ("mended", mended)):
        print(f"{name}: median {median(values):.2f} s, longest {max(values):.2f} s")
    assert max(*stalled, *told) < NOTICED
    assert median(mended) < 3.0


@pytest.mark.slow
def test_another_source_and_another_model_while_the_first_is_lost(
    window: MainWindow, play: Play, qtbot: QtBot, server: CameraServer, models: tuple[str, str]
) -> None:
    play(window, server.url("/live"))
    server.kill()
    until_said(window, qtbot)
    lost = window.session.capture
    window.session.choose_model(models[1])
    qtbot.waitUntil(
        lambda: (
            window.session.live is not None
            and window.session.live.recognizer.model_name == "second"
        ),
        timeout=PATIENCE,
    )
    assert window.session.capture is lost
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.open("/no/such.avi")
    assert window.session.capture is lost
    assert window.faults.loss.text
    play(window, "demo")
    assert not window.faults.loss.text or window.session.capture is not lost
    assert lost is not None
    qtbot.waitUntil(lambda: not lost.is_alive(), timeout=PATIENCE)
    until_said(window, qtbot, False)
    window.open(server.url("/live"))
    close(window)  # while it opens


def test_a_card_without_memory_is_told_and_the_status_names_the_processor(
    window: MainWindow, play: Play, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    open_engine, opened = load.open_engine, []

    def on_full_card(*args: object) -> Engine:
        opened.append(open_engine(*args))
        return opened[0] if len(opened) > 1 else FailingEngine(opened[0], full, 1)

    monkeypatch.setattr(load, "open_engine", on_full_card)
    play(window, "demo")
    live = window.session.live
    assert live is not None
    qtbot.waitUntil(lambda: bool(window.faults.note.text), timeout=PATIENCE)
    assert "graphics card ran out of memory" in window.faults.note.text
    assert "CPU (PyTorch)" in window.places.status.model
    before = live.latest
    qtbot.waitUntil(lambda: live.latest is not before, timeout=PATIENCE)
    assert (live.error, window.session.live) == (None, live)


def fail(number: int = 0) -> None:
    """Log a fault as the program's own code does; each number is a place of its own."""
    places = (lambda: 1 / 0, lambda: {}["key"], lambda: int("x"))
    try:
        places[number]()
    except Exception:
        _log.exception("a test's fault")


def test_one_dialog_tells_of_a_fault_and_counts_what_follows(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    log = tmp_path / "the.log"
    window.faults.report(log, None)
    reporter = window.faults.reporter
    assert reporter is not None
    fail()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    dialog = reporter.dialog
    assert dialog is not None
    for number in (1, 2, 0):
        fail(number)
    qtbot.waitUntil(lambda: dialog.others == 3)
    assert reporter.dialog is dialog
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert set(buttons) == {"Show log", "Copy", "Continue"}
    buttons["Copy"].click()
    copied = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError" in copied
    assert "test_faults.py" in copied
    assert dialog.size() != QSize()
    buttons["Continue"].click()
    assert reporter.dialog is None
    fail()  # at once again, as from a timer: told already
    qtbot.wait(100)
    assert reporter.dialog is None
    reporter.seen.clear()  # a while later
    fail()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert window.isVisible()


def test_what_a_person_can_mend_is_a_sentence_and_no_dialog(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.faults.report(None, None)
    _log.error("not caught", exc_info=UserError("The disk is full: make room."))
    qtbot.waitUntil(lambda: "The disk is full" in window.errors.text)
    assert window.faults.reporter is not None
    assert window.faults.reporter.dialog is None


def test_a_fault_of_the_dialog_itself_does_not_go_round_in_circles(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no room for a dialog")

    monkeypatch.setattr(report, "FaultDialog", broken)
    window.faults.report(None, None)
    fail()
    fail(1)
    qtbot.waitUntil(lambda: "no room for a dialog" in caplog.text)
    qtbot.wait(100)
    assert caplog.text.count("no room for a dialog") == 1


def test_the_log_stays_small_and_repeats_do_not_fill_it() -> None:
    with log_file() as path:
        assert path is not None
        for _ in range(1000):
            fail()
        text = path.read_text(encoding="utf-8")
        assert text.count("ZeroDivisionError") == 6  # the first three, 10th, 100th, 1000th
        assert "(the 1000th time)" in text
        for number in range(4000):
            _log.warning("%d %s", number, "x" * 1000)
    sizes = [file.stat().st_size for file in path.parent.glob("lrcn-desktop.log*")]
    assert len(sizes) == OLDER_FILES + 1
    assert max(sizes) <= MOST_BYTES


def test_a_folder_that_cannot_be_written_to_does_not_keep_the_program_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log_folder().parent.mkdir(parents=True)
    log_folder().write_text("a file is in the way")
    with log_file() as path, crash_record(log_folder()) as crashed:
        assert (path, crashed) == (None, None)
    assert "there is no log file" in caplog.text


PROGRAM = """
import faulthandler, sys, threading
from PySide6.QtCore import QTimer, qWarning
from lrcn_desktop.app.run import application, run

app = application()
def window():
    return next(w for w in app.topLevelWidgets() if hasattr(w, "faults"))
def at(milliseconds, call):
    QTimer.singleShot(milliseconds, call)
def raising(error):
    def slot():
        raise error
    return slot
{body}
sys.exit(run(None, model=None, device="cpu", screenshot=None, seconds=0.0))
"""


def start(body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
    )


def test_what_slots_and_threads_raise_is_logged_and_shown_and_the_program_goes_on() -> None:
    done = start(
        """
ticker = QTimer()
ticker.timeout.connect(raising(KeyError("thirty times a second")))
at(200, raising(ZeroDivisionError("in a slot")))
at(250, lambda: threading.Thread(target=raising(OSError("on a thread")), name="mine").start())
at(300, lambda: qWarning("from Qt"))
at(350, lambda: ticker.start(33))
def look():
    reporter = window().faults.reporter
    dialog = reporter and reporter.dialog
    if dialog is None or dialog.others <= 10:
        return at(20, look)
    print("dialogs", sum(type(w).__name__ == "FaultDialog" for w in app.topLevelWidgets()))
    dialog.accept()
    at(200, end)
def end():  # six more of them later
    print("again", window().faults.reporter.dialog is not None)
    print("goes on", window().isVisible())
    window().close()
at(400, look)
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["dialogs 1", "again False", "goes on True"]
    text = (log_folder() / "lrcn-desktop.log").read_text(encoding="utf-8")
    for told in ("in a slot", "on a thread", "mine", "from Qt", "Traceback", "(the 10th time)"):
        assert told in text
    assert text.count("thirty times a second") < 10


@pytest.mark.slow
def test_a_crash_is_told_at_the_next_start_and_only_then() -> None:
    assert start("at(200, faulthandler._sigsegv)").returncode != 0
    look = "at(200, lambda: print(window().faults.note.text)); at(250, lambda: window().close())"
    told = start(look)
    assert told.returncode == 0, told.stderr
    assert "crashed last time" in told.stdout
    assert "Segmentation fault" in (log_folder() / "last-crash.txt").read_text()
    assert start(look).stdout.strip() == ""


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["opening", "stalled"])
def test_closing_in_the_middle_of_a_read_ends_the_process_well(
    server: CameraServer, phase: str
) -> None:
    """OpenCV hangs in its own code then, on a thread that the process leaves behind."""
    close_when = "at(1500, lambda: window().close())"
    if phase == "opening":
        server.answering.clear()
    else:
        close_when = (
            "looker = QTimer()\n"
            "looker.timeout.connect(lambda: window().faults.loss.text and window().close())\n"
            "looker.start(20)"
        )
    done = start(f"at(0, lambda: window().open({server.url('/stall')!r}))\n{close_when}")
    assert done.returncode == 0, done.stderr


def test_curves_stop_where_nothing_was_seen() -> None:
    times = np.array([0.0, 0.2, 5.0, 5.2])
    probabilities = np.full((4, 2), 0.5, np.float32)
    at, values = with_gaps(times, probabilities)
    assert at.tolist() == [0.0, 0.2, 0.2, 5.0, 5.2]
    assert np.isnan(values[:, 0]).tolist() == [False, False, True, False, False]
    same, _ = with_gaps(times[:2], probabilities[:2])
    assert same.tolist() == [0.0, 0.2]
