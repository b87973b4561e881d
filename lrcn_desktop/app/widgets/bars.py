"""What is seen, and the live class probabilities as labeled bars in fixed places."""

import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.bar_parts import BarRow, Colors, Text, View
from lrcn_desktop.app.widgets.bar_slots import BarSlots
from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

UNIT_FONT = 14  # pixels: the font's height at which the lengths below are pixels
PAD = 16
HEAD = 66  # height of the headline and the line below it
ROW, LEAST_ROW = 36, 28  # a row, where there is room and where there is not
FOOT = 8
_MANY = 9  # rows that there should be room for
_NAME, _SHARE = 20, 48  # height of a row's line, width of its percentage
_HEADLINE, _DETAIL = 1.6, 0.92  # sizes, of the font's

TEXT = Qt.AlignmentFlag.AlignVCenter


class BarsView(QWidget):
    """A headline, a line below it, and the classes with their bars.

    Attributes:
        size_factor: How many times as large as the system's font asks for it is drawn.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Class probabilities"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.size_factor = 1.0
        self._view: View | None = None
        self._message = ""
        self._slots: BarSlots | None = None
        self._moved = time.monotonic()

    @property
    def headline(self) -> str:
        """What is going on, as it is shown."""
        if self._view is None:
            return self._message
        shown = self._view.shown
        if shown.label is None:
            return self.tr("Unknown")
        name = readable(shown.label)
        return name if shown.sure else self.tr("Probably {0}").format(name[:1].lower() + name[1:])

    @property
    def detail(self) -> str:
        """The line under the headline."""
        return "" if self._view is None else self._view.detail

    def show_message(self, message: str) -> None:
        """Show a sentence instead of bars: no model yet, nothing recognized yet."""
        if self._view is not None or message != self._message:
            self._view, self._message, self._slots = None, message, None
            self.setAccessibleDescription(message)
            self.updateGeometry()
            self.update()

    def show_view(self, view: View, seconds: float | None = None) -> None:
        """Move the bars towards a view; call on each tick, as it also animates.

        Args:
            view: What is to be shown.
            seconds: That have passed since the last call; None: by the clock.
        """
        now = time.monotonic()
        elapsed, self._moved = now - self._moved if seconds is None else seconds, now
        before, self._view = self._view, view
        if self._slots is None or before is None or before.classes != view.classes:
            self._slots = BarSlots(len(view.classes), self._places(len(view.classes)))
            self.updateGeometry()
        fresh = before is None or view != before
        if self._slots.advance(view.prediction.probabilities, elapsed) or fresh:
            self.update()
        if fresh:
            share = 100 * view.prediction.confidence
            self.setAccessibleDescription(f"{self.headline} {share:.0f} %")

    def texts(self) -> list[Text]:
        """Return every text as it is drawn now, in units (see `unit`)."""
        width, height = self.width() / self.unit, self.height() / self.unit
        inner = width - 2 * PAD
        if self._view is None:
            return [self._text(self._message, QRectF(PAD, 0, inner, height), 1.0, strong=True)]
        known = self._view.shown.label is not None
        headline = QRectF(PAD, 9, inner, 32)
        found = [
            self._text(self.headline, headline, _HEADLINE, bold=True, strong=known),
            self._text(self._view.detail, QRectF(PAD, 42, inner, 18), _DETAIL),
        ]
        for row in self._rows():
            line = QRectF(PAD, row.top, inner - _SHARE - 4, _NAME)
            share = QRectF(width - PAD - _SHARE, row.top, _SHARE, _NAME)
            strong, fade = row.leads, row.opacity
            found.append(self._text(row.name, line, 1.0, bold=strong, strong=strong, opacity=fade))
            figure = f"{100 * row.value:.0f} %"
            found.append(
                self._text(figure, share, 1.0, bold=strong, strong=strong, right=True, opacity=fade)
            )
        return found

    @property
    def shows_bars(self) -> bool:
        """Whether there are bars, and not a message."""
        return self._view is not None

    @property
    def scored(self) -> bool:
        """Whether there is a bar for how known it is."""
        return self._view is not None and self._view.scored and self._view.with_score

    @property
    def unit(self) -> float:
        """The pixels of one unit of the lengths above."""
        return self.size_factor * self.fontMetrics().height() / UNIT_FONT

    @property
    def wanted_height(self) -> int:
        """The pixels that all classes need, or the first of very many."""
        rows = 4 if self._view is None else len(self._view.classes) + self.scored
        return round((HEAD + min(rows, _MANY) * LEAST_ROW + FOOT) * self.unit)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for all classes."""
        return QSize(round(300 * self.unit), self.wanted_height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the room for the headline and three classes."""
        return QSize(round(190 * self.unit), round((HEAD + 3 * LEAST_ROW + FOOT) * self.unit))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Have as many places as there is room for."""
        super().resizeEvent(event)
        if self._slots is not None:
            places = self._places(len(self._slots.values))
            if places != len(self._slots.slots):
                self._slots.set_places(places)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the texts and the bars."""
        painter = smooth_painter(self)
        self.paint_back(painter)
        painter.scale(self.unit, self.unit)
        colors = self.colors()
        if self._view is not None:
            for row in self._rows():
                self._paint_bar(painter, row, colors)
        for text in self.texts():
            painter.setOpacity(text.opacity)
            painter.setFont(text.font)
            painter.setPen(colors.text if text.strong else colors.muted)
            side = Qt.AlignmentFlag.AlignRight if text.right else Qt.AlignmentFlag.AlignLeft
            flags = TEXT | side
            if self._view is None:
                flags |= Qt.TextFlag.TextWordWrap
            painter.drawText(text.room, int(flags), text.text)
        painter.end()

    def paint_back(self, painter: QPainter) -> None:
        """Paint what is behind the bars: nothing, on a card."""

    def colors(self) -> Colors:
        """Return the colors of the theme."""
        theme = current_theme()
        muted, tick = QColor(theme.muted), QColor(theme.text)
        return Colors(QColor(theme.text), muted, QColor(theme.raised), tick)

    def most_places(self) -> int:
        """Return how many classes may have a bar, however much room there is."""
        return 99

    def _places(self, classes: int) -> int:
        room = int((self.height() / self.unit - HEAD - FOOT) / LEAST_ROW) - self.scored
        return max(0, min(room, self.most_places(), classes))

    def _rows(self) -> list[BarRow]:
        """Return the bars: how known it is, where the model has a score for that, and classes."""
        view, slots = self._view, self._slots
        assert view is not None
        assert slots is not None
        rows = []
        top, count = float(HEAD), len(slots.slots) + self.scored
        room = self.height() / self.unit - HEAD - FOOT
        height = min(ROW, max(LEAST_ROW, room / max(count, 1)))
        if self.scored and self._room_for_score():
            name, value = self.tr("Known activity"), view.prediction.known
            tick = view.threshold
            rows.append(BarRow(name, value, top, None, tick=tick))
            top += height
        for slot in slots.slots:
            label = view.classes[slot.index]
            leads = label == view.shown.label
            rows.append(
                BarRow(
                    readable(label),
                    float(slots.values[slot.index]),
                    top,
                    color_of(label, view.classes),
                    leads=leads and view.shown.sure,
                    tick=None if view.scored else view.threshold,
                    faint=view.shown.label is None,
                    opacity=max(slot.opacity, 0.0),
                )
            )
            top += height
        return rows

    def _room_for_score(self) -> bool:
        return self.height() / self.unit >= HEAD + LEAST_ROW + FOOT

    def _paint_bar(self, painter: QPainter, row: BarRow, colors: Colors) -> None:
        inner = self.width() / self.unit - 2 * PAD
        thick = 8.0 if row.leads else 6.0
        bar = QRectF(PAD, row.top + 24 - thick / 2, inner, thick)
        painter.setOpacity(row.opacity)
        fill_rounded(painter, bar, thick / 2, colors.track)
        fill = QColor(colors.muted if row.color is None else row.color)
        fill.setAlphaF(1.0 if row.leads or row.color is None else 0.5 if row.faint else 0.8)
        painter.setBrush(fill)
        filled = QRectF(bar)
        filled.setWidth(inner * min(max(row.value, 0.0), 1.0))
        if filled.width() >= 1.0:
            painter.drawRoundedRect(filled, min(thick, filled.width()) / 2, thick / 2)
        if row.tick is not None:
            x = PAD + inner * row.tick
            painter.fillRect(QRectF(x - 0.75, bar.center().y() - 6, 1.5, 12), colors.tick)

    def _text(
        self,
        whole: str,
        room: QRectF,
        scale: float,
        *,
        bold: bool = False,
        strong: bool = False,
        right: bool = False,
        opacity: float = 1.0,
    ) -> Text:
        font = self._font(scale, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        metrics = QFontMetricsF(font)
        if scale in (_HEADLINE, _DETAIL) and metrics.horizontalAdvance(whole) > room.width():
            smaller = max(room.width() / metrics.horizontalAdvance(whole), 0.72)
            font = self._font(scale * smaller, font.weight())
            metrics = QFontMetricsF(font)
        text = whole
        if self._view is not None:
            text = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, room.width())
        return Text(text, whole, room, font, strong, right, opacity)

    def _font(self, scale: float, weight: QFont.Weight) -> QFont:
        font = QFont(self.font())
        points = self.font().pointSizeF() * scale * UNIT_FONT / self.fontMetrics().height()
        font.setPointSizeF(points)
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: they do not jitter
        return font
