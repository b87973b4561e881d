"""The inside of the window: the widgets that all parts share, and where a part puts its own."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from lrcn_desktop.app.timeline.panel import TimelinePanel
from lrcn_desktop.app.widgets.banner import ErrorBanner, ProgressBanner
from lrcn_desktop.app.widgets.building import in_column
from lrcn_desktop.app.widgets.notices import Notices
from lrcn_desktop.app.widgets.now import NowPanel
from lrcn_desktop.app.widgets.stage import Stage
from lrcn_desktop.app.widgets.status import StatusBar
from lrcn_desktop.app.widgets.transport import TransportBar
from lrcn_desktop.app.widgets.workbench import Workbench


class Places(QStackedWidget):
    """The stage with the picture, its controls, the side's tabs, the timeline, and the status.

    Attributes:
        errors, progress: The messages that are always there.
        stage: The welcome, or the picture.
        transport: The controls of what plays.
        workbench: Stage, side and timeline, and the edges between them.
        now: The side's first tab.
        timeline, plot: What was seen when; the last seconds.
        status: The line at the foot.
        middle, controls: The layouts of the stage and the controls.
        preference_pages: Make the pages of the preferences: widgets with a `title`.
    """

    tab_added = Signal(int)  # the number of a tab at the side

    def __init__(self) -> None:
        super().__init__()
        self.errors, self.progress = ErrorBanner(), ProgressBanner()
        self.stage, self.transport = Stage(), TransportBar()
        self.timeline, self.now, self.status = TimelinePanel(), NowPanel(), StatusBar()
        self.plot = self.now.plot
        self.middle, self.controls = QVBoxLayout(), QVBoxLayout()
        self.preference_pages: list[Callable[[], QWidget]] = []
        self._notices = Notices(self.stage, self.stage.overlay)
        for notice in (self.errors, self.progress, self.status.notes):
            self._notices.add(notice)
        self.middle.addWidget(self.stage)
        self.controls.addWidget(self.transport)
        self.workbench = Workbench(self.timeline)
        self.workbench.main.addLayout(self.middle, 1)
        self.workbench.main.addLayout(self.controls)
        self.add_to_side(self.now, self.tr("Now"))
        self.workbench.arranged.connect(lambda: self.stage.set_bars_beside(self.bars_beside))
        column = QWidget()
        in_column((self.workbench, 1), self.status, spacing=8, margins=(12, 4, 12, 8), on=column)
        self.addWidget(column)

    @property
    def bars_beside(self) -> bool:
        """Whether the bars are to be seen beside the picture."""
        bench = self.workbench
        return (
            self.currentIndex() == 0 and bench.side_shown and bench.side.currentWidget() is self.now
        )

    def add_notice(self, widget: QWidget) -> None:
        """Put a message over the picture's corner."""
        self._notices.add(widget)

    def add_to_side(self, widget: QWidget, title: str) -> None:
        """Put a tab at the picture's side."""
        self.tab_added.emit(self.workbench.side.addTab(widget, title))
