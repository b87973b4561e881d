"""The preferences' dialog: the pages' names at the left, one page at the right."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from lrcn_desktop.app.preferences.page import Page
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.building import STRETCH, in_column, in_row, new_button, scrolling

_NAMES = 150  # pixels: width of the list of pages


class PreferencesDialog(QDialog):
    """Shows pages that change the settings at once; closing it changes nothing.

    Attributes:
        pages: The pages, in the order of the list.
    """

    def __init__(
        self, settings: Settings, make_pages: Callable[[], list[QWidget]], parent: QWidget
    ) -> None:
        """Show the pages of `make_pages`, which is called again after "Restore defaults"."""
        super().__init__(parent)
        self._settings, self._make_pages = settings, make_pages
        self.pages: list[QWidget] = []
        self._areas: list[QScrollArea] = []
        self.setWindowTitle(self.tr("Preferences"))
        self.resize(700, 520)
        self.names = QListWidget()
        self.names.setObjectName("pages")
        self.names.setAccessibleName(self.tr("Pages"))
        self.names.setFixedWidth(max(_NAMES, 11 * self.fontMetrics().height()))
        self._stack = QStackedWidget()
        self.names.currentRowChanged.connect(self._show_page)
        self.restore = new_button(self.tr("&Restore defaults"), self._restore)
        self.restore.setAutoDefault(False)
        done = new_button(self.tr("&Close"), self.close)
        done.setDefault(True)
        buttons = in_row(self.restore, STRETCH, done)
        right = in_column((self._stack, 1), buttons, spacing=14)
        in_row(self.names, (right, 1), spacing=18, margins=16, on=self)
        self._fill(0)
        self.names.setFocus()

    def show_page(self, title: str) -> None:
        """Bring the page of this title forward, where there is one."""
        for item in self.names.findItems(title, Qt.MatchFlag.MatchExactly):
            self.names.setCurrentItem(item)

    def _fill(self, present: int) -> None:
        self.names.clear()
        for area in self._areas:
            self._stack.removeWidget(area)
            area.deleteLater()
        self._areas = []
        self.pages = self._make_pages()
        for page in self.pages:
            area = scrolling(page)
            across = page.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width()
            area.setMinimumWidth(across)  # it scrolls down, never sideways
            self._stack.addWidget(area)
            self._areas.append(area)
            self.names.addItem(str(page.title))  # type: ignore[attr-defined]
        self.names.setCurrentRow(present)

    def _show_page(self, row: int) -> None:
        if row >= 0:
            self._stack.setCurrentIndex(row)
            self.restore.setVisible(bool(self._bound(row)))

    def _restore(self) -> None:
        row = self.names.currentRow()
        for setting in self._bound(row):
            if self._settings.get(setting) != setting.default:  # no model is reloaded for nothing
                self._settings.set(setting, setting.default)
        self._fill(row)

    def _bound(self, row: int) -> list[Setting[Any]]:
        page = self.pages[row]
        return page.bound if isinstance(page, Page) else []
