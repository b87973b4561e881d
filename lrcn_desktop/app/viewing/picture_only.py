"""The picture alone, as large as the window, with controls that come at the mouse."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QMenuBar, QVBoxLayout, QWidget

from lrcn_desktop.app.places import Places
from lrcn_desktop.app.widgets.building import in_column

SHOWN = 2500  # milliseconds that the controls stay after the mouse has stopped
_GAP = 16  # pixels between the controls and the picture's edge
_WIDEST = 1100


class PictureOnly(QObject):
    """Takes the stage out of the window's column and back into it.

    While it is out, the timeline and the controls lie over its foot, for a moment, and the bars
    grow with it.
    """

    def __init__(self, window: QWidget, places: Places, bar: QMenuBar) -> None:
        """Be ready for the stage in the `places` of a window with the menu `bar`."""
        super().__init__(window)
        self._window, self._places, self._bar = window, places, bar
        self._stage = stage = places.stage
        self._alone = QWidget()
        self._room = in_column(margins=0, on=self._alone)
        places.addWidget(self._alone)
        self._foot = _Foot(stage)
        self.hiding = QTimer(self, singleShot=True, interval=SHOWN)
        self.hiding.timeout.connect(self._rest)
        for widget in (stage, stage.picture, stage.welcome):
            widget.setMouseTracking(True)
            widget.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether the picture is alone."""
        return self._places.currentWidget() is self._alone

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
        self._bar.setMaximumHeight(0 if active else 16777215)

    def wake(self) -> None:
        """Show the controls for a moment."""
        if self.active:
            self._foot.show()
            self._foot.raise_()
            self._stage.unsetCursor()
            self.hiding.start()

    def stop(self) -> None:
        """Let the controls be."""
        self.hiding.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Wake at the mouse, and keep the controls in place."""
        if event.type() == QEvent.Type.MouseMove:
            self.wake()
        elif event.type() == QEvent.Type.Resize and watched is self._stage:
            self._foot.fit()
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        places = self._places
        _move(places.middle, self._room)
        timeline = places.workbench.lend_foot()
        if timeline is not None:
            self._foot.column.addWidget(timeline)
        _move(places.controls, self._foot.column)
        places.setCurrentWidget(self._alone)
        self._show_bars()
        self.wake()

    def _leave(self) -> None:
        self.hiding.stop()
        places = self._places
        places.workbench.take_foot()
        _move(self._foot.column, places.controls)
        _move(self._room, places.middle)
        self._foot.hide()
        self._stage.unsetCursor()
        places.setCurrentIndex(0)
        self._show_bars()

    def _show_bars(self) -> None:
        self._stage.set_presenting(self.active)
        self._stage.set_bars_beside(self._places.bars_beside)

    def _rest(self) -> None:
        """Hide the controls, unless the mouse or the keyboard is at them."""
        at = self._foot.rect().contains(self._foot.mapFromGlobal(QCursor.pos()))
        focus = self._window.focusWidget()
        if at or (focus is not None and self._foot.isAncestorOf(focus)):
            self.hiding.start()
        else:
            self._foot.hide()
            self._stage.setCursor(Qt.CursorShape.BlankCursor)


class _Foot(QFrame):
    """Widgets over the stage's foot, as high as they need.

    Attributes:
        column: Their layout.
    """

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self.column = in_column(margins=(14, 10, 14, 10), on=self)
        self.setObjectName("card")
        self.hide()

    def fit(self) -> None:
        """Take the place at the stage's foot."""
        room = self._stage.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP)
        width = min(room.width(), _WIDEST)
        wraps = self.column.hasHeightForWidth()
        wanted = self.column.totalHeightForWidth(width) if wraps else self.sizeHint().height()
        height = min(wanted, room.height())
        left, top = room.left() + (room.width() - width) // 2, room.bottom() + 1 - height
        self.setGeometry(left, top, width, height)

    def event(self, event: QEvent) -> bool:
        """Follow what is held: a message may come or go."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.fit()
        return super().event(event)


def _move(source: QVBoxLayout, target: QVBoxLayout) -> None:
    """Move all widgets of one layout into another."""
    while (item := source.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            target.addWidget(widget)
