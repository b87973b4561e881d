"""What a model says along a stream, as live use does, and what its parts say alone.

This is the one place where the judging of streams meets the recognizer's stepping.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head import Head
from lrcn_desktop.model.head_arrays import HeadArrays, Steps, softmax
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.recognition.known import decide
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.recognizer import DEFAULT_RATE
from training.fitting.network import Network
from training.run.networks import Fitted

Array = NDArray[np.float32]
Variant = Literal["model", "frames", "memory", "reset"]
"""The model as it is used; its frame network; its memory without the frame network beside it; the
model, its state reset at every true cut. A model without a memory is only the first."""

_FRAMES = 64  # that a CNN is given at once


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What one of them says at each of a stream's T steps.

    Attributes:
        probabilities: float32 (T, C), calibrated.
        known: float32 (T,), 0..1: how much it looks like something that the model knows.
        labels: The class that is shown, or None where it counts as unknown.
    """

    probabilities: Array
    known: Array
    labels: Sequence[str | None]

    def predictions(self, times: NDArray[np.float64]) -> list[Prediction]:
        """Return what a recognizer would have given at `times`, (T,) seconds."""
        return [
            Prediction(float(time), row, label)
            for time, row, label in zip(times, self.probabilities, self.labels, strict=True)
        ]


Predict = Callable[[Iterable[Array]], dict[Variant, Predicted]]
"""From a stream's features, (t, D) of one clip after another, to what each variant says of all of
its steps. A true cut lies between any two clips; only "reset" may make use of that."""


class HeadPredict:
    """Runs a model's head, and its parts, along streams; all of them with its calibration."""

    def __init__(
        self, info: ModelInfo, fitted: Fitted, *, pooled: bool, rate: float | None = None
    ) -> None:
        """Run the networks of `fitted`.

        Args:
            info: The model's.
            fitted: Its networks.
            pooled: The features have been pooled already (see `Head.pool`).
            rate: Steps per second; None: the model's own.
        """
        self._info, self._fitted, self._pooled = info, fitted, pooled
        rate = rate or info.step_rate or DEFAULT_RATE
        self._whole = _on_pooled(fitted.network.head, rate)
        self._frames = _on_pooled(fitted.frames.head, rate)
        self._rejection: Rejection | None = None
        if info.rejection is not None:
            self._rejection = Rejection(info.rejection, info.head, fitted.rejection, rate)

    def __call__(self, clips: Iterable[Array]) -> dict[Variant, Predicted]:
        """See `Predict`."""
        network, frames = self._fitted.network, self._fitted.frames
        seen, seen_by_frames = [], []
        for clip in clips:
            seen.append(self._seen(network, clip))
            own = frames.cnn is not None and frames.cnn is not network.cnn
            seen_by_frames.append(self._seen(frames, clip) if own else seen[-1])
        steps = _run(self._whole, seen)
        rows = [step.rows for step in steps]
        said: dict[Variant, Predicted] = {"model": self._said([s.logits for s in steps], rows)}
        if not network.head.config.hidden:
            return said
        beside = [step.frames for step in steps if step.frames is not None]
        if not beside:
            if network is frames:  # its memory is cleared before every step
                single = [step[None] for clip in seen for step in clip]
                beside = [step.logits for step in _run(self._whole, single, reset=True)]
            else:
                beside = [step.logits for step in _run(self._frames, seen_by_frames)]
        said["frames"] = self._said(beside, rows)
        alone = [step.memory for step in steps if step.memory is not None]
        if alone:
            said["memory"] = self._said(alone, rows)
        steps = _run(self._whole, seen, reset=True)
        rows = [step.rows for step in steps]
        said["reset"] = self._said([step.logits for step in steps], rows, reset=True)
        return said

    @torch.inference_mode()
    def _seen(self, network: Network, clip: Array) -> Array:
        """Return what a network's head makes its first product of, (t, P)."""
        features = torch.from_numpy(clip)
        if network.cnn is not None:
            device = next(network.parameters()).device
            parts = [
                network.features(features[None, start : start + _FRAMES].to(device))[0]
                for start in range(0, len(features), _FRAMES)
            ]
            features = torch.cat(parts).cpu()
        return (features if self._pooled else network.head.pool(features)).numpy()

    def _said(
        self, logits: Sequence[Array], rows: Sequence[Array], *, reset: bool = False
    ) -> Predicted:
        """Return what is said of clips in a row, by the logits (t, C) and the rows (t, R) of each.

        What was seen of the clips before counts for what is known, unless `reset`.
        """
        temperature = np.float32(self._info.temperature)
        with np.errstate(over="ignore", invalid="ignore"):  # reported in one sentence instead
            parts = [softmax(part / temperature) for part in logits]
        probabilities = np.concatenate(parts)
        if not np.isfinite(probabilities).all():
            raise UserError(
                f"The model {self._info.name!r} computes numbers that overflow: train it again."
            )
        scores: Array | None = None
        if self._rejection is not None:
            state, found = self._rejection.initial_state(), []
            for part, row in zip(parts, rows, strict=True):
                before = self._rejection.initial_state() if reset else state
                known, state = self._rejection.run(row, part, before)
                found.append(known)
            scores = np.concatenate(found)
        decided = [
            decide(row, None if scores is None else float(scores[step]), self._info)
            for step, row in enumerate(probabilities)
        ]
        return Predicted(
            probabilities,
            np.array([known for _, known in decided], np.float32),
            [label for label, _ in decided],
        )


def _on_pooled(head: Head, rate: float) -> HeadArrays:
    """Return a head that takes what pooling makes of features."""
    arrays = {name: tensor.detach().cpu().numpy() for name, tensor in head.state_dict().items()}
    config = replace(head.config, pool="flatten")
    return HeadArrays(config, (head.config.pooled_width(head.shape), 1, 1), arrays, rate)


def _run(head: HeadArrays, clips: Sequence[Array], *, reset: bool = False) -> list[Steps]:
    """Return what a head makes of clips in a row, each from a fresh state where `reset`."""
    taken, state = [], head.initial_state()
    with np.errstate(over="ignore", invalid="ignore"):  # see `_said`
        for clip in clips:
            taken.append(head.run(clip, head.initial_state() if reset else state))
            state = taken[-1].state
    return taken
