"""A whole file analyzed in the background, while it plays or not."""

import logging
import threading
from collections.abc import Callable

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.history.history import History
from lrcn_desktop.recognition.priority import BACKGROUND, lower_priority
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.step_clock import want_steps_only
from lrcn_desktop.video.decode_ahead import decode_ahead
from lrcn_desktop.video.source import Source

_log = logging.getLogger(__name__)


class BackgroundAnalysis(threading.Thread):
    """Recognizes a source from start to end, dropping nothing, and writes it into a history.

    It opens a source and loads a recognizer of its own, so that it shares nothing with what plays.
    What it has said when it is cancelled or fails stays in the history.

    Attributes:
        history: Where the result goes.
        position: The source's time, in seconds, up to which it has come.
        done: Whether it came to the source's end.
        error: Why it broke off, or None.
    """

    def __init__(
        self,
        open_source: Callable[[], Source],
        load_recognizer: Callable[[], Recognizer],
        history: History,
    ) -> None:
        """Analyze what `open_source` opens; both calls are made by this thread."""
        super().__init__(name="background analysis", daemon=True)
        self.history = history
        self.position = 0.0
        self.done = False
        self.error: UserError | None = None
        self._open_source, self._load_recognizer = open_source, load_recognizer
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Write nothing more after the step under way; the thread ends by itself."""
        self._cancelled.set()

    def stop(self) -> None:
        """Cancel, and wait for the end: a step, or what is still being loaded."""
        self.cancel()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Analyze; the thread's own work, not to be called."""
        lower_priority(BACKGROUND)
        try:
            recognizer = self._load_recognizer()
            with self._open_source() as source:
                self._analyze(source, recognizer)
        except UserError as error:
            self.error = error
        except Exception as error:
            _log.exception("The analysis stopped")
            self.error = UserError(f"The analysis stopped by an unexpected error: {error}.")

    def _analyze(self, source: Source, recognizer: Recognizer) -> None:
        recognizer.set_frame_rate(source.rate)
        recognizer.reset()
        want_steps_only(source, recognizer.step_rate)
        writer = self.history.writer(recognizer, final=True)
        last, end = None, 0.0
        try:
            with decode_ahead(source) as coming:
                for frame in coming:
                    if self._cancelled.is_set():
                        return
                    prediction = recognizer.step(frame)
                    if prediction is not last:
                        writer.push(prediction)
                        last = prediction
                    self.position, end = frame.time, frame.time + 1 / source.rate
            self.done = True
        finally:
            writer.finish(end if self.done else None, complete=self.done)
