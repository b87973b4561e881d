"""One clock for everything that has to be looked at now and then."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

USUAL, QUICK = 30, 15  # milliseconds; the second where a source has more frames than fit the first


@dataclass(slots=True)
class _Look:
    call: Callable[[], object]
    seconds: float
    due: float = 0.0


class Ticker(QObject):
    """Calls what wants to look at threads, some 30 or 60 times per second or less often.

    It runs from its making to `stop`. What is called must cost little.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks: list[_Look] = []
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._timer.start(USUAL)

    def every(self, seconds: float, call: Callable[[], object]) -> None:
        """Call `call` every so many seconds from now on; 0: at every tick."""
        self._looks.append(_Look(call, seconds))

    @property
    def interval(self) -> int:
        """Milliseconds between two ticks."""
        return self._timer.interval()

    def follow(self, rate: float) -> None:
        """Tick often enough to show a source of `rate` frames per second, up to some 60."""
        self._timer.setInterval(QUICK if rate * USUAL > 1000 else USUAL)

    def tick(self) -> None:
        """Call what is due."""
        now = time.monotonic()
        for look in self._looks:
            if now >= look.due:
                look.due = now + look.seconds
                look.call()

    def stop(self) -> None:
        """Call nothing more."""
        self._timer.stop()
