"""A timeline by itself, for tests of its mouse, its keys and what it paints."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.timeline.view import TimelineView
from lrcn_desktop.recognition.segments import Segment

CLASSES = ("sit", "stand", "wave")
SEGMENTS = [
    Segment(0.0, 10.0, "sit", 0.9),
    Segment(20.0, 40.0, "wave", 0.5),
    Segment(50.0, 60.0, "sit", 0.7),
]


@pytest.fixture
def view(qtbot: QtBot) -> TimelineView:
    """Return a timeline of 100 seconds with three segments in two rows."""
    view = TimelineView()
    qtbot.addWidget(view)
    view.resize(1100, 152)
    view.show_source(100.0)
    view.show_classes(CLASSES)
    view.show_segments(SEGMENTS)
    view.show()
    return view


def place(view: TimelineView, seconds: float, row: int | None = 0) -> QPoint:
    """Return the pixel at a time: in a row's middle, or (None) in the ruler."""
    places = view.places
    y = 8.0 if row is None else places.row_top(row) + places.row_height / 2
    return QPointF(places.x_at(seconds), y).toPoint()
