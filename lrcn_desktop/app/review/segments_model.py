"""The segments as a table: an order that can be chosen, and small pictures."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from lrcn_desktop.app.timeline.ruler import precise
from lrcn_desktop.app.timeline.words import describe
from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.words import tr
from lrcn_desktop.recognition.segments import Segment

Index = QModelIndex | QPersistentModelIndex
ACTIVITY, START, LENGTH, SURE, CHECKED = range(5)
PICTURE = QSize(64, 40)
_STRIPE = 5  # pixels
_MIDDLE = 0.5  # of a segment: where its picture is from


class SegmentsModel(QAbstractTableModel):
    """Holds segments in the order that was chosen.

    Attributes:
        segments: They, in that order.
    """

    def __init__(self, picture: Callable[[float], QImage | None]) -> None:
        """Take small pictures from `picture`, by their time in seconds."""
        super().__init__()
        self._picture = picture
        self._all: tuple[Segment, ...] = ()
        self._checked: frozenset[Segment] = frozenset()
        self._classes: tuple[str, ...] = ()
        self._column, self._descending = START, False
        self._least_sure = False
        self.segments: list[Segment] = []

    @property
    def names(self) -> list[str]:
        """The activities that are shown, as the user reads them."""
        return [readable(label) for label in {segment.label for segment in self._all}]

    def show(
        self, segments: Sequence[Segment], checked: Collection[Segment], classes: Sequence[str]
    ) -> None:
        """Show other segments, or others as checked."""
        new = (tuple(segments), frozenset(checked), tuple(classes))
        if new != (self._all, self._checked, self._classes):
            self._all, self._checked, self._classes = new
            self._arrange()

    def show_least_sure(self, wanted: bool) -> None:
        """Show only what nobody has checked, the least sure first."""
        self._least_sure = wanted
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column."""
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def repaint_pictures(self) -> None:
        """Show the pictures that have arrived."""
        if self.segments:
            first, last = self.index(0, 0), self.index(len(self.segments) - 1, 0)
            self.dataChanged.emit(first, last, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many segments are shown."""
        return 0 if parent.isValid() else len(self.segments)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return the number of columns."""
        return 0 if parent.isValid() else 5

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - as Qt has it
        """Return a column's title."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Activity"), tr("Start"), tr("Length"), tr("Sure"), "✓")[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a cell's text, picture, or what a screen reader says of it."""
        segment, column = self.segments[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(segment, column)
        if role == Qt.ItemDataRole.DecorationRole and column == ACTIVITY:
            image = self._picture(segment.start + _MIDDLE * (segment.end - segment.start))
            return _picture(image, color_of(segment.label, self._classes))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return describe(segment, checked=segment in self._checked)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (START, LENGTH, SURE):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, segment: Segment, column: int) -> str:
        if column == ACTIVITY:
            return readable(segment.label)
        if column == START:
            return precise(segment.start, 1)
        if column == LENGTH:
            return f"{segment.end - segment.start:.1f} s"
        if column == SURE:
            return "–" if segment.confidence is None else f"{100 * segment.confidence:.0f} %"
        return "✓" if segment in self._checked else ""

    def _arrange(self) -> None:
        found = list(self._all)
        if self._least_sure:
            found = [s for s in found if s not in self._checked and s.confidence is not None]
            found.sort(key=lambda s: s.confidence or 0.0)
        else:
            found.sort(key=lambda s: self._key(s), reverse=self._descending)
        self.beginResetModel()
        self.segments = found
        self.endResetModel()

    def _key(self, segment: Segment) -> tuple[float | str, float]:
        keys: dict[int, float | str] = {
            ACTIVITY: readable(segment.label).casefold(),
            START: segment.start,
            LENGTH: segment.end - segment.start,
            SURE: 2.0 if segment.confidence is None else segment.confidence,
            CHECKED: float(segment in self._checked),
        }
        return keys[self._column], segment.start


def _picture(image: QImage | None, color: QColor) -> QPixmap:
    """Return a picture of one size: a stripe of the activity's color, and the middle of `image`."""
    pixmap = QPixmap(PICTURE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.fillRect(0, 0, _STRIPE, PICTURE.height(), color)
    if image is not None:
        room = QRect(_STRIPE + 2, 0, PICTURE.width() - _STRIPE - 2, PICTURE.height())
        scaled = image.scaledToHeight(room.height(), Qt.TransformationMode.SmoothTransformation)
        left = (scaled.width() - room.width()) // 2
        painter.drawImage(room.topLeft(), scaled, QRect(left, 0, room.width(), room.height()))
    painter.end()
    return pixmap
