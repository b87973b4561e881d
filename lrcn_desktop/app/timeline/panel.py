"""The card under the picture: the timeline, what is known of it, and the analysis' button."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from lrcn_desktop.app.timeline.keys import ZOOM
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.widgets.building import as_card, in_column, in_row, new_button, new_label
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, follow_theme

_BUTTONS = 28  # pixels of the line over the view
_SQUEEZE = 24  # pixels that the rows may give the lane over them


class TimelinePanel(QWidget):
    """Holds the view, with a line of words and buttons over it.

    Attributes:
        view: The timeline itself.
    """

    analyze_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        as_card(self)
        self.view = TimelineView()
        title = new_label(self.tr("Timeline"), "muted")
        self._words = new_label(style="muted", name=self.tr("Analysis"))
        self._analyze = _button("", self.analyze_clicked.emit)
        self._analyze.setToolTip(self.tr("Recognize all of it now, in the background"))
        self._cancel = _button(self.tr("Cancel"), self.cancel_clicked.emit)
        self._cancel.setToolTip(self.tr("Stop the analysis; what it has found stays"))
        view = self.view
        self._tools = {
            "zoom-out": _tool(self.tr("Zoom out (−)"), lambda: view.zoom(1 / ZOOM**2)),
            "zoom-in": _tool(self.tr("Zoom in (+)"), lambda: view.zoom(ZOOM**2)),
            "zoom-all": _tool(self.tr("Show all (0)"), view.show_all),
        }
        controls = (self._analyze, self._cancel, *self._tools.values())
        head = in_row(title, 8, (self._words, 1), *controls, spacing=6)
        self._strip: QWidget | None = None
        self._strip_wanted = False
        self._column = in_column(head, (self.view, 1), spacing=4, margins=(14, 6, 8, 8), on=self)
        self._analyze.hide()
        self._cancel.hide()
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        for name, tool in self._tools.items():
            tool.setIcon(icon(name, theme.text))

    def add_lane(self, widget: QWidget) -> None:
        """Put a widget right under the view, before what `add_below` has put there."""
        self._column.insertWidget(self._column.indexOf(self.view) + 1, widget)

    def add_above(self, strip: QWidget) -> None:
        """Put a lane over the view, which is shown where there is room for it (`show_strip`)."""
        self._strip = strip
        self._column.insertWidget(self._column.indexOf(self.view), strip)
        strip.hide()

    def show_strip(self, wanted: bool) -> None:
        """Show the lane over the view where there is room for it."""
        self._strip_wanted = wanted
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Look what there is room for."""
        super().resizeEvent(event)
        self._make_room()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for the rows; the lane over them is for who gives more."""
        return QSize(600, self._head + self.view.sizeHint().height())

    @property
    def _head(self) -> int:
        margins = self._column.contentsMargins()
        return margins.top() + margins.bottom() + 3 * self._column.spacing() + _BUTTONS

    def _make_room(self) -> None:
        if self._strip is not None:
            needed = self.sizeHint().height() + self._strip.sizeHint().height()
            self._strip.setVisible(self._strip_wanted and self.height() >= needed - _SQUEEZE)

    def add_below(self, widget: QWidget) -> None:
        """Put a widget under the view."""
        self._column.addWidget(widget)

    @property
    def words(self) -> str:
        """How far the analysis is, as the user reads it."""
        return self._words.text()

    @property
    def offer(self) -> str:
        """The analysis that can be begun, "" where none can."""
        return "" if self._analyze.isHidden() else self._analyze.text()

    def show_analysis(self, words: str, offer: str, *, offered: bool, running: bool) -> None:
        """Say how far the analysis is; `offer` to begin it, or to cancel it."""
        self._analyze.setText(offer)
        if words != self._words.text():
            self._words.setText(words)
        self._analyze.setVisible(offered)
        self._cancel.setVisible(running)


def _button(text: str, clicked: Callable[[], object]) -> QPushButton:
    button = new_button(text, lambda _=False: clicked(), "small")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to play and pause
    return button


def _tool(name: str, clicked: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setObjectName("small")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(QSize(16, 16))
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.clicked.connect(lambda _=False: clicked())
    return button
