"""The preferences as the window sees them: a menu's entry, and settings that apply at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.preferences.dialog import PreferencesDialog
from lrcn_desktop.app.preferences.general_page import START, GeneralPage
from lrcn_desktop.app.preferences.recognition_page import (
    DEVICE,
    EVERY_FRAME,
    MODEL,
    RATE,
    RecognitionPage,
    chosen_device,
    chosen_model,
    chosen_rate,
)
from lrcn_desktop.app.settings import Settings

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow

LAST = "general/last_source"


def first_source(settings: Settings) -> str | None:
    """Return what is to be opened at the start: what was open last, or None for the welcome."""
    return settings.get(LAST, "") or None if settings.get(START, "welcome") == "last" else None


class Preferences(Part):
    """Opens the dialog with the pages of all parts, and follows the recognition's settings."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.settings
        self._dialog: PreferencesDialog | None = None
        menus = window.menus
        text = self.tr("&Preferences...")
        menus.add(menus.file, text, self.open, "Ctrl+,", before=menus.quit)
        menus.file.insertSeparator(menus.quit)
        for chosen in (menus.every_frame, window.transport.every_frame_chosen):
            chosen.connect(lambda every: self._settings.set(EVERY_FRAME, every))
        self._settings.changed.connect(self._follow)
        self._set_pace()
        self._window.session.set_rate(chosen_rate(self._settings))

    def open(self, title: str = "") -> PreferencesDialog:
        """Show the dialog, on the page of this title where it is given."""
        if self._dialog is None or not isValid(self._dialog):
            self._dialog = PreferencesDialog(self._settings, self._make_pages, self._window)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.show_page(title)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    def preference_pages(self) -> list[QWidget]:
        """Return the general page and the recognition's."""
        return [GeneralPage(self._settings), RecognitionPage(self._settings, self._window.worker)]

    def show_source(self) -> None:
        """Remember what is open."""
        if self._window.session.address:
            self._settings.set(LAST, self._window.session.address)

    def _make_pages(self) -> list[QWidget]:
        others = [part for part in self._window.parts if part is not self]
        return [page for part in (self, *others) for page in part.preference_pages()]

    def _follow(self, key: str) -> None:
        session = self._window.session
        if key == DEVICE:
            session.set_device(chosen_device(self._settings))
        elif key == MODEL:
            session.choose_model(chosen_model(self._settings))
        elif key == RATE:
            session.set_rate(chosen_rate(self._settings))
        elif key == EVERY_FRAME:
            self._set_pace()

    def _set_pace(self) -> None:
        every = self._settings.get(EVERY_FRAME, False)
        for place in (self._window.session, self._window.menus, self._window.transport):
            place.set_every_frame(every)
