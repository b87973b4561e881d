"""Every window and dialog that the main window's menus open, page by page."""

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QListWidget,
    QMainWindow,
    QMenu,
    QTabWidget,
    QWidget,
)

from tools.screenshots.waiting import wait


def windows(main: QMainWindow, settle: float = 0.5) -> Iterator[tuple[str, QWidget]]:
    """Open what each menu entry opens, one after the other, and yield its name and the window.

    A window with pages is yielded once a page. The system's own file dialogs are left out, and so
    are entries that what is open does not allow.

    Args:
        main: The main window.
        settle: Seconds that a window has to fill itself.
    """
    for name, action in entries(main):
        before = _shown()
        action.trigger()
        wait(settle)
        for window in _shown() - before:
            if not isinstance(window, QFileDialog | QMenu):
                for page in _pages(window):
                    wait(0.1)
                    yield name + page, window
            window.close()
        wait(0.05)


def entries(main: QMainWindow) -> Iterator[tuple[str, QAction]]:
    """Yield every enabled menu entry that opens a window, with a name for it."""
    for top in main.menuBar().actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            yield from _entries(menu)


def _entries(menu: QMenu) -> Iterator[tuple[str, QAction]]:
    menu.aboutToShow.emit()
    for action in menu.actions():
        text = action.text().replace("&", "")
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _entries(inner)
        elif action.isEnabled() and not action.isCheckable() and _opens_a_window(action):
            yield re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"), action


def _opens_a_window(action: QAction) -> bool:
    help_key = action.shortcut() == QKeySequence(Qt.Key.Key_F1)
    about = action.menuRole() == QAction.MenuRole.AboutRole
    return action.text().endswith("...") or help_key or about


def _pages(window: QWidget) -> Iterator[str]:
    """Bring the window's pages forward, one after the other, and yield a suffix for each."""
    names = window.findChild(QListWidget, "pages")
    tabs = window.findChild(QTabWidget)
    if names is not None:
        for row in range(names.count()):
            names.setCurrentRow(row)
            yield f"-{names.item(row).text().lower().replace(' ', '-')}"
    elif tabs is not None:
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            yield f"-{tabs.tabText(place).lower().replace('&', '').replace(' ', '-')}"
    else:
        yield ""


def _shown() -> set[QWidget]:
    return {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}
