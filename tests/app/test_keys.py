"""The list of keys, and that no two entries of the real window share one."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.app.widgets.shortcuts_dialog import KeysDialog, menu_entries, plain


def test_no_two_entries_share_a_key(window: MainWindow) -> None:
    actions = [entry.action for entry in menu_entries(window.menuBar()) if entry.action]
    own = [action for action in window.actions() if action not in actions]
    keys = Counter(key.toString() for action in (*actions, *own) for key in action.shortcuts())
    assert {key for key, times in keys.items() if times > 1} == set()
    assert len(keys) > 20


def test_no_two_entries_of_a_menu_share_a_letter(window: MainWindow) -> None:
    """Else Alt and the letter only moves between them."""
    bar = window.menuBar()
    titles = [action.text() for action in bar.actions()]
    menus = {plain(action.text()): action.menu() for action in bar.actions()}
    assert doubled(titles) == set()
    for title, menu in menus.items():
        assert isinstance(menu, QMenu)
        assert doubled([action.text() for action in menu.actions()]) == set(), title


def doubled(texts: list[str]) -> set[str]:
    letters = Counter(
        text.replace("&&", "").partition("&")[2][0].casefold()
        for text in texts
        if "&" in text.replace("&&", "")
    )
    return {letter for letter, times in letters.items() if times > 1}


def test_the_list_holds_what_the_menus_hold_and_finds_it(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    rows = shown(dialog)
    assert ("Open video", "Ctrl+O") in rows
    assert ("Speed: Slower", "<") in rows
    assert ("About LRCN Desktop", "") in rows
    QTest.keyClicks(dialog.search, "camera ctrl")
    assert shown(dialog) == [("File", ""), ("Choose a camera", "Ctrl+Shift+O")]
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "full scr")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert window.isFullScreen()


def test_an_activitys_key_says_what_it_does(
    window: MainWindow, play: Callable[[MainWindow, str], None], qtbot: QtBot
) -> None:
    play(window, "demo")
    editing = window.review.editing  # its review is read, and filled, after the first prediction
    qtbot.waitUntil(lambda: bool(editing.labels), timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    rows = [row for row in shown(dialog) if row[1] in ("1", "2", "3")]
    labels = map(readable, window.document.live.recognizer.classes)
    assert rows == [(f"Set activity to: {label}", str(n)) for n, label in enumerate(labels, 1)]
    dialog.close()


def shown(dialog: KeysDialog) -> list[tuple[str, str]]:
    flag = QTreeWidgetItemIterator.IteratorFlag.NotHidden
    iterator = QTreeWidgetItemIterator(dialog.tree, flag)
    rows: list[tuple[str, str]] = []
    while (item := iterator.value()) is not None:
        rows.append((item.text(0), item.text(1)))
        iterator += 1
    return rows
