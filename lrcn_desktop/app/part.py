"""What the window's abilities have in common, so that the window need not know them one by one."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from lrcn_desktop.app.host import Host


class Part(QObject):
    """One ability of the window: its menu entries, its widgets, and what they look at.

    A part is made with a host (`Part(host)`): it adds itself to the menus and to the places, and
    connects itself to the signals of what it looks at. Parts know nothing of each other; the order
    in which they are made decides only the order of what they add.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host.window)
        self._host = host

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the program may be closed now; else ask the user, and call `close` later."""
        return True

    def close(self) -> None:
        """Stop what was begun, in bounded time: the program ends."""
