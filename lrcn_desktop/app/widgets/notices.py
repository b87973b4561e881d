"""Messages that lie over a corner of what they belong to, and move nothing."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

_MARGIN = 12
_WIDEST = 46  # heights of the font


class Notices(QWidget):
    """A column of messages at the top right of a widget; only as large as those on show.

    Attributes:
        column: Their layout.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        over.installEventFilter(self)
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
        room = self._over.width() - 2 * _MARGIN
        width = max(min(room, _WIDEST * self.fontMetrics().height()), 1)
        wraps = self.column.hasHeightForWidth()
        needed = self.column.totalHeightForWidth(width) if wraps else self.sizeHint().height()
        self.setGeometry(_MARGIN + room - width, _MARGIN, width, max(needed, 0))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, needed <= 0)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow what is below, and the messages that come and go."""
        kinds = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest)
        if event.type() == QEvent.Type.Resize if watched is self._over else event.type() in kinds:
            self.fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow a message whose text has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()  # the layout knows already: to invalidate it would ask for this event
        return super().event(event)
