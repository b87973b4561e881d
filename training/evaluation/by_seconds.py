"""How soon a network is right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.evaluation.judged_clip import JudgedClip
from training.evaluation.metrics import mean

SECONDS = (0.5, *range(1, 11), 15, 20, 30, 60, 120, 300, 600)
"""After how many seconds seen the accuracy is reported, as far as enough clips reach."""

_ENOUGH = 0.1  # share of the clips; the figures of fewer jump about


@dataclass(frozen=True, slots=True)
class BySeconds:
    """Accuracy against seconds seen, among the clips that are at least that long.

    It ends where fewer than a tenth of the clips are.
    In a stream, a clip is a stretch of one activity, and the seconds count from its beginning.

    Attributes:
        seconds: How much was seen.
        last: Share right at that moment's step.
        mean: Share right by the mean probabilities up to then.
        baseline_mean: `mean` of the frame network.
        clips: How many are that long.
    """

    seconds: list[float]
    last: list[float]
    mean: list[float]
    baseline_mean: list[float]
    clips: list[int]


def by_seconds(stretches: Sequence[JudgedClip]) -> BySeconds:
    """Return the accuracy of clips of one activity against the seconds that were seen of them."""
    result = BySeconds([], [], [], [], [])
    for seconds in SECONDS:
        # A step stands at k / rate: after one second at 5 steps per second, five were seen.
        long = [
            (clip, steps)
            for clip in stretches
            if (steps := max(1, math.ceil(seconds * clip.rate - 1e-6))) <= len(clip.labels)
        ]
        if len(long) < max(1, len(stretches) * _ENOUGH):
            break
        result.seconds.append(seconds)
        result.last.append(mean([float(clip.right(False)[n - 1]) for clip, n in long]))
        result.mean.append(mean([clip.right_by_mean(False, n) for clip, n in long]))
        result.baseline_mean.append(mean([clip.right_by_mean(True, n) for clip, n in long]))
        result.clips.append(len(long))
    return result
