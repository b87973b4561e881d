"""Preferences: they apply at once, survive a restart, and go back to what they were."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.preferences.appearance_part import (
    OVERLAY,
    OVERLAY_SIZE,
    THEME,
    chosen_theme,
)
from lrcn_desktop.app.preferences.dialog import PreferencesDialog
from lrcn_desktop.app.preferences.general_page import START
from lrcn_desktop.app.preferences.preferences_part import LAST, PreferencesPart, first_source
from lrcn_desktop.app.preferences.recognition_page import (
    DEVICE,
    EVERY_FRAME,
    MODEL,
    RATE,
    chosen_device,
    chosen_model,
    chosen_rate,
)
from lrcn_desktop.app.run import application
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def dialog(window: MainWindow) -> Iterator[PreferencesDialog]:
    """Return the preferences of a window that shows nothing yet."""
    part = next(part for part in window.parts if isinstance(part, PreferencesPart))
    yield part.open()
    apply_theme(application(), LIGHT)


def choose(dialog: PreferencesDialog, name: str, text: str) -> None:
    boxes = [b for page in dialog.pages for b in page.findChildren(QComboBox)]
    box = next(b for b in boxes if b.accessibleName() == name)
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_every_part_has_its_pages_in_one_list(dialog: PreferencesDialog) -> None:
    titles = [dialog.names.item(row).text() for row in range(dialog.names.count())]
    assert titles[:2] == ["General", "Recognition"]
    assert len(set(titles)) == len(titles) == len(dialog.pages)


def test_dark_is_dark_at_once_everywhere_and_after_a_restart(
    window: MainWindow, dialog: PreferencesDialog
) -> None:
    choose(dialog, "Appearance", "Dark")
    color = application().palette().window().color().name().upper()
    assert color == DARK.window
    for shown in (window, dialog):
        assert shown.grab().toImage().pixelColor(3, shown.height() - 3).name().upper() == color
    assert chosen_theme(Settings()) is DARK
    choose(dialog, "Appearance", "Light")
    assert application().palette().window().color().name().upper() == LIGHT.window


def test_the_bars_and_the_plot_are_shown_as_chosen(
    window: MainWindow, dialog: PreferencesDialog, qtbot: QtBot
) -> None:
    overlay = window.stage.overlay
    box = dialog.pages[0].findChild(QCheckBox)
    assert box is not None
    box.click()
    assert overlay.isHidden()
    box.click()
    assert not overlay.isHidden()
    width = overlay.width()
    choose(dialog, "Size of the bars", "Large")
    assert overlay.width() > width
    window.settings.set(OVERLAY, False)
    assert not box.isChecked()


def test_the_pace_is_the_same_everywhere_and_remembered(
    window: MainWindow, dialog: PreferencesDialog
) -> None:
    choose(dialog, "In a file", "Recognize every frame")
    assert window.session.every_frame
    window.transport.every_frame_chosen.emit(False)
    assert not window.session.every_frame
    assert Settings().get(EVERY_FRAME) is False


def test_the_step_rate_applies_at_once_and_is_remembered(
    window: MainWindow, dialog: PreferencesDialog, open_window: Callable[..., MainWindow]
) -> None:
    assert window.session.rate == "auto"
    for text, rate in (("25", 25.0), ("Every frame", "every frame"), ("5", 5.0)):
        choose(dialog, "Steps per second", text)
        assert window.session.rate == rate
        assert chosen_rate(Settings()) == rate
    assert open_window().session.rate == 5.0
    choose(dialog, "Steps per second", "Automatic")
    assert chosen_rate(Settings()) == "auto"


def test_another_device_loads_the_model_anew(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    with qtbot.waitSignal(session.source_changed, timeout=PATIENCE):
        window.open("demo")
    qtbot.waitUntil(lambda: session.recognizer is not None, timeout=PATIENCE)
    before = session.recognizer
    window.settings.set(DEVICE, "cpu")
    assert not session.loading  # it runs there already
    window.settings.set(DEVICE, "auto")
    qtbot.waitUntil(
        lambda: session.recognizer is not before and not session.loading, timeout=PATIENCE
    )


def test_defaults_are_restored_page_by_page(dialog: PreferencesDialog) -> None:
    choose(dialog, "In a file", "Recognize every frame")
    choose(dialog, "Size of the bars", "Large")
    dialog.show_page("Recognition")
    dialog.restore.click()
    assert dialog.names.currentRow() == 1
    kept = Settings()
    assert kept.get(EVERY_FRAME) is False
    assert kept.get(OVERLAY_SIZE) == 1.35


def test_what_is_chosen_decides_how_the_program_starts() -> None:
    settings = Settings()
    assert (first_source(settings), chosen_model(settings)) == (None, None)
    assert chosen_device(settings) == "auto"
    settings.set(LAST, "demo")
    assert first_source(settings) is None
    settings.set(START, "last")
    settings.set(MODEL, "demo")
    settings.set(DEVICE, "cpu")
    again = Settings()
    assert (first_source(again), chosen_model(again)) == ("demo", "demo")
    assert chosen_device(again) == "cpu"


def test_a_damaged_setting_counts_as_the_default() -> None:
    settings = Settings()
    settings.set(THEME, "purple")
    settings.set(DEVICE, "abacus")
    settings.set(RATE, "brisk")
    assert chosen_theme(settings) in (LIGHT, DARK)
    assert chosen_device(settings) == "auto"
    assert chosen_rate(settings) == "auto"
