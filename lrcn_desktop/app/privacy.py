"""Deleting all that the program keeps, after saying what that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from lrcn_desktop.app.part import Part
from lrcn_desktop.app.questions import ask
from lrcn_desktop.kept import kept_bytes, kept_folders

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow


class Privacy(Part):
    """An entry of the Help menu; the deleting itself waits until nothing writes any more.

    Attributes:
        wanted: Whether everything is to be deleted once the window is closed.
        box: The question, while it is open.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.wanted = False
        self.box: QMessageBox | None = None
        window.menus.add(window.menus.help, self.tr("&Delete all that is kept..."), self.open)

    def open(self) -> None:
        """Say what is kept, and ask."""
        self._window.worker.run(kept_bytes, self._ask, self._window.errors.show_error, "look")

    def _ask(self, size: int) -> None:
        text = self.tr(
            "Your own models, unfinished trainings, corrections that are not beside their video, "
            "clips made of corrections, preferences, the list of what was open, features and the "
            "log are deleted: {0} MB in\n\n{1}\n\nNot deleted: recordings, exports, and "
            "corrections beside their videos. The program ends."
        ).format(f"{size / 1e6:.1f}", "\n".join(map(str, kept_folders())))
        title = self.tr("Delete all that LRCN Desktop keeps?")
        yes, no = self.tr("Delete and quit"), self.tr("Keep")
        self.box = ask(self._window, title, text, yes, no, self._delete)

    def _delete(self) -> None:
        self.wanted = True
        self.wanted = self._window.close()  # not where something else has to be answered first
