"""The guide in the window: its links, its search, its look in both themes."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.guide.guide_part import GuidePart
from lrcn_desktop.app.guide.pages import Page, guide_dir, headings_of, read_pages
from lrcn_desktop.app.guide.window import GuideWindow
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.widgets.shortcuts_dialog import plain
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, apply_theme

FIRST = (
    "# First\n\nSee [the end](second.md#the-end) or [the web](https://example.org/).\n\n## A part\n"
)
SECOND = "# Second\n\nA zebra.\n\n" + "More words.\n\n" * 60 + "## The end\n\nA Zebra, a zebra.\n"
PATH = re.compile(r"\*((?:File|Edit|Playback|Record|View|Model|Help) > [^*]+)\*")


def page(name: str, text: str) -> Page:
    return Page(name, text, headings_of(text))


@pytest.fixture
def guide(qapp: QApplication, qtbot: QtBot) -> Iterator[GuideWindow]:
    apply_theme(qapp, LIGHT)
    parent = QWidget()
    window = GuideWindow([page("first.md", FIRST), page("second.md", SECOND)], parent)
    window.show()
    yield window
    window.close()
    parent.deleteLater()


def test_a_link_leads_to_a_heading_of_another_page_and_back(guide: GuideWindow) -> None:
    guide.view.anchorClicked.emit(QUrl("second.md#the-end"))
    assert guide.page.title == "Second"
    assert guide.view.textCursor().block().text() == "The end"
    assert guide.view.verticalScrollBar().value() > 0
    assert guide.contents.currentItem().text(0) == "The end"
    guide.back.click()
    assert guide.page.title == "First"
    assert not guide.back.isEnabled()


def test_only_a_click_opens_the_browser(
    guide: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    guide.open_page("second.md")
    guide.open_page("first.md")
    assert opened == []
    guide.view.anchorClicked.emit(QUrl("https://example.org/"))
    guide.view.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == ["https://example.org/"]
    assert guide.page.title == "First"


def test_the_search_finds_marks_and_goes_on(guide: GuideWindow) -> None:
    QTest.keyClicks(guide.search, "zebra")
    shown = [guide.contents.topLevelItem(row) for row in range(2)]
    assert [item.isHidden() for item in shown if item] == [True, False]
    assert guide.page.title == "Second"
    marked = [place.cursor.selectedText() for place in guide.view.extraSelections()]
    assert marked == ["zebra", "Zebra", "zebra"]
    assert guide.found.text() == "1 of 3 on this page"
    top = guide.view.verticalScrollBar().value()
    QTest.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.found.text() == "2 of 3 on this page"
    assert guide.view.verticalScrollBar().value() > top
    QTest.keyClicks(guide.search, "x")
    assert guide.found.text() == "Not found"
    guide.search.clear()
    assert guide.view.extraSelections() == []
    assert not any(item.isHidden() for item in shown if item)


def test_the_search_goes_on_to_the_next_page_that_has_it(guide: GuideWindow) -> None:
    QTest.keyClicks(guide.search, "the")
    assert guide.page.title == "First"
    seen = []
    for _ in range(4):
        seen.append((guide.page.title, guide.found.text()))
        QTest.keyClick(guide.search, Qt.Key.Key_Return)
    assert seen[:2] == [("First", "1 of 2 on this page"), ("First", "2 of 2 on this page")]
    assert seen[2][0] == "Second"
    assert seen[3][0] == "First"


def test_the_page_follows_the_theme(guide: GuideWindow, qapp: QApplication) -> None:
    def color_of_the_link() -> str:
        cursor = guide.view.document().find("the end")
        return cursor.charFormat().foreground().color().name()

    light = color_of_the_link()
    assert light == guide.palette().color(QPalette.ColorRole.Link).name()
    apply_theme(qapp, DARK)
    dark = color_of_the_link()
    assert dark == guide.palette().color(QPalette.ColorRole.Link).name()
    assert dark != light
    apply_theme(qapp, LIGHT)


def test_no_page_is_wider_than_the_window(qapp: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    window = GuideWindow(read_pages(guide_dir()), parent)
    window.show()
    for each in read_pages(guide_dir()):
        window.open_page(each.name)
        assert window.view.horizontalScrollBar().maximum() == 0, each.name
    window.close()
    parent.deleteLater()


def entries(menu: QMenu, before: str) -> Iterator[str]:
    for action in menu.actions():
        path = f"{before} > {plain(action.text())}"
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from entries(inner, path)
        elif action.text():
            yield path


def test_every_menu_entry_that_is_named_exists(window: MainWindow) -> None:
    there: set[str] = set()
    for title in window.menuBar().actions():
        menu = title.menu()
        assert isinstance(menu, QMenu)
        there |= set(entries(menu, plain(title.text())))
    readme = guide_dir().parents[1] / "README.md"
    texts = [page.text for page in read_pages(guide_dir())]
    if readme.exists():
        texts.append(readme.read_text("utf-8"))
    named = {" ".join(path.split()) for text in texts for path in PATH.findall(text)}
    assert len(named) > 10
    assert not named - there


def test_the_help_menu_opens_it_and_keeps_its_place(window: MainWindow, qtbot: QtBot) -> None:
    part = next(part for part in window.parts if isinstance(part, GuidePart))
    entry = window.menus.help.actions()[0]
    assert plain(entry.text()) == "Guide"
    entry.trigger()
    assert part.window is not None
    assert part.window.isVisible()
    part.window.open_page("training.md")
    part.window.close()
    entry.trigger()
    assert part.window.page.name == "training.md"
    assert part.window.isVisible()
