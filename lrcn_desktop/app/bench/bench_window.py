"""The page of how fast this computer is."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from lrcn_desktop.app.bench.bar_chart import BarChart
from lrcn_desktop.app.bench.groups import BenchFile, groups
from lrcn_desktop.app.widgets.banner import ErrorBanner
from lrcn_desktop.app.widgets.building import STRETCH, in_column, in_row, new_label, scrolling
from lrcn_desktop.app.widgets.window import Window


class BenchWindow(Window):
    """Shows what was measured, and says that it is to be measured or not any more.

    Attributes:
        errors: Why nothing could be measured.
        chart: The bars.
        action: The button: measures, or cancels that.
        bar, part: How far it is, and the same in words.
    """

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        title = self.tr("Speed of this computer")
        super().__init__(parent, title, QSize(860, 640), QSize(560, 360))
        self._running = False
        self.errors, self.chart = ErrorBanner(), BarChart()
        self._about = new_label(wraps=True)
        self.bar, self.action = QProgressBar(), QPushButton()
        self.bar.setAccessibleName(self.tr("How far the measurement is"))
        self.bar.setTextVisible(False)
        self.part = QLabel()
        self.action.clicked.connect(self._act)
        self._lay_out()
        self.show_result(None)
        self.show_idle()

    @property
    def text(self) -> str:
        """The sentence above the bars."""
        return self._about.text()

    def show_progress(self, part: int, parts: int) -> None:
        """Say that part `part` of `parts` is being measured; of 0 parts, that it begins."""
        self._running = True
        self.action.setText(self.tr("&Cancel"))
        self.bar.setRange(0, max(parts, 1))
        self.bar.setValue(max(part - 1, 0))
        words = self.tr("Part {0} of {1}") if parts else self.tr("Beginning...")
        self.part.setText(words.format(part, parts))
        self.part.show()
        self.bar.show()

    def show_idle(self) -> None:
        """Offer to measure."""
        self._running = False
        self.action.setText(self.tr("&Measure"))
        self.part.hide()
        self.bar.hide()

    def show_result(self, found: BenchFile | None) -> None:
        """Draw what was measured; None: nothing was yet."""
        self.chart.show_groups(groups(found) if found is not None else ())
        if found is None:
            self._about.setText(
                self.tr(
                    "Measures how fast this computer recognizes, and compares it with other ways. "
                    "It takes about two minutes and all cores: close other programs, and pause "
                    "what plays here."
                )
            )
            return
        text = self.tr(
            "{0}, {1} cores; steps are of the model {2}. A file is analyzed {3:.1f} times faster "
            "than it plays."
        )
        at = found.analyze["times_real_time"]
        self._about.setText(text.format(found.device, found.cores, found.model, at))

    def _act(self) -> None:
        (self.cancelled if self._running else self.wanted).emit()

    def _lay_out(self) -> None:
        area = scrolling(self.chart)
        area.setAccessibleName(self.tr("Measurements"))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        below = in_row(self.part, (self.bar, 1), STRETCH, self.action, spacing=12)
        in_column(self.errors, self._about, (area, 1), below, spacing=12, margins=16, on=self)
