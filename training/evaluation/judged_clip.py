"""What a network said of a clip, beside the truth."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class JudgedClip:
    """What a network said of a clip, beside the truth.

    Attributes:
        name: The clip's.
        labels: int64 (T,), the class of each step. A clip whose class changes is a stream.
        logits: float32 (T, C), already divided by the temperature.
        baseline: float32 (T, C), the frame network's logits; None: the network has no memory, and
            is its own baseline.
        rate: Steps a second, above 0.
        group: Clips of one group show the same people and place; "": it is a group of its own.
        threshold: Below it, 0..1, a step counts as unknown.
        known: float32 (T,), how surely each step shows an activity, 0..1; None: that is its highest
            probability.
    """

    name: str
    labels: Tensor
    logits: Tensor
    baseline: Tensor | None
    rate: float
    group: str = ""
    threshold: float = 0.0
    known: Tensor | None = None

    @cached_property
    def probabilities(self) -> Tensor:
        """float64 (T, C)."""
        return torch.softmax(self.logits.double(), -1)

    @property
    def shown(self) -> Tensor:
        """Which steps count as known, bool (T,)."""
        known = self.probabilities.max(-1).values if self.known is None else self.known
        return known >= self.threshold

    @cached_property
    def baseline_probabilities(self) -> Tensor:
        """float64 (T, C)."""
        if self.baseline is None:
            return self.probabilities
        return torch.softmax(self.baseline.double(), -1)

    def right(self, baseline: bool) -> Tensor:
        """Return which steps are right, of the network or of its baseline, float64 (T,)."""
        return (self._said(baseline).argmax(-1) == self.labels).double()

    def right_by_mean(self, baseline: bool, steps: int | None = None) -> float:
        """Return 1.0 if the mean over the first `steps` of a clip of one activity is right."""
        return float(self._said(baseline)[:steps].mean(0).argmax() == self.labels[0])

    def stretches(self) -> list[tuple["JudgedClip", float]]:
        """Return its stretches of one activity, and the seconds at which each begins."""
        edges = [0, *((self.labels.diff() != 0).nonzero().flatten() + 1).tolist(), len(self.labels)]
        if len(edges) == 2:
            return [(self, 0.0)]
        return [
            (
                replace(
                    self,
                    labels=self.labels[start:end],
                    logits=self.logits[start:end],
                    baseline=None if self.baseline is None else self.baseline[start:end],
                    known=None if self.known is None else self.known[start:end],
                ),
                start / self.rate,
            )
            for start, end in pairwise(edges)
        ]

    def _said(self, baseline: bool) -> Tensor:
        return self.baseline_probabilities if baseline else self.probabilities
