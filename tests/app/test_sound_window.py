"""Sound in the window: muted by a key and remembered, and its waveform under the timeline."""

from pathlib import Path

import numpy as np
import pytest
from making import X264, ffmpeg, pictures
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.timeline.geometry import GUTTER, Geometry
from lrcn_desktop.app.timeline.waveform import outline
from lrcn_desktop.app.timeline.waveform_part import WaveformPart
from lrcn_desktop.app.viewing.sound_part import MUTED, SoundPart
from lrcn_desktop.video.waveform import PEAKS

TONE = ("-f", "lavfi", "-i", "aevalsrc='between(t,2,3)*sin(2*PI*440*t)':s=22050:d=4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    film = pictures("64x48", rate=10, seconds=4)
    ffmpeg(*film, *TONE, *X264, "-c:a", "flac", str(folder / "film.mkv"))
    ffmpeg(*film, *X264, str(folder / "mute.mkv"))
    return folder


def test_the_sound_follows_what_plays_and_is_muted_by_a_key(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    part = next(p for p in window.parts if isinstance(p, SoundPart))
    assert part.button.isHidden()
    window.open(str(folder / "film.mkv"))

    def follows() -> bool:
        player, capture = part.player, window.document.capture
        return player is not None and capture is not None and player.clock == capture.clock

    def silent() -> bool:
        return part.player is not None and part.player.clock is None

    qtbot.waitUntil(lambda: follows() and not silent(), timeout=PATIENCE)
    assert not part.button.isHidden()
    QTest.keyClick(window, Qt.Key.Key_M)
    assert silent()
    assert window.settings.get(MUTED)
    assert "Sound on" in part.button.toolTip()
    QTest.keyClick(window, Qt.Key.Key_M)
    assert not window.settings.get(MUTED)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(silent, timeout=PATIENCE)
    before = part.player
    window.open(str(folder / "mute.mkv"))
    qtbot.waitUntil(lambda: part.player is None, timeout=PATIENCE)
    assert before is not None
    qtbot.waitUntil(lambda: not before.is_alive(), timeout=PATIENCE)
    assert part.button.isHidden()
    qtbot.waitUntil(lambda: not window.session.loading, timeout=PATIENCE)


def test_the_waveform_is_under_the_timeline_where_there_is_sound(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    lane = next(p for p in window.parts if isinstance(p, WaveformPart)).lane
    window.open(str(folder / "film.mkv"))
    qtbot.waitUntil(lambda: len(lane.peaks) >= 4 * PEAKS, timeout=PATIENCE)
    assert lane.isVisible()
    view = window.timeline.view
    picture = lane.grab().toImage()

    def lit(time: float) -> int:
        """Count the rows at a time that are not the band's."""
        x, ratio = view.places.x_at(time), picture.devicePixelRatio()
        colors = [picture.pixelColor(round(x * ratio), y).name() for y in range(picture.height())]
        return len(colors) - max(map(colors.count, colors))

    assert lit(1.0) < lane.height() / 4
    loud = picture.pixelColor(round(view.places.x_at(2.5)), 7)
    assert loud != picture.pixelColor(round(view.places.x_at(1.0)), 7)
    place = QPointF(view.places.x_at(2.0), lane.height() / 2).toPoint()
    with qtbot.waitSignal(lane.sought) as sought:
        QTest.mouseClick(lane, Qt.MouseButton.LeftButton, pos=place)
    assert sought.args == [pytest.approx(2.0, abs=0.02)]
    window.open(str(folder / "mute.mkv"))
    qtbot.waitUntil(lambda: not lane.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.session.loading, timeout=PATIENCE)


@pytest.mark.parametrize(("start", "end"), [(0.0, 4.0), (1.9, 2.4), (3.5, 5.0), (6.0, 8.0)])
def test_the_loudest_peak_of_a_pixel_is_drawn_at_its_place(start: float, end: float) -> None:
    peaks = np.zeros(40, np.uint8)
    peaks[21] = 255
    places = Geometry(GUTTER + 212, 100, start, end, 1)
    band = QRectF(GUTTER, 2, 200, 24)
    shape = outline(peaks, places, band)
    tall = [point.x() for point in shape if point.y() < 4]
    if not start <= 2.1 < end:
        assert not tall
        return
    assert min(tall) == pytest.approx(places.x_at(2.1), abs=1)
    width = max(1.0, 0.1 / places.pixel)
    assert max(tall) - min(tall) == pytest.approx(width, abs=1.01)
    assert max((p.x() for p in shape), default=0.0) <= places.x_at(4.0) + 1
