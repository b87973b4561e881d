"""What was found in a folder of clips, with a box to tick for each activity."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
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

from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.text_box import TextBox
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.training_events import Activity, DataFound, Sides

_LABEL = Qt.ItemDataRole.UserRole


class FoundView(QWidget):
    """The activities as a table, and beside it what is to be known about the clips."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sum = QLabel()
        self._sum.setObjectName("title")
        self._all, self._none = QPushButton(self.tr("&All")), QPushButton(self.tr("&None"))
        every, none = self._all, self._none
        every.setAccessibleName(self.tr("Choose all activities"))
        none.setAccessibleName(self.tr("Choose no activity"))
        every.clicked.connect(lambda: self._tick_all(True))
        none.clicked.connect(lambda: self._tick_all(False))
        self.tree = self._new_tree()
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        self._notes.setTextFormat(Qt.TextFormat.PlainText)
        self._notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._out_title = QLabel()
        self._out_title.setObjectName("title")
        self._out = TextBox(self.tr("Skipped files, and why"), most_lines=12)
        head = QHBoxLayout()
        head.addWidget(self._sum, 1)
        head.addWidget(every)
        head.addWidget(none)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(head)
        left.addWidget(self.tree, 1)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        about = QLabel(self.tr("About these clips"))
        about.setObjectName("title")
        right.addWidget(about)
        right.addWidget(self._notes)
        right.addSpacing(4)
        right.addWidget(self._out_title)
        right.addWidget(self._out)
        right.addStretch()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(20)
        layout.addLayout(left, 5)
        layout.addWidget(self._side, 4)
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
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Activities"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setHeaderLabels(
            [self.tr("Activity"), self.tr("Clips"), self.tr("Groups"), self.tr("Length"), ""]
        )
        head = tree.headerItem()
        head.setToolTip(2, self.tr("Clips of one group show the same people and place"))
        for column in (1, 2, 3):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            head.setTextAlignment(column, right)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
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
        for column in (1, 2, 3):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            item.setTextAlignment(column, right)
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
            for column in (1, 2, 3):
                item.setForeground(column, QBrush(QColor(current_theme().muted)))
            item.setForeground(4, QBrush(QColor(current_theme().amber)))
        self.tree.blockSignals(False)


def _is_ticked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) == Qt.CheckState.Checked


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
