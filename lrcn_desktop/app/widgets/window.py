"""Windows beside the main one, and what other programs show."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.icons import app_icon


class Window(QWidget):
    """Has a title and the program's icon, and closes with Esc."""

    def __init__(self, parent: QWidget, title: str, size: QSize, least: QSize) -> None:
        """Be as large as `size` at first, and never smaller than `least`, in pixels."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(title)
        self.setWindowIcon(app_icon())
        self.resize(size)
        self.setMinimumSize(least)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)


def bring_forward(window: QWidget) -> None:
    """Show a window before all others."""
    window.show()
    window.raise_()
    window.activateWindow()


def show_outside(path: Path | str) -> bool:
    """Open a file or a folder in the system's own program; whether there is one."""
    return bool(QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
