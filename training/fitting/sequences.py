"""Sequences for fitting, cut from clips at random."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

PADDING = -100  # the label of a step that is none; PyTorch's cross-entropy leaves it out


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A clip as the head sees it.

    Attributes:
        pooled: float16 (T, P), what `Head.pool` makes of the features.
        labels: int64 (T,), the class of each step.
    """

    pooled: Tensor
    labels: Tensor


class Windows:
    """A window of each clip, from a random place on, so that no two passes see the same.

    It may run into the clip's end: from a quarter of `length` on, any number of steps will do.
    """

    def __init__(self, examples: Sequence[Example], length: int) -> None:
        """Cut windows of `length` steps."""
        self._examples, self._length = list(examples), length

    def epoch(self, batch: int, rng: random.Random) -> list[list[Example]]:
        """Return one window of every clip, in batches."""
        windows = [self._cut(example, rng) for example in self._examples]
        rng.shuffle(windows)
        return [windows[i : i + batch] for i in range(0, len(windows), batch)]

    def batches(self, batch: int) -> int:
        """Return how many batches an epoch has."""
        return -(-len(self._examples) // batch)

    def _cut(self, example: Example, rng: random.Random) -> Example:
        start = rng.randint(0, max(0, len(example.labels) - max(1, self._length // 4)))
        end = start + self._length
        return Example(example.pooled[start:end], example.labels[start:end])


class Remix:
    """Streams of activities, each following any other as by a cut of the film.

    Where an activity is another one backwards, its frames are used both ways. That is what keeps
    few scenes from being learnt by heart: the same frames bear both labels, and only their order
    tells.
    """

    def __init__(
        self, examples: Sequence[Example], length: int, opposite: Mapping[int, int]
    ) -> None:
        """Cut streams of `length` steps; `opposite` maps a class to what it is backwards."""
        self._pieces = [piece for example in examples for piece in _pieces(example)]
        self._steps = sum(len(piece.labels) for piece in self._pieces)
        self._length, self._opposite = length, opposite

    def epoch(self, batch: int, rng: random.Random) -> list[list[Example]]:
        """Return as many streams as make up all clips' steps, in batches."""
        return [[self._stream(rng) for _ in range(batch)] for _ in range(self.batches(batch))]

    def batches(self, batch: int) -> int:
        """Return how many batches an epoch has."""
        return max(1, self._steps // (self._length * batch))

    def _stream(self, rng: random.Random) -> Example:
        parts: list[Example] = []
        missing = self._length
        while missing > 0:
            part = self._turn(rng.choice(self._pieces), rng)
            if not parts and rng.random() < 0.5:  # a stream may begin in the middle of something
                start = rng.randrange(len(part.labels))
                part = Example(part.pooled[start:], part.labels[start:])
            parts.append(Example(part.pooled[:missing], part.labels[:missing]))
            missing -= len(part.labels)
        return Example(
            torch.cat([part.pooled for part in parts]), torch.cat([part.labels for part in parts])
        )

    def _turn(self, piece: Example, rng: random.Random) -> Example:
        opposite = self._opposite.get(int(piece.labels[0]))
        if opposite is None or rng.random() < 0.5:
            return piece
        return Example(piece.pooled.flip(0), torch.full_like(piece.labels, opposite))


def _pieces(example: Example) -> list[Example]:
    """Return a clip's stretches of one activity."""
    changes = (example.labels.diff() != 0).nonzero().flatten() + 1
    parts = zip(
        example.pooled.tensor_split(changes), example.labels.tensor_split(changes), strict=True
    )
    return [Example(pooled, labels) for pooled, labels in parts]


def stack(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Return sequences (B, T, P) float32 and labels (B, T), padded to the longest."""
    pad = torch.nn.utils.rnn.pad_sequence
    return (
        pad([e.pooled.float() for e in examples], batch_first=True),
        pad([e.labels for e in examples], batch_first=True, padding_value=PADDING),
    )
