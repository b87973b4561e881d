"""The side's tab of statistics: the time budget, counts, lengths, and what follows what."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QTreeWidgetItem,
    QWidget,
)

from lrcn_desktop.app.statistics.budget import BudgetBar
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    align_right,
    in_column,
    in_row,
    new_button,
    new_label,
    new_table,
)
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

    def __init__(self) -> None:
        super().__init__()
        self._budget, self._total = BudgetBar(), new_label(style="muted", wraps=True)
        columns = (self.tr("Activity"), self.tr("Time"), self.tr("Share"), self.tr("Count"))
        self.activities = new_table((*columns, self.tr("Mean")), self.tr("Activities"))
        names = (self.tr("After"), self.tr("comes"), self.tr("Count"))
        self.transitions = new_table(names, self.tr("Transitions"))
        save = new_button(self.tr("Save as CSV..."), self.save_wanted, "small")
        save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        foot = in_row(save, STRETCH)
        tables = ((self.activities, 3), (self.transitions, 2))
        in_column(self._budget, self._total, *tables, foot, margins=(0, 8, 0, 0), on=self)
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
            align_right(row, range(1, row.columnCount()))
            self.activities.addTopLevelItem(row)
        self.transitions.clear()
        for before, after, count in found.transitions:
            row = QTreeWidgetItem([readable(before), readable(after), str(count)])
            align_right(row, [2])
            self.transitions.addTopLevelItem(row)
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)


def _dot(color: QColor) -> QIcon:
    pixmap = QPixmap(_DOT, _DOT)
    pixmap.fill(color)
    return QIcon(pixmap)
