"""A calm message across the window: what is being saved, or was, and where to find it."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, follow_theme
from lrcn_desktop.app.widgets.transport import clock


class SavedBanner(QWidget):
    """One sentence, a way to the folder, and a button that closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder = Path()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_folder = QPushButton(self.tr("Show in folder"))
        self.show_folder.clicked.connect(self._open_folder)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.show_folder)
        layout.addWidget(self._close)
        self.hide()
        follow_theme(self._apply_theme)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def show_saving(self, seconds: float) -> None:
        """Say that the last `seconds` are being saved."""
        words = self.tr("Saving the last {0} ...").format(seconds_text(seconds))
        self._show(words, done=False)

    def show_saved(self, paths: list[Path], seconds: float) -> None:
        """Say what was saved: one recording, or its parts."""
        self._folder = paths[0].parent
        if len(paths) == 1:
            words = self.tr("Saved {0}  ({1})").format(paths[0].name, clock(seconds))
        else:
            words = self.tr("Saved {0} in {1} files, as no picture came for a while  ({2})").format(
                paths[0].name, len(paths), clock(seconds)
            )
        self._show(words, done=True)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._close.setIcon(icon("close", theme.muted))

    def _show(self, words: str, *, done: bool) -> None:
        self._label.setText(words)
        self.setAccessibleName(words)
        self.show_folder.setVisible(done)
        self._close.setVisible(done)
        self.show()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def seconds_text(seconds: float) -> str:
    """Return a number of seconds as a person says it: "30 seconds", "2 minutes"."""
    translate = QCoreApplication.translate
    if seconds >= 120 and seconds % 60 == 0:
        return translate("Duration", "{0:.0f} minutes").format(seconds / 60)
    return translate("Duration", "{0:.0f} seconds").format(seconds)
