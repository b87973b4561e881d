"""The keys of the timeline while it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from lrcn_desktop.app.timeline.view import TimelineView

ZOOM = 1.25  # a press of a key
PAGE = 0.9  # of what is in view

_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier  # for + and 0


def wanted_by(event: QKeyEvent, view: TimelineView) -> Callable[[], object] | None:
    """Return what a key does to `view`, None where it means nothing there."""
    if event.modifiers() & ~_PLAIN:
        return None
    span, row = view.span, view.places.row_height
    page = PAGE * span.seconds
    wanted: dict[int, Callable[[], object]] = {
        Qt.Key.Key_Plus: partial(view.zoom, ZOOM),
        Qt.Key.Key_Equal: partial(view.zoom, ZOOM),
        Qt.Key.Key_Minus: partial(view.zoom, 1 / ZOOM),
        Qt.Key.Key_0: view.show_all,
        Qt.Key.Key_Asterisk: partial(view.scale_rows, ZOOM),
        Qt.Key.Key_Slash: partial(view.scale_rows, 1 / ZOOM),
        Qt.Key.Key_T: view.pin_selected,
        Qt.Key.Key_Home: partial(_go, view, 0.0),
        Qt.Key.Key_End: partial(_go, view, span.extent),
        Qt.Key.Key_PageUp: partial(view.change_span, partial(span.pan, -page)),
        Qt.Key.Key_PageDown: partial(view.change_span, partial(span.pan, page)),
        Qt.Key.Key_Up: partial(view.scroll_rows, -row),
        Qt.Key.Key_Down: partial(view.scroll_rows, row),
    }
    return wanted.get(event.key())


def _go(view: TimelineView, seconds: float) -> None:
    view.bring_into_view(seconds)
    view.sought.emit(seconds)
