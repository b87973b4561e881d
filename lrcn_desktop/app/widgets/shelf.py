"""The foot of the window: what happened when, and the last seconds, side by side."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

_WIDE = 55  # heights of the font: with less width there is no room for two
_ANY_HEIGHT = (1 << 24) - 1  # Qt's QWIDGETSIZE_MAX


class Shelf(QWidget):
    """Holds widgets side by side where there is width for it, else one below the other.

    It takes no room while none of them is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._held: list[QWidget] = []

    def add(self, widget: QWidget, stretch: int) -> None:
        """Put a widget last; widths go by the stretches."""
        self._row.addWidget(widget, stretch)
        self._held.append(widget)
        widget.installEventFilter(self)
        self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look again when a widget is shown or hidden."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._make_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Turn the row into a column where the window is narrow, and back."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE * self.fontMetrics().height()
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _make_room(self) -> None:
        shown = any(not widget.isHidden() for widget in self._held)
        self.setMaximumHeight(_ANY_HEIGHT if shown else 0)
