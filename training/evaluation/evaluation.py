"""Everything that is measured of a network on clips whose activities are known."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import torch
from torch import Tensor

from training.evaluation.bootstrap import Interval
from training.evaluation.by_seconds import BySeconds, by_seconds
from training.evaluation.intervals import ClipResult, Intervals, intervals
from training.evaluation.judged_clip import JudgedClip
from training.evaluation.metrics import Accuracy, Bin, calibration_error, mean, reliability

__all__ = ["CalibratedOn", "Evaluation", "JudgedClip", "judge"]

_WORST = 20
_TOP5_FROM = 11  # classes; with fewer, five guesses say little

CalibratedOn = Literal["other clips", "other folds", "these clips"]
"""Which clips temperature and threshold come from: none of those judged, for each clip those of
the other folds, or the very ones that are judged."""


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
class Known:
    """What the threshold for "nothing known" does.

    Attributes:
        threshold: What a step must reach to be known; the mean, where clips have several.
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
        seen_in_training: How many of the clips the model was trained on.
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
    stretches = [stretch for clip in clips for stretch in clip.stretches()]
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
        accuracy_by_seconds=by_seconds([stretch for stretch, _ in stretches]),
        known=_known(clips),
        worst=_worst(stretches, classes),
        seen_in_training=seen,
        calibrated_on=calibrated_on,
        results=results,
    )


def _result(clip: JudgedClip, single: bool) -> ClipResult:
    ours, theirs = (_accuracy(clip, single, baseline=baseline) for baseline in (False, True))
    return ClipResult(clip.name, clip.group or clip.name, ours, theirs)


def _accuracy(clip: JudgedClip, single: bool, *, baseline: bool) -> Accuracy:
    right = clip.right(baseline)
    return Accuracy(
        frame=float(right.mean()),
        clip_mean=clip.right_by_mean(baseline) if single else None,
        clip_last=float(right[-1]) if single else None,
    )


def _mean_accuracy(accuracies: Sequence[Accuracy]) -> Accuracy:
    def mean_or_none(values: Sequence[float | None]) -> float | None:
        found = [value for value in values if value is not None]
        return mean(found) if found else None

    return Accuracy(
        frame=mean([accuracy.frame for accuracy in accuracies]),
        clip_mean=mean_or_none([accuracy.clip_mean for accuracy in accuracies]),
        clip_last=mean_or_none([accuracy.clip_last for accuracy in accuracies]),
    )


def _class_figures(
    clips: Sequence[JudgedClip], results: Sequence[ClipResult], number: int
) -> ClassFigures:
    pairs = zip(clips, results, strict=True)
    showing = [(clip, result) for clip, result in pairs if (clip.labels == number).any()]
    if not showing:
        return ClassFigures(0, None, None, None, None, None)

    def frame(baseline: bool) -> float:
        shares = [clip.right(baseline)[clip.labels == number].mean() for clip, _ in showing]
        return mean([float(share) for share in shares])

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

    return mean([of(clip) for clip in clips])


def _top5(said: Tensor, truth: Tensor) -> float:
    return float((said.topk(5).indices == truth[:, None]).any(-1).double().mean())


def _known(clips: Sequence[JudgedClip]) -> Known:
    above = torch.cat([clip.shown for clip in clips])
    right = torch.cat([clip.right(False) for clip in clips]).bool()

    def share(which: Tensor) -> float | None:
        return float(above[which].double().mean()) if which.any() else None

    return Known(mean([clip.threshold for clip in clips]), share(right), share(~right))


def _worst(stretches: Sequence[tuple[JudgedClip, float]], classes: Sequence[str]) -> list[Wrong]:
    wrong = []
    for clip, start in stretches:
        average, truth = clip.probabilities.mean(0), int(clip.labels[0])
        said = int(average.argmax())
        if said != truth:
            probability = float(average[truth])
            wrong.append(Wrong(clip.name, start, classes[truth], classes[said], probability))
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
