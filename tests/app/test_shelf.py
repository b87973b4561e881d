"""The shelf gives the picture its room back while nothing stands on it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.widgets.shelf import Shelf


def test_it_takes_room_only_for_what_is_shown(qtbot: QtBot) -> None:
    window, above, shelf = QWidget(), QWidget(), Shelf()
    layout = QVBoxLayout(window)
    layout.addWidget(above, 1)
    layout.addWidget(shelf, 1)
    held = QWidget(), QWidget()
    for widget in held:
        shelf.add(widget, 1)
    qtbot.addWidget(window)
    window.resize(600, 600)
    window.show()
    assert shelf.height() > 200
    for widget in held:
        widget.hide()
    qtbot.waitUntil(lambda: shelf.height() == 0)
    held[0].show()
    qtbot.waitUntil(lambda: shelf.height() > 200)


def test_the_welcome_fills_the_window(window: MainWindow) -> None:
    assert window.stage.height() > 0.85 * window.height()
