"""The preferences' first page: the look, and what happens at the start."""

from lrcn_desktop.app.preferences.appearance_part import OVERLAY, OVERLAY_SIZE, THEME
from lrcn_desktop.app.preferences.page import Page
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.translation import LANGUAGE, languages

START = Setting("general/start", "welcome")


class GeneralPage(Page):
    """Theme, language, start, and the bars over the picture."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, "")
        self.title = self.tr("General")
        themes = (
            (self.tr("System default"), "system"),
            (self.tr("Light"), "light"),
            (self.tr("Dark"), "dark"),
        )
        self.add_choice(self.tr("&Appearance"), THEME, themes)
        if found := languages():
            choices = [(self.tr("System default"), ""), ("English", "en"), *found]
            hint = self.tr("Takes effect at the next start.")
            self.add_choice(self.tr("&Language"), LANGUAGE, choices, hint)
        starts = (
            (self.tr("Show the welcome"), "welcome"),
            (self.tr("Open the last source"), "last"),
        )
        self.add_choice(self.tr("When the program &starts"), START, starts)
        words = self.tr("Only where none are beside it.")
        self.add_check(self.tr("Show the &bars over the picture"), OVERLAY, words)
        sizes = ((self.tr("Small"), 0.8), (self.tr("Medium"), 1.0), (self.tr("Large"), 1.35))
        self.add_choice(self.tr("Si&ze of the bars"), OVERLAY_SIZE, sizes)
