"""Notifications: by the desktop where it shows them, else in the window."""

import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from lrcn_desktop.app.widgets.icons import app_icon

PAUSE = 2.0  # seconds between notifications; what comes meanwhile is put into the next one
_SHOWN = 6000  # milliseconds that the desktop is asked to show one


class Notifier(QObject):
    """Shows notes, no faster than the user can read them."""

    noted = Signal(str)  # a note for the window to show: the desktop shows none
    clicked = Signal()  # the user wants to see the window

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._text, self._held_back = "", 0
        self._shown = -PAUSE

    @staticmethod
    def has_desktop() -> bool:
        """Whether the desktop shows notifications."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def set_wanted(self, wanted: bool) -> None:
        """Show an icon in the desktop's tray, which notifications come from, or take it away."""
        if self._icon is None and wanted and self.has_desktop():
            self._icon = QSystemTrayIcon(app_icon(), self)
            self._icon.setToolTip(self.tr("LRCN Desktop"))
            self._icon.messageClicked.connect(self.clicked)
            self._icon.activated.connect(self.clicked)
        if self._icon is not None:
            self._icon.setVisible(wanted)

    def notify(self, text: str) -> None:
        """Show a note, or keep it for the next one."""
        self._held_back += bool(self._text)
        self._text = text
        self.check()

    def check(self) -> None:
        """Show what is due; call now and then."""
        now = time.monotonic()
        if not self._text or now - self._shown < PAUSE:
            return
        text, more = self._text, self._held_back
        self._text, self._held_back, self._shown = "", 0, now
        if more:
            text = self.tr("{0} ({1} more before it)").format(text, more)
        if self._icon is not None and self._icon.isVisible():
            self._icon.showMessage(self.tr("LRCN Desktop"), text, app_icon(), _SHOWN)
        else:
            self.noted.emit(text)
