"""Sequences for fitting, cut from clips at random. What is cut is read when it is needed."""

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor

from lrcn_desktop.model.fits import FitConfig
from training.fitting.example import Example

PADDING = -100  # the label of a step that is none; PyTorch's cross-entropy leaves it out


class Cut(ABC):
    """A sequence that was chosen, and not yet read.

    Attributes:
        labels: int64 (T,).
    """

    labels: Tensor

    @abstractmethod
    def read(self) -> Tensor:
        """Return the inputs (T, P), float32."""

    @classmethod
    def read_each(cls, cuts: Sequence[Self]) -> Sequence[Tensor]:
        """Read several of a kind."""
        return [cut.read() for cut in cuts]


class Window(Cut):
    """Steps of one clip, resampled in time."""

    def __init__(self, example: Example, places: Tensor) -> None:
        """Take `example` at `places`, float64 (T,) in steps from its start.

        Between two steps it is interpolated.
        """
        self._example, self._places = example, places
        self.labels = example.labels[places.round().long()]

    def read(self) -> Tensor:
        """Return the inputs (T, P), float32."""
        before = self._places.floor().long()
        first = int(before[0])
        steps = self._example.read(first, int(self._places[-1].ceil()) + 1).float()
        part = (self._places - before).float()[:, None]
        after = (before + 1 - first).clamp_max(len(steps) - 1)
        return torch.lerp(steps[before - first], steps[after], part)


class WindowSampler:
    """A window of each clip, from a random place on, so that no two passes see the same.

    It may run into the clip's end: from a quarter of the length on, any number of steps will do.
    """

    def __init__(self, examples: Sequence[Example], config: FitConfig) -> None:
        """Cut windows as `config` says."""
        self._examples, self._config = list(examples), config

    def epoch(self, rng: random.Random) -> Iterator[list[Cut]]:
        """Yield one window of every clip, in batches."""
        order = list(self._examples)
        rng.shuffle(order)
        for start in range(0, len(order), self._config.batch):
            yield [self._cut(example, rng) for example in order[start : start + self._config.batch]]

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self._examples) // self._config.batch)

    def _cut(self, example: Example, rng: random.Random) -> Window:
        stride = 1.0  # of the clip's steps
        if self._config.rates is not None:
            low, high = (math.log(rate) for rate in self._config.rates)
            stride = example.rate / math.exp(rng.uniform(low, high))
        last = len(example) - 1
        shortest = min(last, (max(1, self._config.length // 4) - 1) * stride)
        begin = rng.uniform(0, last - shortest)
        if stride == 1.0:
            begin = round(begin)
        count = min(self._config.length, math.floor((last - begin) / stride) + 1)
        places = begin + stride * torch.arange(count, dtype=torch.float64)
        if stride < 1.0 and rng.random() < 0.5:  # a slow source repeats, a fast one moves on
            places = places.round()
        return Window(example, places.clamp_max(last))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one activity in a clip: the steps from `start` on and before `end`."""

    example: Example
    start: int
    end: int
    label: int
    backwards: bool = False

    def __len__(self) -> int:
        return self.end - self.start


class Stream(Cut):
    """Pieces, each following another as by a cut of the film."""

    def __init__(self, pieces: Sequence[Piece], length: int) -> None:
        """Join `pieces` and keep the first `length` steps."""
        self._pieces, self._length = pieces, length
        labels = [torch.full((len(piece),), piece.label) for piece in pieces]
        self.labels = torch.cat(labels)[:length]

    def read(self) -> Tensor:
        """Return the inputs (T, P), float32."""
        parts = []
        for piece in self._pieces:
            steps = piece.example.read(piece.start, piece.end).float()
            parts.append(steps.flip(0) if piece.backwards else steps)
        return torch.cat(parts)[: self._length]


class RemixSampler:
    """Streams of activities, each following any other.

    Where an activity is another one backwards, its frames are used both ways. That is what keeps
    few scenes from being memorized: the same frames bear both labels, and only their order
    tells.
    """

    def __init__(
        self, examples: Sequence[Example], config: FitConfig, opposite: Mapping[int, int]
    ) -> None:
        """Cut streams as `config` says; `opposite` maps a class to what it is backwards."""
        self._pieces = [piece for example in examples for piece in _pieces(example)]
        self._steps = sum(len(piece) for piece in self._pieces)
        self._config, self._opposite = config, opposite

    def epoch(self, rng: random.Random) -> Iterator[list[Cut]]:
        """Yield as many streams as make up all clips' steps, in batches."""
        for _ in range(self.batches):
            yield [self._stream(rng) for _ in range(self._config.batch)]

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return max(1, self._steps // (self._config.length * self._config.batch))

    def _stream(self, rng: random.Random) -> Stream:
        pieces: list[Piece] = []
        missing = self._config.length
        while missing > 0:
            piece = rng.choice(self._pieces)
            start = piece.start
            if not pieces and rng.random() < 0.5:  # it may begin in the middle of something
                start = rng.randrange(piece.start, piece.end)
            opposite = self._opposite.get(piece.label)
            backwards = opposite is not None and rng.random() < 0.5
            label = opposite if backwards and opposite is not None else piece.label
            pieces.append(Piece(piece.example, start, piece.end, label, backwards))
            missing -= len(pieces[-1])
        return Stream(pieces, self._config.length)


def _pieces(example: Example) -> list[Piece]:
    """Return a clip's stretches of one activity."""
    changes = ((example.labels.diff() != 0).nonzero().flatten() + 1).tolist()
    bounds = [0, *changes, len(example)]
    return [
        Piece(example, start, end, int(example.labels[start])) for start, end in pairwise(bounds)
    ]


def stack(cuts: Sequence[Cut], length: int) -> tuple[Tensor, Tensor]:
    """Read sequences of a kind (B, T, P) float32 and labels (B, T), padded to `length` steps."""
    pad = torch.nn.functional.pad
    inputs, labels = [], []
    for cut, steps in zip(cuts, type(cuts[0]).read_each(cuts), strict=True):
        missing = length - len(cut.labels)
        inputs.append(pad(steps, (0, 0, 0, missing)))
        labels.append(pad(cut.labels, (0, missing), value=PADDING))
    return torch.stack(inputs), torch.stack(labels)
