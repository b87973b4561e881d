"""The timeline as editors have it: rows with room, ribbons, several selected, zoom, loop, strip."""

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE
from timeline_views import CLASSES, SEGMENTS, place

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.timeline.filmstrip import FilmstripLane
from lrcn_desktop.app.timeline.geometry import GUTTER, TOP, Geometry
from lrcn_desktop.app.timeline.hover import HoverPreview
from lrcn_desktop.app.timeline.ribbon import ribbon_image
from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.app.viewing.loop_part import LoopPart
from lrcn_desktop.recognition.history.history import History
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.segments import Segment

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
RED = QColor("red")


@pytest.mark.parametrize("scale", [1.0, 1.8])
@pytest.mark.parametrize("rows", [1, 7, 8, 12, 101])
@pytest.mark.parametrize("height", [64, 120, 152, 158, 300, 900])
def test_no_row_is_cut_through_its_name(height: int, rows: int, scale: float) -> None:
    places = Geometry(1000, height, 0.0, 60.0, rows, least=16.0, scale=scale)
    assert places.row_height >= 16.0 or height - TOP < 32
    shown = (height - TOP) / places.row_height
    assert rows <= shown + 1e-6 or shown == pytest.approx(round(shown))


def test_eight_rows_have_room_at_the_size_that_the_view_asks_for(view: TimelineView) -> None:
    view.show_segments([Segment(n, n + 0.9, f"activity {n}", 0.9) for n in range(8)])
    view.resize(600, view.sizeHint().height())
    assert len(view.places.visible_rows()) == 8
    assert not view.places.most_scroll
    assert view.places.row_height >= view.fontMetrics().height()


def test_several_are_selected_by_ctrl_and_all_by_key_and_zoomed_to(view: TimelineView) -> None:
    QTest.mouseClick(view, LEFT, NONE, place(view, 5.0))
    QTest.mouseClick(view, LEFT, CTRL, place(view, 30.0, 1))
    assert view.selection == SEGMENTS[:2]
    view.zoom_to_selection()
    assert (view.span.start, view.span.end) == (0.0, pytest.approx(44.0))
    QTest.mouseClick(view, LEFT, CTRL, place(view, 30.0, 1))
    assert view.selection == SEGMENTS[:1]
    view.show_all()
    view.select_all()
    assert view.selection == SEGMENTS
    view.show_segments(SEGMENTS[:1] + SEGMENTS[2:])  # one is gone
    assert view.selection == [SEGMENTS[0], SEGMENTS[2]]
    QTest.mouseClick(view, LEFT, NONE, place(view, 5.0))
    assert view.selection == SEGMENTS[:1]


def test_rows_are_resized_and_pinned(view: TimelineView) -> None:
    before = view.places.row_height
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Asterisk)
    assert view.places.row_height == pytest.approx(before * 1.25)
    QTest.keyClick(view, Qt.Key.Key_Slash)
    assert view.places.row_height == pytest.approx(before)
    view.select(SEGMENTS[1])
    QTest.keyClick(view, Qt.Key.Key_T)
    assert [row.label for row in view.rows] == ["wave", "sit"]
    QTest.mouseClick(view, LEFT, NONE, QPoint(7, place(view, 0.0, 0).y()))
    assert [row.label for row in view.rows] == ["sit", "wave"]


def test_an_edge_swallows_no_neighbor(view: TimelineView) -> None:
    told: list[float] = []
    view.editable = True
    view.edge_dragged.connect(lambda _segment, _edge, seconds: told.append(seconds))
    QTest.mousePress(view, LEFT, NONE, place(view, 40.0, 1))
    for seconds in (55.0, 90.0):
        QTest.mouseMove(view, place(view, seconds, 1))
    QTest.mouseRelease(view, LEFT, NONE, place(view, 90.0, 1))
    assert told == [pytest.approx(59.9)]  # the other one ends at 60


def test_the_ribbon_is_as_high_as_the_probability(view: TimelineView) -> None:
    def curves(start: float, end: float, columns: int) -> dict[str, NDArray[np.float32]]:
        times = start + (np.arange(columns) + 0.5) * (end - start) / columns
        return {"wave": np.where(times < 30.0, 1.0, 0.2).astype(np.float32)}

    view.show_curves(curves)
    view.show_segments(SEGMENTS)
    drawn = view.grab().toImage()
    places = view.places
    top = places.row_top(1) + 4
    sure, unsure = (drawn.pixelColor(round(places.x_at(t)), round(top)) for t in (25.0, 35.0))
    low = drawn.pixelColor(
        round(places.x_at(35.0)), round(places.row_top(1) + places.row_height - 5)
    )
    assert sure == low  # full color where it reaches
    assert unsure != sure


def test_a_ribbon_is_strong_inside_bars_and_their_corners_are_round() -> None:
    half = np.full(100, 0.5, np.float32)
    edges = np.array([20.0]), np.array([60.0])
    none = np.empty(0), np.empty(0)
    image = ribbon_image(half, *edges, (100, 20), RED, 1.0, none)
    inside = [image.pixelColor(40, y).alphaF() for y in (2, 17)]
    outside = [image.pixelColor(80, y).alphaF() for y in (2, 17)]
    assert inside == pytest.approx([0.38, 1.0], abs=0.01)
    assert outside == pytest.approx([0.0, 0.16], abs=0.01)
    assert image.pixelColor(20, 19).alphaF() < 0.3  # the corner
    assert image.pixelColor(30, 19).alphaF() == 1.0
    both = np.array([10.0, 50.5]), np.array([50.5, 90.0])
    split = ribbon_image(half, *both, (100, 20), RED, 1.0, none)
    checked = ribbon_image(half, *edges, (100, 20), RED, 1.0, edges)
    assert checked.pixelColor(40, 2).alphaF() == 1.0  # the user is sure
    assert split.pixelColor(30, 10).alphaF() == split.pixelColor(70, 10).alphaF() == 1.0


