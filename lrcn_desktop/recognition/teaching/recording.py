"""Recording an example: its video file and its features, both while it is recorded."""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.step_clock import StepClock
from lrcn_desktop.recognition.teaching.features import RATE, Features, save_features
from lrcn_desktop.recognition.teaching.project import digest
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.recorder import Recorder

SHORTEST = 0.6  # seconds: less shows no activity
_WIDTH = 136  # pixels of a small picture, at the least
_WAITING = 20  # frames that wait for the engine: four seconds

_log = logging.getLogger(__name__)


class ClipRecording:
    """One example that is being recorded.

    Its file is there from the first frame on, and plays after a kill.

    Attributes:
        activity: What it shows.
        pictures: Small ones, uint8 (H, W, 3) RGB, five per second.
    """

    def __init__(
        self, project: Path, activity: str, name: str, rate: float, features: Features
    ) -> None:
        """Record to PROJECT/ACTIVITY at `rate` frames per second; files' names end in `name`."""
        self.activity, self.pictures = activity, list[Image]()
        self._project, self._features = project, features
        self._recorder = Recorder(project / activity, name, rate)
        self._clock = StepClock(RATE)
        self._due: queue.Queue[Frame | None] = queue.Queue(_WAITING)
        self._steps: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
        self._whole = True  # whether each step has its features
        self._ending = False
        self._thread = threading.Thread(target=self._compute, name="features", daemon=True)
        self._recorder.start()
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return self._recorder.seconds

    @property
    def error(self) -> UserError | None:
        """Why it ended by itself; what was recorded until then is kept."""
        return self._recorder.error

    def push(self, frame: Frame) -> None:
        """Take a frame and return at once."""
        if self._ending:
            return
        self._recorder.push(frame)
        steps = self._clock.advance(frame.time)
        if steps:
            try:
                self._due.put_nowait(frame)
            except queue.Full:
                self._whole = False
        if steps > 1:
            self._whole = False

    def finish(self, seconds: float) -> tuple[Path, ...]:
        """End it, and return its files: more than one where the camera paused.

        Args:
            seconds: How long that may take; the file plays all the same.

        Raises:
            UserError: Nothing was recorded, or too little.
        """
        self._ending = True
        self._recorder.finish(seconds)
        self._due.put(None)
        self._thread.join(seconds)
        paths = self._recorder.paths
        if self._recorder.error is not None and not paths:
            raise self._recorder.error
        if not paths:
            raise UserError("Nothing was recorded, as no frame came: look at the camera.")
        if self.seconds < SHORTEST and self._recorder.error is None:
            for path in paths:
                path.unlink(missing_ok=True)
            raise UserError(
                f"{self.seconds:.1f} s is too short to show an activity: "
                "hold the key for about three seconds."
            )
        if len(paths) == 1 and self._whole and self._steps and not self._thread.is_alive():
            try:
                save_features(self._project, digest(paths[0]), np.stack(self._steps))
            except (UserError, OSError):  # they are computed from the file then
                _log.warning("the features of %s cannot be kept", paths[0], exc_info=True)
        return paths

    def _compute(self) -> None:
        while (frame := self._due.get()) is not None:
            try:
                self.pictures.append(_small(frame.image))
                self._steps.append(self._features.of_frame(frame))
            except Exception:  # whatever an engine raises: the file is what counts
                _log.exception("features of a recorded frame")
                self._whole = False


def _small(image: Image) -> Image:
    step = max(1, image.shape[1] // _WIDTH)
    return np.ascontiguousarray(image[::step, ::step])
