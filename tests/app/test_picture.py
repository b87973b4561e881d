"""The picture: where it lies, what it shows, how often it is painted."""

import numpy as np
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.widgets.picture import PictureView
from lrcn_desktop.video.frame import Frame


def frame_of(color: tuple[int, int, int], height: int, width: int) -> Frame:
    image = np.empty((height, width, 3), np.uint8)
    image[:] = color
    return Frame(image, 0.0, 0)


def test_a_frame_fills_the_view_with_its_aspect_ratio_kept(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show_frame(frame_of((250, 20, 30), 101, 201))  # an odd width: rows are not aligned
    assert view.picture_rect().width() == 400
    assert abs(view.picture_rect().height() - 201) <= 1
    shown = view.grab().toImage()
    assert shown.pixelColor(200, 200) == QColor(250, 20, 30)
    assert shown.pixelColor(200, 20) != QColor(250, 20, 30)


def test_no_frame_no_picture(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    assert view.picture_rect().isEmpty()
    view.grab()


def test_only_real_paints_count(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    for shade in range(10):
        view.show_frame(frame_of((shade, 0, 0), 60, 80))  # ten frames, but one turn of the loop
    painted = len(view.paints)
    qtbot.waitUntil(lambda: len(view.paints) > painted)
    assert len(view.paints) == painted + 1