def test_an_hour_at_25_steps_per_second_is_drawn_at_once(view: TimelineView) -> None:
    history = History(CLASSES, duration=3600.0, frame_rate=25.0)
    writer, shares = history.writer(), np.array([0.7, 0.2, 0.1], np.float32)
    restless = np.random.default_rng(0).dirichlet(np.ones(3), 1000).astype(np.float32)
    for number in range(90_000):
        label = "sit" if number % 500 < 400 else None
        shown = shares if number < 1000 else restless[number % 1000]
        writer.push(Prediction(number / 25, shown, label))
    view.resize(2500, 300)
    view.show_source(3600.0)
    view.show_classes(CLASSES)
    view.show_segments(history.segments())
    view.show_curves(lambda a, b, n: dict(zip(CLASSES, history.curves(a, b, n).T, strict=True)))
    taken = []
    for factor in (1.0, 4.0, 30.0, 0.5):
        began = time.thread_time()
        view.zoom(factor)
        view.grab()
        taken.append(time.thread_time() - began)
    assert sorted(taken)[1] < 0.04  # measured here: 0.01
    curve = history.curves(10.0, 20.0, 50)
    np.testing.assert_allclose(curve, np.tile(shares, (50, 1)), atol=1e-3)
    assert np.isnan(history.curves(3700.0, 3800.0, 5)).all()


def test_the_filmstrip_asks_for_the_same_pictures_while_it_pans(
    qtbot: QtBot, view: TimelineView
) -> None:
    asked: set[float] = set()
    red = QImage(128, 96, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))

    def picture(seconds: float) -> QImage:
        asked.add(seconds)
        return red

    strip = FilmstripLane(view, picture)
    qtbot.addWidget(strip)
    strip.resize(1100, 44)
    drawn = strip.grab().toImage()
    right = round(view.places.right)
    row = [drawn.pixelColor(x, 20) == QColor("red") for x in range(GUTTER + 2, right - 2)]
    assert row.count(False) <= 2 * len(asked)  # only the lines between them
    assert len(asked) <= 30
    view.change_span(lambda: view.span.zoom(4.0, 50.0))
    asked.clear()
    strip.grab()
    before = set(asked)
    view.change_span(lambda: view.span.pan(0.3))
    strip.grab()
    assert len(asked - before) <= 1
    with qtbot.waitSignal(strip.sought) as sought:
        QTest.mouseClick(strip, LEFT, NONE, QPoint(round(view.places.x_at(50.0)), 20))
    assert sought.args[0] == pytest.approx(50.0, abs=0.1)


def test_a_hover_shows_the_moment_and_goes(qtbot: QtBot, view: TimelineView) -> None:
    hover = HoverPreview(view, lambda _: None)
    QTest.mouseMove(view, place(view, 30.0))
    QTest.mouseMove(view, place(view, 31.0))
    assert hover.time == pytest.approx(31.0, abs=0.2)
    assert hover.isVisible()
    QTest.mouseMove(view, QPoint(20, 60))
    assert hover.isHidden()


def test_a_selection_is_looped_and_several_are_relabeled(
    window: MainWindow,
    qtbot: QtBot,
    write_video: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(write_video("clip.avi", frames=200, rate=20.0)))
    qtbot.waitUntil(lambda: window.document.review is not None, timeout=PATIENCE)
    seen = (Segment(1.0, 1.5, "sit", 0.9), Segment(4.0, 5.0, "stand", 0.8))
    monkeypatch.setattr(window.document.reviews, "follow", lambda _: None)  # what it sees itself
    result = ModelSegments("small", CLASSES, seen, ((0.0, 6.0),))
    window.document.reviews.review = Review(10.0, ReviewSnapshot(result))
    window.document.segments_changed.emit()
    view, loop = window.timeline.view, next(p for p in window.parts if isinstance(p, LoopPart))
    view.select(seen[0])
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert loop.span == (1.0, 1.5)
    times: list[float] = []

    def came_round() -> bool:
        times.append(window.document.position)
        return any(later < before - 0.2 for before, later in itertools.pairwise(times))

    qtbot.waitUntil(came_round, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert loop.span is None
    review, both = window.document.review, CTRL | Qt.KeyboardModifier.ShiftModifier
    assert review is not None
    QTest.keyClick(window, Qt.Key.Key_Left, CTRL)  # to the first, and the next one too
    view.select(seen[0])
    QTest.keyClick(window, Qt.Key.Key_Right, both)
    window.document.segments_changed.emit()  # as it is while a model goes on
    assert view.selection == list(seen)
    QTest.keyClick(window, Qt.Key.Key_3)
    assert [s.label for s in review.segments] == ["wave", "wave"]
    assert view.selection == list(review.segments)
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)  # one step
    assert review.segments == seen
    view.select_all()
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place(view, 1.2), QPoint())
    monkeypatch.setattr(window.review.editing, "popup", lambda *_: None)
    view.contextMenuEvent(menu)
    assert view.selection == list(seen)  # a click with the right button keeps what is selected
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert review.segments == ()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert review.segments == seen
