"""The stateful recognizer: one LSTM step a frame, whatever the length of the stream."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.model_file import Recognizable
from lrcn_desktop.recognition.clock import StepClock
from lrcn_desktop.recognition.engine import Engine, Failure
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.frame import Frame

if TYPE_CHECKING:
    from lrcn_desktop.recognition.graph_step import GraphStep

_MOST_WAITING = 64_000_000  # bytes of pictures that wait to go at once

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Due:
    """A frame that is a step, or several, and whether the stream starts anew with it."""

    frame: Frame
    steps: int
    anew: bool


class Recognizer:
    """A model on an engine, with the state of the stream that it is watching.

    Stepping through a clip gives what the network gives on the whole clip at once. The state is
    the LSTM's (h, c) and nothing that grows. A stream is watched by `step` or by `feed`, not both.
    """

    def __init__(self, model: Recognizable, engine: Engine, whole: GraphStep | None = None) -> None:
        """Watch a new stream.

        Args:
            model: Its head runs on the CPU.
            engine: Gives the features.
            whole: The same network in one launch, for `step`; where it fails, `engine` goes on.
        """
        self.info = model.info
        self._engine, self._whole = engine, whole
        self._head = HeadArrays(model.info.head, model.info.backbone.shape, model.head_arrays())
        self._clock = StepClock(model.info.step_rate)
        self.reset()

    @property
    def model_name(self) -> str:
        """What a person calls the model."""
        return self.info.name

    @property
    def device(self) -> str:
        """What it runs on, as a person calls it; another one after a `failure`."""
        return self._engine.name

    @property
    def failure(self) -> Failure | None:
        """Why the processor does a graphics card's work, None where it does not."""
        return self._engine.failure

    @property
    def classes(self) -> tuple[str, ...]:
        """The activities, in the order of the probabilities."""
        return self.info.classes

    @property
    def step_rate(self) -> float | None:
        """Steps a second; None: a step on every frame."""
        return self.info.step_rate

    def reset(self) -> None:
        """Forget what was seen: the next frame is a stream's first."""
        self._clock.reset()
        self._state = self._head.initial_state()
        self._last: Prediction | None = None
        self._waiting: list[_Due] = []
        if self._whole is not None:
            self._whole.reset()

    def is_due(self, time: float) -> bool:
        """Whether a frame at `time` seconds would be a step; where not, `step` costs nothing."""
        return self._clock.due(time) > 0

    def step(self, frame: Frame) -> Prediction:
        """Take the next frame of the stream.

        A frame before the next tick of the model's step rate changes nothing and returns the
        standing prediction. After a gap of over a second, or a jump back, the state starts anew.

        Raises:
            UserError: The model's numbers overflow.
        """
        self._offer(frame)
        if self._whole is not None:
            self._step_at_once(self._whole)
        self.flush()
        assert self._last is not None  # a stream's first frame is a step
        return self._last

    def feed(self, frame: Frame) -> list[Prediction]:
        """Take the next frame of the stream, and wait until there are enough to go at once.

        Returns:
            What `step` would have given for the frames so far, each prediction once, as soon as it
            is there: none, or several. `flush` gives the rest.
        """
        self._offer(frame)
        size = sum(due.frame.image.nbytes for due in self._waiting)
        enough = len(self._waiting) >= self._engine.batch or size > _MOST_WAITING
        return self.flush() if enough else []

    def flush(self) -> list[Prediction]:
        """Recognize the frames that wait since the last call of `feed`."""
        waiting = self._waiting
        if not waiting:
            return []
        images = [due.frame.image for due in waiting]
        if all(image.shape == images[0].shape for image in images):
            features = self._engine.features(np.stack(images))
        else:  # a stream whose size changed
            features = np.concatenate([self._engine.features(image[None]) for image in images])
        self._waiting = []
        beginnings = [0, *(number for number, due in enumerate(waiting) if number and due.anew)]
        found: list[Prediction] = []
        for first, end in pairwise([*beginnings, len(waiting)]):
            found += self._advance(waiting[first:end], features[first:end])
        self._last = found[-1]
        return found

    def _offer(self, frame: Frame) -> None:
        anew = self._clock.starts_anew(frame.time)
        steps = self._clock.advance(frame.time)
        if steps:
            self._waiting.append(_Due(frame, steps, anew))

    def _advance(self, frames: list[_Due], features: NDArray[np.float32]) -> list[Prediction]:
        """Take the steps that frames without a break stand for, on their features (N, D)."""
        if frames[0].anew:
            self._state = self._head.initial_state()
        steps = [due.steps for due in frames]
        held = np.repeat(features, steps, axis=0) if max(steps) > 1 else features
        with np.errstate(over="ignore", invalid="ignore"):  # told in one sentence instead
            logits, self._state = self._head.run(held, self._state)
            probabilities = softmax(logits[np.cumsum(steps) - 1] / self.info.temperature)
        return [self._prediction(due, row) for due, row in zip(frames, probabilities, strict=True)]

    def _step_at_once(self, whole: GraphStep) -> None:
        """Recognize the frame that waits, if one does, with `whole`."""
        try:
            for due in self._waiting:
                if due.anew:
                    whole.reset()
                self._last = self._prediction(due, whole.step(due.frame.image, due.steps))
            self._waiting = []
        except RuntimeError:  # the card's; what it remembered is lost with it
            _log.exception("The captured step failed, %s goes on", self._engine.name)
            self._whole, self._state = None, self._head.initial_state()

    def _prediction(self, due: _Due, probabilities: NDArray[np.float32]) -> Prediction:
        if not np.isfinite(probabilities).all():
            raise UserError(
                f"The model {self.info.name!r} computes numbers that overflow: train it again."
            )
        best = int(probabilities.argmax())
        known = float(probabilities[best]) >= self.info.threshold
        label = self.classes[best] if known else None
        return Prediction(due.frame.time, probabilities, label, due.steps)
