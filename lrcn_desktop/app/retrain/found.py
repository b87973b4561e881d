"""What was found in a folder of clips, with a box to tick for each activity."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lrcn_desktop.app.widgets.building import (
    STRETCH,
    align_right,
    as_card,
    in_column,
    in_row,
    new_button,
    new_label,
    new_table,
)
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.text_box import TextBox
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.training_events import Activity, DataFound, Sides

_LABEL = Qt.ItemDataRole.UserRole
_COUNTS = (1, 2, 3)  # columns of figures


class FoundView(QWidget):
    """The activities as a table, and beside it what is to be known about the clips."""

    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sum = new_label(style="title")
        name = self.tr("Choose all activities")
        self._all = new_button(self.tr("&All"), lambda: self._tick_all(True), name=name)
        name = self.tr("Choose no activity")
        self._none = new_button(self.tr("&None"), lambda: self._tick_all(False), name=name)
        self.tree = self._new_tree()
        self._notes = new_label(wraps=True, selectable=True)
        self._out_title = new_label(style="title")
        self._out = TextBox(self.tr("Skipped files, and why"), most_lines=12)
        head = in_row((self._sum, 1), self._all, self._none)
        left = in_column(head, (self.tree, 1), spacing=8)
        self._side = QWidget()
        notes = (new_label(self.tr("About these clips"), "title"), self._notes)
        out = (4, self._out_title, self._out)
        in_column(*notes, *out, STRETCH, spacing=8, margins=0, on=self._side)
        as_card(self)
        in_row((left, 5), (self._side, 4), spacing=20, margins=(16, 12, 16, 14), on=self)
        follow_theme(self._apply_theme)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The activities whose box is ticked."""
        return tuple(i.data(0, _LABEL) for i in self._items() if _is_ticked(i))

    @property
    def all_chosen(self) -> bool:
        """Whether every activity is chosen."""
        return all(map(_is_ticked, self._items()))

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._color_rows()

    def show_found(self, found: DataFound, *, choosable: bool) -> None:
        """Show what a look through a folder found; not `choosable`: all of it or nothing."""
        names = found.activities
        for button in (self._all, self._none):
            button.setVisible(choosable)
        self.tree.blockSignals(True)
        self.tree.clear()
        for label, activity in names.items():
            ticked = activity.chosen and activity.enough
            row = self._new_row(label, activity, ticked)
            if not choosable:
                row.setFlags(row.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            self.tree.addTopLevelItem(row)
        self.tree.blockSignals(False)
        self._color_rows()
        sides = self.tr("The lists beside the clips assign {0} to training and {1} to the test.")
        given = []
        if isinstance(found.split, Sides):
            given = [sides.format(found.split.train, found.split.test)]
        self._notes.setText("\n\n".join([*found.notes, *given]))
        count = len(found.quarantined)
        one, more = self.tr("One file is skipped"), self.tr("{0} files are skipped")
        self._out_title.setText(one if count == 1 else more.format(count))
        self._out.show_lines([f"{item.file}: {item.reason}" for item in found.quarantined])
        self._out_title.setVisible(count > 0)
        self._side.setVisible(count > 0 or bool(self._notes.text()))
        self._changed()

    def _new_tree(self) -> QTreeWidget:
        counts = (self.tr("Clips"), self.tr("Groups"), self.tr("Length"))
        tree = new_table((self.tr("Activity"), *counts, ""), self.tr("Activities"))
        tree.setAllColumnsShowFocus(True)
        head = tree.headerItem()
        head.setToolTip(2, self.tr("Clips of one group show the same people and place"))
        align_right(head, _COUNTS)
        tree.itemChanged.connect(lambda *_: self._changed())
        return tree

    def _new_row(self, label: str, activity: Activity, ticked: bool) -> QTreeWidgetItem:
        length = "" if activity.seconds is None else clock(activity.seconds)
        few = "" if activity.enough else self.tr("too few")
        counts = [str(count or "") for count in (activity.clips, activity.groups)]
        item = QTreeWidgetItem([readable(label), *counts, length, few])
        item.setData(0, _LABEL, label)
        item.setToolTip(0, label)
        item.setCheckState(0, _state(ticked))
        align_right(item, _COUNTS)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _tick_all(self, ticked: bool) -> None:
        self.tree.blockSignals(True)
        for item in self._items():
            item.setCheckState(0, _state(ticked))
        self.tree.blockSignals(False)
        self._changed()

    def _changed(self) -> None:
        items = self._items()
        clips = sum(int(item.text(1) or 0) for item in items if _is_ticked(item))
        parts = [self.tr("{0} of {1} activities").format(len(self.chosen), len(items))]
        if clips:
            parts.append(self.tr("{0} clips").format(clips))
        self._sum.setText(", ".join(parts))
        self.chosen_changed.emit()

    def _color_rows(self) -> None:
        self.tree.blockSignals(True)
        for item in self._items():
            for column in _COUNTS:
                item.setForeground(column, QBrush(QColor(current_theme().muted)))
            item.setForeground(4, QBrush(QColor(current_theme().amber)))
        self.tree.blockSignals(False)


def _is_ticked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) == Qt.CheckState.Checked


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
