"""How good a model is on streams: what is measured, for the model and for its parts alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.segments import Segment, segments
from training.evaluation.clip_steps import ClipSteps, clip_steps
from training.evaluation.segmental import (
    Interval,
    Matches,
    auroc,
    delay,
    edit_score,
    false_segments,
    matches,
)
from training.evaluation.stream_predict import Predict, Predicted, Variant
from training.evaluation.streams import Stream

OVERLAPS = (0.10, 0.25, 0.50)


@dataclass(frozen=True, slots=True, eq=False)
class StreamFigures:
    """What is counted on streams; merged, those of all of them.

    Attributes:
        clips: The clips that show an activity that the model knows; right is a step whose most
            probable class is right.
        shown_right: Known steps whose label is right, after what decides on the unknown.
        unknown_steps: The other steps.
        unknown_shown: Those that have a label all the same.
        unknown_seconds: How long they last.
        false_segments: Segments that lie in unknown stretches for the most part.
        matches: Of segments, for each of `OVERLAPS`.
        edits: The edit score of each stream.
        delays: Seconds to the first right label of each known stretch; None: it never has one.
        known_scores: How known each known step looks, 0..1.
        unknown_scores: The same of each unknown step.
    """

    clips: tuple[ClipSteps, ...]
    shown_right: int
    unknown_steps: int
    unknown_shown: int
    unknown_seconds: float
    false_segments: int
    matches: tuple[Matches, ...]
    edits: tuple[float, ...]
    delays: tuple[float | None, ...]
    known_scores: NDArray[np.float32]
    unknown_scores: NDArray[np.float32]

    def merge(self, other: Self) -> "StreamFigures":
        """Return the figures on the streams of both."""
        return StreamFigures(
            self.clips + other.clips,
            self.shown_right + other.shown_right,
            self.unknown_steps + other.unknown_steps,
            self.unknown_shown + other.unknown_shown,
            self.unknown_seconds + other.unknown_seconds,
            self.false_segments + other.false_segments,
            tuple(a + b for a, b in zip(self.matches, other.matches, strict=True)),
            self.edits + other.edits,
            self.delays + other.delays,
            np.concatenate([self.known_scores, other.known_scores]),
            np.concatenate([self.unknown_scores, other.unknown_scores]),
        )

    @property
    def known_steps(self) -> int:
        """Steps that show an activity that the model knows."""
        return sum(clip.known for clip in self.clips)

    @property
    def accuracy(self) -> float | None:
        """Share of known steps whose most probable class is right; None: there are none."""
        return _share(sum(clip.right for clip in self.clips), self.known_steps)

    @property
    def shown_right_share(self) -> float | None:
        """Share of known steps whose label is right."""
        return _share(self.shown_right, self.known_steps)

    @property
    def unknown_shown_share(self) -> float | None:
        """Share of unknown steps that have a label: false alarms."""
        return _share(self.unknown_shown, self.unknown_steps)

    @property
    def false_per_minute(self) -> float | None:
        """False segments per minute of the unknown."""
        return _share(60 * self.false_segments, self.unknown_seconds)

    @property
    def f1(self) -> tuple[float, ...]:
        """Segmental F1 at each of `OVERLAPS`, 0..1."""
        return tuple(found.f1 for found in self.matches)

    @property
    def edit(self) -> float:
        """The mean edit score of the streams, 0..1."""
        return float(np.mean(self.edits))

    @property
    def never_named(self) -> int:
        """How many known stretches never have the right label."""
        return self.delays.count(None)

    @property
    def auroc(self) -> float | None:
        """How well the score tells known steps from unknown ones, 0..1."""
        return auroc(self.known_scores, self.unknown_scores)

    def delay(self, percent: float) -> float | None:
        """Return a percentile of the delays, in seconds, among stretches that have one."""
        found = [seconds for seconds in self.delays if seconds is not None]
        return float(np.percentile(found, percent)) if found else None

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them; null where there is nothing to measure."""
        return {
            "accuracy": self.accuracy,
            "shown_right": self.shown_right_share,
            "f1": {f"{at:.2f}": f1 for at, f1 in zip(OVERLAPS, self.f1, strict=True)},
            "edit": self.edit,
            "delay_median": self.delay(50),
            "delay_90": self.delay(90),
            "stretches": len(self.delays),
            "never_named": self.never_named,
            "unknown_shown": self.unknown_shown_share,
            "false_segments_per_minute": self.false_per_minute,
            "auroc": self.auroc,
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stream to look at.

    Attributes:
        seconds: How long it lasts.
        truth: Its stretches: start and end in seconds, and the activity; None: unknown.
        segments: The model's.
    """

    seconds: float
    truth: tuple[tuple[float, float, str | None], ...]
    segments: tuple[Segment, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "seconds": self.seconds,
            "truth": [list(stretch) for stretch in self.truth],
            "segments": [[s.start, s.end, s.label, s.confidence] for s in self.segments],
        }


@dataclass(frozen=True, slots=True, eq=False)
class StreamEvaluation:
    """A model on streams, beside its parts alone, on the same streams.

    Attributes:
        classes: The activities that it knows.
        rate: Steps per second.
        clips: How many the streams are made of.
        variants: The figures; "model" is always among them.
        timelines: Of the streams.
    """

    classes: tuple[str, ...]
    rate: float
    clips: int
    variants: dict[Variant, StreamFigures]
    timelines: tuple[Timeline, ...]

    @property
    def seconds(self) -> float:
        """How long all streams are together."""
        return sum(timeline.seconds for timeline in self.timelines)

    def merge(self, other: Self) -> "StreamEvaluation":
        """Return both together, as of the folds of a cross-validation."""
        return StreamEvaluation(
            self.classes,
            self.rate,
            self.clips + other.clips,
            {name: found.merge(other.variants[name]) for name, found in self.variants.items()},
            self.timelines + other.timelines,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them; each variant's are under its name."""
        return {
            "streams": len(self.timelines),
            "clips": self.clips,
            "rate": self.rate,
            "seconds": self.seconds,
            "unknown_seconds": self.variants["model"].unknown_seconds,
            **{name: found.to_json() for name, found in self.variants.items()},
        }


def judge_built(
    predict: Predict,
    streams: Sequence[Stream],
    classes: Sequence[str],
    done: Callable[[int], None] = lambda count: None,
) -> StreamEvaluation:
    """Judge a model on streams.

    Args:
        predict: The model.
        streams: At least one, of clips that the model was not fitted to (see `build_streams`),
            their features of the kind that `predict` takes.
        classes: The activities that it knows, in the order of the probabilities.
        done: Called with how many streams are judged.
    """
    variants: dict[Variant, StreamFigures] = {}
    timelines = []
    for number, stream in enumerate(streams, start=1):
        for name, predicted in predict(stream.features()).items():
            found = segments(predicted.predictions(stream.times), classes, stream.seconds)
            figures = _figures(stream, predicted, found, classes)
            variants[name] = variants[name].merge(figures) if name in variants else figures
            if name == "model":
                timelines.append(Timeline(stream.seconds, tuple(_truth(stream)), tuple(found)))
        done(number)
    return StreamEvaluation(
        tuple(classes),
        streams[0].rate,
        sum(len(stream.clips) for stream in streams),
        variants,
        tuple(timelines),
    )


def _truth(stream: Stream) -> list[tuple[float, float, str | None]]:
    """Return a stream's stretches, start and end in seconds."""
    rate = stream.rate
    return [(s.start / rate, s.end / rate, s.label) for s in stream.stretches()]


def _figures(
    stream: Stream, predicted: Predicted, found: Sequence[Segment], classes: Sequence[str]
) -> StreamFigures:
    """Measure what was predicted of one stream, and the segments that it gave."""
    is_known = np.array([label is not None for label in stream.truth])
    best = [classes[n] for n in predicted.probabilities.argmax(-1)]
    shown = predicted.labels
    stretches = _truth(stream)
    truth = [Interval(start, end, label) for start, end, label in stretches if label is not None]
    guessed = [Interval(s.start, s.end, s.label) for s in found]
    unknown = [(start, end) for start, end, label in stretches if label is None]
    return StreamFigures(
        clips=tuple(clip_steps(stream, best)),
        shown_right=sum(a == b for a, b in zip(shown, stream.truth, strict=True) if b is not None),
        unknown_steps=int((~is_known).sum()),
        unknown_shown=sum(
            a is not None for a, b in zip(shown, stream.truth, strict=True) if b is None
        ),
        unknown_seconds=float((~is_known).sum() / stream.rate),
        false_segments=false_segments(guessed, unknown),
        matches=tuple(matches(truth, guessed, at) for at in OVERLAPS),
        edits=(edit_score([t.label for t in truth], [g.label for g in guessed]),),
        delays=tuple(
            delay(stream.times, shown, s.start, s.end, s.label)
            for s in stream.stretches()
            if s.label is not None
        ),
        known_scores=predicted.known[is_known],
        unknown_scores=predicted.known[~is_known],
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
