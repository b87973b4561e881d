"""The right steps of each clip of a stream, and how far their share may be off on other groups."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from training.evaluation.bootstrap import Interval, resample, share_interval
from training.evaluation.streams import Stream


class ClipSteps(NamedTuple):
    """A clip: its group, its steps that show a known activity, those whose best class is right."""

    group: str
    known: int
    right: int


def clip_steps(stream: Stream, best: Sequence[str]) -> Iterator[ClipSteps]:
    """Yield the clips that show a known activity, judged by the best class at each step."""
    for clip, start in zip(stream.clips, [0, *stream.cuts], strict=True):
        steps = slice(start, start + len(clip))
        truth = stream.truth[steps]
        if known := sum(label is not None for label in truth):
            right = sum(a == b for a, b in zip(best[steps], truth, strict=True))
            yield ClipSteps(clip.group or clip.name, known, right)


def steps_interval(clips: Sequence[ClipSteps]) -> Interval:
    """Return the 95 % interval of the share of right steps, by groups; one clip at least."""
    counts = np.array([(clip.known, clip.right) for clip in clips], np.float64)
    known, right = counts.sum(0).tolist()
    groups = [clip.group for clip in clips]
    drawn = resample(groups, counts)
    return share_interval(right / known, drawn[:, 1] / drawn[:, 0], len(set(groups)))
