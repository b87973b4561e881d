"""When the last seconds are worth keeping: a chosen activity was seen, and is over."""

from collections.abc import Iterable

from lrcn_desktop.recognition.events import Condition, EventWatch

AFTER = 2.0  # seconds that follow the activity's end, for whoever looks at it
LONGEST = 10.0  # seconds from its beginning, however long it goes on
SHARE = 0.5  # of what the buffer holds; later, the activity's beginning would be lost


class Sightings:
    """Says for which activities the last seconds are to be saved, and when.

    A chosen activity is due some seconds after its end, or after its beginning where it goes on
    for long. One that has ended by then is in the same file, and not due by itself.

    Args:
        labels: The chosen activities.
        seconds: How long the buffer is.

    Attributes:
        watch: What is to be reported of the recognition, None before `begin`.
    """

    def __init__(self, labels: Iterable[str], seconds: float) -> None:
        self.watch: EventWatch | None = None
        self._due: dict[str, float] = {}
        self.choose(labels, seconds)

    def choose(self, labels: Iterable[str], seconds: float) -> None:
        """Look for other activities from now on, with a buffer of so many seconds."""
        self._conditions = {label: Condition() for label in labels}
        self._seconds, self._longest = seconds, min(LONGEST, SHARE * seconds)
        if self.watch is not None:
            self.watch.choose(self._conditions)

    def begin(self, classes: Iterable[str]) -> EventWatch:
        """Return the watch for a recognition that begins, of these activities."""
        self.watch = EventWatch(tuple(classes), self._conditions)
        return self.watch

    def forget(self) -> None:
        """Let nothing be due any more: another source plays."""
        self._due.clear()
        if self.watch is not None:
            self.watch.take()

    def look(self, now: float, ready: bool) -> str | None:
        """Return the activity to save for now, once, or None.

        Args:
            now: A clock's seconds.
            ready: Whether it can be saved now; else it stays due.
        """
        for event in self.watch.take() if self.watch is not None else ():
            if event.end is None:
                self._due.setdefault(event.label, now + self._longest)
            elif event.label in self._due:
                self._due[event.label] = min(self._due[event.label], now + AFTER)
        # After the buffer's length nothing of it is left to save.
        self._due = {one: due for one, due in self._due.items() if now - due < self._seconds}
        label = min(self._due, key=lambda one: self._due[one], default=None)
        if label is None or self._due[label] > now or not ready:
            return None
        self._due = {one: due for one, due in self._due.items() if due > now + AFTER}
        return label
