"""Model > Retrain... with a real process, a small one, that talks like the trainer."""

import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.retrain import child
from lrcn_desktop.app.retrain.process import Status
from lrcn_desktop.app.retrain.settings import recent_folders
from lrcn_desktop.app.retrain.unfinished_card import UnfinishedCard
from lrcn_desktop.app.retrain.window import RetrainWindow
from lrcn_desktop.model.library import own_models_dir

FAKE = Path(__file__).with_name("retrain_child.py")
Become = Callable[[str], None]
Play = Callable[[MainWindow, str | Path], None]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own models, runs and settings out of the tests."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Become:
    """Return a function that decides how the next processes behave: see retrain_child.py."""
    return lambda mode: monkeypatch.setattr(child, "COMMAND", [sys.executable, str(FAKE), mode])


@pytest.fixture
def retrain(window: MainWindow, become: Become, qtbot: QtBot) -> Iterator[RetrainWindow]:
    """Return the training's window, open, with well-behaved processes."""
    become("well")
    yield opened(window, qtbot)
    window.retraining.training.close(5.0)


def opened(window: MainWindow, qtbot: QtBot) -> RetrainWindow:
    window.menus.retrain.emit()
    retrain = window.retraining.window
    assert retrain is not None
    qtbot.waitExposed(retrain)
    return retrain


