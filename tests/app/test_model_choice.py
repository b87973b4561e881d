"""Which model a source gets in the window: what was chosen, what suits, and the demo its own."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.models.models_part import ModelsPart
from lrcn_desktop.app.preferences.recognition_page import MODEL
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.model.defaults import FAMILY


def test_a_choice_is_remembered_ticked_and_none_of_the_demos(
    window: MainWindow,
    play: Callable[[MainWindow, str], None],
    qtbot: QtBot,
    models: tuple[str, str],
) -> None:
    play(window, "demo")
    window.menus.model.emit(models[1])
    qtbot.waitUntil(lambda: not window.session.loading, timeout=PATIENCE)
    assert window.session.model == models[1]
    qtbot.waitUntil(lambda: Settings().get(MODEL) == models[1], timeout=PATIENCE)
    part = next(part for part in window.parts if isinstance(part, ModelsPart))
    assert not part.automatic.isChecked()

    other = MainWindow("cpu")
    qtbot.addWidget(other)
    assert other.session.model_for("holiday.mp4") == models[1]
    assert other.session.model_for("demo") == "demo"
    automatic = next(p for p in other.parts if isinstance(p, ModelsPart)).automatic
    assert not automatic.isChecked()
    automatic.trigger()
    assert automatic.isChecked()
    assert other.session.model_for("holiday.mp4") == FAMILY[0]
    other.session.cancel()


def test_a_choice_that_cannot_be_had_is_not_remembered(
    window: MainWindow, play: Callable[[MainWindow, str], None], qtbot: QtBot
) -> None:
    play(window, "demo")
    before = window.session.model
    with qtbot.waitSignal(window.session.failed, timeout=PATIENCE):
        window.menus.model.emit("/no/such.safetensors")
    assert window.session.model == before
    assert Settings().get(MODEL) == ""
