"""The stateful recognizer: one LSTM step a frame, whatever the length of the stream."""

import numpy as np
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model_file import Model
from lrcn_desktop.recognition.clock import StepClock
from lrcn_desktop.recognition.engine import Engine
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.frame import Frame


class Recognizer:
    """A model on an engine, with the state of the stream that it is watching.

    Stepping through a clip gives what the network gives on the whole clip at once. The state is
    the LSTM's (h, c) and nothing that grows.
    """

    def __init__(self, model: Model, engine: Engine) -> None:
        """Watch a new stream with `model`, whose head runs on the CPU, on features of `engine`."""
        self.info = model.info
        self.device = engine.name
        self._engine, self._head = engine, model.head
        self._clock = StepClock(model.info.step_rate)
        self.reset()

    @property
    def model_name(self) -> str:
        """What a person calls the model."""
        return self.info.name

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

    def is_due(self, time: float) -> bool:
        """Whether a frame at `time` seconds would be a step; where not, `step` costs nothing."""
        return self._clock.due(time) > 0

    @torch.inference_mode()
    def step(self, frame: Frame) -> Prediction:
        """Take the next frame of the stream.

        A frame before the next tick of the model's step rate changes nothing and returns the
        standing prediction. After a gap of over a second, or a jump back, the state starts anew.

        Raises:
            UserError: The model's numbers overflow.
        """
        if self._clock.starts_anew(frame.time):
            self.reset()
        steps = self._clock.advance(frame.time)
        if steps == 0 and self._last is not None:
            return self._last
        features = torch.from_numpy(self._engine.features(frame.image[None]))
        held = features.expand(1, steps, -1)
        logits, self._state = self._head(held, self._state)
        probabilities = torch.softmax(logits[0, -1] / self.info.temperature, dim=-1).numpy()
        if not np.isfinite(probabilities).all():
            raise UserError(
                f"The model {self.info.name!r} computes numbers that overflow: train it again."
            )
        best = int(probabilities.argmax())
        known = float(probabilities[best]) >= self.info.threshold
        label = self.classes[best] if known else None
        self._last = Prediction(frame.time, probabilities, label, steps)
        return self._last
