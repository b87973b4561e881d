"""Help > Guide."""

from lrcn_desktop.app.guide.pages import guide_dir, read_pages
from lrcn_desktop.app.guide.window import GuideWindow
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.widgets.window import bring_forward
from lrcn_desktop.errors import UserError


class GuidePart(Part):
    """Shows the guide in a window of its own.

    Attributes:
        window: It, once it was opened.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.window: GuideWindow | None = None
        menus = host.menus
        first = next(iter(menus.help.actions()), None)
        menus.add(menus.help, self.tr("&Guide..."), self.open, before=first)

    def open(self) -> None:
        """Show the guide where it was left, or from its first page."""
        if self.window is None:
            try:
                self.window = GuideWindow(read_pages(guide_dir()), self._host.window)
            except UserError as error:
                self._host.show_error(str(error))
                return
        bring_forward(self.window)

    def close(self) -> None:
        """Close the window."""
        if self.window is not None:
            self.window.close()
