"""Groups of bars, painted: names at the left, a bar each, its figure behind it."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.bench.groups import Bar, Group
from lrcn_desktop.app.widgets.paint import smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

_GAP, _BETWEEN = 12, 18  # pixels between name, bar and figure; between groups
_SHORTEST = 120  # pixels that the longest bar has at least


class BarChart(QWidget):
    """Draws groups of bars; in each, the longest bar takes the whole width."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[Group] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("Measured"))

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Draw these in place of what was drawn."""
        self._groups = groups
        lines = [f"{g.title}: " + "; ".join(f"{b.name} {b.text}" for b in g.bars) for g in groups]
        self.setAccessibleDescription("\n".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return what the names, the figures and a bar between them need."""
        names, figures = self._widths()
        rows = sum(1 + len(group.bars) for group in self._groups)
        height = rows * self._row() + len(self._groups) * _BETWEEN
        return QSize(names + _SHORTEST + figures + 2 * _GAP, height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same: a cut figure is worth nothing."""
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        """Draw the groups from top to bottom."""
        painter = smooth_painter(self)
        names, top = self._widths()[0], 0.0
        for group in self._groups:
            painter.setFont(self._title_font())
            painter.setPen(QColor(current_theme().text))
            line = QRectF(0, top, self.width(), self._row())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, group.title)
            painter.setFont(self.font())
            longest = max((bar.value for bar in group.bars), default=0.0)
            most = self.width() - names - self._widest(bar.text for bar in group.bars) - 2 * _GAP
            for place, bar in enumerate(group.bars, 1):
                line.moveTop(top + place * self._row())
                length = most * bar.value / longest if longest else 0.0
                self._draw_bar(painter, line, names, length, bar)
            top += (1 + len(group.bars)) * self._row() + _BETWEEN

    def _draw_bar(
        self, painter: QPainter, line: QRectF, names: int, length: float, bar: Bar
    ) -> None:
        theme, middle = current_theme(), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.text if bar.ours else theme.muted))
        painter.drawText(line, middle, bar.name)
        start = names + _GAP
        painter.drawText(line.adjusted(start + length + _GAP, 0, 0, 0), middle, bar.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent if bar.ours else theme.border))
        shape = QRectF(start, line.top() + 4, max(length, 2.0), line.height() - 8)
        painter.drawRoundedRect(shape, 3, 3)

    def _widths(self) -> tuple[int, int]:
        """Return the pixels of the longest name and of the longest figure."""
        bars = [bar for group in self._groups for bar in group.bars]
        names, figures = self._widest(b.name for b in bars), self._widest(b.text for b in bars)
        title = QFontMetrics(self._title_font())
        widest = max((title.horizontalAdvance(group.title) for group in self._groups), default=0)
        return names, max(figures, widest - names - _SHORTEST - 2 * _GAP)

    def _widest(self, texts: Iterable[str]) -> int:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(text) for text in texts), default=0)

    def _title_font(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _row(self) -> int:
        return self.fontMetrics().height() + 12
