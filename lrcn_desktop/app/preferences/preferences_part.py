"""The preferences as the window sees them: a menu's entry, and settings that apply at once."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from lrcn_desktop.app.host import Host
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
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.window import bring_forward

LAST = Setting("general/last_source", "")


def first_source(settings: Settings) -> str | None:
    """Return what is to be opened at the start: what was open last, or None for the welcome."""
    return settings.get(LAST) or None if settings.get(START) == "last" else None


class PreferencesPart(Part):
    """Opens the dialog with the pages of all parts, and follows the recognition's settings."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._settings = host.settings
        self._dialog: PreferencesDialog | None = None
        menus = host.menus
        text = self.tr("&Preferences...")
        menus.add(menus.file, text, self.open, "Ctrl+,", before=menus.quit)
        menus.file.insertSeparator(menus.quit)
        for chosen in (menus.every_frame, host.places.transport.every_frame_chosen):
            chosen.connect(lambda every: self._settings.set(EVERY_FRAME, every))
        self._settings.changed.connect(self._follow)
        host.document.source_changed.connect(self._remember)
        self._set_pace()
        host.document.session.set_chosen(chosen_model(self._settings))
        host.document.session.set_rate(chosen_rate(self._settings))

    def open(self, title: str = "") -> PreferencesDialog:
        """Show the dialog, on the page of this title where it is given."""
        if self._dialog is None or not isValid(self._dialog):
            self._dialog = PreferencesDialog(self._settings, self._make_pages, self._host.window)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.show_page(title)
        bring_forward(self._dialog)
        return self._dialog

    def _remember(self) -> None:
        if self._host.document.address:
            self._settings.set(LAST, self._host.document.address)

    def _make_pages(self) -> list[QWidget]:
        own = [GeneralPage(self._settings), RecognitionPage(self._settings, self._host.worker)]
        return [*own, *(make() for make in self._host.places.preference_pages)]

    def _follow(self, setting: Setting[Any]) -> None:
        session = self._host.document.session
        if setting == DEVICE:
            session.set_device(chosen_device(self._settings))
        elif setting == MODEL:
            if (chosen := chosen_model(self._settings)) != session.chosen:
                session.choose_model(chosen)
        elif setting == RATE:
            session.set_rate(chosen_rate(self._settings))
        elif setting == EVERY_FRAME:
            self._set_pace()

    def _set_pace(self) -> None:
        every = self._settings.get(EVERY_FRAME)
        host = self._host
        for place in (host.document.session, host.menus, host.places.transport):
            place.set_every_frame(every)
