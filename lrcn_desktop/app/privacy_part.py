"""Deleting all that the program keeps, after saying what that is."""

from PySide6.QtWidgets import QMessageBox

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.kept import kept_bytes, kept_folders


class PrivacyPart(Part):
    """An entry of the Help menu; the deleting itself waits until nothing writes any more.

    Attributes:
        wanted: Whether everything is to be deleted once the window is closed.
        box: The question, while it is open.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.wanted = False
        self.box: QMessageBox | None = None
        host.menus.add(host.menus.help, self.tr("&Delete all stored data..."), self.open)

    def open(self) -> None:
        """Say what is kept, and ask."""
        self._host.worker.run(kept_bytes, self._ask, self._host.show_error, "look")

    def _ask(self, size: int) -> None:
        text = self.tr(
            "Your own models, unfinished trainings, corrections that are not beside their video, "
            "clips made of corrections, preferences, the list of what was open, features and the "
            "log are deleted: {0} MB in\n\n{1}\n\nNot deleted: recordings, exports, and "
            "corrections beside their videos. The program ends."
        ).format(f"{size / 1e6:.1f}", "\n".join(map(str, kept_folders())))
        title = self.tr("Delete all data that LRCN Desktop stores?")
        yes, no = self.tr("Delete and quit"), self.tr("Keep")
        self.box = ask(self._host.window, title, text, yes, no, self._delete)

    def _delete(self) -> None:
        self.wanted = True
        self.wanted = self._host.window.close()  # not where something else has to be answered first
