"""The tab of segments: a table that sorts, and a review by keyboard, the least sure first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QStyleOptionViewItem, QTableView
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.review.segments_model import ACTIVITY, LENGTH, START, SURE
from lrcn_desktop.app.review.segments_panel import SegmentsPanel
from lrcn_desktop.app.widgets.theme import LIGHT, apply_theme
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.segments import Segment

SEGMENTS = (
    Segment(0.0, 2.0, "walking", 0.9),
    Segment(2.0, 3.0, "standing up", 0.4),
    Segment(3.0, 6.0, "walking", 0.6),
    Segment(6.0, 7.0, "sitting down", 0.8),
)
CLASSES = ("sitting down", "standing up", "walking")


def shown(panel: SegmentsPanel) -> list[float]:
    return [segment.start for segment in panel.model.segments]


def test_it_sorts_by_any_column_and_shows_what_to_check(qtbot: QtBot) -> None:
    panel = SegmentsPanel(lambda _: None)
    qtbot.addWidget(panel)
    panel.model.show(SEGMENTS, {SEGMENTS[1]}, CLASSES)
    assert shown(panel) == [0.0, 2.0, 3.0, 6.0]
    panel.table.sortByColumn(SURE, Qt.SortOrder.AscendingOrder)
    assert shown(panel) == [2.0, 3.0, 6.0, 0.0]
    panel.table.sortByColumn(LENGTH, Qt.SortOrder.DescendingOrder)
    assert shown(panel)[0] == 3.0
    panel.table.sortByColumn(ACTIVITY, Qt.SortOrder.AscendingOrder)
    assert shown(panel) == [6.0, 2.0, 0.0, 3.0]
    panel.least_sure.click()
    assert shown(panel) == [3.0, 6.0, 0.0]  # but what was checked
    assert panel.current == SEGMENTS[2]
    text = panel.model.data(panel.model.index(0, START))
    assert text == "0:03.0"


def test_its_buttons_are_there_for_a_segment(qtbot: QtBot) -> None:
    panel = SegmentsPanel(lambda _: None)
    qtbot.addWidget(panel)
    buttons = [b for b in panel.findChildren(QPushButton) if b is not panel.least_sure]
    assert [b.text() for b in buttons] == ["Right", "Wrong", "Another..."]
    assert not any(button.isEnabled() for button in buttons)
    panel.model.show(SEGMENTS, set(), CLASSES)
    panel.select_row(1)
    assert all(button.isEnabled() for button in buttons)
    panel.model.show((), set(), CLASSES)
    assert not any(button.isEnabled() for button in buttons)


@pytest.fixture
def reviewed(
    window: MainWindow,
    qtbot: QtBot,
    write_video: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> MainWindow:
    """Return a window with a video that is paused, and a model's segments of it."""
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=100, rate=10.0)))
    qtbot.waitUntil(lambda: window.document.review is not None, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Space)
    result = ModelSegments("small", CLASSES, SEGMENTS, ((0.0, 7.0),))
    monkeypatch.setattr(window.document.reviews, "follow", lambda _: None)  # what it sees itself
    window.document.reviews.review = Review(7.0, ReviewSnapshot(result))
    window.document.segments_changed.emit()
    return window


def test_right_wrong_and_another_by_keyboard(reviewed: MainWindow, qtbot: QtBot) -> None:
    window, panel = reviewed, reviewed.review.segments.panel
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(panel.isVisible)
    assert window.focusWidget() is panel.table  # its keys work at once
    panel.least_sure.click()
    review = window.document.review
    assert review is not None
    assert panel.current == SEGMENTS[1]
    assert window.timeline.view.selected == SEGMENTS[1]
    QTest.keyClick(panel.table, Qt.Key.Key_Return)  # right
    assert [s.start for s in review.checked] == [2.0]
    assert panel.current == SEGMENTS[2]  # the next one
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)  # wrong
    assert [s.start for s in review.segments] == [0.0, 2.0, 6.0]
    assert panel.current == SEGMENTS[3]
    QTest.keyClick(panel.table, Qt.Key.Key_3)  # another
    assert [(s.start, s.label) for s in review.segments][-1] == (6.0, "walking")
    assert shown(panel) == [0.0]


@pytest.mark.parametrize("width", [300, 340, 362, 400, 600])
def test_no_activity_is_cut_at_any_width(width: int, qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, LIGHT)
    panel = SegmentsPanel(lambda _: None)
    qtbot.addWidget(panel)
    panel.resize(width, 240)
    panel.show()
    many = tuple(Segment(n, n + 0.8, "jumping jacks", 1.0) for n in range(20))
    panel.model.show(many, {many[0]}, (*CLASSES, "jumping jacks"))
    table, last = panel.table, panel.table.horizontalHeader()
    index = panel.model.index(0, ACTIVITY)
    hint = table.itemDelegateForIndex(index).sizeHint(_option(table), index)
    assert table.columnWidth(ACTIVITY) >= hint.width()
    assert not table.horizontalScrollBar().isVisible()
    assert last.length() <= table.viewport().width()
    assert width < 600 or not table.isColumnHidden(LENGTH)
    assert width < 362 or not table.isColumnHidden(SURE)


def _option(table: QTableView) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    table.initViewItemOption(option)
    return option
