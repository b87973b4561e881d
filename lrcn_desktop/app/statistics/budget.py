"""The time budget as one bar: what share of the time each activity takes."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.class_colors import color_of
from lrcn_desktop.app.widgets.paint import smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.recognition.statistics import Statistics

_HEIGHT = 18  # pixels


class BudgetBar(QWidget):
    """Shows each activity's share in its color; the rest is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Time budget"))
        self._found: Statistics | None = None
        self._classes: tuple[str, ...] = ()

    def show_statistics(self, found: Statistics, classes: tuple[str, ...]) -> None:
        """Show other statistics."""
        self._found, self._classes = found, classes
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the bar."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the shares side by side."""
        painter = smooth_painter(self)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), QColor(current_theme().raised))
        painter.setPen(Qt.PenStyle.NoPen)
        x = 0.0
        activities = self._found.activities if self._found is not None else ()
        total = max(sum(each.share for each in activities), 1.0)  # by hand, they may overlap
        for each in activities:
            width = self.width() * each.share / total
            color = color_of(each.label, self._classes)
            painter.fillRect(QRectF(x, 0, max(width - 1.0, 0.5), self.height()), color)
            x += width
        painter.end()
