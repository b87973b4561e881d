"""Everything that is measured of a network on clips whose activities are known."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor

from training.evaluation.bootstrap import Interval
from training.evaluation.intervals import ClipResult, Intervals, intervals
from training.evaluation.metrics import Accuracy, Bin, calibration_error, reliability

SECONDS = (0.5, *range(1, 11), 15, 20, 30, 60, 120, 300, 600)
"""After how many seconds seen the accuracy is told, as far as enough clips reach."""

_ENOUGH = 0.1  # share of the clips; the figures of fewer jump about

_WORST = 20
_TOP5_FROM = 11  # classes; with fewer, five guesses say little

CalibratedOn = Literal["other clips", "other folds", "these clips"]
"""Which clips temperature and threshold come from: none of those judged, for each clip those of
the other folds, or the very ones that are judged."""


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
        threshold: The confidence, 0..1, below which nothing known is seen.
    """

    name: str
    labels: Tensor
    logits: Tensor
    baseline: Tensor | None
    rate: float
    group: str = ""
    threshold: float = 0.0

    @cached_property
    def probabilities(self) -> Tensor:
        """float64 (T, C)."""
        return torch.softmax(self.logits.double(), -1)

    @cached_property
    def baseline_probabilities(self) -> Tensor:
        """float64 (T, C)."""
        if self.baseline is None:
            return self.probabilities
        return torch.softmax(self.baseline.double(), -1)


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one activity is recognized; None where there is nothing to measure it on.

    Attributes:
        clips: Clips that show it.
        frame: Share of its steps that are right, every clip counting alike.
        clip_mean: Share of its clips, by the mean probabilities.
        clip_last: Share of its clips, at the last step.
        baseline_frame: `frame` of the frame network.
        baseline_clip_mean: `clip_mean` of the frame network: the frame average.
    """

    clips: int
    frame: float | None
    clip_mean: float | None
    clip_last: float | None
    baseline_frame: float | None
    baseline_clip_mean: float | None


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


@dataclass(frozen=True, slots=True)
class Known:
    """What the threshold for "nothing known" does.

    Attributes:
        threshold: The confidence that a step must reach; the mean, where clips have several.
        right: Share of right steps that reach it; None: there are no right steps.
        wrong: Share of wrong steps that reach it all the same.
    """

    threshold: float
    right: float | None
    wrong: float | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A clip, or a stretch of a stream, that is taken for something else by the mean.

    Attributes:
        name: The clip's.
        start: Seconds from the clip's start to the stretch's.
        truth: Its activity.
        said: What it is taken for.
        probability: The mean probability of the truth.
    """

    name: str
    start: float
    truth: str
    said: str
    probability: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a network on clips; shares are 0..1.

    Streams, clips whose activity changes, have no one label: with them, the figures of clips are
    None and those of steps stand for them (`unit`).

    Attributes:
        clips: How many were judged.
        groups: Of how many groups they are.
        unit: What `confusion` and `top5` count: "clip", or "step" where there are streams.
        classes: The activities, in the order of the probabilities.
        accuracy: Of the network.
        baseline: Of the frame network; its `clip_mean` is the frame average.
        intervals: Of both, and of what the memory adds.
        memory: Whether the network has one; if not, it is its own baseline.
        gained: Clips that are right by the mean of the network, but not by the frame average.
        lost: The other way round. Both None with streams.
        per_class: Each activity's figures.
        confusion: C rows of C counts: a row a truth, a column what was said, clips by the mean.
        loss: Cross-entropy of steps, every clip counting alike.
        baseline_loss: `loss` of the frame network.
        top5: Share whose truth is among the five most probable; None up to ten classes.
        ece: Expected calibration error of steps.
        reliability: The bins that `ece` comes from.
        accuracy_by_seconds: What matters live.
        known: What the threshold does.
        worst: What is most wrong, worst first, at most twenty.
        seen_in_training: How many of the clips the model has learnt from.
        calibrated_on: Which clips temperature and threshold come from.
        results: What is right of each clip; not in the JSON.
    """

    clips: int
    groups: int
    unit: str
    classes: tuple[str, ...]
    accuracy: Accuracy
    baseline: Accuracy
    intervals: Intervals
    memory: bool
    gained: int | None
    lost: int | None
    per_class: dict[str, ClassFigures]
    confusion: list[list[int]]
    loss: float
    baseline_loss: float
    top5: float | None
    ece: float
    reliability: list[Bin]
    accuracy_by_seconds: BySeconds
    known: Known
    worst: list[Wrong]
    seen_in_training: int
    calibrated_on: CalibratedOn = "other clips"
    results: tuple[ClipResult, ...] = field(default=(), repr=False)

    @property
    def headline(self) -> float:
        """The one figure to remember: of clips by the mean, or of steps where there are streams."""
        return _headline(self.accuracy)

    @property
    def headline_interval(self) -> Interval:
        """Its 95 % interval."""
        return self.intervals.accuracy.clip_mean or self.intervals.accuracy.frame

    @property
    def memory_interval(self) -> Interval:
        """The 95 % interval of what the memory adds to it."""
        return self.intervals.difference.clip_mean or self.intervals.difference.frame

    @property
    def baseline_headline(self) -> float:
        """The same of the frame network."""
        return _headline(self.baseline)

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON knows; a figure that is no finite number is null."""
        figures = asdict(replace(self, results=()))
        del figures["results"]
        return {key: _finite(value) for key, value in figures.items()}


