"""The picture alone, as large as the window, with controls that come at the mouse."""

from operator import itemgetter

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lrcn_desktop.app.stage import Stage

SHOWN = 2500  # milliseconds that the controls stay after the mouse has stopped
_GAP = 16  # pixels between the controls and the picture's edge
_WIDEST = 1100
_DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


class PictureOnly(QObject):
    """Takes the stage out of the window's column and back into it.

    While it is out, what stood in the column above the stage (messages) lies over the picture's
    top, and what stood below it down to the shelf (the controls) over its foot, for a moment.
    """

    def __init__(
        self, window: QMainWindow, column: QVBoxLayout, stage: Stage, end: QWidget
    ) -> None:
        """Be ready for the `stage` in the `column`, whose controls are what comes before `end`."""
        super().__init__(window)
        self._window, self._column, self._stage, self._end = window, column, stage, end
        self._places: list[tuple[int, QWidget, int]] = []  # index, widget, stretch in the column
        self._alone = QWidget()
        self._room = QVBoxLayout(self._alone)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._head, self._foot = _Float(stage, top=True), _Float(stage, top=False)
        self._pages = QStackedWidget()
        everything = window.takeCentralWidget()
        assert everything is not None
        self._everything = everything
        self._pages.addWidget(everything)
        self._pages.addWidget(self._alone)
        window.setCentralWidget(self._pages)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN)
        self._timer.timeout.connect(self._rest)
        for widget in (stage, stage.picture, stage.welcome):
            widget.setMouseTracking(True)
            widget.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether the picture is alone."""
        return self._pages.currentWidget() is self._alone

    @property
    def controls_shown(self) -> bool:
        """Whether the controls lie over the picture."""
        return self._foot.isVisible()

    def set_active(self, active: bool) -> None:
        """Show the picture alone, or all of the window."""
        if active == self.active:
            return
        if active:
            self._enter()
        else:
            self._leave()
        self._stage.picture.set_dark(active)
        # A menu bar that is hidden would take the keys of its entries with it.
        self._window.menuBar().setMaximumHeight(0 if active else 16777215)

    def wake(self) -> None:
        """Show the controls for a moment."""
        if self.active:
            self._foot.show()
            self._foot.raise_()
            self._stage.unsetCursor()
            self._timer.start()

    def stop(self) -> None:
        """Let the controls be."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Wake at the mouse, and keep the controls in place."""
        if event.type() == QEvent.Type.MouseMove:
            self.wake()
        elif event.type() == QEvent.Type.Resize and watched is self._stage:
            self._head.fit()
            self._foot.fit()
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        column = self._column
        last = column.indexOf(self._end)
        widgets = self._everything.findChildren(QWidget, options=_DIRECTLY)
        places = [(column.indexOf(widget), widget) for widget in widgets]
        self._places = [
            (index, widget, column.stretch(index))
            for index, widget in sorted(places, key=itemgetter(0))
            if 0 <= index < last
        ]
        side = self._head
        for _, widget, _ in self._places:
            if widget is self._stage:
                self._room.addWidget(widget)
                side = self._foot
            else:
                side.hold(widget)
        self._pages.setCurrentWidget(self._alone)
        self._head.show()
        self._head.raise_()
        self.wake()

    def _leave(self) -> None:
        self._timer.stop()
        for index, widget, stretch in self._places:
            self._column.insertWidget(index, widget, stretch)
        self._head.hide()
        self._foot.hide()
        self._stage.unsetCursor()
        self._pages.setCurrentWidget(self._everything)

    def _rest(self) -> None:
        """Hide the controls, unless the mouse or the keyboard is at them."""
        at = self._foot.rect().contains(self._foot.mapFromGlobal(QCursor.pos()))
        focus = self._window.focusWidget()
        if at or (focus is not None and self._foot.isAncestorOf(focus)):
            self._timer.start()
        else:
            self._foot.hide()
            self._stage.setCursor(Qt.CursorShape.BlankCursor)


class _Float(QFrame):
    """Widgets over the stage, at its top or its foot, as high as they need."""

    def __init__(self, stage: QWidget, *, top: bool) -> None:
        super().__init__(stage)
        self._stage, self._top = stage, top
        self._layout = QVBoxLayout(self)
        if not top:
            self.setObjectName("card")
            self._layout.setContentsMargins(14, 10, 14, 10)
        self.hide()

    def hold(self, widget: QWidget) -> None:
        """Show `widget` here, below what is here already."""
        self._layout.addWidget(widget)

    def fit(self) -> None:
        """Take the place at the stage's top or foot."""
        room = self._stage.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP)
        width = min(room.width(), _WIDEST)
        wraps = self._layout.hasHeightForWidth()
        wanted = self._layout.totalHeightForWidth(width) if wraps else self.sizeHint().height()
        height = min(wanted, room.height())
        top = room.top() if self._top else room.bottom() + 1 - height
        self.setGeometry(room.left() + (room.width() - width) // 2, top, width, height)

    def event(self, event: QEvent) -> bool:
        """Follow what is held: a message may come or go."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.fit()
        return super().event(event)
