"""What a part of the window may use, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.menus import Menus
from lrcn_desktop.app.places import Places
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.ticker import Ticker
from lrcn_desktop.app.worker import Worker


@dataclass(frozen=True, slots=True)
class Host:
    """What the parts of a window share.

    Attributes:
        window: Its top-level widget: the parent of dialogs.
        document: What is open.
        settings: What is remembered from one start to the next.
        worker: For slow calls.
        ticker: For what has to be looked at now and then.
        menus: Where entries go.
        places: Where widgets go.
    """

    window: QWidget
    document: Document
    settings: Settings
    worker: Worker
    ticker: Ticker
    menus: Menus
    places: Places

    @property
    def show_error(self) -> Callable[[str], None]:
        """Shows one sentence across the window; to be called, or connected to a signal."""
        return self.places.errors.show_error
