"""Moving through what plays, its speed, full screen and the mirror, as a person does it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.video.capture import Capture

PATIENCE = 30_000  # milliseconds
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
