"""The way into a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcn_desktop.recognition.history.runs import Run, Viewer
from lrcn_desktop.recognition.prediction import Prediction

if TYPE_CHECKING:
    from lrcn_desktop.recognition.history.history import History
    from lrcn_desktop.recognition.recognizer import Recognizer


class HistoryWriter:
    """One who pushes predictions into a history: a listener, for one thread."""

    def __init__(
        self, history: History, viewer: Viewer, recognizer: Recognizer | None, final: bool
    ) -> None:
        self._history, self._viewer = history, viewer
        self._recognizer, self._final = recognizer, final
        self._run: Run | None = None

    def forget(self) -> None:
        """End the run: what comes next follows a seek, a restart or a reset."""
        self.finish()

    def push(self, prediction: Prediction) -> None:
        """Take the next prediction."""
        if self._recognizer is not None:
            self._history.follow(self._viewer, self._recognizer, final=self._final)
        self._run = self._history.push(self._viewer, self._run, prediction, final=self._final)

    def finish(self, end: float | None = None, *, complete: bool = False) -> None:
        """End the run at `end` seconds, None: at once; `complete`: so does the source."""
        run, self._run = self._run, None
        if run is not None:
            self._history.end(run, end, complete=complete)
