"""Streams: clips joined by hard cuts, as a camera or an edited video shows one after another."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from training.fitting.example import Example

STREAMS, SECONDS = 8, 180.0  # at most so many streams, each closed once it has lasted so long
UNKNOWN_SHARE = 0.29  # of the time, where there is enough unknown material
LONGEST = 30.0  # seconds of a clip of one activity; what follows is left out
_JITTER = 6.0  # seconds by which an unknown stretch may come early or late
_SEED = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """The steps from `start` on and before `end`, all of one truth; None: unknown."""

    start: int
    end: int
    label: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Clips that follow each other by hard cuts.

    Attributes:
        clips: In order, at least two.
        truth: The activity at each of the T steps; None where nothing that the model knows is seen.
        rate: Steps per second, above 0.
    """

    clips: tuple[Example, ...]
    truth: tuple[str | None, ...]
    rate: float

    def features(self) -> Iterator[NDArray[np.float32]]:
        """Yield each clip's features (t, D), read as they are needed: all at once may be GB."""
        for clip in self.clips:
            yield clip.read().float().numpy()

    @property
    def cuts(self) -> list[int]:
        """The steps that are the first of a clip, but for the stream's own first."""
        return list(accumulate(len(clip) for clip in self.clips[:-1]))

    @property
    def times(self) -> NDArray[np.float64]:
        """Seconds from the stream's start to each step, (T,)."""
        return np.arange(len(self.truth)) / self.rate

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.truth) / self.rate

    def stretches(self) -> list[Stretch]:
        """Return its stretches of one truth, in order; together they are all of it."""
        edges = [n for n in range(1, len(self.truth)) if self.truth[n] != self.truth[n - 1]]
        return [
            Stretch(start, end, self.truth[start])
            for start, end in pairwise([0, *edges, len(self.truth)])
        ]


def build_streams(examples: Sequence[Example], classes: Sequence[str]) -> list[Stream]:
    """Join clips to streams of about three minutes, at most eight.

    No clip is used twice, and no two neighbors show the same. The result depends on the clips'
    names, truths and whole seconds only: not on their order, nor on the step rate.

    Args:
        examples: All at one rate. Labels that number none of `classes` stand for the unknown.
        classes: The activities that the model knows.

    Raises:
        UserError: No two clips can follow each other, or the clips differ in their rates.
    """
    rates = sorted({example.rate for example in examples})
    if len(rates) > 1:
        raise UserError(
            f"These clips have {rates[0]:g} to {rates[-1]:g} steps per second: a stream needs "
            "clips of one rate."
        )
    rng = random.Random(_SEED)
    left = _by_first_label(examples, classes, rng)
    streams: list[Stream] = []
    while len(streams) < STREAMS and len(clips := _draw(left, rng)) > 1:
        truth = tuple(label for clip in clips for label in clip.truth)
        streams.append(Stream(tuple(clip.example for clip in clips), truth, rates[0]))
    if not streams:
        raise UserError(
            "These clips make no stream: give clips of at least two activities that the model "
            "knows, or clips of something else with --other DIR."
        )
    return streams


@dataclass(frozen=True, slots=True, eq=False)
class _Clip:
    example: Example
    truth: tuple[str | None, ...]

    @property
    def seconds(self) -> int:
        """The seconds that it has begun: the same at any whole step rate."""
        return int((len(self.truth) - 1) / self.example.rate + 1e-6) + 1


_Left = dict[str | None, list[_Clip]]


def _by_first_label(
    examples: Sequence[Example], classes: Sequence[str], rng: random.Random
) -> _Left:
    """Return the clips by their first label, in the order in which they are to be taken."""
    left: _Left = {}
    for example in sorted(examples, key=lambda example: example.name):
        labels = example.labels.tolist()
        if len(set(labels)) == 1:
            labels = labels[: max(1, round(LONGEST * example.rate))]
        truth = tuple(classes[n] if 0 <= n < len(classes) else None for n in labels)
        clip = _Clip(replace(example, labels=example.labels[: len(labels)]), truth)
        left.setdefault(truth[0], []).append(clip)
    for clips in left.values():
        rng.shuffle(clips)
    return left


def _draw(left: _Left, rng: random.Random) -> list[_Clip]:
    """Take the clips of a stream out of `left`."""
    drawn: list[_Clip] = []
    total = unknown = 0
    while total < SECONDS:
        due = unknown < UNKNOWN_SHARE * total + rng.uniform(-_JITTER, _JITTER)
        fitting = [
            label
            for label, clips in left.items()
            if clips and not (drawn and label == drawn[-1].truth[-1])
        ]
        known = [label for label in fitting if label is not None]
        if None in fitting and (due or not known):
            label = None
        elif known:  # in proportion to what is left, so that it lasts as long as it can
            label = rng.choices(known, [len(left[label]) for label in known])[0]
        else:
            break
        clip = left[label].pop()
        drawn.append(clip)
        total += clip.seconds
        unknown += clip.seconds if label is None else 0
    return drawn
