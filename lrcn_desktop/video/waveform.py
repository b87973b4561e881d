"""How loud a file is over time, found in the background by a process of its own."""

import logging
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.video.decoding.process import DecoderDiedError, DecoderProcess

PEAKS = 10  # per second
_MOST = PEAKS * 3600 * 48
_PATIENCE = 30.0  # seconds without a word from the process

_log = logging.getLogger(__name__)


class Waveform(threading.Thread):
    """Finds the peaks of a file's sound, from its start to its end, in the machine's spare time.

    What goes wrong costs the rest of the waveform, and a line in the log.

    Args:
        file: The file.

    Attributes:
        peaks: uint8 (N,): the loudest sample of each tenth of a second, 0 to 255, as far as it is
            known; another array each time that more is.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(name=f"waveform of {file.name}", daemon=True)
        self._file = file
        self.peaks: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._lock = threading.Lock()  # guards what follows
        self.process: DecoderProcess | None = None
        self._stopping = False

    def stop(self) -> None:
        """End soon; returns before that is done."""
        with self._lock:
            self._stopping = True
            if self.process is not None:
                self.process.hang_up()

    def run(self) -> None:
        """Find the peaks; the thread's own work, not to be called."""
        try:
            process = DecoderProcess()
        except OSError as error:
            _log.warning("no waveform of %s: %s", self._file.name, error.strerror)
            return
        try:
            self._listen(process)
        except (DecoderDiedError, TimeoutError, ValueError, TypeError, OverflowError) as error:
            if not self._stopping:
                _log.warning("no more waveform of %s: %s", self._file.name, error)
        finally:
            process.end()

    def _listen(self, process: DecoderProcess) -> None:
        with self._lock:
            if self._stopping:
                return
            self.process = process
        process.send("peaks", str(self._file))
        while True:
            for name, *rest in process.receive(_PATIENCE):
                if name in ("end", "failed"):
                    return
                if name == "peaks":
                    self._take(*rest)

    def _take(self, found: object) -> None:
        """Append what the process has found.

        Raises:
            ValueError, TypeError, OverflowError: It is nonsense.
        """
        more = np.array(found, np.uint8)
        if more.ndim != 1 or len(self.peaks) + len(more) > _MOST + PEAKS:
            raise ValueError("nonsense")
        self.peaks = np.concatenate([self.peaks, more])
