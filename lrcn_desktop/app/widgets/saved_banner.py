"""A calm message across the window: what is being saved, or was, and where to find it."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from lrcn_desktop.app.widgets.banner import Banner
from lrcn_desktop.app.widgets.transport import length_text
from lrcn_desktop.app.widgets.window import show_outside


class SavedBanner(Banner):
    """What was saved, and a way to the folder."""

    def __init__(self) -> None:
        super().__init__("progress")
        self._folder = Path()
        self.action.clicked.connect(lambda: show_outside(self._folder))

    def show_saving(self, seconds: float) -> None:
        """Say that the last `seconds` are being saved."""
        words = self.tr("Saving the last {0} ...").format(seconds_text(seconds))
        self.say(words, closes=False)

    def show_saved(self, paths: list[Path], seconds: float) -> None:
        """Say what was saved: one recording, or its parts."""
        self._folder = paths[0].parent
        if len(paths) == 1:
            words = self.tr("Saved {0}  ({1})").format(paths[0].name, length_text(seconds))
        else:
            words = self.tr("Saved {0} in {1} files, as no picture came for a while  ({2})").format(
                paths[0].name, len(paths), length_text(seconds)
            )
        self.say(words, action=self.tr("Show in folder"))


def seconds_text(seconds: float) -> str:
    """Return a number of seconds as the user says it: "30 seconds", "2 minutes"."""
    translate = QCoreApplication.translate
    if seconds >= 120 and seconds % 60 == 0:
        return translate("Duration", "{0:.0f} minutes").format(seconds / 60)
    return translate("Duration", "{0:.0f} seconds").format(seconds)
