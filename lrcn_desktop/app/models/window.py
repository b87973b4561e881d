"""The models' window: the list at the left, one model at the right."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from lrcn_desktop.app.models.details import Details
from lrcn_desktop.app.models.entry import Entry
from lrcn_desktop.app.models.facts import summary
from lrcn_desktop.app.widgets.banner import Banner, ErrorBanner
from lrcn_desktop.app.widgets.building import in_column, in_row, new_button, scrolling
from lrcn_desktop.app.widgets.window import Window

_SUFFIX = ".safetensors"


class ModelsWindow(Window):
    """Shows the library and says what is wanted; it does nothing to it by itself.

    Attributes:
        entries: The models on show.
    """

    import_wanted = Signal(str)  # a file, or "" where it is to be asked for
    undo_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Models"), QSize(940, 700), QSize(680, 480))
        self.entries: list[Entry] = []
        self._in_use = ""
        self.setAcceptDrops(True)
        self.errors = ErrorBanner()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.currentRowChanged.connect(self._show_row)
        self.bring_in = new_button(
            self.tr("&Import a model..."), lambda: self.import_wanted.emit("")
        )
        self.details = Details()
        self.undo = _UndoBar()
        self.undo.action.clicked.connect(self.undo_wanted)
        self._lay_out()

    def show_models(self, entries: list[Entry], in_use: str, chosen: str = "") -> None:
        """Show the library.

        Args:
            entries: Its models.
            in_use: The name or path of the one that is in use.
            chosen: The name of the one to bring forward; "": as it was.
        """
        row = self.list.currentRow()
        before = self.entries[row].name if 0 <= row < len(self.entries) else in_use
        self.entries, self._in_use = entries, in_use
        wanted = chosen or before
        self.list.blockSignals(True)
        self.list.clear()
        for entry in entries:
            mark = self.tr("  ·  in use") if self._is_used(entry) else ""
            item = QListWidgetItem(f"{entry.name}{mark}\n{summary(entry)}")
            lines = item.text().count("\n") + 1
            item.setSizeHint(QSize(0, lines * self.fontMetrics().height() + 20))
            self.list.addItem(item)
        self.list.blockSignals(False)
        rows = [row for row, e in enumerate(entries) if wanted in (e.name, str(e.path))]
        self.list.setCurrentRow(rows[0] if rows else min(max(row, 0), len(entries) - 1))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Welcome one model file."""
        if _model_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Import what was dropped."""
        event.acceptProposedAction()
        self.import_wanted.emit(_model_in(event))

    def _is_used(self, entry: Entry) -> bool:
        return self._in_use in (entry.name, str(entry.path))

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self.entries):
            entry = self.entries[row]
            self.details.show_model(entry, self.entries, in_use=self._is_used(entry))

    def _lay_out(self) -> None:
        self.list.setFixedWidth(max(250, 19 * self.fontMetrics().height()))
        area = scrolling(self.details)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = in_column((self.list, 1), self.bring_in, spacing=10)
        middle = in_row(left, (area, 1), spacing=20)
        in_column(self.errors, (middle, 1), self.undo, spacing=12, margins=16, on=self)


class _UndoBar(Banner):
    """Says what was deleted, with a button that brings it back."""

    def __init__(self) -> None:
        super().__init__("progress")

    def show_deleted(self, name: str) -> None:
        """Say that the model of this name was deleted; "" hides the bar."""
        if name:
            words = self.tr("{0} was deleted.").format(name)
            self.say(words, action=self.tr("&Undo"), closes=False)
        else:
            self.hide()


def _model_in(event: QDropEvent) -> str:
    urls = event.mimeData().urls()
    file = urls[0].toLocalFile() if len(urls) == 1 else ""
    return file if Path(file).suffix.lower() == _SUFFIX else ""
