"""How far the shares of right clips may be off on other groups: 95 % intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluation.bootstrap import (
    Interval,
    difference_interval,
    resample,
    share_interval,
)
from training.evaluation.metrics import Accuracy, mean

_FIGURES: tuple[Callable[[Accuracy], float | None], ...] = (
    lambda accuracy: accuracy.frame,
    lambda accuracy: accuracy.clip_mean,
    lambda accuracy: accuracy.clip_last,
)


@dataclass(frozen=True, slots=True)
class ClipResult:
    """What is right of one clip.

    Attributes:
        name: The clip's.
        group: Its group.
        accuracy: Of the network; of a clip, each share is 0 or 1, but for `frame`.
        baseline: Of the frame network.
    """

    name: str
    group: str
    accuracy: Accuracy
    baseline: Accuracy


@dataclass(frozen=True, slots=True)
class Ranges:
    """Lowest and highest of each figure of an `Accuracy`, None where there is no such figure."""

    frame: Interval
    clip_mean: Interval | None
    clip_last: Interval | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % intervals by a bootstrap over groups (see `training.evaluation.bootstrap`).

    Attributes:
        accuracy: Of the network, 0..1.
        baseline: Of the frame network, 0..1.
        difference: Of the network less the frame network, -1..1, on the same clips.
    """

    accuracy: Ranges
    baseline: Ranges
    difference: Ranges


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better one model is than another one, on the same clips.

    Attributes:
        value: Of the share of right clips, or of right steps in streams, -1..1.
        interval: Its 95 % interval, by a paired bootstrap over groups.
    """

    value: float
    interval: Interval


def clear(interval: Interval) -> bool:
    """Return whether the interval of a difference leaves out 0, so that one is the better one."""
    return not interval[0] <= 0 <= interval[1]


def intervals(results: Sequence[ClipResult]) -> Intervals:
    """Return the intervals of the mean over clips."""
    groups = [result.group for result in results]
    count = len(set(groups))
    columns = [np.ones(len(results))]
    for of in _FIGURES:
        for accuracies in ([r.accuracy for r in results], [r.baseline for r in results]):
            columns.append(np.array([of(accuracy) or 0.0 for accuracy in accuracies]))
    drawn = resample(groups, np.stack(columns, axis=1))
    drawn = drawn[:, 1:] / drawn[:, :1]
    found: list[list[Interval | None]] = [[], [], []]
    for place, of in enumerate(_FIGURES):
        if of(results[0].accuracy) is None:
            for row in found:
                row.append(None)
            continue
        ours, theirs = columns[1 + 2 * place], columns[2 + 2 * place]
        drawn_ours, drawn_theirs = drawn[:, 2 * place], drawn[:, 2 * place + 1]
        found[0].append(share_interval(mean(ours.tolist()), drawn_ours, count))
        found[1].append(share_interval(mean(theirs.tolist()), drawn_theirs, count))
        found[2].append(
            difference_interval((ours - theirs).tolist(), groups, drawn_ours - drawn_theirs)
        )
    return Intervals(*(_ranges(row) for row in found))


def difference(
    ours: Sequence[ClipResult], theirs: Sequence[ClipResult], *, steps: bool
) -> Difference:
    """Compare two models by the clips that both were judged on.

    Args:
        ours: What is right of each clip by one model.
        theirs: The same of the other one; at least one clip is also in `ours`.
        steps: Compare right steps, not right clips.
    """
    beside = {result.name: result.accuracy for result in theirs}
    both = [result for result in ours if result.name in beside]
    of = _FIGURES[0 if steps else 1]
    values = [(of(r.accuracy) or 0.0) - (of(beside[r.name]) or 0.0) for r in both]
    groups = [result.group for result in both]
    drawn = resample(groups, np.array([(1.0, value) for value in values]))
    interval = difference_interval(values, groups, drawn[:, 1] / drawn[:, 0])
    return Difference(mean(values), interval)


def _ranges(row: Sequence[Interval | None]) -> Ranges:
    frame, clip_mean, clip_last = row
    assert frame is not None  # steps there always are
    return Ranges(frame, clip_mean, clip_last)
