"""Whether what is seen is one of the activities at all: evidence for "known", in NumPy.

A network's probabilities say which of its activities it is, not whether it is one of them: on
activities that it was not trained on they are as high as on its own. What tells them apart lies in
the features: how far a frame is from every class (Mahalanobis distance with a shared covariance,
Lee et al. 2018), what the principal components leave out of it (ViM, Wang et al. 2022), and on
which side it lies of clips that show none of the activities.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.presets import HeadConfig

Array = NDArray[np.float32]

EVIDENCE = ("distance", "rest", "side", "confidence")
"""What each step has, each higher where an activity is known."""


@dataclass(frozen=True, slots=True)
class RejectionConfig:
    """How "known" is decided.

    Attributes:
        components: Principal components in which distances are measured.
        seconds: Time constant of the running mean of the evidence.
    """

    components: int = 128
    seconds: float = 3.0


def rejection_shapes(
    config: RejectionConfig, head: HeadConfig, classes: int
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of its tensors by name."""
    return {
        "means": (classes, config.components),
        "whiten": (config.components, config.components),
        "side": (head.project,),
        "weights": (len(EVIDENCE) + 1,),
    }


class Rejection:
    """Evidence for "known", over a stream."""

    def __init__(
        self,
        config: RejectionConfig,
        head: HeadConfig,
        arrays: Mapping[str, Array],
        rate: float = 5.0,
    ) -> None:
        """Use `arrays`, of the shapes of `rejection_shapes`, at `rate` steps per second."""
        self._config, self._head, self._arrays = config, head, arrays
        self.set_rate(rate)

    def set_rate(self, rate: float) -> None:
        """Take `rate` steps per second from the next one on."""
        self._kept = np.float32(np.exp(-1 / (self._config.seconds * rate)))

    def initial_state(self) -> Array:
        """Return the state before the first frame: zeros."""
        return np.zeros(len(EVIDENCE) + 1, np.float32)

    def run(self, rows: Array, probabilities: Array, state: Array) -> tuple[Array, Array]:
        """Take T steps.

        Args:
            rows: (T, R), of the head.
            probabilities: (T, C), calibrated.
            state: From `initial_state` or an earlier call; left as it is.

        Returns:
            How surely an activity is known, 0..1 (T,), and the state after the last step.
        """
        means, state = self.average(self.evidence(rows, probabilities), rows, state)
        return self.known(means), state

    def known(self, means: Array) -> Array:
        """Return how surely an activity is known, 0..1 (T,), by averaged evidence (T, E)."""
        weights = self._arrays["weights"]
        known: Array = 0.5 * (np.tanh(0.5 * (means @ weights[:-1] + weights[-1])) + 1)
        return known

    def evidence(self, rows: Array, probabilities: Array) -> Array:
        """Return the evidence of each step by itself, (T, E)."""
        count, components = self._config.components, rows[:, : self._head.project]
        whitened = components[:, :count] @ self._arrays["whiten"]
        centers, sizes = self._centers
        squares = np.square(whitened).sum(-1)[:, None] - 2 * whitened @ centers.T + sizes
        distance = np.sqrt(np.maximum(squares.min(-1), 0))
        rest = rows[:, self._head.project + self._head.motion]
        confidence = np.log(np.maximum(probabilities.max(-1), 1e-6))
        side = components @ self._arrays["side"]
        return np.stack([-distance, -rest, side, confidence], axis=-1).astype(np.float32)

    @cached_property
    def _centers(self) -> tuple[Array, Array]:
        """The whitened means of the classes (C, K), and their squared lengths (C,)."""
        centers = self._arrays["means"] @ self._arrays["whiten"]
        return centers, np.square(centers).sum(-1)

    def average(self, evidence: Array, rows: Array, state: Array) -> tuple[Array, Array]:
        """Return the running mean of evidence (T, E), which a scene cut restarts, and the state."""
        means = np.empty_like(evidence)
        restarts = rows[:, -1] < np.float32(self._head.cut)
        for number, step in enumerate(evidence):
            before = np.zeros_like(state) if restarts[number] else state
            state = self._kept * before + np.append(step, np.float32(1))
            means[number] = state[:-1] / state[-1]
        return means, state