def judge(
    clips: Sequence[JudgedClip],
    classes: Sequence[str],
    *,
    seen: int = 0,
    calibrated_on: CalibratedOn = "other clips",
) -> Evaluation:
    """Measure what a network said of `clips`.

    Args:
        clips: At least one, each of at least one step.
        classes: The activities that the labels and the logits number.
        seen: How many of the clips the network was fitted to.
        calibrated_on: Which clips the temperature and the thresholds come from.

    Raises:
        ValueError: There is no clip, or one has no step.
    """
    if not clips or any(len(clip.labels) == 0 for clip in clips):
        raise ValueError("there must be a clip to judge, and a step in every clip")
    stretches = [stretch for clip in clips for stretch in _stretches(clip)]
    single = len(stretches) == len(clips)
    labels = torch.cat([clip.labels for clip in clips])
    steps = torch.cat([clip.probabilities for clip in clips])
    if single:
        truth = torch.stack([clip.labels[0] for clip in clips])
        said = torch.stack([clip.probabilities.mean(0) for clip in clips])
        baseline = torch.stack([clip.baseline_probabilities.mean(0) for clip in clips])
        right, theirs = said.argmax(-1) == truth, baseline.argmax(-1) == truth
        gained, lost = int((right & ~theirs).sum()), int((~right & theirs).sum())
    else:
        truth, said, gained, lost = labels, steps, None, None
    results = tuple(_result(clip, single) for clip in clips)
    count = len(classes)
    confusion = torch.bincount(truth * count + said.argmax(-1), minlength=count * count)
    return Evaluation(
        clips=len(clips),
        groups=len({result.group for result in results}),
        unit="clip" if single else "step",
        classes=tuple(classes),
        accuracy=_mean_accuracy([result.accuracy for result in results]),
        baseline=_mean_accuracy([result.baseline for result in results]),
        intervals=intervals(results),
        memory=any(clip.baseline is not None for clip in clips),
        gained=gained,
        lost=lost,
        per_class={
            label: _class_figures(clips, results, number) for number, label in enumerate(classes)
        },
        confusion=confusion.view(count, count).tolist(),
        loss=_loss(clips, baseline=False),
        baseline_loss=_loss(clips, baseline=True),
        top5=_top5(said, truth) if count >= _TOP5_FROM else None,
        ece=calibration_error(steps, labels),
        reliability=reliability(steps, labels),
        accuracy_by_seconds=_by_seconds([stretch for stretch, _ in stretches]),
        known=_known(clips),
        worst=_worst(stretches, classes),
        seen_in_training=seen,
        calibrated_on=calibrated_on,
        results=results,
    )


def _stretches(clip: JudgedClip) -> list[tuple[JudgedClip, float]]:
    """Return the clip's stretches of one activity, and the seconds at which each begins."""
    edges = [0, *((clip.labels.diff() != 0).nonzero().flatten() + 1).tolist(), len(clip.labels)]
    if len(edges) == 2:
        return [(clip, 0.0)]
    return [
        (
            replace(
                clip,
                labels=clip.labels[start:end],
                logits=clip.logits[start:end],
                baseline=None if clip.baseline is None else clip.baseline[start:end],
            ),
            start / clip.rate,
        )
        for start, end in pairwise(edges)
    ]


def _said(clip: JudgedClip, baseline: bool) -> Tensor:
    return clip.baseline_probabilities if baseline else clip.probabilities


def _right(clip: JudgedClip, baseline: bool) -> Tensor:
    """Return which steps are right, float64 (T,)."""
    return (_said(clip, baseline).argmax(-1) == clip.labels).double()


def _right_by_mean(clip: JudgedClip, baseline: bool, steps: int | None = None) -> float:
    """Return 1.0 if the mean over the first `steps` of a clip of one activity is right."""
    return float(_said(clip, baseline)[:steps].mean(0).argmax() == clip.labels[0])


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)  # fsum: the order of the clips changes nothing


