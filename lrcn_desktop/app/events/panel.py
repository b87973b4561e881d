"""The side's tab of events: the counts, and what happened last."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QTreeWidgetItem,
    QWidget,
)

from lrcn_desktop.app.events.strip import EventStrip
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    in_column,
    in_row,
    new_button,
    new_label,
    new_table,
)
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.recognition.events import Event

_MOST = 500  # lines, of which the newest are on top


class EventsPanel(QWidget):
    """Shows the counts and lists the events.

    Attributes:
        strip: The counts.
        table: The events, the newest first.
    """

    chosen = Signal()  # the user wants to choose events
    activated = Signal(float)  # the time, in seconds, of an event to go to

    def __init__(self) -> None:
        super().__init__()
        self.strip = EventStrip()
        self._hint = new_label(
            self.tr(
                "No events are chosen. For each activity you can have its events counted, shown, "
                "written to a table, or start a program."
            ),
            "muted",
            wraps=True,
        )
        titles = [self.tr("Time"), self.tr("Activity"), self.tr("No."), self.tr("Length")]
        self.table = new_table(titles, self.tr("Events"), wide=1)
        self.table.itemActivated.connect(lambda row: self.activated.emit(float(row.data(0, 256))))
        self.setFocusProxy(self.table)
        choose = new_button(self.tr("Choose events..."), self.chosen, "small")
        foot = in_row(choose, STRETCH)
        in_column(self._hint, self.strip, (self.table, 1), foot, margins=(0, 8, 0, 0), on=self)
        self._rows: dict[tuple[str, int], QTreeWidgetItem] = {}

    def show_rules(self, count: int) -> None:
        """Explain events while no rule asks for any."""
        self._hint.setVisible(not count)

    def add(self, event: Event) -> None:
        """List an event when it begins, and again, with its length, when it has ended."""
        key = (event.label, event.number)
        row = self._rows.get(key)
        if row is None:
            row = QTreeWidgetItem([clock(event.start), readable(event.label), str(event.number)])
            row.setData(0, 256, event.start)
            self._rows[key] = row
            self.table.insertTopLevelItem(0, row)
            while self.table.topLevelItemCount() > _MOST:
                self.table.takeTopLevelItem(_MOST)
        if event.end is not None:
            row.setText(3, f"{event.end - event.start:.1f} s")
            del self._rows[key]

    def clear(self) -> None:
        """List nothing: another source, or counts from 1."""
        self._rows.clear()
        self.table.clear()
