"""The side's first tab: what is going on, how likely each activity is, and the last seconds."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from lrcn_desktop.app.widgets.bars import BarsView
from lrcn_desktop.app.widgets.building import in_column
from lrcn_desktop.app.widgets.plot import ProbabilityPlot

_PLOT = 150  # pixels of height that the plot needs; with less room, the bars go first
_GAP, _TOP = 8, 4
_ANY = 16777215  # Qt's QWIDGETSIZE_MAX


class NowPanel(QWidget):
    """Holds the bars, what others add, and the plot where there is room for it.

    Attributes:
        bars: What is going on.
        plot: The last seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bars, self.plot = BarsView(), ProbabilityPlot()
        self._added: list[QWidget] = []
        self._plot_wanted = True
        self._column = in_column((self.bars, 1), spacing=_GAP)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._both.setContentsMargins(0, _TOP, 0, 0)
        self._both.setSpacing(_GAP)
        self._both.addLayout(self._column, 3)
        self._both.addWidget(self.plot, 2)

    def add(self, widget: QWidget) -> None:
        """Put something below the bars."""
        self._added.append(widget)
        self._column.addWidget(widget)

    def show_plot(self, wanted: bool) -> None:
        """Show the plot where there is room for it."""
        self._plot_wanted = wanted
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Look what there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Look again when something was added, or shows more classes."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """Put bars and plot side by side where there is more width than height."""
        wide = self.width() > 1.4 * self.height()
        direction = QBoxLayout.Direction
        self._both.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        shown = [each for each in self._added if not each.isHidden()]
        taken = sum(_height(each, self.width()) + _GAP for each in shown)
        room = self.height() - _TOP - self.bars.wanted_height - taken - _GAP
        plot = self._plot_wanted and (wide or room >= _PLOT)
        self.plot.setVisible(plot)
        # Its words wrap, so heights go by width, and a layout forgets the least height of the bars.
        self.plot.setMaximumHeight(_ANY if wide else max(room, 0))
        self.bars.setMinimumHeight(self.bars.wanted_height if plot and not wide else 0)


def _height(widget: QWidget, width: int) -> int:
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    return widget.sizeHint().height()
