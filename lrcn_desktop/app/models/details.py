"""The right side of the models' window: all about one model, and another beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from lrcn_desktop.app.models.chips import Chips
from lrcn_desktop.app.models.entry import Entry
from lrcn_desktop.app.models.facts import claim, facts, figures
from lrcn_desktop.app.models.outlines import Outlines
from lrcn_desktop.app.retrain.comparison import Comparison
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    enlarge,
    in_column,
    in_row,
    new_button,
    new_label,
)


class Details(QWidget):
    """Shows what a model knows, its figures and where it comes from.

    Attributes:
        entry: The model on show.
    """

    used = Signal()
    report_wanted = Signal()
    renamed = Signal()
    deleted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry | None = None
        self._others: list[Entry] = []
        self._in_use = False
        self.title = enlarge(new_label())
        self.claim = new_label(wraps=True, selectable=True)
        self._fault = new_label(style="slow", wraps=True, selectable=True)
        self.use = new_button(self.tr("&Use this model"), self.used, "primary")
        self.report = new_button(self.tr("&Open the report"), self.report_wanted)
        self.rename = new_button(self.tr("Re&name..."), self.renamed)
        self.delete = new_button(self.tr("&Delete..."), self.deleted)
        self.beside = QComboBox()
        self.beside.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.beside.activated.connect(lambda _: self._fill())
        self._beside_row = self._new_beside_row()
        self._chips = (Chips(), Chips())
        self._table = QWidget()
        self._comparison = Comparison()
        self._lay_out()

    def show_model(self, entry: Entry, others: Sequence[Entry], *, in_use: bool) -> None:
        """Show a model, and offer sound ones of `others` for a comparison."""
        chosen = self.beside.currentData() if self.beside.currentIndex() > 0 else None
        self.entry, self._in_use = entry, in_use
        self._others = [other for other in others if other.info is not None and other != entry]
        self.beside.clear()
        self.beside.addItem(self.tr("Nothing"))
        for other in self._others:
            self.beside.addItem(other.name, str(other.path))
        self.beside.setCurrentIndex(max(0, self.beside.findData(chosen) if chosen else 0))
        self._fill()

    def _fill(self) -> None:
        entry = self.entry
        assert entry is not None
        place = self.beside.currentIndex() - 1
        other = self._others[place] if place >= 0 and entry.info is not None else None
        self.title.setText(entry.name)
        self.claim.setText(claim(entry.info) if entry.info is not None else "")
        self.claim.setVisible(bool(self.claim.text()))
        self._fault.setText(entry.fault)
        self._fault.setVisible(bool(entry.fault))
        self.use.setVisible(entry.info is not None)
        self.use.setEnabled(not self._in_use)
        self.use.setText(self.tr("In use") if self._in_use else self.tr("&Use this model"))
        self.report.setVisible(entry.report is not None)
        self.rename.setVisible(entry.own and entry.info is not None)
        self.delete.setVisible(entry.own)
        self._beside_row.setVisible(entry.info is not None and bool(self._others))
        self._fill_table([entry] if other is None else [entry, other])
        shown = figures(entry.info, other.info if other is not None else None) if entry.info else []
        names = [entry.name, other.name if other is not None else self.tr("without memory")]
        self._comparison.setVisible(bool(shown))
        self._comparison.show_figures(names, shown)

    def _fill_table(self, entries: list[Entry]) -> None:
        """Show a column a model: its classes, and the facts."""
        for chips in self._chips:
            chips.setParent(self)
            chips.hide()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(9)
        if entries[0].info is not None:
            for column, entry in enumerate(entries, 1):
                grid.setColumnStretch(column, 1)
                self._fill_column(grid, column, entry, headed=len(entries) > 1)
            titles = [self.tr("Knows"), *(t for t, _ in facts(entries[0]))]
            if any(_outlines(entry) for entry in entries):
                titles.append(self.tr("Looks like"))
            for row, title in enumerate(titles, 1):
                grid.addWidget(new_label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        layout.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table

    def _fill_column(self, grid: QGridLayout, column: int, entry: Entry, *, headed: bool) -> None:
        assert entry.info is not None
        if headed:
            grid.addWidget(new_label(entry.name, "title", wraps=True), 0, column)
        chips = self._chips[column - 1]
        chips.show_classes(entry.info.classes)
        grid.addWidget(chips, 1, column)
        chips.show()
        for row, (_, text) in enumerate(facts(entry), 2):
            grid.addWidget(new_label(text, wraps=True, selectable=True), row, column)
        if outlines := _outlines(entry):
            grid.addWidget(Outlines(outlines), grid.rowCount(), column)

    def _new_beside_row(self) -> QWidget:
        row = QWidget()
        label = new_label(self.tr("&Compare with"), "muted")
        label.setBuddy(self.beside)
        self.beside.setAccessibleName(self.tr("Compare with"))
        in_row(label, self.beside, margins=0, on=row)
        return row

    def _lay_out(self) -> None:
        head = in_row((self.title, 1), self._beside_row)
        buttons = in_row(self.use, self.report, self.rename, self.delete, STRETCH, spacing=8)
        figures = (self._table, self._comparison, STRETCH)
        parts = (head, self.claim, self._fault, buttons, *figures)
        in_column(*parts, spacing=16, margins=(4, 4, 14, 8), on=self)


def _outlines(entry: Entry) -> dict[str, object]:
    found = entry.info.training.get("outlines") if entry.info is not None else None
    return found if isinstance(found, dict) else {}
