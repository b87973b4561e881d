"""The side's tab of segments: a table, and a review by keyboard, the least sure first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from lrcn_desktop.app.review.segments_model import (
    ACTIVITY,
    CHECKED,
    LENGTH,
    PICTURE,
    START,
    SURE,
    SegmentsModel,
)
from lrcn_desktop.app.widgets.building import STRETCH, in_column, in_row, new_button, new_label

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from lrcn_desktop.recognition.segments import Segment

_TICK = 2.0  # heights of the font: the width of the column of ticks
_AROUND = 18  # pixels of a cell around its picture and its text


class SegmentsPanel(QWidget):
    """Shows the segments and says what is to be done with the current one.

    Attributes:
        model: What the table shows.
        table: It.
        least_sure: The button that shows what is to be checked, the least sure first.
    """

    chosen = Signal(object)  # Segment: it became the current one
    confirmed = Signal()
    deleted = Signal()
    relabeled = Signal()

    def __init__(self, picture: Callable[[float], QImage | None]) -> None:
        """Take small pictures from `picture`, by their time in seconds."""
        super().__init__()
        self.model = SegmentsModel(picture)
        self.table = _Table(self)
        self.table.setModel(self.model)
        self.table.set_up()
        self.table.selectionModel().currentRowChanged.connect(lambda _: self._tell())
        self.least_sure = new_button(
            self.tr("Least sure first"),
            style="small",
            tip=self.tr("Review what nobody has checked, the least sure first"),
        )
        self.least_sure.setCheckable(True)
        self.least_sure.toggled.connect(self._show_least_sure)
        self._count = new_label(style="muted")
        tip = self.tr("It is right (C, or Enter)")
        right = new_button(self.tr("Right"), self.confirmed, tip=tip)
        tip = self.tr("There is no such activity (Del)")
        wrong = new_button(self.tr("Wrong"), self.deleted, tip=tip)
        tip = self.tr("It is another activity (L)")
        another = new_button(self.tr("Another..."), self.relabeled, tip=tip)
        self._actions = (right, wrong, another)
        for button in self._actions:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.model.modelReset.connect(self._allow)
        head = in_row(self.least_sure, (self._count, 1))
        foot = in_row(right, wrong, another, STRETCH)
        in_column(head, (self.table, 1), foot, margins=(0, 8, 0, 0), on=self)
        self.setFocusProxy(self.table)
        self.show_count()
        self._allow()

    @property
    def current(self) -> Segment | None:
        """The segment of the current row."""
        row = self.table.currentIndex().row()
        return self.model.segments[row] if 0 <= row < len(self.model.segments) else None

    def select_row(self, row: int) -> None:
        """Make a row the current one, the nearest where there is none such."""
        if self.model.segments:
            row = max(0, min(row, len(self.model.segments) - 1))
            self.table.setCurrentIndex(self.model.index(row, ACTIVITY))

    def show_count(self) -> None:
        """Say how many segments are shown."""
        count = len(self.model.segments)
        if self.least_sure.isChecked():
            text = self.tr("{0} to check")
        else:
            text = self.tr("1 segment") if count == 1 else self.tr("{0} segments")
        self._count.setText(text.format(count))

    def _show_least_sure(self, wanted: bool) -> None:
        self.model.show_least_sure(wanted)
        self.table.horizontalHeader().setSortIndicatorShown(not wanted)
        self.show_count()
        self.select_row(0)
        self.table.setFocus()

    def _allow(self) -> None:
        """Offer the buttons where there is a segment to act on."""
        for button in self._actions:
            button.setEnabled(self.current is not None)

    def _tell(self) -> None:
        self._allow()
        if (segment := self.current) is not None:
            self.chosen.emit(segment)


class _Table(QTableView):
    """The table; Enter confirms."""

    def __init__(self, panel: SegmentsPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setAccessibleName(self.tr("Segments"))

    def set_up(self) -> None:
        """Arrange the columns; call once the model is there."""
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSortingEnabled(True)
        self.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(PICTURE)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(PICTURE.height() + 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(ACTIVITY, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(CHECKED, QHeaderView.ResizeMode.Fixed)
        self._panel.model.modelReset.connect(self._make_room)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the activity's name its room before all else."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Hide lengths, then confidences, where the longest name would be cut."""
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        names = max(map(metrics.horizontalAdvance, self._panel.model.names), default=0)
        self.setColumnWidth(CHECKED, round(_TICK * metrics.height()))
        room = self.viewport().width() - PICTURE.width() - _AROUND - names
        room -= self.columnWidth(CHECKED)
        for column in (START, SURE, LENGTH):  # what matters most first
            self.setColumnHidden(column, False)  # hidden, it would not say what it needs
            room -= max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            self.setColumnHidden(column, column != START and room < 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Confirm with Enter; the rest are the table's and the menus'."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.confirmed.emit()
        else:
            super().keyPressEvent(event)
