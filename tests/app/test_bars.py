"""The bars: calm, legible, in fixed places; by what is drawn at every frame of their motion."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.widgets.bar_parts import Text, View
from lrcn_desktop.app.widgets.bar_slots import BarSlots
from lrcn_desktop.app.widgets.bars import BarsView
from lrcn_desktop.app.widgets.now import NowPanel
from lrcn_desktop.app.widgets.overlay import CORNERS, ProbabilityOverlay
from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.drawing.class_style import color_numbers
from lrcn_desktop.recognition.prediction import Prediction

CLASSES = tuple(f"activity number {n}" for n in range(8))
FRAME = 1 / 15  # seconds


def view(probabilities: NDArray[np.float32], *, sure: bool = True, scored: bool = False) -> View:
    best = int(probabilities.argmax())
    prediction = Prediction(1.0, probabilities.astype(np.float32), CLASSES[best], known=0.6)
    shown = Shown(CLASSES[best], sure=sure, since=0.0)
    return View(CLASSES, 0.5, scored, prediction, shown, "For 1 s")


def restless(seconds: float) -> Iterator[NDArray[np.float32]]:
    """Give probabilities that never rest, a step every fifth of a second, frame by frame."""
    rng = np.random.default_rng(7)
    for _ in range(int(seconds * 5)):
        step = rng.dirichlet(np.full(len(CLASSES), 0.4)).astype(np.float32)
        yield from itertools.repeat(step, 3)


def inked(text: Text) -> QRectF:
    """Return where a text's letters are."""
    metrics = QFontMetricsF(text.font)
    width, height = metrics.horizontalAdvance(text.text), metrics.capHeight() * 1.5
    left = text.room.right() - width if text.right else text.room.left()
    return QRectF(left, text.room.center().y() - height / 2, width, height)


@pytest.mark.parametrize("scored", [False, True])
@pytest.mark.parametrize("kind", [BarsView, ProbabilityOverlay])
def test_no_two_texts_ever_lie_over_each_other(
    kind: type[BarsView], scored: bool, qtbot: QtBot
) -> None:
    bars = kind()
    qtbot.addWidget(bars)
    bars.resize(300, 260)  # room for four of the eight
    exchanged = set()
    for probabilities in restless(6.0):
        bars.show_view(view(probabilities, scored=scored), FRAME)
        drawn = [text for text in bars.texts() if text.opacity > 0]
        for one, other in itertools.combinations(drawn, 2):
            assert not inked(one).intersects(inked(other)), (one.text, other.text)
        exchanged |= {text.whole for text in drawn}
    assert len(exchanged & {name.capitalize() for name in CLASSES}) > 5  # they do change


def test_where_all_have_a_place_nothing_ever_moves(qtbot: QtBot) -> None:
    bars = BarsView()
    qtbot.addWidget(bars)
    bars.resize(300, 400)
    places = set()
    for probabilities in restless(3.0):
        bars.show_view(view(probabilities), FRAME)
        rows = [text for text in bars.texts()[2:] if not text.right]
        places.add(tuple((text.whole, text.room.top()) for text in rows))
    assert len(places) == 1
    assert len(next(iter(places))) == len(CLASSES)


@pytest.mark.parametrize("height", [420, 470, 535, 620, 900])
def test_the_plot_leaves_every_activity_its_row(
    height: int, qapp: QApplication, qtbot: QtBot
) -> None:
    panel = NowPanel()
    qtbot.addWidget(panel)
    panel.resize(364, height)
    panel.show()
    qtbot.waitExposed(panel)
    shares = np.full(len(CLASSES), 1 / len(CLASSES), np.float32)
    for _ in range(3):
        panel.bars.show_view(view(shares, scored=True), FRAME)
        qapp.processEvents()
    panel.plot.show_history(CLASSES, np.arange(9) / 5, np.tile(shares, (9, 1)))
    qapp.processEvents()
    plot = panel.plot.geometry() if panel.plot.isVisible() else QRect(0, height, 1, 1)
    drawn = panel.bars.texts()[-1].room.bottom() * panel.bars.unit + panel.bars.y()
    assert drawn < plot.top()


