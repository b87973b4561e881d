"""The line under the timeline: how many corrections, where they are, and what to do with them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class ReviewStatus(QWidget):
    """Says how the review stands; hidden until there is one."""

    give_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setObjectName("muted")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.give = QPushButton(self.tr("Train on corrections"))
        self.give.setObjectName("small")
        self.give.setToolTip(
            self.tr(
                "Cuts the segments that you set or confirmed out of the video, as clips to train "
                "with, and opens Retrain."
            )
        )
        self.give.clicked.connect(self.give_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.give)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str, *, can_give: bool) -> None:
        """Show `text`; an empty one hides the line."""
        self._label.setText(text)
        self.give.setVisible(can_give)
        self.setVisible(bool(text))
