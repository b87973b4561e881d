"""A format in the list: a box to tick, who reads it, and its file."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from lrcn_desktop.app.widgets.building import new_label
from lrcn_desktop.recognition.export.formats import ExportFormat

_INDENT = 25  # pixels: where the box's words begin


class FormatRow(QWidget):
    """Offers one format.

    Attributes:
        format: The format.
        box: Ticked where it is wanted.
    """

    changed = Signal()

    def __init__(self, offered: ExportFormat) -> None:
        super().__init__()
        self.format = offered
        self.box = QCheckBox(QCoreApplication.translate("", offered.title))
        self._readers_words = QCoreApplication.translate("", offered.readers)
        self.box.setAccessibleDescription(self._readers_words)
        self._readers = new_label(self._readers_words, "muted")
        self._readers.setIndent(_INDENT)
        self._file, self._note = QLabel(), QLabel()
        for label in (self._file, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._file.setObjectName("muted")
        self._note.setObjectName("amber")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(1)
        layout.addWidget(self.box, 0, 0)
        layout.addWidget(self._readers, 1, 0)
        layout.addWidget(self._file, 0, 1)
        layout.addWidget(self._note, 1, 1)
        layout.setColumnStretch(0, 1)
        self.box.toggled.connect(self.changed)

    @property
    def wanted(self) -> bool:
        """Whether it is ticked and can be had."""
        return self.box.isEnabled() and self.box.isChecked()

    @property
    def note(self) -> str:
        """What is remarked on the file."""
        return self._note.text()

    def show_file(self, name: str, note: str, *, warns: bool) -> None:
        """Say how the file will be called, and what is to be known of it; "" for nothing.

        Args:
            name: The file's.
            note: In few words.
            warns: Whether the note is a warning.
        """
        self._file.setText(name)
        self._note.setText(note)
        look = "amber" if warns else "muted"
        if self._note.objectName() != look:
            self._note.setObjectName(look)
            self._note.style().polish(self._note)

    def show_missing(self, reason: str) -> None:
        """Say why the format cannot be had; "" where it can."""
        self.box.setEnabled(not reason)
        self._readers.setText(reason or self._readers_words)
        self.box.setAccessibleDescription(self._readers.text())
