"""How far the look through a folder is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from lrcn_desktop.training_events import Progress


class ScanView(QWidget):
    """A bar, a sentence and a button that gives it up."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setObjectName("muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(360)
        self._bar.setAccessibleName(self.tr("Clips scanned"))
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.cancelled)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (self._text, self._bar, cancel):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def begin(self, name: str) -> None:
        """Show that the look through `name` begins."""
        self._text.setText(self.tr("Scanning {0} ...").format(name))
        self._bar.setRange(0, 0)

    def show_progress(self, progress: Progress) -> None:
        """Show how many clips were looked at."""
        self._bar.setRange(0, round(progress.total))
        self._bar.setValue(round(progress.done))
        self._text.setText(
            self.tr("{0:.0f} of {1:.0f} clips scanned").format(progress.done, progress.total)
        )
