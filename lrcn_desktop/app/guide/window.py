"""The guide's window: contents and search at the left, the page at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lrcn_desktop.app.guide.page_view import PageView
from lrcn_desktop.app.guide.pages import Page
from lrcn_desktop.app.widgets.building import in_column, in_row, new_label
from lrcn_desktop.app.widgets.window import Window

_Place = tuple[int, str]  # a page's number, and an anchor or ""
_CONTENTS = 250  # pixels


class GuideWindow(Window):
    """Shows the pages, follows the links between them, and finds words in them.

    Attributes:
        search: What is searched for; Enter goes to the next place.
        contents: The pages with their sections; while searching, only the pages with a match.
        view: The page on show.
        found: How many places the search found, and at which one it is.
        back: Goes back to what was read before.
    """

    def __init__(self, pages: Sequence[Page], parent: QWidget) -> None:
        """Show the first of `pages`, of which there is at least one."""
        super().__init__(parent, self.tr("Guide"), QSize(1000, 720), QSize(560, 400))
        self._pages = tuple(pages)
        self._read: list[_Place] = []  # before what is on show
        self._shown: _Place = (0, "")
        self._items: dict[_Place, QTreeWidgetItem] = {}
        self._match = -1  # the number of the place it is at, of those on this page
        self.search = QLineEdit(
            placeholderText=self.tr("Search the guide"), clearButtonEnabled=True
        )
        self.search.setAccessibleName(self.tr("Search the guide"))
        self.contents = QTreeWidget()
        self.contents.setAccessibleName(self.tr("Contents"))
        self.contents.setHeaderHidden(True)
        self.contents.setIndentation(14)
        self.found = new_label(style="muted")
        self.back = QPushButton(self.tr("&Back"))
        self.back.setEnabled(False)
        self.view = PageView()
        self._fill()
        self._lay_out()
        self._connect()
        self._show((0, ""))

    @property
    def page(self) -> Page:
        """The page on show."""
        return self._pages[self._shown[0]]

    def open_page(self, name: str, anchor: str = "") -> None:
        """Show a page by its file's name ("": the one on show); an unknown one is left alone."""
        names = [page.name for page in self._pages]
        if not name or name in names:
            self._go((names.index(name) if name else self._shown[0], anchor))

    def _go(self, place: _Place) -> None:
        if place != self._shown:
            self._read.append(self._shown)
        self._show(place)

    def _go_back(self) -> None:
        if self._read:
            self._show(self._read.pop())

    def _show(self, place: _Place) -> None:
        self._shown = place
        self.view.show_page(self.page, place[1])
        self.view.highlight(self.search.text().strip())
        self.back.setEnabled(bool(self._read))
        self._match = -1
        self._say_found()
        self.contents.blockSignals(True)
        self.contents.setCurrentItem(self._items.get(place) or self._items[place[0], ""])
        self.contents.blockSignals(False)

    def _search(self, text: str) -> None:
        """Show only the pages that hold `text`, and of these the one on show or the first."""
        words = text.strip().casefold()
        holding = [i for i, page in enumerate(self._pages) if words in page.text.casefold()]
        for number in range(len(self._pages)):
            item = self._items[number, ""]
            item.setHidden(number not in holding)
            item.setExpanded(bool(words) and number in holding)
        if holding and self._shown[0] not in holding:
            self._go((holding[0], ""))
        self.view.highlight(text.strip())
        self._match = -1
        if words and self.view.matches:
            self._next()
        self._say_found()

    def _next(self) -> None:
        """Go to the next match, on this page or on the next page that has one."""
        if not self.search.text().strip():
            return
        if self._match + 1 >= len(self.view.matches):
            count = len(self._pages)
            after = [(self._shown[0] + step) % count for step in range(1, count + 1)]
            words = self.search.text().strip().casefold()
            holding = [number for number in after if words in self._pages[number].text.casefold()]
            if not holding:
                return
            self._go((holding[0], ""))
        if self.view.matches:
            self._match += 1
            self.view.go_to(self._match)
        self._say_found()

    def _say_found(self) -> None:
        count = len(self.view.matches)
        if not self.search.text().strip():
            words = ""
        elif not count:
            words = self.tr("Not found")
        elif self._match < 0:
            words = self.tr("{0} on this page").format(count)
        else:
            words = self.tr("{0} of {1} on this page").format(self._match + 1, count)
        self.found.setText(words)
        self.found.setVisible(bool(words))

    def _fill(self) -> None:
        for number, page in enumerate(self._pages):
            item = self._items[number, ""] = QTreeWidgetItem(self.contents, [page.title])
            for heading in page.headings[1:]:
                if heading.level == 2:
                    section = QTreeWidgetItem(item, [heading.text])
                    self._items[number, heading.anchor] = section

    def _lay_out(self) -> None:
        side = QWidget()
        parts = (self.search, self.found, (self.contents, 1), self.back)
        in_column(*parts, spacing=10, margins=0, on=side)
        side.setFixedWidth(max(_CONTENTS, 17 * self.fontMetrics().height()))
        in_row(side, (self.view, 1), spacing=16, margins=16, on=self)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._next)
        self.contents.currentItemChanged.connect(self._chosen)
        self.view.page_wanted.connect(self.open_page)
        self.back.clicked.connect(self._go_back)
        keys = QKeySequence.StandardKey
        QShortcut(QKeySequence(keys.Back), self, self._go_back)
        QShortcut(QKeySequence(keys.Find), self, self._begin_search)

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        for place, each in self._items.items():
            if each is item:
                self._go(place)
                return
