"""The window with real sources, real threads and a real, small network."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.menus import ListMenu

Play = Callable[[MainWindow, str | Path], None]
WriteVideo = Callable[..., Path]


def test_the_demo_shows_frames_and_predictions(
    window: MainWindow, play: Play, qtbot: QtBot
) -> None:
    play(window, "demo")
    window.resize(1600, 1400)  # room for the plot below the bars and the demo's card
    picture, bars = window.stage.picture, window.places.now.bars
    first = picture.frame
    qtbot.waitUntil(lambda: picture.frame is not first, timeout=PATIENCE)
    qtbot.waitUntil(lambda: bars.accessibleDescription().endswith("%"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(window.plot.shown) > 0, timeout=PATIENCE)
    assert window.windowTitle() == "demo - LRCN Desktop"
    assert picture.isVisible()
    assert bars.isVisible()
    assert not window.stage.overlay.isVisible()  # they are beside the picture
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.stage.overlay.isVisible()


def test_a_bad_file_shows_one_sentence_and_what_played_goes_on(
    window: MainWindow, play: Play, qtbot: QtBot, tmp_path: Path
) -> None:
    play(window, "demo")
    bad = tmp_path / "notes.avi"
    bad.write_text("this is no video")
    capture = window.session.capture
    assert capture is not None
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.open(str(bad))
    assert window.errors.isVisible()
    assert "notes.avi" in window.errors.text
    assert "\n" not in window.errors.text
    assert window.session.capture is capture
    position = capture.position
    qtbot.waitUntil(lambda: capture.position > position, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.errors.isVisible()


def test_pause_holds_the_picture_and_a_seek_shows_its_frame(
    window: MainWindow,
    play: Play,
    qtbot: QtBot,
    write_video: WriteVideo,
    number_in: Callable[..., int],
) -> None:
    play(window, write_video("clip.avi", frames=100))
    QTest.keyClick(window, Qt.Key.Key_Space)
    capture = window.session.capture
    assert capture is not None
    assert capture.paused
    window.document.seek(2.0)

    def shown() -> int:
        frame = window.stage.picture.frame
        return -1 if frame is None else number_in(frame.image)

    qtbot.waitUntil(lambda: shown() == 50, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: shown() == 51, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown() == 0, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shown() > 0, timeout=PATIENCE)


def test_every_frame_of_a_file_is_recognized_when_asked_for(
    window: MainWindow, play: Play, qtbot: QtBot, write_video: WriteVideo
) -> None:
    play(window, write_video("clip.avi", frames=30, rate=30.0))
    window.menus.every_frame.emit(True)
    capture, live = window.session.capture, window.session.live
    assert capture is not None
    assert live is not None
    assert capture.every_frame
    window.document.seek(0.0)

    def times() -> list[float]:
        history = window.document.history
        return [] if history is None else [p.time for p in history.predictions()]

    qtbot.waitUntil(lambda: capture.ended and len(times()) == 30, timeout=PATIENCE)
    assert times()[0] == 0.0
    window.document.toggle_play()
    qtbot.waitUntil(lambda: not capture.ended, timeout=PATIENCE)


def test_a_file_restarts_when_its_model_is_there(
    window: MainWindow, play: Play, qtbot: QtBot, write_video: WriteVideo
) -> None:
    play(window, write_video("short.avi", frames=3))  # over long before any model is loaded
    capture = window.session.capture
    assert capture is not None

    def plays_again() -> bool:
        captured = capture.latest.peek()
        return captured is not None and captured.generation == 1

    qtbot.waitUntil(plays_again, timeout=PATIENCE)


def test_reset_forgets(window: MainWindow, play: Play, qtbot: QtBot) -> None:
    play(window, "demo")
    live = window.session.live
    assert live is not None
    qtbot.waitUntil(lambda: live.settled, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: not live.settled)


def test_models_change_while_the_source_plays(
    window: MainWindow, play: Play, qtbot: QtBot, models: tuple[str, str], tmp_path: Path
) -> None:
    play(window, "demo")
    capture = window.session.capture
    window.session.choose_model(models[1])

    def runs_second() -> bool:
        live = window.session.live
        return live is not None and live.recognizer.model_name == "second"

    qtbot.waitUntil(runs_second, timeout=PATIENCE)
    assert window.session.capture is capture
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(Path(models[0]).read_bytes()[:1000])
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.session.choose_model(str(damaged))
    assert "damaged.safetensors" in window.errors.text
    assert runs_second()


def test_an_opening_that_does_not_answer_can_be_given_up(
    window: MainWindow, play: Play, qtbot: QtBot
) -> None:
    play(window, "demo")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        window.open(f"http://127.0.0.1:{silent.getsockname()[1]}/stream")
        assert window.progress.isVisible()
        position = window.session.capture.position if window.session.capture else 0.0
        qtbot.waitUntil(
            lambda: (
                window.session.capture is not None and window.session.capture.position > position
            ),
            timeout=PATIENCE,
        )
        window.progress.cancelled.emit()
        assert not window.progress.isVisible()
        connection, _ = silent.accept()
        connection.close()
    assert not window.errors.isVisible()


@pytest.mark.parametrize("address", ["demo", "/no/such/clip.avi"])
def test_closing_at_once_leaves_nothing_behind(window: MainWindow, address: str) -> None:
    window.open(address)
    window.close()
    assert not window.isVisible()
    assert window.session.capture is None


def test_another_source_takes_the_place_of_the_first(
    window: MainWindow, play: Play, qtbot: QtBot, write_video: WriteVideo
) -> None:
    play(window, "demo")
    first = window.session.capture
    assert first is not None
    play(window, write_video("clip.avi", frames=50))
    qtbot.waitUntil(lambda: not first.is_alive(), timeout=PATIENCE)
    live = window.session.live
    assert live is not None
    assert live.capture is window.session.capture


def test_the_menus_list_cameras_and_models(window: MainWindow, qtbot: QtBot) -> None:
    for menu in (window.menus.cameras, window.menus.models):
        menu.refresh()
        assert menu.listed[0].text().endswith("...")
        qtbot.waitUntil(partial(listed, menu), timeout=PATIENCE)


def listed(menu: ListMenu) -> bool:
    return not menu.listed[0].text().endswith("...")


@pytest.mark.slow
def test_the_picture_is_repainted_25_times_a_second_while_the_cpu_is_saturated(
    window: MainWindow, play: Play, qtbot: QtBot, vgg16_model: str
) -> None:
    play(window, "demo")  # which begins with its own model
    window.session.choose_model(vgg16_model)

    def heavy() -> bool:
        live = window.session.live
        return live is not None and live.recognizer.model_name == "heavy"

    qtbot.waitUntil(heavy, timeout=PATIENCE)
    live = window.session.live
    assert live is not None
    rates: list[float] = []
    for _ in range(5):
        qtbot.wait(2000)  # the time over which the figure is measured
        rates.append(window.stage.picture.repaints_per_second)
    print(f"repaints a second: {rates}; recognition: {live.stats}")
    assert sorted(rates)[2] >= 25.0
