"""Classes as chips: each a name with its color, in as many lines as they need."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.paint import fill_rounded, smooth_painter
from lrcn_desktop.app.widgets.theme import current_theme

_GAP, _PAD, _DOT = 6, 9, 8


class Chips(QWidget):
    """Shows a model's classes in the colors that they have everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Activities"))

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show `classes`, in the order of the probabilities."""
        self._classes = classes
        self.setAccessibleDescription(", ".join(map(readable, classes)))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of all lines."""
        places = self._places(width)
        return round(places[-1].bottom()) + 2 if places else 0

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room that the chips would like."""
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least room: one chip a line, cut where it must be."""
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the chips, a dot of the class's color in each."""
        painter = smooth_painter(self)
        for index, place in enumerate(self._places(self.width())):
            fill_rounded(
                painter,
                place,
                place.height() / 2,
                QColor(current_theme().panel),
                QPen(QColor(current_theme().border), 1),
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color_of(self._classes[index], self._classes))
            middle = place.center().y()
            painter.drawEllipse(QRectF(place.x() + _PAD, middle - _DOT / 2, _DOT, _DOT))
            painter.setPen(QColor(current_theme().text))
            room = place.adjusted(_PAD + _DOT + 6, 0, -_PAD + 2, 0)
            text = painter.fontMetrics().elidedText(
                readable(self._classes[index]), Qt.TextElideMode.ElideRight, round(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _places(self, width: int) -> list[QRectF]:
        metrics = self.fontMetrics()
        height = metrics.height() + 10.0
        places: list[QRectF] = []
        x = y = 1.0
        for label in self._classes:
            wide = metrics.horizontalAdvance(readable(label)) + 2 * _PAD + _DOT + 8.0
            wide = min(wide, width - 2.0)
            if x > 1.0 and x + wide > width - 1:
                x, y = 1.0, y + height + _GAP
            places.append(QRectF(x, y, wide, height))
            x += wide + _GAP
        return places
