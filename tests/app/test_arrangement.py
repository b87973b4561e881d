"""Where the window and its parts are: within the screen, remembered, and unmoved by messages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSplitter
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.viewing.arrangement_part import GEOMETRY, first_size, place_window, within
from lrcn_desktop.app.widgets.notices import Notices
from lrcn_desktop.app.widgets.overlay import CORNERS, Corner

WriteVideo = Callable[..., Path]
SIZES = [(1366, 768), (1600, 1000), (2560, 1440), (1080, 1920), (700, 520)]


@pytest.fixture
def shown(window: MainWindow, qtbot: QtBot, write_video: WriteVideo) -> MainWindow:
    """Return a window that shows a video."""
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=50)))
    qtbot.waitUntil(lambda: window.stage.picture.frame is not None, timeout=PATIENCE)
    return window


@pytest.mark.parametrize(
    ("place", "room"),
    [
        (QRect(100, 100, 1280, 860), QRect(0, 0, 1366, 768)),
        (QRect(-500, 2000, 800, 600), QRect(0, 0, 1366, 728)),
        (QRect(3000, 50, 900, 700), QRect(0, 24, 1920, 1056)),
        (QRect(10, 40, 640, 480), QRect(0, 0, 683, 384)),  # twice the scale
    ],
)
@pytest.mark.parametrize("centered", [False, True])
def test_a_window_is_all_on_the_screen(place: QRect, room: QRect, centered: bool) -> None:
    found = within(place, room, centered=centered)
    assert room.contains(found)
    assert found.top() - room.top() >= 24  # its title bar too
    if room.width() >= place.width() and room.height() >= place.height() + 32:
        assert found.size() == place.size()


def test_a_first_window_is_not_lost_on_a_large_screen() -> None:
    assert first_size(QSize(1366, 728)) == QSize(1280, 860)  # then shrunk by `within`
    large = first_size(QSize(3840, 2160))
    assert large.width() * large.height() > 0.3 * 3840 * 2160


def test_size_place_and_edges_are_remembered(
    shown: MainWindow, models: tuple[str, str], qtbot: QtBot
) -> None:
    shown.setGeometry(30, 50, 720, 600)
    shown.places.workbench.set_shares(0.4, 0.3)
    shown.places.workbench.moved.emit()
    shown.close()
    other = MainWindow("cpu", models[0])
    qtbot.addWidget(other)
    assert other.size().width() == 720
    assert other.places.workbench.shares == (0.4, 0.3)
    place_window(other, "no geometry")
    assert other.settings.get(GEOMETRY)


def test_a_window_comes_back_from_a_screen_that_was_unplugged(
    window: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    room = window.screen().availableGeometry()
    window.resize(600, 500)
    for left, comes_back in ((room.right() - 99, True), (room.left() + 30, False)):
        window.move(left, 80)
        qapp.screenRemoved.emit(window.screen())
        if comes_back:
            qtbot.waitUntil(lambda: room.contains(window.geometry()), timeout=PATIENCE)
        qapp.processEvents()
        assert comes_back or window.x() == left


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_has_most_of_the_room_and_all_is_inside(
    size: tuple[int, int], shown: MainWindow, qtbot: QtBot
) -> None:
    shown.resize(*size)
    qtbot.waitUntil(lambda: shown.size().toTuple() == size)
    inside = shown.centralWidget()
    status = shown.places.status
    assert status.mapTo(inside, status.rect().bottomLeft()).y() <= inside.height()
    picture, whole = shown.stage.picture.size(), shown.size()
    assert picture.width() * picture.height() > 0.33 * whole.width() * whole.height()
    bars = shown.places.now.bars
    overlay = shown.stage.overlay
    assert bars.isVisible() != overlay.isVisible()  # once, wherever there is room
    if bars.isVisible():
        assert bars.height() >= bars.wanted_height
    view = shown.timeline.view
    assert view.height() >= view.minimumSizeHint().height()
    turned = size[1] > size[0]
    splitter = shown.places.workbench.findChild(QSplitter)
    assert (splitter.orientation() == Qt.Orientation.Vertical) == turned


def test_no_message_moves_the_picture(shown: MainWindow, qtbot: QtBot) -> None:
    places = shown.places
    before = shown.stage.picture.geometry(), shown.timeline.view.geometry()
    places.errors.show_error("Something went wrong, " * 12)
    places.progress.show_progress("Working ...", 0.5)
    places.status.notes.show_note("This computer does 1 of the 5 steps.", "Use less")
    qtbot.waitUntil(lambda: places.errors.isVisible() and places.errors.height() > 30)
    after = shown.stage.picture.geometry(), shown.timeline.view.geometry()
    assert after == before
    notices = shown.stage.findChild(Notices)
    assert notices is not None
    for banner in (places.errors, places.progress, places.status.notes):
        label = banner.findChild(QLabel)
        assert label.height() >= label.heightForWidth(label.width())  # nothing of it is cut
        assert notices.rect().contains(banner.geometry())
    assert notices.width() < 0.9 * shown.stage.width() or shown.stage.width() < 700
    places.errors.hide()
    places.progress.hide()
    places.status.notes.hide()
    qtbot.waitUntil(lambda: notices.height() <= 1)


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("size", [(1366, 768), (700, 520), (2560, 1440)])
def test_no_message_covers_the_bars(
    corner: Corner, size: tuple[int, int], shown: MainWindow, qtbot: QtBot
) -> None:
    stage, sentence = shown.stage, "This computer does 1 of the 5 steps per second. " * 3
    shown.resize(*size)
    stage.set_overlay(1.0, corner, wanted=True, always=True)
    shown.places.status.notes.show_note(sentence, "Use less")
    notices = stage.findChild(Notices)
    assert notices is not None
    qtbot.waitUntil(lambda: shown.size().toTuple() == size and notices.height() > 20)
    bars = QRect(stage.overlay.mapTo(stage, QPoint(0, 0)), stage.overlay.size())
    assert stage.overlay.isVisible()
    assert not notices.geometry().intersects(bars)
    assert stage.rect().contains(notices.geometry())
    stage.overlay.hide()  # then the place at the top is free
    qtbot.waitUntil(lambda: notices.geometry().right() > stage.width() - 20)
    assert notices.y() < 20


def test_the_side_and_its_tabs_by_keyboard(shown: MainWindow) -> None:
    side = shown.places.workbench.side
    for number in range(side.count()):
        QTest.keyClick(shown, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.AltModifier)
        assert side.currentIndex() == number
        assert shown.stage.overlay.isVisible() == (number > 0)
    assert [side.tabText(n) for n in range(side.count())] == [
        "Now", "Segments", "Events", "Statistics", "Teach",
    ]  # fmt: skip
    QTest.keyClick(shown, Qt.Key.Key_F9)
    assert side.isHidden()


def test_the_edges_by_keyboard(shown: MainWindow) -> None:
    bench, keys = shown.places.workbench, Qt.KeyboardModifier
    both = keys.ControlModifier | keys.ShiftModifier
    alt = keys.ControlModifier | keys.AltModifier
    foot, side = shown.places.timeline.height(), bench.side.width()
    QTest.keyClick(shown, Qt.Key.Key_Up, both)
    assert shown.places.timeline.height() > foot
    assert bench.side.width() == side
    QTest.keyClick(shown, Qt.Key.Key_Left, alt)
    assert bench.side.width() > side
    QTest.keyClick(shown, Qt.Key.Key_Right, alt)
    QTest.keyClick(shown, Qt.Key.Key_Down, both)
    assert abs(shown.places.timeline.height() - foot) < 10
    assert abs(bench.side.width() - side) < 10


def test_a_click_on_the_picture_plays_and_pauses(shown: MainWindow) -> None:
    capture, picture = shown.session.capture, shown.stage.picture
    assert capture is not None
    before = capture.paused or capture.ended
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect().center())
    assert (capture.paused or capture.ended) != before
    QTest.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect().center())
    assert shown.isFullScreen()
    shown.showNormal()


@pytest.mark.parametrize("height", [480, 1080])
def test_the_overlay_grows_with_the_screen_in_full_screen(shown: MainWindow, height: int) -> None:
    shown.stage.set_presenting(False)
    shown.resize(700, 520)
    QTest.keyClick(shown, Qt.Key.Key_F9)
    small = shown.stage.overlay.unit
    shown.stage.set_presenting(True)
    shown.stage.picture.resize(round(height * 16 / 9), height)
    shown.stage.place_overlay()
    assert shown.stage.overlay.unit == pytest.approx(small * max(1.0, height / 560), rel=0.01)
    shown.stage.set_presenting(False)


class LayoutRequests(QObject):
    """Counts what asks for its layout."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See Qt."""
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def test_a_window_at_rest_asks_for_no_layout(window: MainWindow, qapp: QApplication) -> None:
    for _ in range(20):
        qapp.processEvents()
    seen = LayoutRequests()
    qapp.installEventFilter(seen)
    for _ in range(50):
        qapp.processEvents()
    qapp.removeEventFilter(seen)
    assert seen.count < 30  # a message that is placed at every layout gave some thousands
