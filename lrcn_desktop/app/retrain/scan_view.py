"""How far the look through a folder is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from lrcn_desktop.app.widgets.building import as_card, in_column, new_button, new_label
from lrcn_desktop.training_events import Progress


class ScanView(QWidget):
    """A bar, a sentence and a button that gives it up."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = new_label(style="muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(360)
        self._bar.setAccessibleName(self.tr("Clips scanned"))
        cancel = new_button(self.tr("Cancel"), self.cancelled)
        as_card(self)
        middle = ((w, 0, Qt.AlignmentFlag.AlignHCenter) for w in (self._text, self._bar, cancel))
        in_column((None, 2), *middle, (None, 3), spacing=14, on=self)

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
