"""What the window's abilities have in common, so that the window need not know them one by one."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget


class Part(QObject):
    """One ability of the window: its menu entries, its widgets, and what they look at.

    A part is made with the window (`Part(window)`): it adds itself to the menus and to the window's
    places, and from then on it is told what happens. It overrides what it needs.
    """

    def show_source(self) -> None:
        """Look at the session: another source plays now, or none."""

    def show_model(self) -> None:
        """Look at the session: another model is being loaded, is there, or could not be loaded."""

    def tick(self) -> None:
        """Look at the threads; called thirty times a second, so it must cost little."""

    def preference_pages(self) -> list[QWidget]:
        """Return new pages for the preferences: widgets with a `title`, made with the settings.

        A page changes the settings at once. One that has `defaults`, a dict of the settings' keys
        and their default values, gets a button that restores them.
        """
        return []

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the program may be closed now; else ask the person, and call `close` later."""
        return True

    def close(self) -> None:
        """Stop what was begun, in bounded time: the program ends."""
