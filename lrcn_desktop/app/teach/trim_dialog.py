"""Choosing the part of an example that is kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

_LEAST = 0.4  # seconds that stay


class TrimDialog(QDialog):
    """Asks for a start and an end, with the frames that are there."""

    trimmed = Signal(float, float)  # seconds

    def __init__(self, frames: list[QImage], seconds: float, parent: QWidget) -> None:
        """Ask for a part of an example of so many seconds, some of whose frames are given."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Trim example"))
        self._frames, self._seconds = frames, seconds
        self.start, self.end = QDoubleSpinBox(), QDoubleSpinBox()
        self._pictures = (QLabel(), QLabel())
        pictures = QHBoxLayout()
        for label in self._pictures:
            pictures.addWidget(label)
        for box, value in ((self.start, 0.0), (self.end, seconds)):
            box.setDecimals(1)
            box.setSingleStep(0.1)
            box.setRange(0.0, seconds)
            box.setSuffix(self.tr(" s"))
            box.setValue(value)
            box.valueChanged.connect(self._show)
        form = QFormLayout()
        form.addRow(self.tr("Keep from"), self.start)
        form.addRow(self.tr("to"), self.end)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(pictures)
        layout.addLayout(form)
        layout.addWidget(self._buttons)
        self._show()

    def _show(self) -> None:
        for label, box in zip(self._pictures, (self.start, self.end), strict=True):
            if self._frames:
                place = box.value() / max(self._seconds, 1e-3) * (len(self._frames) - 1)
                label.setPixmap(QPixmap.fromImage(self._frames[round(place)]))
        enough = self.end.value() - self.start.value() >= _LEAST
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(enough)

    def _accept(self) -> None:
        self.trimmed.emit(self.start.value(), self.end.value())
        self.accept()
