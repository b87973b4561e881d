"""The demo explains itself: truth, prediction, count, and a memory that can be switched off."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.demo.demo_part import DemoPart
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.widgets.class_colors import readable
from lrcn_desktop.video.demo.source import DemoSource

Play = Callable[..., None]


def test_the_truth_stands_beside_the_prediction_and_the_next_step_is_offered(
    window: MainWindow, play: Play, qtbot: QtBot, write_video: Callable[..., object]
) -> None:
    part = next(part for part in window.parts if isinstance(part, DemoPart))
    assert part.card.isHidden()
    said: set[tuple[str, str]] = set()
    bars = window.places.now.bars

    def look() -> None:
        if bars.shows_bars:
            said.add((part.card.words.split(" / ")[1], bars.headline))

    window.ticker.every(0, look)
    play(window, "demo")
    assert not part.card.isHidden()
    assert not part.card.camera.isHidden()
    names = {readable(label) for _, _, label in DemoSource().truth_segments(60.0)}
    qtbot.waitUntil(lambda: part.card.words.split(" / ")[0] in names, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "nothing yet" not in part.card.words, timeout=PATIENCE)
    _, _, counted = part.card.words.split(" / ")
    assert said
    assert all(card == headline for card, headline in said)  # at every tick
    assert counted == "Counting from the next one" or counted.startswith("Right in ")
    play(window, write_video("clip.avi", frames=50))
    assert part.card.isHidden()
