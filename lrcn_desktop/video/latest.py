"""A slot between two threads that keeps the newest item."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Keeps the newest item; an older one that nobody took is replaced and counted.

    Attributes:
        dropped: How many items were replaced before anyone took them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._taken = True
        self._closed = False
        self.dropped = 0

    @property
    def closed(self) -> bool:
        """Whether nothing will be put in or taken any more."""
        return self._closed

    def put(self, item: T) -> None:
        """Replace what is in the slot; after `close` it does nothing."""
        with self._changed:
            if self._closed:
                return
            self.dropped += not self._taken
            self._item = item
            self._taken = False
            self._changed.notify_all()

    def peek(self) -> T | None:
        """Return the newest item, taken or not, or None when there never was one."""
        with self._changed:
            return self._item

    def take(self, timeout: float) -> T | None:
        """Wait up to `timeout` seconds for an item not yet taken; None when there is none."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken or self._closed, timeout)
            if self._taken or self._closed:
                return None
            self._taken = True
            self._changed.notify_all()
            return self._item

    def wait_taken(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the newest item was taken; tell whether it was."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken or self._closed, timeout)
            return self._taken

    def close(self) -> None:
        """Wake every waiter; from now on nothing is put in or taken. `peek` still works."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
