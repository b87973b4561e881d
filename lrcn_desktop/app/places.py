"""The inside of the window: the widgets that all parts share, and where a part puts its own."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from lrcn_desktop.app.timeline.panel import TimelinePanel
from lrcn_desktop.app.widgets.banner import ErrorBanner, ProgressBanner
from lrcn_desktop.app.widgets.plot import ProbabilityPlot
from lrcn_desktop.app.widgets.shelf import Shelf
from lrcn_desktop.app.widgets.stage import Stage
from lrcn_desktop.app.widgets.status import StatusBar
from lrcn_desktop.app.widgets.transport import TransportBar


class Places(QStackedWidget):
    """A column of messages, the stage with the picture, controls, the shelf, and the status.

    Attributes:
        errors, progress: The messages that are always there.
        stage: The welcome, or the picture.
        transport: The controls of what plays.
        timeline, plot: What stands on the shelf.
        status: The line at the foot.
        head, middle, controls: The layouts of the messages, the stage and the controls.
        preference_pages: Make the pages of the preferences: widgets with a `title`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.errors, self.progress = ErrorBanner(), ProgressBanner()
        self.stage, self.transport = Stage(), TransportBar()
        self.timeline, self.plot, self.status = TimelinePanel(), ProbabilityPlot(), StatusBar()
        self.head, self.middle, self.controls = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.preference_pages: list[Callable[[], QWidget]] = []
        self.head.addWidget(self.errors)
        self.head.addWidget(self.progress)
        self.middle.addWidget(self.stage)
        self.controls.addWidget(self.transport)
        shelf = Shelf()
        shelf.add(self.timeline, 2)
        shelf.add(self.plot, 1)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(12, 4, 12, 10)
        layout.setSpacing(10)
        layout.addLayout(self.head)
        layout.addLayout(self.middle, 5)
        layout.addLayout(self.controls)
        layout.addWidget(shelf, 2)
        layout.addWidget(self.status)
        self.addWidget(column)

    def add_notice(self, widget: QWidget) -> None:
        """Put a message over the picture."""
        self.head.addWidget(widget)

    def add_below_picture(self, widget: QWidget) -> None:
        """Put a widget under the controls of what plays."""
        self.controls.addWidget(widget)
