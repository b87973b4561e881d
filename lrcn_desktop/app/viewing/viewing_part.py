"""The View menu's ways to watch: full screen, the picture alone, mirrored."""

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.opening.cameras_dialog import MIRROR
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.viewing.focus_keys import FocusKeys
from lrcn_desktop.app.viewing.picture_only import PictureOnly


class ViewingPart(Part):
    """Full screen, the picture alone, and the mirror for what is live."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._window, self._settings, self._places = host.window, host.settings, host.places
        self.picture_only = PictureOnly(host.window, host.places, host.menus.bar)
        self._keys = FocusKeys(host.window)
        menus = host.menus
        menus.view.addSeparator()
        self._full_screen = menus.add(
            menus.view, self.tr("&Full screen"), self.toggle_full_screen, "F11"
        )
        self._alone = menus.add(
            menus.view, self.tr("Picture &only"), self.toggle_picture_only, "Shift+F11"
        )
        mirror = partial(self._settings.toggle, MIRROR)
        self._mirror = menus.add(menus.view, self.tr("&Mirror"), mirror, "Shift+M", needs="live")
        for action in (self._full_screen, self._alone, self._mirror):
            action.setCheckable(True)
        self._places.stage.picture.double_clicked.connect(self.toggle_full_screen)
        self._places.transport.full_screen_clicked.connect(self._press_button)
        menus.dismiss.connect(self.dismiss)
        self._settings.changed.connect(self._follow)
        host.document.source_changed.connect(self._show_mirror)
        host.window.installEventFilter(self)
        self._show_mirror()

    def toggle_full_screen(self) -> None:
        """Fill the screen with the picture, or no longer."""
        window = self._window
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.picture_only.set_active(window.isFullScreen())
        self._tick_entries()

    def toggle_picture_only(self) -> None:
        """Fill the window with the picture, or no longer."""
        if self._window.isFullScreen():
            self.toggle_full_screen()
        else:
            self.picture_only.set_active(not self.picture_only.active)
        self._tick_entries()

    def dismiss(self) -> None:
        """Close the message on show; without one, leave full screen."""
        if self._places.errors.isVisible():
            self._places.errors.hide()
        elif self.picture_only.active:
            self._press_button()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the system, which may end full screen by itself, and wake at a key."""
        if event.type() == QEvent.Type.WindowStateChange and not self._window.isFullScreen():
            if self._full_screen.isChecked():
                self.picture_only.set_active(False)
                self._tick_entries()
        elif event.type() == QEvent.Type.ShortcutOverride:
            self.picture_only.wake()
        return super().eventFilter(watched, event)

    def close(self) -> None:
        """Stop the clock of the controls."""
        self.picture_only.stop()

    def _show_mirror(self) -> None:
        """Mirror what is live, where the user wants it."""
        capture = self._host.document.capture
        mirror = self._settings.get(MIRROR)
        self._mirror.setChecked(mirror)
        live = capture is not None and capture.source.live
        self._places.stage.picture.set_mirrored(mirror and live)

    def _press_button(self) -> None:
        if self.picture_only.active and not self._window.isFullScreen():
            self.toggle_picture_only()
        else:
            self.toggle_full_screen()

    def _tick_entries(self) -> None:
        full, alone = self._window.isFullScreen(), self.picture_only.active
        self._full_screen.setChecked(full)
        self._alone.setChecked(alone and not full)
        self._places.transport.set_full_screen(alone)

    def _follow(self, setting: Setting[Any]) -> None:
        if setting == MIRROR:
            self._show_mirror()
