"""The confusion matrix: what was recognized as what."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.training_events import Matrix

_LARGEST_CELL = 60
_READABLE_CELL = 19  # smaller cells have no figures
_ROUNDED_CELL = 14  # smaller cells are plain squares without gaps: a hundred rows draw fast
_NAMED_CELL = 14  # smaller rows have no names
_CAPTION = 24


class ConfusionMatrix(QWidget):
    """Rows are the truth, columns what was recognized; right ones in blue, mistakes in red.

    Attributes:
        matrix: The matrix on show, empty before the first.
    """

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.matrix: Matrix = ()
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setMinimumSize(240, 200)

    def show_matrix(self, classes: Sequence[str], matrix: Matrix | None) -> None:
        """Show a matrix of clips or of steps; None clears it."""
        matrix = matrix or ()
        fitting = len(classes) == len(matrix)
        names = tuple(map(readable, classes)) if fitting else ("",) * len(matrix)
        if (names, matrix) == (self._names, self.matrix):
            return
        self._names, self.matrix = names, matrix
        right, clips = sum(row[i] for i, row in enumerate(matrix)), sum(map(sum, matrix))
        self.setAccessibleDescription(self.tr("{0} of {1} right").format(right, clips))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the matrix would like."""
        return QSize(400, 330)

    def event(self, event: QEvent) -> bool:
        """Tell a cell's meaning where the pointer rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._told(event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the caption, the names and the cells."""
        painter = smooth_painter(self)
        if self.matrix:
            self._paint_captions(painter)
            if self._grid().width() / len(self.matrix) < _ROUNDED_CELL:
                painter.fillRect(self._grid(), QColor(current_theme().raised))
            for row in range(len(self.matrix)):
                self._paint_row(painter, row)
        painter.end()

    def _grid(self) -> QRectF:
        """Return where the cells lie."""
        count = len(self.matrix)
        metrics = self.fontMetrics()
        wish = max((metrics.horizontalAdvance(n) for n in self._names), default=0) + 38
        names = min(wish, round(self.width() * 0.42))
        top = 2 * _CAPTION
        side = min((self.width() - names) / count, (self.height() - top) / count, _LARGEST_CELL)
        if side < _NAMED_CELL:
            names = 0
            side = min(self.width() / count, (self.height() - top) / count)
        return QRectF(names, top, side * count, side * count)

    def _paint_captions(self, painter: QPainter) -> None:
        grid, count = self._grid(), len(self.matrix)
        side = grid.width() / count
        painter.setPen(QColor(current_theme().muted))
        line = QRectF(0, 0, self.width(), _CAPTION)
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            self.tr("Rows: actual activity. Columns: predicted activity."),
        )
        if side >= _READABLE_CELL:
            for column in range(count):
                place = QRectF(grid.x() + column * side, _CAPTION, side, _CAPTION)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(column + 1))

    def _paint_row(self, painter: QPainter, row: int) -> None:
        grid, counts = self._grid(), self.matrix[row]
        side, clips = grid.width() / len(counts), max(1, sum(counts))
        top = grid.y() + row * side
        if grid.x() > 0:
            self._paint_name(painter, row, QRectF(0, top, grid.x() - 8, side))
        for column, count in enumerate(counts):
            if not count and side < _ROUNDED_CELL:
                continue
            cell = QRectF(grid.x() + column * side, top, side, side)
            if side >= _ROUNDED_CELL:
                self._fill(painter, cell, QColor(current_theme().raised))
            if count:
                color = QColor(current_theme().accent if column == row else current_theme().danger)
                color.setAlphaF(0.18 + 0.82 * count / clips)
                self._fill(painter, cell, color)
            if count and side >= _READABLE_CELL:
                self._paint_count(painter, cell, count, count / clips)

    def _paint_count(self, painter: QPainter, cell: QRectF, count: int, share: float) -> None:
        if painter.fontMetrics().horizontalAdvance(str(count)) < cell.width() - 4:
            theme = current_theme()
            painter.setPen(QColor(theme.on_accent if share > 0.45 else theme.text))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))

    def _fill(self, painter: QPainter, cell: QRectF, color: QColor) -> None:
        if cell.width() < _ROUNDED_CELL:
            painter.fillRect(cell, color)
            return
        fill_rounded(painter, cell.adjusted(1, 1, -1, -1), 4, color)

    def _paint_name(self, painter: QPainter, row: int, place: QRectF) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        number = QRectF(place.x(), place.y(), 20, place.height())
        painter.setPen(QColor(current_theme().muted))
        painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, str(row + 1))
        painter.setPen(QColor(current_theme().text))
        place.setLeft(28)
        name = painter.fontMetrics().elidedText(
            self._names[row], Qt.TextElideMode.ElideRight, round(place.width())
        )
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, name)

    def _told(self, place: QPoint) -> str:
        if not self.matrix:
            return ""
        grid, count = self._grid(), len(self.matrix)
        side = grid.width() / count
        row, column = int((place.y() - grid.y()) // side), int((place.x() - grid.x()) // side)
        if not (0 <= row < count and 0 <= column < count):
            return ""
        return self.tr("{0}, predicted as {1}: {2} of {3}").format(
            self._names[row], self._names[column], self.matrix[row][column], sum(self.matrix[row])
        )
