"""How the timeline is drawn."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from lrcn_desktop.app.timeline.geometry import COVERED, GUTTER, RULER, TOP, Geometry
from lrcn_desktop.app.timeline.ribbon import Shares, ribbon_image
from lrcn_desktop.app.timeline.rows import Bars, Row
from lrcn_desktop.app.timeline.ruler import precise, tick_step, ticks
from lrcn_desktop.app.widgets.class_colors import class_color, readable
from lrcn_desktop.app.widgets.paint import fill_rounded
from lrcn_desktop.app.widgets.theme import Theme

_FAINTEST = 0.35  # opacity of a bar of no confidence; one of all confidence is opaque
_SHADES = 12  # so many opacities: a brush for each bar would take longer than the bar
_PALE = 0.4  # opacity of the line where something was seen in passing
_ROUND = 6.0  # pixels of a bar from which on its corners are round
_NARROWEST = 1.5  # pixels of a bar, however short it is
_BENEATH = 3.0  # pixels high
_TICKED = 17.0  # pixels of a bar that has room for a tick


def paint_covered(
    painter: QPainter,
    places: Geometry,
    covered: Sequence[tuple[float, float]],
    analyzed: float,
    theme: Theme,
) -> None:
    """Shade the bands where nothing is known, and draw a line where something is.

    The line is strong up to `analyzed` seconds, and pale where something was only seen in passing.
    """
    bands = places.bands
    line = QRectF(GUTTER, RULER, bands.width(), COVERED)
    painter.fillRect(bands, QColor(theme.window))
    painter.fillRect(line, QColor(theme.raised))
    back, strong, pale = QColor(theme.panel), QColor(theme.accent), QColor(theme.accent)
    pale.setAlphaF(_PALE)
    for start, end in covered:
        known = _between(bands, places.x_at(start), places.x_at(end))
        painter.fillRect(known, back)
        known.moveTop(RULER)
        known.setHeight(COVERED)
        painter.fillRect(known, pale)
    if analyzed > 0:
        line = _between(line, places.x_at(0.0), places.x_at(analyzed))
        painter.fillRect(line, strong)


def paint_bands(
    painter: QPainter,
    places: Geometry,
    rows: Sequence[Row],
    theme: Theme,
    message: str,
    ribbons: Mapping[str, Shares],
) -> None:
    """Draw the ruler, and of the bands what is in view; a message where there are none.

    Of the activities in `ribbons`, their probability (N,) at moments from the left to the right
    fills their row as high as it is.
    """
    _paint_ruler(painter, places, theme)
    if not rows:
        painter.setPen(QColor(theme.muted))
        painter.drawText(places.bands, Qt.AlignmentFlag.AlignCenter, message)
        return
    painter.save()
    painter.setClipRect(QRectF(0, TOP, places.width, places.height - TOP))
    for number in places.visible_rows():
        _paint_name(painter, places, number, rows[number], theme)
    painter.setClipRect(places.bands)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in places.visible_rows():
        _paint_row(painter, places, number, rows[number], ribbons.get(rows[number].label))
    painter.restore()
    _paint_scroll(painter, places, theme)


def paint_marks(
    painter: QPainter,
    places: Geometry,
    position: float,
    theme: Theme,
    outlines: Sequence[tuple[int, float, float, bool]],
    loop: tuple[float, float] | None = None,
) -> None:
    """Draw the outlines (row, start, end, whether it is being dragged), a loop, the playhead."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if loop is not None:
        line = QRectF(GUTTER, RULER - 3, places.right - GUTTER, COVERED + 3)
        marked = _between(line, places.x_at(loop[0]), places.x_at(loop[1]))
        painter.fillRect(marked, QColor(theme.amber))
    painter.setClipRect(QRectF(GUTTER - 6, 0, places.right - GUTTER + 12, places.height))
    for row, start, end, dragged in outlines:
        top = places.row_top(row) + 1
        left, right = places.x_at(start), places.x_at(end)
        box = QRectF(left, top, max(right - left, 3.0), places.row_height - 2)
        if dragged:
            fill = QColor(theme.accent)
            fill.setAlphaF(0.25)
            painter.fillRect(box, fill)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent if dragged else theme.text), 1.6))
        if top + places.row_height > TOP:
            painter.drawRoundedRect(box, 4, 4)
    x = places.x_at(position)
    if GUTTER - 1 <= x <= places.right + 1:
        color = QColor(theme.text)
        painter.setPen(QPen(color, 1.5))
        painter.drawLine(QPointF(x, RULER - 2), QPointF(x, places.height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        y = RULER - 9.0
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, y), QPointF(x + 5, y), QPointF(x, RULER - 1)])
        )
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_ruler(painter: QPainter, places: Geometry, theme: Theme) -> None:
    step = tick_step(places.end - places.start, places.right - GUTTER)
    painter.save()
    painter.setFont(_smaller(painter.font(), 0.85))
    faint = QColor(theme.border)
    faint.setAlphaF(0.55)
    for time in ticks(places.start, places.end, step / 5):
        x = places.x_at(time)
        painter.fillRect(QRectF(x, RULER - 4, 1, 4), QColor(theme.border))
    for time in ticks(places.start, places.end, step):
        x = places.x_at(time)
        painter.fillRect(QRectF(x, RULER - 7, 1, 7), QColor(theme.muted))
        painter.fillRect(QRectF(x, TOP, 1, places.height - TOP), faint)
        painter.setPen(QColor(theme.muted))
        text = precise(time, 1 if step < 1 else 0)
        if x + 4 + painter.fontMetrics().horizontalAdvance(text) <= places.width:
            painter.drawText(QPointF(x + 4, RULER - 9), text)
    painter.restore()


