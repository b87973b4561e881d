"""How the window looks by choice: light or dark, where the bars are, the plot."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.overlay import CORNERS, Corner
from lrcn_desktop.app.widgets.theme import DARK, LIGHT, Theme, apply_theme, theme_for

SMALLEST, LARGEST = 0.5, 3.0  # times as large as the font asks for
THEME = Setting("appearance/theme", "system")
OVERLAY = Setting("appearance/overlay", True)
OVERLAY_ALWAYS = Setting("appearance/overlay_always", False)  # though the bars are beside it
OVERLAY_SIZE = Setting("appearance/overlay_size", 1.0)  # SMALLEST to LARGEST
CORNER = Setting("appearance/overlay_corner", "top left")  # one of CORNERS
PLOT = Setting("appearance/probabilities", True)


def chosen_theme(settings: Settings) -> Theme:
    """Return the theme that the user chose: light, dark, or as the system has it."""
    chosen = {"light": LIGHT, "dark": DARK}.get(settings.get(THEME))
    return chosen or theme_for(QApplication.styleHints().colorScheme())


class AppearancePart(Part):
    """Follows the settings and the system, at once."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._settings = host.settings
        menus, toggle = host.menus, host.settings.toggle
        bars = menus.view.addMenu(self.tr("&Bars over the picture"))
        self._overlay = menus.add(bars, self.tr("&Show"), partial(toggle, OVERLAY), "B")
        self._always = menus.add(
            bars, self.tr("&Also while they are beside it"), partial(toggle, OVERLAY_ALWAYS)
        )
        self._corners = self._add_corners(bars)
        self._plot = menus.add(menus.view, self.tr("&Probabilities"), partial(toggle, PLOT), "P")
        for action in (self._overlay, self._always, self._plot):
            action.setCheckable(True)
        self._settings.changed.connect(self._follow)
        self._hints = QApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._show_plot()
        self._show_overlay()

    def close(self) -> None:
        """Follow no longer."""
        self._hints.colorSchemeChanged.disconnect(self._follow_system)

    def _add_corners(self, menu: QMenu) -> dict[str, QAction]:
        menu.addSeparator()
        group = QActionGroup(self)
        words = (
            self.tr("Top &left"),
            self.tr("Top &right"),
            self.tr("&Bottom left"),
            self.tr("B&ottom right"),
        )
        found: dict[str, QAction] = {}
        for corner, text in zip(CORNERS, words, strict=True):
            found[corner] = self._host.menus.add(
                menu, text, partial(self._settings.set, CORNER, str(corner))
            )
            found[corner].setCheckable(True)
            group.addAction(found[corner])
        return found

    def _follow(self, setting: Setting[Any]) -> None:
        if setting == THEME:
            self._apply_theme()
        elif setting in (OVERLAY, OVERLAY_ALWAYS, OVERLAY_SIZE, CORNER):
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
        self._host.places.now.show_plot(wanted)

    def _show_overlay(self) -> None:
        get, stage = self._settings.get, self._host.places.stage
        wanted, always = get(OVERLAY), get(OVERLAY_ALWAYS)
        corner: Corner = next((c for c in CORNERS if c == get(CORNER)), CORNERS[0])
        self._overlay.setChecked(wanted)
        self._always.setChecked(always)
        self._corners[corner].setChecked(True)
        size = min(max(get(OVERLAY_SIZE), SMALLEST), LARGEST)
        stage.set_overlay(size, corner, wanted=wanted, always=always)
