"""The side's tab of statistics: the time budget, counts, lengths, and what follows what."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.statistics.budget import BudgetBar
from lrcn_desktop.app.widgets.class_colors import color_of, readable
from lrcn_desktop.app.widgets.transport import length_text
from lrcn_desktop.recognition.statistics import Statistics

_DOT = 10  # pixels


class StatisticsPanel(QWidget):
    """Shows statistics.

    Attributes:
        activities, transitions: The tables.
    """

    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._budget, self._total = BudgetBar(), QLabel()
        self._total.setObjectName("muted")
        self._total.setWordWrap(True)
        columns = (self.tr("Activity"), self.tr("Time"), self.tr("Share"), self.tr("Count"))
        self.activities = _table((*columns, self.tr("Mean")), self.tr("Activities"))
        names = (self.tr("After"), self.tr("comes"), self.tr("Count"))
        self.transitions = _table(names, self.tr("Transitions"))
        save = QPushButton(self.tr("Save as CSV..."))
        save.setObjectName("small")
        save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        save.clicked.connect(self.save_wanted)
        foot = QHBoxLayout()
        foot.addWidget(save)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._budget)
        layout.addWidget(self._total)
        layout.addWidget(self.activities, 3)
        layout.addWidget(self.transitions, 2)
        layout.addLayout(foot)
        self.setFocusProxy(self.activities)

    def show_statistics(self, found: Statistics, classes: tuple[str, ...]) -> None:
        """Show other statistics; what the user has scrolled to stays."""
        bars = [table.verticalScrollBar() for table in (self.activities, self.transitions)]
        places = [bar.value() for bar in bars]
        self._budget.show_statistics(found, classes)
        total, nothing = length_text(found.looked_at), length_text(found.nothing)
        text = self.tr("Of {0} that was analyzed, {1} shows no activity.")
        self._total.setText(text.format(total, nothing))
        self.activities.clear()
        for each in found.activities:
            row = QTreeWidgetItem(
                [
                    readable(each.label),
                    length_text(each.seconds),
                    f"{100 * each.share:.0f} %",
                    str(each.count),
                    f"{each.mean:.1f} s",
                ]
            )
            row.setIcon(0, _dot(color_of(each.label, classes)))
            self.activities.addTopLevelItem(_right(row, 1))
        self.transitions.clear()
        for before, after, count in found.transitions:
            row = QTreeWidgetItem([readable(before), readable(after), str(count)])
            self.transitions.addTopLevelItem(_right(row, 2))
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)


def _table(titles: tuple[str, ...], name: str) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(titles)
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _right(row: QTreeWidgetItem, first: int) -> QTreeWidgetItem:
    for column in range(first, row.columnCount()):
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row


def _dot(color: QColor) -> QIcon:
    pixmap = QPixmap(_DOT, _DOT)
    pixmap.fill(color)
    return QIcon(pixmap)