def look_through(retrain: RetrainWindow, qtbot: QtBot, folder: Path) -> None:
    """Look through a folder and wait until the training can be started."""
    folder.mkdir(exist_ok=True)
    retrain.clips.look_through(str(folder))
    qtbot.waitUntil(lambda: retrain.clips.start.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(retrain.clips.start.isEnabled, timeout=PATIENCE)


def start(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    """Start a training of what a look through `folder` finds."""
    retrain = window.retraining.window
    assert retrain is not None
    look_through(retrain, qtbot, folder)
    retrain.clips.start.click()
    assert window.retraining.training.status is Status.RUNNING


def wait_for(window: MainWindow, qtbot: QtBot, status: Status) -> None:
    qtbot.waitUntil(lambda: window.retraining.training.status is status, timeout=PATIENCE)


def answer(qtbot: QtBot, text: str) -> None:
    """Choose the answer `text` of the question on show."""

    def asked() -> list[QMessageBox]:
        boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
        return [box for box in boxes if box.isVisible()]

    qtbot.waitUntil(lambda: len(asked()) == 1, timeout=PATIENCE)
    buttons = [b for b in asked()[0].buttons() if isinstance(b, QPushButton) and b.text() == text]
    buttons[0].click()
    qtbot.waitUntil(lambda: not asked(), timeout=PATIENCE)


def cards(retrain: RetrainWindow) -> list[UnfinishedCard]:
    return [card for card in retrain.clips.findChildren(UnfinishedCard) if card.isVisible()]


def test_from_a_folder_to_a_model_in_use(
    window: MainWindow,
    retrain: RetrainWindow,
    play: Play,
    qtbot: QtBot,
    models: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHILD_MODEL", models[1])
    play(window, "demo")
    capture = window.session.capture
    look_through(retrain, qtbot, tmp_path / "my clips")
    assert recent_folders() == [str(tmp_path / "my clips")]
    assert len(retrain.clips.found.chosen) == 5  # Typing has too few groups
    assert not retrain.clips.found.all_chosen
    retrain.clips.start.click()
    training = window.retraining.training
    qtbot.waitUntil(lambda: len(training.state.fits) == 2, timeout=PATIENCE)
    wait_for(window, qtbot, Status.DONE)
    run = training.folder
    assert run is not None
    asked = json.loads((run / "run.json").read_text())
    assert asked["activities"] == "ApplyEyeMakeup,ApplyLipstick,Basketball,sitting down,YoYo"
    assert asked["compare"] == models[0]
    assert retrain.pages.currentWidget() is retrain.result
    assert "93 of 100" in retrain.result.verdict.text()
    said = retrain.result.comparison.accessibleDescription()
    assert "my clips 93.0 %, without memory 90.0 %, first (in use) 81.0 %" in said
    told = " ".join(label.text() for label in retrain.result.findChildren(QLabel))
    assert "On streams of clips: 93 % of steps are right." in told
    assert retrain.result.report.isVisible()
    retrain.result.use.click()

    def runs_new() -> bool:
        live = window.session.live
        return live is not None and live.recognizer.model_name == "second"

    qtbot.waitUntil(runs_new, timeout=PATIENCE)
    assert window.session.capture is capture
    assert retrain.result.use.text() == "In use now"
    assert window.session.model == str(own_models_dir() / "my clips.safetensors")


def test_a_model_that_cannot_be_used_is_told(
    window: MainWindow, retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    start(window, qtbot, tmp_path / "clips")
    wait_for(window, qtbot, Status.DONE)  # this process writes no model
    retrain.result.use.click()
    qtbot.waitUntil(retrain.result.errors.isVisible, timeout=PATIENCE)
    assert "clips.safetensors" in retrain.result.errors.text
    assert retrain.result.use.isEnabled()


def test_the_training_outlives_its_window_and_can_be_paused(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("waits")
    start(window, qtbot, tmp_path / "clips")
    retrain.close()
    training, indicator = window.retraining.training, window.retraining.indicator
    qtbot.waitUntil(lambda: len(training.state.fits) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: indicator.text().startswith("Training clips"), timeout=PATIENCE)
    assert indicator.isVisible()
    assert opened(window, qtbot) is retrain
    page = retrain.training_page
    assert retrain.pages.currentWidget() is page
    assert page.confusion.matrix
    page.pause.click()
    qtbot.waitUntil(lambda: page.pause.text() == "&Continue", timeout=PATIENCE)
    assert "paused" in indicator.text()
    page.pause.click()
    qtbot.waitUntil(lambda: page.pause.text() == "&Pause", timeout=PATIENCE)
    page.cancel.click()
    answer(qtbot, "Continue training")
    assert training.status is Status.RUNNING
    page.cancel.click()
    answer(qtbot, "Stop")
    wait_for(window, qtbot, Status.STOPPED)
    assert "you can continue" in page.ending.text
    become("well")
    page.ending.go_on.click()
    wait_for(window, qtbot, Status.DONE)


def test_the_death_of_the_training_is_told_and_it_goes_on(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("dies")
    start(window, qtbot, tmp_path / "clips")
    wait_for(window, qtbot, Status.DIED)
    ending = retrain.training_page.ending
    assert ending.isVisible()
    assert "RuntimeError: out of memory" in ending.text
    if sys.platform != "win32":
        assert "it was killed" in ending.text
    state = window.retraining.training.state
    assert state.fits["fold 1 of 2, LSTM"].epochs == [1, 2, 3, 4, 5, 6]
    ending.go_on.click()
    wait_for(window, qtbot, Status.DONE)
    assert state.fits["fold 1 of 2, LSTM"].epochs == list(range(1, 13))


def test_what_the_trainer_says_of_itself_is_shown(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    look_through(retrain, qtbot, tmp_path / "clips")
    become("fails")
    retrain.clips.start.click()
    wait_for(window, qtbot, Status.FAILED)
    assert retrain.training_page.ending.text.startswith("The disk is full")
    retrain.clips.look_through(str(tmp_path / "clips"))
    retrain.training_page.left.emit()
    qtbot.waitUntil(retrain.clips.errors.isVisible, timeout=PATIENCE)
    assert retrain.clips.errors.text == "The folder holds no clips: add some."


def test_garbage_between_the_lines_survives(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("garbage")
    start(window, qtbot, tmp_path / "clips")
    wait_for(window, qtbot, Status.DONE)
    fits = window.retraining.training.state.fits
    assert [curve.epochs for curve in fits.values()] == 2 * [list(range(1, 13))]


def test_a_flood_of_lines_does_not_freeze_the_window(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("floods")
    start(window, qtbot, tmp_path / "clips")
    longest, last, ends = 0.0, time.monotonic(), time.monotonic() + 0.8
    memory = psutil.Process().memory_info().rss
    while time.monotonic() < ends:
        QApplication.processEvents()
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    grown = psutil.Process().memory_info().rss - memory
    print(f"longest wait {longest:.3f} s, memory grown by {grown / 1e6:.0f} MB")
    assert longest < 1.0
    assert grown < 400e6
    began = time.process_time()
    window.retraining.training.close(0.1)
    assert time.process_time() - began < 2.0  # what waits is not all read first


def test_closing_the_program_asks_and_the_next_start_offers_the_rest(
    open_window: Callable[..., MainWindow], become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("waits")
    window = open_window()
    opened(window, qtbot)
    start(window, qtbot, tmp_path / "clips")
    training = window.retraining.training
    qtbot.waitUntil(lambda: len(training.state.fits) == 2, timeout=PATIENCE)
    window.close()
    answer(qtbot, "Continue")
    assert window.isVisible()
    assert training.status is Status.RUNNING
    window.close()
    answer(qtbot, "Stop and quit")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE)
    assert training.status is Status.STOPPED

    become("well")
    window = open_window()
    retrain = opened(window, qtbot)
    qtbot.waitUntil(lambda: len(cards(retrain)) == 1, timeout=PATIENCE)
    card = cards(retrain)[0]
    assert any("from epoch" in label for label in texts(card))
    press(card, "Continue")
    training = window.retraining.training
    assert list(training.state.fits) == ["fold 1 of 2, LSTM", "fold 2 of 2, LSTM"]  # read back
    wait_for(window, qtbot, Status.DONE)


def test_an_unfinished_training_can_be_discarded(
    window: MainWindow, retrain: RetrainWindow, become: Become, qtbot: QtBot, tmp_path: Path
) -> None:
    become("dies")
    start(window, qtbot, tmp_path / "clips")
    wait_for(window, qtbot, Status.DIED)
    folder = window.retraining.training.folder
    assert folder is not None
    retrain.training_page.left.emit()
    qtbot.waitUntil(lambda: len(cards(retrain)) == 1, timeout=PATIENCE)
    press(cards(retrain)[0], "Discard...")
    answer(qtbot, "Discard")
    qtbot.waitUntil(lambda: not cards(retrain), timeout=PATIENCE)
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in one way only")
def test_a_deaf_process_is_ended_in_bounded_time(
    window: MainWindow,
    retrain: RetrainWindow,
    become: Become,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "STOP_PATIENCE", 300)
    become("deaf")
    start(window, qtbot, tmp_path / "clips")
    training = window.retraining.training
    qtbot.waitUntil(lambda: len(training.state.fits) == 2, timeout=PATIENCE)
    training.stop()
    wait_for(window, qtbot, Status.STOPPED)
    become("deaf")
    training.resume_this()
    began = time.monotonic()
    training.close(0.3)
    assert time.monotonic() - began < 5.0
    assert not training.alive


def test_a_model_is_not_overwritten_without_asking(
    window: MainWindow, retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    own_models_dir().mkdir(parents=True)
    (own_models_dir() / "clips.safetensors").write_bytes(b"a model of long ago")
    retrain.clips.refresh()
    qtbot.waitUntil(lambda: "clips" in retrain.clips.taken, timeout=PATIENCE)
    look_through(retrain, qtbot, tmp_path / "clips")
    assert retrain.clips.plan.name == "clips-2"
    retrain.clips.plan.set_name("clips")
    retrain.clips.start.click()
    answer(qtbot, "Keep it")
    assert window.retraining.training.status is Status.IDLE
    retrain.clips.start.click()
    answer(qtbot, "Replace when it is done")
    wait_for(window, qtbot, Status.DONE)


def test_what_is_missing_is_said_and_keys_do_everything(
    window: MainWindow, retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    look_through(retrain, qtbot, tmp_path / "clips")
    clips, tree = retrain.clips, retrain.clips.found.tree
    qtbot.waitUntil(tree.hasFocus, timeout=PATIENCE)
    for _ in range(4):
        QTest.keyClick(tree, Qt.Key.Key_Space)
        QTest.keyClick(tree, Qt.Key.Key_Down)
    assert clips.found.chosen == ("YoYo",)
    assert not clips.start.isEnabled()
    QTest.keyClick(retrain, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: clips.found.all_chosen, timeout=PATIENCE)
    assert clips.start.isEnabled()
    clips.plan.set_name("no/name")
    assert not clips.start.isEnabled()
    clips.plan.set_name("kitchen")
    clips.start.setFocus()
    QTest.keyClick(clips.start, Qt.Key.Key_Space)
    wait_for(window, qtbot, Status.DONE)
    asked = json.loads((window.retraining.training.folder / "run.json").read_text())  # type: ignore[operator]
    assert asked["activities"] == "all"
    QTest.keyClick(retrain, Qt.Key.Key_Escape)
    assert not retrain.isVisible()


def test_the_demo_needs_no_folder(window: MainWindow, retrain: RetrainWindow, qtbot: QtBot) -> None:
    retrain.clips.look_through("demo")
    qtbot.waitUntil(retrain.clips.start.isEnabled, timeout=PATIENCE)
    retrain.clips.start.click()
    wait_for(window, qtbot, Status.DONE)
    asked = json.loads((window.retraining.training.folder / "run.json").read_text())  # type: ignore[operator]
    assert "activities" not in asked


def test_a_dropped_folder_is_looked_through(
    retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    no_key = Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():  # Qt 6.12 would rather have a QPointF, which 6.7 does not take
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(QPoint(9, 9), action, mime, button, no_key)
    retrain.dragEnterEvent(enter)
    assert enter.isAccepted()
    retrain.dropEvent(QDropEvent(QPointF(9, 9), action, mime, button, no_key))
    qtbot.waitUntil(retrain.clips.start.isVisible, timeout=PATIENCE)


def test_clips_of_something_else_go_with_the_request(
    window: MainWindow, retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    look_through(retrain, qtbot, tmp_path / "clips")
    row = retrain.clips.other
    assert row.isVisible()
    street = tmp_path / "street"
    street.mkdir()
    row.add([str(street)])
    with qtbot.waitSignal(retrain.clips.wanted, timeout=PATIENCE) as wanted:
        retrain.clips.start.click()
    assert wanted.args is not None
    assert wanted.args[0].other == (str(street),)
    wait_for(window, qtbot, Status.DONE)
    run = window.retraining.training.folder
    assert run is not None
    assert json.loads((run / "run.json").read_text())["other"] == str(street)


def test_clips_of_something_else_are_those_of_one_folder(
    retrain: RetrainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    look_through(retrain, qtbot, tmp_path / "clips")
    row = retrain.clips.other
    row.add([str(tmp_path)])
    look_through(retrain, qtbot, tmp_path / "clips")
    assert row.paths == (str(tmp_path),)
    look_through(retrain, qtbot, tmp_path / "other clips")
    assert row.paths == ()
    retrain.clips.look_through("demo")
    assert not row.isVisible()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_picture_is_repainted_25_times_a_second_while_training_saturates_the_cpu(
    window: MainWindow,
    retrain: RetrainWindow,
    become: Become,
    play: Play,
    qtbot: QtBot,
    vgg16_model: str,
    tmp_path: Path,
) -> None:
    window.session.choose_model(vgg16_model)
    play(window, "demo")
    become("burns")
    start(window, qtbot, tmp_path / "clips")
    training = window.retraining.training
    qtbot.waitUntil(lambda: len(training.state.fits) > 0, timeout=PATIENCE)
    rates: list[float] = []
    for _ in range(5):
        qtbot.wait(2000)  # the time over which the figure is measured
        rates.append(window.stage.picture.repaints_per_second)
    print(
        f"repaints a second: {rates}; load {os.getloadavg() if hasattr(os, 'getloadavg') else ''}"
    )
    assert training.alive
    assert sorted(rates)[2] >= 25.0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_real_training_is_paused_killed_continued_and_used(
    window: MainWindow, play: Play, qtbot: QtBot, write_video: Callable[..., Path], tmp_path: Path
) -> None:
    clips = tmp_path / "real clips"
    for label, shade in (("dark", 40), ("bright", 200)):
        (clips / label).mkdir(parents=True)
        for number in range(5):
            flat = np.full((120, 160, 3), shade + 5 * number, np.uint8)
            written = write_video(f"{label}{number}.avi", draw=lambda *_, flat=flat: flat)
            written.rename(clips / label / written.name)
    (clips / "bright" / "broken.avi").write_bytes(b"no video at all")
    play(window, "demo")
    retrain, training = opened(window, qtbot), window.retraining.training
    retrain.clips.look_through(str(clips))
    qtbot.waitUntil(retrain.clips.start.isVisible, timeout=60_000)
    qtbot.waitUntil(retrain.clips.start.isEnabled, timeout=PATIENCE)
    assert set(retrain.clips.found.chosen) == {"dark", "bright"}
    retrain.clips.start.click()
    state = training.state
    qtbot.waitUntil(lambda: state.progress is not None, timeout=120_000)
    training.pause()
    qtbot.waitUntil(lambda: state.paused, timeout=120_000)
    training.go_on()
    qtbot.waitUntil(lambda: len(state.fits) > 0, timeout=400_000)
    assert training.child is not None
    psutil.Process(training.child.pid).kill()
    wait_for(window, qtbot, Status.DIED)
    before = {name: list(curve.epochs) for name, curve in state.fits.items()}
    retrain.training_page.ending.go_on.click()
    qtbot.waitUntil(lambda: not training.alive, timeout=400_000)
    assert training.status is Status.DONE, "\n".join(training.log)
    assert all(state.fits[name].epochs[: len(told)] == told for name, told in before.items())
    assert all(c.epochs == list(range(1, len(c.epochs) + 1)) for c in state.fits.values())
    assert retrain.result.verdict.text()
    assert retrain.result.report.isVisible()
    retrain.result.use.click()

    def runs_new() -> bool:
        live = window.session.live
        return live is not None and live.recognizer.classes == ("bright", "dark")

    qtbot.waitUntil(runs_new, timeout=120_000)


def texts(card: UnfinishedCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel)]


def press(card: UnfinishedCard, text: str) -> None:
    """Press a card's button."""
    next(b for b in card.findChildren(QPushButton) if b.text() == text).click()
