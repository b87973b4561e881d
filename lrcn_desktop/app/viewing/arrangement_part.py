"""Where the window is and how its parts share it: as the user left it, within the screen."""

from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting

GEOMETRY = Setting("window/geometry", "")  # Qt's, as hexadecimal digits
SIDE_SHARE = Setting("window/side_share", 0.0)  # 0: by itself
FOOT_SHARE = Setting("window/foot_share", 0.0)
SIDE_SHOWN = Setting("window/side", True)
_FIRST = (1280, 860)  # pixels, where the screen has room for them
_FIRST_SHARE = 0.62  # of a screen on which those would be little
_STEP = 0.04  # of the length, that a key moves an edge
_SETTLED = 400  # milliseconds after the last change before it is remembered


class ArrangementPart(Part):
    """Remembers the window's place and the edges inside, and shows and hides the side."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._settings, self._bench = host.settings, host.places.workbench
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self._remember)
        place_window(host.window, self._settings.get(GEOMETRY))
        self._bench.set_shares(self._settings.get(SIDE_SHARE), self._settings.get(FOOT_SHARE))
        self._bench.moved.connect(self._timer.start)
        host.window.installEventFilter(self)
        menus = host.menus
        toggle = partial(self._settings.toggle, SIDE_SHOWN)
        self._side = menus.add(menus.view, self.tr("&Side panel"), toggle, "F9")
        self._side.setCheckable(True)
        for number in range(self._bench.side.count()):
            self._add_tab(number)
        host.places.tab_added.connect(self._add_tab)
        sizes = menus.view.addMenu(self.tr("Sizes of the parts"))
        for text, side, foot, key in (
            (self.tr("&Larger timeline"), 0.0, _STEP, "Ctrl+Shift+Up"),
            (self.tr("&Smaller timeline"), 0.0, -_STEP, "Ctrl+Shift+Down"),
            (self.tr("&Wider side panel"), _STEP, 0.0, "Ctrl+Alt+Left"),
            (self.tr("&Narrower side panel"), -_STEP, 0.0, "Ctrl+Alt+Right"),
        ):
            menus.add(sizes, text, partial(self._bench.move_edges, side, foot), key, needs="source")
        self._settings.changed.connect(self._follow)
        host.document.source_changed.connect(self._show_side)
        self._show_side()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        # Later, as Qt and the desktop move the window too.
        app.screenRemoved.connect(self._fit, Qt.ConnectionType.QueuedConnection)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Remember where the window is, once it stays there."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange):
            self._timer.start()
        return super().eventFilter(watched, event)

    def close(self) -> None:
        """Remember how it was left."""
        self._host.window.removeEventFilter(self)  # what closes moves it once more
        self._bench.moved.disconnect(self._timer.start)
        self._timer.stop()
        self._remember()

    def _add_tab(self, number: int) -> None:
        menus, side = self._host.menus, self._bench.side
        title = self.tr("Show {0}").format(side.tabText(number))
        key = f"Alt+{number + 1}"
        menus.add(menus.view, title, lambda: self._bring(number), key, needs="source")

    def _bring(self, number: int) -> None:
        """Bring a tab forward, however little room there is."""
        self._settings.set(SIDE_SHOWN, True)
        self._bench.show_side(self._host.document.capture is not None, always=True)
        side = self._bench.side
        side.setTabVisible(number, True)
        side.setCurrentIndex(number)
        side.currentWidget().setFocus()

    def _follow(self, setting: Setting[Any]) -> None:
        if setting == SIDE_SHOWN:
            self._show_side()

    def _show_side(self) -> None:
        wanted = self._settings.get(SIDE_SHOWN)
        self._side.setChecked(wanted)
        self._bench.show_side(wanted and self._host.document.capture is not None)

    def _fit(self) -> None:
        """Bring the window back from a screen that was unplugged."""
        window = self._host.window
        there = window.screen().availableVirtualGeometry()
        if not window.isFullScreen() and not there.contains(window.geometry()):
            room = window.screen().availableGeometry()
            window.setGeometry(within(window.geometry(), room, centered=False))

    def _remember(self) -> None:
        window = self._host.window
        if not window.isFullScreen():
            geometry = bytes(window.saveGeometry().data()).hex()
            self._settings.set(GEOMETRY, geometry)
        side, foot = self._bench.shares
        self._settings.set(SIDE_SHARE, side)
        self._settings.set(FOOT_SHARE, foot)


def place_window(window: QWidget, geometry: str) -> None:
    """Give a window the place that was remembered, or a first one, within the screen."""
    known = bool(geometry) and window.restoreGeometry(
        QByteArray.fromHex(QByteArray(geometry.encode("ascii", "ignore")))
    )
    screen = window.screen() or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    if not known:
        window.resize(first_size(room.size()))
    window.setGeometry(within(window.geometry(), room, centered=not known))


def first_size(room: QSize) -> QSize:
    """Return a window's size on a screen that has never shown it."""
    return QSize(*_FIRST).expandedTo(QSize(room * _FIRST_SHARE))


def within(place: QRect, room: QRect, *, centered: bool) -> QRect:
    """Return a window's place moved and shrunk so that all of it, its frame too, is in `room`."""
    frame = 32  # pixels of a title bar, which nobody knows before the window is shown
    width = min(place.width(), room.width())
    height = min(place.height(), room.height() - frame)
    if centered:
        left = room.left() + (room.width() - width) // 2
        return QRect(left, room.top() + (room.height() + frame - height) // 2, width, height)
    left = min(max(place.left(), room.left()), room.right() + 1 - width)
    top = min(max(place.top(), room.top() + frame), room.bottom() + 1 - height)
    return QRect(left, top, width, height)
