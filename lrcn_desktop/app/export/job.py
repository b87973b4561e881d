"""One export under way: writes the files on a worker's thread and says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrcn_desktop.app.document.result import Result
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.formats import FORMATS, check_output
from lrcn_desktop.video.open import open_source

if TYPE_CHECKING:
    from lrcn_desktop.recognition.analyze import Analysis
    from lrcn_desktop.recognition.prediction import Prediction

_AT_ONCE = 60.0  # seconds of predictions that are taken from the history at a time


@dataclass(slots=True)
class Outcome:
    """The result of an export.

    Attributes:
        written: The files, in order.
        video: What the video is, as the user reads it: "H.264, with sound"; "" where there is none.
        cancelled: Whether the user gave up.
        error: Why it ended early, one sentence, or "".
    """

    written: list[Path] = field(default_factory=list)
    video: str = ""
    cancelled: bool = False
    error: str = ""


class ExportJob:
    """Writes a result's files, text first; each is there as a whole or not at all.

    Attributes:
        share: How much of the video is done, 0..1; None before it begins.
    """

    def __init__(self, result: Result, files: Mapping[str, Path]) -> None:
        self._formats = [(each, files[each.name]) for each in FORMATS if each.name in files]
        self.share: float | None = None
        self._result = result
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End soon, and leave nothing of the file under way."""
        self._cancelled.set()

    def run(self) -> Outcome:
        """Write the files; for a worker's thread."""
        outcome = Outcome()
        try:
            self._check()
            self._write(outcome)
        except UserError as error:
            outcome.error = str(error)
        outcome.cancelled = self._cancelled.is_set() and not outcome.error
        return outcome

    def _check(self) -> None:
        from lrcn_desktop.recognition.export.video import check_video

        for each, path in self._formats:
            check = check_video if each.write is None else check_output
            check(path, self._result.media.path)

    def _write(self, outcome: Outcome) -> None:
        analysis = self._analysis()
        for each, path in self._formats:
            if self._cancelled.is_set():
                return
            if each.write is None:
                outcome.video = self._write_video(path) or ""
                if not outcome.video:
                    return
            else:
                each.write(path, analysis, self._result.media)
            outcome.written.append(path)

    def _analysis(self) -> Analysis:
        """Return the result as the formats take it."""
        from lrcn_desktop.recognition.analyze import Analysis

        result = self._result
        if result.history is not None and result.has_steps:
            analysis = result.history.analysis(result.media.name)
        else:
            name, model = result.media.name, result.model
            analysis = Analysis(name, model, result.classes, None, [], [], "", 0.0)
        return replace(
            analysis,
            segments=list(result.segments),
            covered=list(result.covered),
            corrected=result.corrected,
        )

    def _write_video(self, path: Path) -> str | None:
        from lrcn_desktop.recognition.export.video import write_video

        result, self.share = self._result, 0.0
        with open_source(result.address) as source:
            return write_video(
                path,
                source,
                result.classes,
                self._predictions(),
                result.segments,
                seconds=None if result.bounded else result.media.duration,
                sound=result.media.path,
                progress=self._progress,
                cancelled=self._cancelled.is_set,
            )

    def _progress(self, seconds: float) -> None:
        duration = self._result.media.duration
        self.share = min(seconds / duration, 1.0) if duration > 0 else None

    def _predictions(self) -> Iterator[Prediction]:
        """Yield the steps, taken from the history little by little: there may be hours of them."""
        history, time = self._result.history, 0.0
        end = max((end for _, end in self._result.covered), default=0.0)
        while history is not None and time < end:
            for prediction in history.predictions(time, time + _AT_ONCE):
                known = np.nan_to_num(prediction.probabilities)  # NaN: of a class of another model
                yield replace(prediction, probabilities=known)
            time += _AT_ONCE
