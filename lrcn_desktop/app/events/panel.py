"""The side's tab of events: the counts, and what happened last."""

from PySide6.QtCore import Signal
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

from lrcn_desktop.app.events.strip import EventStrip
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = EventStrip()
        self._hint = QLabel(
            self.tr(
                "No events are chosen. For each activity you can have its events counted, shown, "
                "written to a table, or start a program."
            )
        )
        self._hint.setObjectName("muted")
        self._hint.setWordWrap(True)
        self.table = QTreeWidget()
        self.table.setAccessibleName(self.tr("Events"))
        titles = [self.tr("Time"), self.tr("Activity"), self.tr("No."), self.tr("Length")]
        self.table.setHeaderLabels(titles)
        self.table.setRootIsDecorated(False)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.itemActivated.connect(self._activate)
        self.setFocusProxy(self.table)
        choose = QPushButton(self.tr("Choose events..."))
        choose.setObjectName("small")
        choose.clicked.connect(self.chosen)
        foot = QHBoxLayout()
        foot.addWidget(choose)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._hint)
        layout.addWidget(self.strip)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
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

    def _activate(self, row: QTreeWidgetItem) -> None:
        self.activated.emit(float(row.data(0, 256)))