def test_how_known_it_is_takes_no_activitys_place_where_nothing_else_is_shown(qtbot: QtBot) -> None:
    shares, names = np.full(len(CLASSES), 1 / len(CLASSES), np.float32), []
    for with_score in (True, False):
        bars = BarsView()
        qtbot.addWidget(bars)
        bars.resize(300, 260)
        bars.show_view(replace(view(shares, scored=True), with_score=with_score), FRAME)
        names.append([text.whole for text in bars.texts()[2:] if not text.right])
    assert names[0][0] == "Known activity"
    assert "Known activity" not in names[1]
    assert len(names[1]) == len(names[0])


def test_a_class_keeps_its_place_for_a_second_and_the_likeliest_has_one() -> None:
    slots = BarSlots(8, 3)
    since = {slot.index: 0.0 for slot in slots.slots}
    time = 0.0
    for probabilities in restless(10.0):
        slots.advance(probabilities, FRAME)
        time += FRAME
        now = {slot.index for slot in slots.slots}
        gone = set(since) - now
        assert all(time - since[index] > 0.9 for index in gone if since[index] > 0)
        since = {index: since.get(index, time) for index in now}
    steady = np.zeros(8, np.float32)
    steady[7] = 1.0
    for _ in range(45):
        slots.advance(steady, FRAME)
    assert 7 in {slot.index for slot in slots.slots}
    assert slots.values[7] > 0.99


@pytest.mark.parametrize("words", ["Below threshold · 1.2 s late", "For 12:34 · 11.8 s late"])
def test_what_stands_under_the_headline_is_never_cut(words: str, qtbot: QtBot) -> None:
    overlay = ProbabilityOverlay()
    qtbot.addWidget(overlay)
    overlay.fit(QRect(0, 0, 320, 240))  # the narrowest
    prediction = Prediction(1.0, np.full(8, 0.125, np.float32), None, known=0.1)
    overlay.show_view(View(CLASSES, 0.5, False, prediction, Shown(), words), 5.0)
    assert words in {text.text for text in overlay.texts()}


def test_a_probable_activity_is_said_to_be_probable_and_the_threshold_is_drawn(
    qtbot: QtBot,
) -> None:
    bars = BarsView()
    qtbot.addWidget(bars)
    bars.resize(300, 400)
    shares = np.array([0.6, 0.4, 0, 0, 0, 0, 0, 0], np.float32)
    bars.show_view(view(shares, sure=False), 5.0)
    assert bars.headline == "Probably activity number 0"
    bare = bars.grab().toImage()
    x = round(16 * bars.unit + 0.5 * (bars.width() - 32 * bars.unit))
    y = round((66 + 24 + 5) * bars.unit)  # just below the first bar
    behind = bare.pixelColor(x - 6, y)
    assert bare.pixelColor(x, y) != behind  # the tick at a half, where nothing else is


@pytest.mark.parametrize("corner", CORNERS)
def test_the_overlay_takes_any_corner_and_leaves_most_of_the_picture(
    corner: object, qtbot: QtBot
) -> None:
    overlay = ProbabilityOverlay()
    qtbot.addWidget(overlay)
    overlay.corner = corner  # type: ignore[assignment]
    for size in ((320, 240), (640, 480), (1920, 1080), (400, 900)):
        room = QRect(10, 20, *size)
        overlay.fit(room)
        place = overlay.geometry()
        assert room.contains(place)
        assert place.width() * place.height() < 0.5 * room.width() * room.height()
        assert (place.center().x() > room.center().x()) == str(corner).endswith("right")
        assert (place.center().y() > room.center().y()) == str(corner).startswith("bottom")


def test_an_activity_keeps_its_color_from_one_model_to_the_next() -> None:
    whole = ("ApplyEyeMakeup", "ApplyLipstick", "BaseballPitch", "Basketball", "Punch", "YoYo")
    for few in (("Punch", "YoYo"), ("YoYo", "Punch", "hopping"), ("Alpha", "Punch", "Zeta")):
        for label in set(few) & set(whole):
            there = color_numbers(whole)[whole.index(label)]
            assert color_numbers(few)[few.index(label)] == there
    many = tuple(f"own {n}" for n in range(8))
    assert sorted(color_numbers(many)) == list(range(8))
