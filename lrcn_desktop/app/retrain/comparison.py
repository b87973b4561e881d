"""A model's figures beside those of others, as bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.retrain.words import share
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.model.claims import interval_text

_HEAD, _ROW, _GAP, _THICK = 26, 24, 16, 9
_FIGURE = 64  # width of "100.0 %"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of each model that is compared.

    Attributes:
        title: What it is.
        values: A share, 0..1, or None, of each model.
        intervals: The 95 % interval of each, None where it is not known; (): of none.
    """

    title: str
    values: tuple[float | None, ...]
    intervals: tuple[tuple[float, float] | None, ...] = ()

    def texts(self) -> list[str]:
        """Return each value with its interval."""
        bounds = self.intervals or (None,) * len(self.values)
        return [
            f"{share(value)}{interval_text(interval)}"
            for value, interval in zip(self.values, bounds, strict=True)
        ]


class Comparison(QWidget):
    """A group of bars for each figure, a bar for each model."""

    def __init__(self) -> None:
        super().__init__()
        self._models: tuple[str, ...] = ()
        self._figures: tuple[Figure, ...] = ()
        self.setAccessibleName(self.tr("Figures of the models"))

    def show_figures(self, models: Sequence[str], figures: Sequence[Figure]) -> None:
        """Show the figures of up to three `models`, the new one first."""
        self._models, self._figures = tuple(models), tuple(figures)
        self.setAccessibleDescription(
            "; ".join(
                f"{figure.title}: "
                + ", ".join(
                    f"{model} {text}" for model, text in zip(models, figure.texts(), strict=True)
                )
                for figure in figures
            )
        )
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room that all bars need."""
        group = _HEAD + len(self._models) * _ROW + _GAP
        return QSize(420, max(1, len(self._figures)) * group - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the groups from the top."""
        painter = smooth_painter(self)
        top = 0.0
        for figure in self._figures:
            painter.setFont(self._font(bold=True))
            painter.setPen(QColor(current_theme().text))
            line = QRectF(0, top, self.width(), _HEAD - 4)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, figure.title)
            top += _HEAD
            bounds = figure.intervals or (None,) * len(figure.values)
            for place, (value, interval) in enumerate(zip(figure.values, bounds, strict=True)):
                self._paint_bar(painter, top, place, value)
                if interval is not None:
                    self._paint_interval(painter, top, interval)
                top += _ROW
            top += _GAP
        painter.end()

    def _paint_bar(self, painter: QPainter, top: float, place: int, value: float | None) -> None:
        theme, first = current_theme(), place == 0
        names = self._names
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._font(bold=first))
        painter.setPen(QColor(theme.text if first else theme.muted))
        name = painter.fontMetrics().elidedText(
            self._models[place], Qt.TextElideMode.ElideRight, names - 12
        )
        painter.drawText(QRectF(0, top, names, _ROW), middle, name)
        room = QRectF(self.width() - _FIGURE, top, _FIGURE, _ROW)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, share(value))
        bar = self._bar(top)
        fill_rounded(painter, bar, _THICK / 2, QColor(theme.raised))
        if value:
            painter.setBrush(QColor((theme.accent, theme.muted, theme.amber)[place]))
            bar.setWidth(max(_THICK, bar.width() * min(1.0, value)))
            painter.drawRoundedRect(bar, _THICK / 2, _THICK / 2)

    def _paint_interval(self, painter: QPainter, top: float, interval: tuple[float, float]) -> None:
        """Paint a thin line from the lowest to the highest value, with ends."""
        bar = self._bar(top)
        left, right = (bar.x() + bar.width() * bound for bound in interval)
        middle, end = bar.center().y(), _THICK / 2
        painter.setPen(QPen(QColor(current_theme().text), 1.5))
        painter.drawLine(QLineF(left, middle, right, middle))
        for x in (left, right):
            painter.drawLine(QLineF(x, middle - end, x, middle + end))

    @property
    def _names(self) -> int:
        """How wide the models' names are."""
        return min(190, round(self.width() * 0.4))

    def _bar(self, top: float) -> QRectF:
        """Return where the bar of the row at `top` lies, of the value 1."""
        width = self.width() - self._names - _FIGURE - 6
        return QRectF(self._names, top + (_ROW - _THICK) / 2, width, _THICK)

    def _font(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setBold(bold)
        return font
