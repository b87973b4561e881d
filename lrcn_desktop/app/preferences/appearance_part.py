"""How the window looks by choice: light or dark, the bars over the picture, the plot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, Theme, apply_theme, theme_for

SMALLEST, LARGEST = 0.5, 3.0  # times as large as the font asks for
THEME = Setting("appearance/theme", "system")
OVERLAY = Setting("appearance/overlay", True)
OVERLAY_SIZE = Setting("appearance/overlay_size", 1.0)  # SMALLEST to LARGEST
PLOT = Setting("appearance/probabilities", True)


def chosen_theme(settings: Settings) -> Theme:
    """Return the theme that the person chose: light, dark, or as the system has it."""
    chosen = {"light": LIGHT, "dark": DARK}.get(settings.get(THEME))
    return chosen or theme_for(QApplication.styleHints().colorScheme())


class AppearancePart(Part):
    """Follows the settings and the system, at once."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._settings = host.settings
        menus = host.menus
        self._overlay = menus.add(
            menus.view, self.tr("&Bars over the picture"), lambda: self._toggle(OVERLAY), "B"
        )
        self._plot = menus.add(
            menus.view, self.tr("&Probabilities"), lambda: self._toggle(PLOT), "P"
        )
        for action in (self._overlay, self._plot):
            action.setCheckable(True)
        self._settings.changed.connect(self._follow)
        self._hints = QApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._follow_system)
        host.document.source_changed.connect(self._show_plot)
        self._show_plot()
        self._show_overlay()

    def close(self) -> None:
        """Follow no longer."""
        self._hints.colorSchemeChanged.disconnect(self._follow_system)

    def _toggle(self, setting: Setting[bool]) -> None:
        self._settings.set(setting, not self._settings.get(setting))

    def _follow(self, setting: Setting[Any]) -> None:
        if setting == THEME:
            self._apply_theme()
        elif setting in (OVERLAY, OVERLAY_SIZE):
            self._show_overlay()
        elif setting == PLOT:
            self._show_plot()

    def _follow_system(self, _: Qt.ColorScheme) -> None:
        self._apply_theme()

    def _apply_theme(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, chosen_theme(self._settings))

    def _show_plot(self) -> None:
        wanted = self._settings.get(PLOT)
        self._plot.setChecked(wanted)
        self._host.places.plot.setVisible(wanted and self._host.document.capture is not None)

    def _show_overlay(self) -> None:
        stage, wanted = self._host.places.stage, self._settings.get(OVERLAY)
        self._overlay.setChecked(wanted)
        stage.overlay.setVisible(wanted)
        size = self._settings.get(OVERLAY_SIZE)
        stage.set_overlay_size(min(max(size, SMALLEST), LARGEST))