def _paint_name(painter: QPainter, places: Geometry, number: int, row: Row, theme: Theme) -> None:
    top, height = places.row_top(number), places.row_height
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(class_color(row.color))
    painter.drawEllipse(QPointF(7, top + height / 2), 3.5, 3.5)
    painter.setPen(QColor(theme.text))
    room = QRectF(17, top, GUTTER - 27, height)
    text = painter.fontMetrics().elidedText(
        readable(row.label), Qt.TextElideMode.ElideRight, int(room.width())
    )
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_row(
    painter: QPainter, places: Geometry, number: int, row: Row, ribbon: Shares | None
) -> None:
    top, height = places.row_top(number) + 2, places.row_height - 4
    if row.beneath.segments:
        _paint_bars(painter, places, row.beneath, row.color, top + height - _BENEATH, _BENEATH)
        height -= _BENEATH + 1
    if ribbon is not None and _paint_ribbon(painter, places, row, ribbon, top, height):
        _paint_ticks(painter, places, row.checked, top + height / 2)
        return
    _paint_bars(painter, places, row.bars, row.color, top, height)
    _paint_ticks(painter, places, row.checked, top + height / 2)


def _paint_ribbon(
    painter: QPainter, places: Geometry, row: Row, ribbon: Shares, top: float, height: float
) -> bool:
    """Draw the probability as a ribbon, strong inside the bars and faint outside.

    Returns:
        Whether it was drawn: not where no probability is known.
    """
    if not np.isfinite(ribbon).any():
        return False
    bands, ratio = places.bands, painter.device().devicePixelRatioF()
    size = round(bands.width() * ratio), round(height * ratio)
    if min(size) < 1:
        return False
    edges, checked = (_edges(places, bars, ratio) for bars in (row.bars, row.checked))
    image = ribbon_image(ribbon, *edges, size, class_color(row.color), ratio, checked)
    painter.drawImage(QPointF(bands.left(), round(top * ratio) / ratio), image)
    return True


def _edges(
    places: Geometry, bars: Bars, ratio: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the starts and ends (B,) of the bars in view, in device pixels from the left."""
    starts, ends, _ = bars.visible(places.start, places.end, places.pixel)
    left = (starts - places.start) / places.pixel * ratio
    right = (ends - places.start) / places.pixel * ratio
    return left, np.maximum(right, left + _NARROWEST * ratio)


def _paint_ticks(painter: QPainter, places: Geometry, checked: Bars, middle: float) -> None:
    """Mark what the user has checked, where there is room."""
    starts, ends, _ = checked.visible(places.start, places.end, places.pixel)
    painter.save()
    painter.setPen(QPen(Qt.GlobalColor.white, 1.6, c=Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        x = max(places.x_at(start), places.bands.left())
        if places.x_at(end) - x >= _TICKED:
            points = [QPointF(x + dx, middle + dy) for dx, dy in ((5, 0), (7.5, 2.5), (12, -2.5))]
            painter.drawPolyline(QPolygonF(points))
    painter.restore()


def _paint_bars(
    painter: QPainter, places: Geometry, bars: Bars, color: int, top: float, height: float
) -> None:
    starts, ends, confidences = bars.visible(places.start, places.end, places.pixel)
    left, right = places.bands.left() - _ROUND, places.bands.right() + _ROUND
    xs = (starts - places.start) / places.pixel + GUTTER
    widths = ((ends - starts) / places.pixel).clip(_NARROWEST)
    shades = (confidences.clip(0.0, 1.0) * (_SHADES - 1)).round().astype(int)
    colors = [class_color(color) for _ in range(_SHADES)]
    for shade, each in enumerate(colors):
        each.setAlphaF(_FAINTEST + (1 - _FAINTEST) * shade / (_SHADES - 1))
    narrow: list[list[QRectF]] = [[] for _ in colors]
    for x, width, shade in zip(xs.tolist(), widths.tolist(), shades.tolist(), strict=True):
        if width < _ROUND:
            narrow[shade].append(QRectF(x, top, width, height))
            continue
        end = min(x + width, right)  # a bar of hours is no wider than the view: Qt would clip it
        x = max(x, left)
        painter.setBrush(colors[shade])
        painter.drawRoundedRect(QRectF(x, top, end - x, height), 3.5, 3.5)
    for shade, rects in enumerate(narrow):
        if rects:
            painter.setBrush(colors[shade])
            painter.drawRects(rects)


def _paint_scroll(painter: QPainter, places: Geometry, theme: Theme) -> None:
    """Draw, at the right, how much of the rows is in view."""
    if not places.most_scroll:
        return
    room = places.height - TOP
    whole = places.rows * places.row_height
    bar = QRectF(places.width - 5, TOP + places.scroll / whole * room, 3, room * room / whole)
    fill_rounded(painter, bar, 1.5, QColor(theme.muted))


def _between(box: QRectF, left: float, right: float) -> QRectF:
    """Return the part of a box from x `left` to `right`."""
    left, right = max(left, box.left()), min(right, box.right())
    return QRectF(left, box.top(), max(right - left, 0.0), box.height())


def _smaller(font: QFont, scale: float) -> QFont:
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * scale)
    return scaled
