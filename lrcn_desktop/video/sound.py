"""A file's sound beside its picture: decoded and played by a process of its own."""

import logging
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from lrcn_desktop.video.decoding.process import DecoderDiedError, DecoderProcess

_SHOWN = 0.03  # seconds from when a picture is due until it is on the screen
_LOOK = 0.5  # seconds between looks at what the process says
_RESTLESS, _WITHIN = 4, 2.0  # so many jumps of the clock within so many seconds: it stutters

_log = logging.getLogger(__name__)


class SoundPlayer(threading.Thread):
    """Plays a file's sound by the clock of its picture; no call waits for anything.

    The process starts when there is something to be heard. Where the system has no output, where
    the file crashes it, or while the picture stutters, there is silence, and no more than a line
    in the log.

    Args:
        file: The file.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(name=f"sound of {file.name}", daemon=True)
        self._file = file
        self._changed = threading.Condition()  # guards what follows
        self.clock: tuple[float, float] | None = None
        self._sent: tuple[float, float] | None = None  # what the process knows
        self._jumps: deque[float] = deque(maxlen=_RESTLESS)
        self._stopping = False
        self.process: DecoderProcess | None = None

    def follow(self, clock: tuple[float, float] | None) -> None:
        """Play by a clock: a moment of `time.monotonic()` and the file's time then.

        None: be silent. To be called whenever the clock may have changed, and every now and then.
        """
        with self._changed:
            if clock == self.clock:
                return
            if clock is not None:
                self._jumps.append(time.monotonic())
            self.clock = clock
            self._changed.notify_all()

    def stop(self) -> None:
        """Be silent at once, and end; returns before that is done."""
        with self._changed:
            self._stopping = True
            if self.process is not None:
                self.process.hang_up()
            self._changed.notify_all()

    def run(self) -> None:
        """Play until stopped; the thread's own work, not to be called."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self.clock is not None)
            if self._stopping:
                return
        try:
            process = DecoderProcess()
        except OSError as error:
            _log.warning("the sound of %s is not played: %s", self._file.name, error.strerror)
            return
        try:
            self._serve(process)
        except (DecoderDiedError, ValueError) as error:
            if not self._stopping:
                _log.warning("the sound of %s is not played: %s", self._file.name, error)
        finally:
            process.end()

    def _serve(self, process: DecoderProcess) -> None:
        with self._changed:
            self.process = process
        process.send("sound", str(self._file))
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self.heard != self._sent, _LOOK)
                if self._stopping:
                    return
                wanted, before = self.heard, self._sent
                self._sent = wanted
            if wanted != before:
                process.send("clock", *((None, 0.0) if wanted is None else wanted))
            with suppress(TimeoutError):  # it has nothing to say, unless it has died
                process.receive(0.01, lenient=False)

    @property
    def heard(self) -> tuple[float, float] | None:
        """The clock that the sound is to follow, None for silence."""
        if self.clock is None or self._stutters:
            return None
        return self.clock[0] + _SHOWN, self.clock[1]

    @property
    def _stutters(self) -> bool:
        """Whether the picture cannot keep its pace, as where every frame is recognized."""
        jumps = self._jumps
        return len(jumps) == _RESTLESS and time.monotonic() - jumps[0] < _WITHIN
