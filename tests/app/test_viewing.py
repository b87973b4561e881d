"""Moving through what plays, its speed, full screen and the mirror, as the user does it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QWidget
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.opening.cameras_dialog import MIRROR
from lrcn_desktop.app.viewing.go_to import seconds_of
from lrcn_desktop.app.viewing.viewing_part import ViewingPart
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.opencv import cv2

WriteVideo = Callable[..., Path]
Watch = Callable[[str | Path], Capture]


@pytest.fixture
def watch(window: MainWindow, qtbot: QtBot) -> Watch:
    """Return a function that opens a source and waits for its first picture."""

    def opened(address: str | Path) -> Capture:
        with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
            window.open(str(address))
        qtbot.waitUntil(lambda: window.stage.picture.frame is not None, timeout=PATIENCE)
        assert window.session.capture is not None
        return window.session.capture

    return opened


def test_the_keys_move_by_frames_and_seconds_and_to_the_ends(
    window: MainWindow,
    watch: Watch,
    qtbot: QtBot,
    write_video: WriteVideo,
    number_in: Callable[..., int],
) -> None:
    capture = watch(write_video("clip.avi", frames=150, rate=2.0))

    def shows(number: int) -> None:
        def there() -> bool:
            frame = window.stage.picture.frame
            return frame is not None and number_in(frame.image) == number

        qtbot.waitUntil(there, timeout=PATIENCE)

    def press(key: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(window, key, modifier)

    press(Qt.Key.Key_Period)  # pauses, too
    assert capture.paused
    press(Qt.Key.Key_End)
    shows(149)
    press(Qt.Key.Key_Comma)
    shows(148)
    press(Qt.Key.Key_Comma)
    press(Qt.Key.Key_Comma)
    shows(146)
    press(Qt.Key.Key_Period)
    shows(147)
    press(Qt.Key.Key_Left)
    shows(137)
    press(Qt.Key.Key_Left, shift=True)
    shows(17)
    press(Qt.Key.Key_Right)
    shows(27)
    press(Qt.Key.Key_Right, shift=True)
    shows(147)
    assert window.transport.time_text == "1:13.500 / 1:15"
    press(Qt.Key.Key_Home)
    shows(0)
    assert capture.paused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("83", 83.0),
        ("1:23.4", 83.4),
        ("1:23,4", 83.4),
        (" 1:02:03 ", 3723.0),
        ("0", 0.0),
        ("", None),
        ("1:", None),
        ("1.5:20", None),
        ("1:2:3:4", None),
        ("-5", None),
        ("now", None),
        ("9" * 400, None),
    ],
)
def test_a_time_as_it_is_typed(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_a_typed_time_is_gone_to(
    window: MainWindow, watch: Watch, write_video: WriteVideo, qtbot: QtBot
) -> None:
    watch(write_video("clip.avi", frames=150, rate=2.0))
    QTest.keyClick(window, Qt.Key.Key_Period)
    for text, position in (("1:02", 62.0), ("soon", 62.0)):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        dialog = next(d for d in window.findChildren(QInputDialog) if d.isVisible())
        dialog.setTextValue(text)
        dialog.accept()
        qtbot.waitUntil(lambda at=position: abs(window.document.position - at) < 0.3)  # type: ignore[misc]
    assert window.errors.text.startswith("soon is not a time")


def test_the_speed_changes_by_key_and_every_source_begins_at_that_of_life(
    window: MainWindow, watch: Watch, write_video: WriteVideo
) -> None:
    capture = watch(write_video("slow.avi", frames=100, rate=10.0))
    for _ in range(4):  # one more than there are faster ones
        QTest.keyClick(window, Qt.Key.Key_Greater)
    assert capture.speed == 4.0
    QTest.keyClick(window, Qt.Key.Key_Less)
    assert capture.speed == 2.0
    assert watch(write_video("next.avi", frames=100, rate=10.0)).speed == 1.0


def test_the_length_of_a_file_that_does_not_say_it_is_known_once_it_was_played(
    window: MainWindow, watch: Watch, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "raw.mjpeg"  # JPEG after JPEG: no time stamps, no length, no index
    jpeg = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes()
    path.write_bytes(jpeg * 40)
    capture = watch(path)
    QTest.keyClick(window, Qt.Key.Key_End)
    assert window.errors.text.startswith("raw.mjpeg does not say how long it is")
    assert "/" not in window.transport.time_text
    QTest.keyClick(window, Qt.Key.Key_Greater)
    qtbot.waitUntil(lambda: capture.ended, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.transport.time_text.endswith("/ 0:01"), timeout=PATIENCE)


def test_full_screen_shows_the_picture_alone_and_the_controls_at_the_mouse(
    window: MainWindow,
    watch: Watch,
    qtbot: QtBot,
    write_video: WriteVideo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch(write_video("clip.avi", frames=100))
    stage, alone = window.stage, viewing(window).picture_only
    before = places(window)
    QTest.mouseDClick(stage.picture, Qt.MouseButton.LeftButton, pos=stage.picture.rect().center())
    assert window.isFullScreen()
    assert stage.width() == window.width()
    assert not window.plot.isVisible()
    assert stage.overlay.isVisible()  # the side with the bars is not there
    assert alone.controls_shown
    assert window.transport.seek_slider_shown
    assert window.transport.isVisible()
    alone.hiding.start(1)  # instead of waiting for the moment that they stay
    qtbot.waitUntil(lambda: not alone.controls_shown)
    QTest.mouseMove(stage.picture, stage.picture.rect().center())
    qtbot.waitUntil(lambda: alone.controls_shown)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert window.session.capture is not None
    assert window.session.capture.paused  # the keys work, although no menu bar is to be seen
    window.errors.show_error("Something is wrong.")
    assert window.errors.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.errors.isVisible()
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    after = places(window)
    assert after == before
    qtbot.waitUntil(lambda: window.plot.isVisible() and window.transport.isVisible())


def test_the_picture_alone_needs_no_full_screen(
    window: MainWindow, watch: Watch, qtbot: QtBot, write_video: WriteVideo
) -> None:
    watch(write_video("clip.avi", frames=100))
    QTest.keyClick(window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert not window.isFullScreen()
    qtbot.waitUntil(lambda: window.stage.height() == window.height())
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: window.stage.height() < window.height())


def test_the_mirror_swaps_what_is_seen_of_a_live_source_and_not_what_is_recognized(
    window: MainWindow,
    watch: Watch,
    write_video: WriteVideo,
    number_in: Callable[..., int],
    qtbot: QtBot,
) -> None:
    capture = watch(write_video("clip.avi", frames=2))
    window.settings.set(MIRROR, True)
    picture = window.stage.picture
    qtbot.waitUntil(lambda: number_in(picture.frame.image) == 1, timeout=PATIENCE)
    assert brightness(window) == "dark left"  # a file is shown as it is
    capture.source.live = True
    window.document.source_changed.emit()
    qtbot.waitUntil(lambda: picture.frame is not None, timeout=PATIENCE)
    assert brightness(window) == "dark right"
    assert picture.frame is not None
    assert number_in(picture.frame.image) == 1
    capture.source.live = False


def brightness(window: MainWindow) -> str:
    """Tell the sides of frame 1 apart: its bar for the lowest bit, at the left, is white."""
    window.stage.overlay.hide()
    rect = window.stage.picture.picture_rect()
    shown = window.stage.picture.grab().toImage()
    left = shown.pixelColor(rect.left() + 8, rect.center().y()).lightness()
    return "dark right" if left < 128 else "dark left"


def test_space_presses_the_button_that_has_the_focus(
    window: MainWindow, watch: Watch, write_video: WriteVideo
) -> None:
    capture = watch(write_video("clip.avi", frames=200, rate=10.0))
    button = window.transport.full_screen
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert window.isFullScreen()
    assert not capture.paused


def places(window: MainWindow) -> list[list[QWidget]]:
    inside = window.places
    columns = (inside.middle, inside.controls)
    return [[column.itemAt(n).widget() for n in range(column.count())] for column in columns]


def viewing(window: MainWindow) -> ViewingPart:
    return next(part for part in window.parts if isinstance(part, ViewingPart))
