"""Every entry of the menus with its keys, to be read, searched and chosen."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lrcn_desktop.app.widgets.building import in_column, new_label
from lrcn_desktop.app.widgets.words import tr

_KEYS_WIDTH = 170  # pixels
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of the list.

    Attributes:
        section: The menu's title, or where else the keys hold.
        text: What happens, with the sub-menus that it stands in.
        keys: The keys, as the system writes them; "" for none.
        action: The menu's entry, None for a key that only a control knows.
    """

    section: str
    text: str
    keys: str
    action: QAction | None = None


def menu_entries(bar: QMenuBar) -> list[KeyEntry]:
    """Return the entries of all menus in their order; without a key, only those enabled now."""
    found: list[KeyEntry] = []
    for title in bar.actions():
        for path, action in _walk(title, ()):
            keys = ", ".join(_shown(key) for key in action.shortcuts())
            if keys or action.isEnabled():
                found.append(KeyEntry(plain(title.text()), ": ".join(path), keys, action))
    return found


def control_entries() -> list[KeyEntry]:
    """Return the keys that controls have of their own."""
    timeline, picture = tr("Timeline, when it has the focus"), tr("Anywhere")
    return [
        KeyEntry(timeline, tr("Zoom in and out"), "+, -"),
        KeyEntry(timeline, tr("Show all"), "0"),
        KeyEntry(timeline, tr("A page back or forward"), tr("Page up, Page down")),
        KeyEntry(timeline, tr("Scroll the activities"), tr("Up, Down")),
        KeyEntry(timeline, tr("Higher and lower rows"), "*, /"),
        KeyEntry(timeline, tr("Keep the row of the selected segment on top"), "T"),
        KeyEntry(timeline, tr("Select several segments"), tr("Ctrl and click")),
        KeyEntry(timeline, tr("Draw a segment"), tr("Shift and drag")),
        KeyEntry(picture, tr("Close a message, leave full screen"), tr("Esc")),
        KeyEntry(picture, tr("Next and previous control"), tr("Tab, Shift+Tab")),
        KeyEntry(picture, tr("Press the control that has the focus"), tr("Space")),
        KeyEntry(picture, tr("Open a menu"), tr("Alt and its underlined letter")),
    ]


def plain(text: str) -> str:
    """Return a menu's text without its marks: "&Open video..." as "Open video"."""
    kept = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return kept.partition("\t")[0].removesuffix("...")


class KeysDialog(QDialog):
    """Shows and searches the list; Enter, or a double click, runs the selected command."""

    def __init__(self, bar: QMenuBar, parent: QWidget) -> None:
        """List the entries of `bar` as they are now."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(560, 620)
        self.search = QLineEdit(placeholderText=self.tr("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search"))
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._do_current)
        self.search.installEventFilter(self)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Keys"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(12)
        self._fill([*menu_entries(bar), *control_entries()])
        self.tree.itemActivated.connect(self._do)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        header.resizeSection(1, _KEYS_WIDTH)
        hint = new_label(self.tr("Press Enter to run the selected command."), "muted")
        in_column(self.search, (self.tree, 1), hint, spacing=10, margins=(16, 16, 16, 14), on=self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move in the list by the arrows while the search has the focus."""
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            QCoreApplication.sendEvent(self.tree, event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, entries: list[KeyEntry]) -> None:
        bold = self.font()
        bold.setBold(True)
        section: QTreeWidgetItem | None = None
        self._rows: list[tuple[KeyEntry, QTreeWidgetItem]] = []
        for entry in entries:
            if section is None or section.text(0) != entry.section:
                section = QTreeWidgetItem(self.tree, [entry.section])
                section.setFont(0, bold)
                section.setFlags(Qt.ItemFlag.ItemIsEnabled)
                section.setFirstColumnSpanned(True)
                section.setExpanded(True)
            row = QTreeWidgetItem(section, [entry.text, entry.keys])
            if entry.action is None:
                row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren)
            elif not entry.action.isEnabled():
                row.setDisabled(True)
            self._rows.append((entry, row))

    def _filter(self, wanted: str) -> None:
        """Show what holds every word of `wanted`, in its text, its menu or its keys."""
        words = wanted.casefold().split()
        first: QTreeWidgetItem | None = None
        for entry, row in self._rows:
            text = f"{entry.section} {entry.text} {entry.keys}".casefold()
            row.setHidden(not all(word in text for word in words))
            if first is None and not row.isHidden() and row.flags() & Qt.ItemFlag.ItemIsSelectable:
                first = row
        for place in range(self.tree.topLevelItemCount()):
            section = self.tree.topLevelItem(place)
            if section is not None:
                section.setHidden(all(r.isHidden() for _, r in self._rows if r.parent() is section))
        self.tree.clearSelection()
        if words and first is not None:
            self.tree.setCurrentItem(first)

    def _do_current(self) -> None:
        for item in self.tree.selectedItems():
            self._do(item)

    def _do(self, item: QTreeWidgetItem) -> None:
        for entry, row in self._rows:
            if row is item and entry.action is not None and entry.action.isEnabled():
                self.close()
                entry.action.trigger()
                return


def _walk(action: QAction, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], QAction]]:
    """Give the entries of a menu, and of its sub-menus, with their titles before them."""
    menu = action.menu()
    for entry in menu.actions() if isinstance(menu, QMenu) else ():
        place = (*path, plain(entry.text()))
        if entry.menu() is not None:
            yield from _walk(entry, place)
        elif not entry.isSeparator() and entry.text() and entry.isVisible():
            yield place, entry


def _shown(key: QKeySequence) -> str:
    return key.toString(QKeySequence.SequenceFormat.NativeText)
