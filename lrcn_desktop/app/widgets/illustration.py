"""One picture that explains the program: a source, what is seen in it, and when it happened."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.class_colors import class_color
from lrcn_desktop.app.widgets.icons import pixmap
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

# All lengths are units of a canvas that is scaled to the widget; the words at the right are left
# out where they would be too small to read.
_HEIGHT = 252.0
_BARE, _WORDS = 566.0, 206.0  # widths: of the drawing, and of the words beside it
_READABLE = 0.86  # pixels a unit, below which there are no words
_LARGEST = 1.25
_SCREEN = QRectF(176, 2, 388, 184)
_BANDS = QRectF(176, 196, 388, 54)
_NOW = 0.73  # the playhead, as a share of the timeline's width
_BARS = ((1, 0.86), (0, 0.32), (4, 0.14))  # class, probability
_SEGMENTS = (  # row, from, to, class
    (0, 0.03, 0.22, 0),
    (1, 0.25, 0.46, 4),
    (0, 0.49, 0.60, 0),
    (2, 0.63, _NOW, 1),
)
_INK, _PALE, _SHADE = QColor("#F4F6FA"), QColor("#AEB7C6"), QColor(13, 16, 22, 205)


class Illustration(QWidget):
    """Drawn in the theme's colors, as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setMaximumHeight(round(_HEIGHT * _LARGEST))
        self.setAccessibleName(
            self.tr(
                "A video, a camera or a stream goes in. The picture shows what is seen, live, and "
                "how sure that is. The timeline below shows what happened when."
            )
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the drawing would like."""
        return QSize(round(_BARE + _WORDS), round(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the drawing in the middle."""
        painter = smooth_painter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = _BARE + _WORDS
        scale = min(self.width() / width, self.height() / _HEIGHT, _LARGEST)
        with_words = scale >= _READABLE
        if not with_words:
            width = _BARE
            scale = min(self.width() / width, self.height() / _HEIGHT, _LARGEST)
        painter.translate((self.width() - width * scale) / 2, (self.height() - _HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        self._paint_sources(painter)
        self._paint_screen(painter)
        self._paint_timeline(painter)
        if with_words:
            self._paint_words(painter)
        painter.end()

    def _paint_sources(self, painter: QPainter) -> None:
        theme = current_theme()
        for place, (name, words) in enumerate(
            (
                ("video", self.tr("Video")),
                ("camera", self.tr("Camera")),
                ("stream", self.tr("Stream")),
            )
        ):
            card = QRectF(1, 10 + 58 * place, 122, 48)  # not drawn: no buttons
            drawn = pixmap(name, theme.muted)
            painter.drawPixmap(QRectF(14, card.top() + 12, 24, 24), drawn, QRectF(drawn.rect()))
            painter.setPen(QColor(theme.text))
            painter.setFont(self._font(14))
            painter.drawText(card.adjusted(47, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, words)
        pen = QPen(QColor(theme.muted), 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QLineF(134, 92, 163, 92))
        painter.drawPolyline([QPointF(156, 85), QPointF(163, 92), QPointF(156, 99)])

    def _paint_screen(self, painter: QPainter) -> None:
        path = QPainterPath()
        path.addRoundedRect(_SCREEN, 12, 12)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(_SCREEN, QColor("#31415C"))
        floor = QRectF(_SCREEN)
        floor.setTop(_SCREEN.bottom() - 40)
        painter.fillRect(floor, QColor("#253248"))
        self._paint_figure(painter)
        painter.restore()
        panel = QRectF(_SCREEN.left() + 14, _SCREEN.top() + 14, 168, 118)
        fill_rounded(painter, panel, 10, _SHADE)
        painter.setPen(_INK)
        painter.setFont(self._font(17, bold=True))
        painter.drawText(
            panel.adjusted(14, 10, -8, 0), Qt.AlignmentFlag.AlignTop, self.tr("Waving")
        )
        for place, (number, share) in enumerate(_BARS):
            line = QRectF(panel.left() + 14, panel.top() + 48 + 22 * place, 140, 10)
            fill_rounded(painter, line, 5, QColor(255, 255, 255, 34))
            line.setWidth(line.width() * share)
            painter.setBrush(class_color(number))
            painter.drawRoundedRect(line, 5, 5)

    def _paint_figure(self, painter: QPainter) -> None:
        """Draw somebody who waves."""
        pen = QPen(_INK, 9)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for limb in (
            ((470, 84), (470, 124)),  # trunk
            ((470, 124), (458, 146), (456, 170)),
            ((470, 124), (482, 146), (486, 170)),
            ((470, 86), (450, 104), (446, 124)),
            ((470, 86), (496, 80), (506, 52)),  # the arm that waves
        ):
            painter.drawPolyline([QPointF(x, y) for x, y in limb])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_INK)
        painter.drawEllipse(QPointF(470, 60), 12, 12)
        pen = QPen(_PALE, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for size in (14, 26):  # the motion of the hand
            motion = QRectF(508 - size, 48 - size, 2 * size, 2 * size)
            painter.drawArc(motion, -20 * 16, 80 * 16)

    def _paint_timeline(self, painter: QPainter) -> None:
        theme = current_theme()
        fill_rounded(painter, _BANDS, 9, QColor(theme.window), QPen(QColor(theme.border), 1.4))
        room = _BANDS.adjusted(8, 7, -8, -7)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, begin, end, number in _SEGMENTS:
            band = QRectF(room.left() + begin * room.width(), room.top() + 14 * row, 0, 11)
            band.setWidth((end - begin) * room.width())
            painter.setBrush(class_color(number))
            painter.drawRoundedRect(band, 4, 4)
        painter.setPen(QPen(QColor(theme.accent), 2.4))
        now = room.left() + _NOW * room.width()
        painter.drawLine(QLineF(now, _BANDS.top() - 5, now, _BANDS.bottom() + 1))

    def _paint_words(self, painter: QPainter) -> None:
        left = _BARE + 26
        for top, height, title, words in (
            (24, 96, self.tr("What it sees"), self.tr("live, and how sure it is")),
            (196, 54, self.tr("What happened when"), self.tr("to review and export")),
        ):
            middle = top + height / 2
            painter.setPen(QPen(QColor(current_theme().border), 1.6))
            painter.drawLine(QLineF(_BARE + 4, middle, left - 6, middle))
            painter.setPen(QColor(current_theme().text))
            painter.setFont(self._font(14, bold=True))
            width = _WORDS - 26
            bottom = QRectF(left, middle - 22, width, 20)
            painter.drawText(bottom, Qt.AlignmentFlag.AlignVCenter, title)
            painter.setPen(QColor(current_theme().muted))
            painter.setFont(self._font(13))
            painter.drawText(QRectF(left, middle, width, 20), Qt.AlignmentFlag.AlignVCenter, words)

    def _font(self, size: int, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font
