"""The stateful recognizer: one LSTM step per frame, whatever the length of the stream."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.model_file import Recognizable
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition.engines.engine import Engine, Failure
from lrcn_desktop.recognition.known import decide
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.rates import HEADROOM, Pace, StepRate, find_pace, slower_pace
from lrcn_desktop.recognition.step_clock import StepClock
from lrcn_desktop.video.frame import Frame

if TYPE_CHECKING:
    from lrcn_desktop.recognition.engines.cuda_graph import GraphStep

DEFAULT_RATE = 30.0
"""Steps per second, where every frame is one and nobody knows how many come."""

MOST_WAITING = 64_000_000  # bytes of pictures that wait to go at once

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Due:
    """A frame that is a step, or several, and whether the stream restarts with it."""

    frame: Frame
    steps: int
    restarts: bool


class Recognizer:
    """A model on an engine, with the state of the stream that it is watching.

    Stepping through a clip gives what the network gives on the whole clip at once. The state is
    the LSTM's (h, c) and nothing that grows. A stream is watched by `step` or by `feed`, not both.

    Attributes:
        info: The model's description.
        pace: How often it takes a step.
        features: float32 (D,), those of the last frame that an engine saw, or None.
    """

    def __init__(
        self,
        model: Recognizable,
        engine: Engine,
        whole: GraphStep | None = None,
        rate: StepRate = "model",
    ) -> None:
        """Watch a new stream.

        Args:
            model: Its head runs on the CPU.
            engine: Gives the features.
            whole: The same network in one launch, for `step`; where it fails, `engine` goes on.
            rate: How often to take a step.

        Raises:
            UserError: The model was not trained for the rate.
        """
        self.info = model.info
        self._engine, self._whole = engine, whole
        self._head = HeadArrays(model.info.head, model.info.backbone.shape, model.head_arrays())
        self._rejection: Rejection | None = None
        if model.info.rejection is not None:
            self._rejection = Rejection(
                model.info.rejection, model.info.head, model.rejection_arrays()
            )
        self.features: NDArray[np.float32] | None = None
        self._memory = True
        self._frame_rate: float | None = None
        self._clock = StepClock(None)
        self._set_pace(self._find_pace(rate))
        self.reset()

    @property
    def model_name(self) -> str:
        """What the user calls the model."""
        return self.info.name

    @property
    def device(self) -> str:
        """What it runs on, as the user calls it; another one after a `failure`."""
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
        """Steps per second that it takes; None: a step on every frame, whatever their rate."""
        return self.pace.rate

    def set_rate(self, rate: StepRate) -> None:
        """Take steps at another rate from the next frame on; what was seen is not forgotten.

        Raises:
            UserError: The model was not trained for the rate.
        """
        self._set_pace(self._find_pace(rate))

    @property
    def can_do_without_memory(self) -> bool:
        """Whether the model holds a network that judges each frame alone."""
        return self.info.head.frames

    def set_memory(self, *, wanted: bool) -> None:
        """Let the whole network decide from the next frame on, or the one that sees frames alone.

        It may be called on any thread, and changes nothing where there is no such network.
        """
        self._memory = wanted

    def set_frame_rate(self, frame_rate: float) -> None:
        """Fit "auto" and "every frame" to a source of so many frames per second."""
        self._frame_rate = frame_rate
        self.set_rate(self.pace.asked)

    def slow_down(self, held: float) -> bool:
        """Go on at a lower rate, since only `held` steps per second were held.

        What was seen is not forgotten.

        Returns:
            Whether there is a lower rate.
        """
        before = self.pace
        self._set_pace(slower_pace(self.info, before, held))
        return self.pace is not before

    def set_threshold(self, threshold: float) -> None:
        """Call an activity unknown below `threshold`, 0..1, from the next step on."""
        self.info = replace(self.info, threshold=threshold)

    def reset(self) -> None:
        """Forget what was seen: the next frame is a stream's first."""
        self._clock.reset()
        self._forget()
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
        standing prediction. After a gap of over a second, or a jump back, the state restarts.

        Raises:
            UserError: The model's numbers overflow.
        """
        self._offer(frame)
        if self._whole is not None and self._memory:
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
        enough = len(self._waiting) >= self._engine.batch or size > MOST_WAITING
        return self.flush() if enough else []

    def flush(self) -> list[Prediction]:
        """Recognize the frames that wait since the last call of `feed`."""
        if not (waiting := self._waiting):
            return []
        images = [due.frame.image for due in waiting]
        if len(images) == 1:  # live; no copy
            features = self._engine.features(images[0][None])
        elif all(image.shape == images[0].shape for image in images):
            features = self._engine.features(np.stack(images))
        else:  # a stream whose size changed
            features = np.concatenate([self._engine.features(image[None]) for image in images])
        self._waiting, self.features = [], features[-1]
        beginnings = [0, *(number for number, due in enumerate(waiting) if number and due.restarts)]
        found: list[Prediction] = []
        for first, end in pairwise([*beginnings, len(waiting)]):
            found += self._advance(waiting[first:end], features[first:end])
        self._last = found[-1]
        return found

    def _forget(self) -> None:
        """Go back to the state before a stream's first frame."""
        self._state = self._head.initial_state()
        if self._rejection is not None:
            self._evidence = self._rejection.initial_state()

    def _find_pace(self, rate: StepRate) -> Pace:
        return find_pace(self.info, rate, self._frame_rate, self._capacity)

    def _capacity(self) -> float:
        """Return how many steps per second this machine can hold beside all else."""
        if self._engine.card == "cuda":
            return math.inf
        return HEADROOM / self._engine.frame_seconds()

    def _set_pace(self, pace: Pace) -> None:
        self.pace = pace
        highest = math.inf if self.info.rates is None else self.info.rates[1]
        self._clock.change(pace.rate, every_frame=pace.every_frame, highest=highest)
        rate = pace.rate or self._frame_rate or DEFAULT_RATE
        self._head.set_rate(rate)
        if self._rejection is not None:
            self._rejection.set_rate(rate)
        if self._whole is not None:
            self._whole.set_rate(rate)

    def _offer(self, frame: Frame) -> None:
        restarts = self._clock.restarts_at(frame.time)
        steps = self._clock.advance(frame.time)
        if steps:
            self._waiting.append(_Due(frame, steps, restarts))

    def _advance(self, frames: list[_Due], features: NDArray[np.float32]) -> list[Prediction]:
        """Take the steps that frames without a break stand for, on their features (N, D)."""
        if frames[0].restarts:
            self._forget()
        steps = [due.steps for due in frames]
        held = np.repeat(features, steps, axis=0) if max(steps) > 1 else features
        with np.errstate(over="ignore", invalid="ignore"):  # told in one sentence instead
            taken = self._head.run(held, self._state)
            self._state = taken.state
            alone = taken.frames if not self._memory else None
            logits = taken.logits if alone is None else alone
            probabilities = softmax(logits / np.float32(self.info.temperature))
            scores = self._score(taken.rows, probabilities)
        last = np.cumsum(steps) - 1
        return [
            self._prediction(due, probabilities[step], None if scores is None else scores[step])
            for due, step in zip(frames, last, strict=True)
        ]

    def _score(
        self, rows: NDArray[np.float32], probabilities: NDArray[np.float32]
    ) -> NDArray[np.float32] | None:
        """Return how surely an activity is known at each of T steps; None without a rejection."""
        if self._rejection is None:
            return None
        known, self._evidence = self._rejection.run(rows, probabilities, self._evidence)
        return known

    def _step_at_once(self, whole: GraphStep) -> None:
        """Recognize the frame that waits, if one does, with `whole`."""
        try:
            for due in self._waiting:
                if due.restarts:
                    whole.reset()
                    self._forget()
                probabilities, row = whole.step(due.frame.image, due.steps)
                repeated = [np.repeat(part[None], due.steps, 0) for part in (row, probabilities)]
                scores = self._score(*repeated)
                score = None if scores is None else scores[-1]
                self._last = self._prediction(due, probabilities, score)
            self._waiting = []
        except RuntimeError:  # the card's; what it remembered is lost with it
            _log.exception("The captured step failed, %s goes on", self._engine.name)
            self._whole = None
            self._forget()

    def _prediction(
        self, due: _Due, probabilities: NDArray[np.float32], score: np.float32 | None
    ) -> Prediction:
        if not np.isfinite(probabilities).all() or (score is not None and not np.isfinite(score)):
            raise UserError(
                f"The model {self.info.name!r} computes numbers that overflow: train it again."
            )
        label, known = decide(probabilities, None if score is None else float(score), self.info)
        return Prediction(due.frame.time, probabilities, label, due.steps, known)
