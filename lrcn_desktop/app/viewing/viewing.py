"""The View menu's ways to watch: full screen, the picture alone, mirrored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.viewing.focus_keys import FocusKeys
from lrcn_desktop.app.viewing.picture_only import PictureOnly

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow

MIRROR = "camera/mirror"


class Viewing(Part):
    """Full screen, the picture alone, and the mirror for what is live."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.settings
        self.picture_only = PictureOnly(window, window.middle, window.stage, window.shelf)
        self._keys = FocusKeys(window)
        menus = window.menus
        menus.view.addSeparator()
        self._full_screen = menus.add(
            menus.view, self.tr("&Full screen"), self.toggle_full_screen, "F11"
        )
        self._alone = menus.add(
            menus.view, self.tr("Picture &only"), self.toggle_picture_only, "Shift+F11"
        )
        self._mirror = menus.add(
            menus.view, self.tr("&Mirror"), self._toggle_mirror, "M", needs="live"
        )
        for action in (self._full_screen, self._alone, self._mirror):
            action.setCheckable(True)
        window.stage.picture.double_clicked.connect(self.toggle_full_screen)
        window.transport.full_screen_clicked.connect(self._press_button)
        menus.dismiss.connect(self.dismiss)
        self._settings.changed.connect(self._follow)
        window.installEventFilter(self)

    def show_source(self) -> None:
        """Mirror what is live, where the person wants it."""
        capture = self._window.session.capture
        mirror = self._settings.get(MIRROR, False)
        self._mirror.setChecked(mirror)
        live = capture is not None and capture.source.live
        self._window.stage.picture.set_mirrored(mirror and live)

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
        if self._window.errors.isVisible():
            self._window.errors.hide()
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

    def _press_button(self) -> None:
        if self.picture_only.active and not self._window.isFullScreen():
            self.toggle_picture_only()
        else:
            self.toggle_full_screen()

    def _tick_entries(self) -> None:
        full, alone = self._window.isFullScreen(), self.picture_only.active
        self._full_screen.setChecked(full)
        self._alone.setChecked(alone and not full)
        self._window.transport.set_full_screen(alone)

    def _toggle_mirror(self) -> None:
        self._settings.set(MIRROR, not self._settings.get(MIRROR, False))

    def _follow(self, key: str) -> None:
        if key == MIRROR:
            self.show_source()
