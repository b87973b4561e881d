"""Messages that lie over a corner of what they belong to, and move nothing."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.building import in_column

_MARGIN = 12
_WIDEST, _NARROWEST = 46, 24  # heights of the font


class Notices(QWidget):
    """A column of messages at the top right of a widget; only as large as those on show.

    It covers nothing of a second widget, which lies in a corner of the first.

    Attributes:
        column: Their layout.
    """

    def __init__(self, over: QWidget, beside: QWidget) -> None:
        super().__init__(over)
        self._over, self._beside = over, beside
        self.column = in_column(spacing=6, margins=0, on=self)
        over.installEventFilter(self)
        beside.installEventFilter(self)
        self.fit()

    def add(self, widget: QWidget) -> None:
        """Have another message, below the others."""
        widget.installEventFilter(self)
        self.column.addWidget(widget)
        self.fit()

    def fit(self) -> None:
        """Take the place that the messages on show need."""
        self.column.invalidate()
        self._place()

    def _place(self) -> None:
        font, whole = self.fontMetrics().height(), self._over.width()
        room = QRect(_MARGIN, _MARGIN, max(whole - 2 * _MARGIN, 1), 0)
        place = self._at_right(room, _WIDEST * font)
        taken = self._taken()
        if place.intersects(taken):
            free = QRect(room)
            if taken.center().x() < room.center().x():
                free.setLeft(taken.right() + 1 + _MARGIN)
            else:
                free.setRight(taken.left() - 1 - _MARGIN)
            if free.width() < _NARROWEST * font:
                free = room.translated(0, taken.bottom() + 1)
            place = self._at_right(free, _WIDEST * font)
        self.setGeometry(place)
        nothing = place.height() <= 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, nothing)
        self.raise_()

    def _at_right(self, room: QRect, widest: int) -> QRect:
        """Return the place of the messages on show at the top right of `room`."""
        width = min(room.width(), widest)
        wraps = self.column.hasHeightForWidth()
        needed = self.column.totalHeightForWidth(width) if wraps else self.sizeHint().height()
        return QRect(room.right() + 1 - width, room.top(), width, max(needed, 0))

    def _taken(self) -> QRect:
        """Return where the other widget lies; nowhere while it is hidden."""
        other = self._beside
        if not other.isVisible():
            return QRect()
        return QRect(other.mapTo(self._over, QPoint(0, 0)), other.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow what is below and beside, and the messages that come and go."""
        come = {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
        moved = {QEvent.Type.Resize, QEvent.Type.Move}
        if watched is self._over:
            kinds = moved
        elif watched is self._beside:
            kinds = come | moved
        else:
            kinds = come | {QEvent.Type.LayoutRequest}
        if event.type() in kinds:
            self.fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow a message whose text has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()  # the layout knows already: to invalidate it would ask for this event
        return super().event(event)