def _result(clip: JudgedClip, single: bool) -> ClipResult:
    ours, theirs = (_accuracy(clip, single, baseline=baseline) for baseline in (False, True))
    return ClipResult(clip.name, clip.group or clip.name, ours, theirs)


def _accuracy(clip: JudgedClip, single: bool, *, baseline: bool) -> Accuracy:
    right = _right(clip, baseline)
    return Accuracy(
        frame=float(right.mean()),
        clip_mean=_right_by_mean(clip, baseline) if single else None,
        clip_last=float(right[-1]) if single else None,
    )


def _mean_accuracy(accuracies: Sequence[Accuracy]) -> Accuracy:
    def mean(values: Sequence[float | None]) -> float | None:
        found = [value for value in values if value is not None]
        return _mean(found) if found else None

    return Accuracy(
        frame=_mean([accuracy.frame for accuracy in accuracies]),
        clip_mean=mean([accuracy.clip_mean for accuracy in accuracies]),
        clip_last=mean([accuracy.clip_last for accuracy in accuracies]),
    )


def _class_figures(
    clips: Sequence[JudgedClip], results: Sequence[ClipResult], number: int
) -> ClassFigures:
    pairs = zip(clips, results, strict=True)
    showing = [(clip, result) for clip, result in pairs if (clip.labels == number).any()]
    if not showing:
        return ClassFigures(0, None, None, None, None, None)

    def frame(baseline: bool) -> float:
        shares = [_right(clip, baseline)[clip.labels == number].mean() for clip, _ in showing]
        return _mean([float(share) for share in shares])

    ours = _mean_accuracy([result.accuracy for _, result in showing])
    theirs = _mean_accuracy([result.baseline for _, result in showing])
    return ClassFigures(
        clips=len(showing),
        frame=frame(False),
        clip_mean=ours.clip_mean,
        clip_last=ours.clip_last,
        baseline_frame=frame(True),
        baseline_clip_mean=theirs.clip_mean,
    )


def _loss(clips: Sequence[JudgedClip], *, baseline: bool) -> float:
    def of(clip: JudgedClip) -> float:
        logits = clip.baseline if baseline and clip.baseline is not None else clip.logits
        return float(torch.nn.functional.cross_entropy(logits.double(), clip.labels))

    return _mean([of(clip) for clip in clips])


def _top5(said: Tensor, truth: Tensor) -> float:
    return float((said.topk(5).indices == truth[:, None]).any(-1).double().mean())


def _by_seconds(stretches: Sequence[JudgedClip]) -> BySeconds:
    result = BySeconds([], [], [], [], [])
    for seconds in SECONDS:
        # A step stands at k / rate: after one second at 5 steps a second, five were seen.
        long = [
            (clip, steps)
            for clip in stretches
            if (steps := max(1, math.ceil(seconds * clip.rate - 1e-6))) <= len(clip.labels)
        ]
        if len(long) < max(1, len(stretches) * _ENOUGH):
            break
        result.seconds.append(seconds)
        result.last.append(_mean([float(_right(clip, False)[n - 1]) for clip, n in long]))
        result.mean.append(_mean([_right_by_mean(clip, False, n) for clip, n in long]))
        result.baseline_mean.append(_mean([_right_by_mean(clip, True, n) for clip, n in long]))
        result.clips.append(len(long))
    return result


def _known(clips: Sequence[JudgedClip]) -> Known:
    confidence = [clip.probabilities.max(-1).values for clip in clips]
    above = torch.cat([c >= clip.threshold for c, clip in zip(confidence, clips, strict=True)])
    right = torch.cat([_right(clip, False) for clip in clips]).bool()

    def share(which: Tensor) -> float | None:
        return float(above[which].double().mean()) if which.any() else None

    return Known(_mean([clip.threshold for clip in clips]), share(right), share(~right))


def _worst(stretches: Sequence[tuple[JudgedClip, float]], classes: Sequence[str]) -> list[Wrong]:
    wrong = []
    for clip, start in stretches:
        mean, truth = clip.probabilities.mean(0), int(clip.labels[0])
        said = int(mean.argmax())
        if said != truth:
            wrong.append(Wrong(clip.name, start, classes[truth], classes[said], float(mean[truth])))
    return sorted(wrong, key=lambda w: (w.probability, w.name, w.start))[:_WORST]


def _headline(accuracy: Accuracy) -> float:
    return accuracy.frame if accuracy.clip_mean is None else accuracy.clip_mean


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
