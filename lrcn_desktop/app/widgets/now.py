"""The side's first tab: what is going on, how likely each activity is, and the last seconds."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from lrcn_desktop.app.widgets.bars import BarsView
from lrcn_desktop.app.widgets.plot import ProbabilityPlot


class NowPanel(QWidget):
    """Holds the bars and the plot.

    Attributes:
        bars: What is going on.
        plot: The last seconds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars, self.plot = BarsView(), ProbabilityPlot()
        self._column = QVBoxLayout()
        self._column.addWidget(self.bars, 1)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._both.setContentsMargins(0, 4, 0, 0)
        self._both.setSpacing(8)
        self._both.addLayout(self._column, 3)
        self._both.addWidget(self.plot, 1)

    def add(self, widget: QWidget) -> None:
        """Put something below the bars."""
        self._column.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put both side by side where there is more width than height."""
        super().resizeEvent(event)
        wide = self.width() > 1.4 * self.height()
        direction = QBoxLayout.Direction
        self._both.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._both.setStretch(1, 3 if wide else 1)
