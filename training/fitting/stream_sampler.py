"""Streams for fitting: clips of different activities spliced one after another, without end.

A live stream is a chain of activities, with cuts, gradual changes and stretches of none of them.
A network that has only seen single clips from a fresh state does not know what its memory is worth
once something else begins.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat, takewhile
from typing import Self

import torch
from torch import Tensor

from lrcn_desktop.model.fits import FitConfig
from lrcn_desktop.model.projection import Projection
from training.fitting.example import Example
from training.fitting.sequences import PADDING, Cut

SHORTEST, LONGEST = 0.35, 20.0  # seconds of one stretch
OTHER_SHARE = 0.2  # of the stretches show none of the activities, where there are such clips
GRADUAL_SHARE = 0.25  # of the changes are cross-fades
GRADUAL = (0.4, 1.6)  # seconds
FROM_START = 0.5  # of the stretches begin where the activity does
HELD = 0.3  # of the streams repeat a slow source's steps rather than pass between them
_FEWEST_BATCHES = 4  # of an epoch: few clips still need their steps of the optimizer
_FEWEST_STREAMS = 4  # at once; with few clips, more streams only show the same ones again
_CLIPS_PER_STREAM = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one activity in the bank: `length` of them from `start` on.

    Attributes:
        start: The first row.
        length: At least 1.
        rate: Rows per second.
        label: The activity, `PADDING` for none of them.
        reversible: Backwards it is another activity, whose number this is; None: unknown.
    """

    start: int
    length: int
    rate: float
    label: int
    reversible: int | None = None


@dataclass(slots=True)
class _Playhead:
    """Where a stream is in a piece.

    Attributes:
        piece: The piece.
        label: The activity that it shows, played in this direction.
        position: In rows from its first.
        speed: Rows per step, negative where it plays backwards.
        left: Steps until the stretch ends.
    """

    piece: Piece
    label: int
    position: float
    speed: float
    left: int

    @property
    def ended(self) -> bool:
        """Whether there is no further step in this stretch."""
        return self.left <= 0 or not self._has(self.position)

    def take(self, count: int) -> list[float]:
        """Return the rows' places in the bank at the next `count` steps, fewer where it ends.

        A clip is shorter than what people do: it begins again. One whose order tells does not.
        """
        places: list[float] = []
        while len(places) < count and not self.ended:
            most = min(count - len(places), self.left)
            ahead = list(accumulate(repeat(self.speed, most), initial=self.position))
            inside = sum(1 for _ in takewhile(self._has, ahead[:most]))
            places += [self.piece.start + position for position in ahead[:inside]]
            self.position, self.left = ahead[inside], self.left - inside
            if self.piece.reversible is None and self.position > self.piece.length - 1:
                self.position = 0.0
        return places

    def _has(self, position: float) -> bool:
        return 0 <= position <= self.piece.length - 1


class SplicedWindow(Cut):
    """A window of a stream, described by places in the bank and read when it is needed."""

    def __init__(
        self,
        bank: "Bank",
        places: Tensor,
        faded: Tensor,
        weight: Tensor,
        labels: Tensor,
        cut: Tensor,
    ) -> None:
        """Take the bank's rows at `places`, cross-faded by `weight` with those at `faded`.

        Args:
            bank: All rows.
            places: float64 (T,), rows, interpolated between.
            faded: float64 (T,), the stretch before, where it still fades.
            weight: float32 (T,), how much of it is left.
            labels: int64 (T,).
            cut: int64 (T,), the row that was shown before a hard cut, -1 where there is none.
        """
        self.labels = labels
        self._bank, self.places, self._faded = bank, places, faded
        self.weight, self.cut = weight, cut

    def read(self) -> Tensor:
        """Return the inputs (T, R), float32."""
        return self.read_each([self])[0]

    @classmethod
    def read_each(cls, cuts: Sequence[Self]) -> Sequence[Tensor]:
        """Read windows of one bank at once."""
        bank, lengths = cuts[0]._bank, [len(cut.labels) for cut in cuts]
        rows = bank.at(torch.cat([cut.places for cut in cuts]))
        weight = torch.cat([cut.weight for cut in cuts])
        fading = (weight > 0).nonzero().flatten()
        if len(fading):
            faded = bank.at(torch.cat([cut._faded for cut in cuts])[fading])
            rows[fading] = torch.lerp(rows[fading], faded, weight[fading, None])
        before = torch.cat([cut.cut for cut in cuts])
        hard = (before >= 0).nonzero().flatten()
        if len(hard):
            bank.splice(rows, hard, before[hard])
        return torch.split(rows, lengths)


class Bank:
    """The rows of all clips, in memory."""

    def __init__(self, examples: Sequence[Example], projection: Projection) -> None:
        """Take clips that were projected; where they lie one after another, no memory is needed."""
        clips = [example.read().half() for example in examples]
        self._rows = _joined(clips)
        starts = torch.tensor([0, *(len(clip) for clip in clips[:-1])]).cumsum(0)
        self._similar = self._rows[:, -1].float()
        self._similar[starts] = 1  # what comes before a clip is up to the stream
        self._projection, self._similarity = projection, projection.similarity()

    def at(self, places: Tensor) -> Tensor:
        """Return rows (T, R) float32 at `places`, interpolated between two rows of one clip."""
        before = places.floor().long()
        part = (places - before).float()
        after = (before + 1).clamp_max(len(self._rows) - 1)
        rows = torch.lerp(self._rows[before].float(), self._rows[after].float(), part[:, None])
        rows[:, -1] = torch.lerp(self._similar[before], self._similar[after], part)
        return rows

    def splice(self, rows: Tensor, cuts: Tensor, shown: Tensor) -> None:
        """Let the rows at `cuts` follow those that were `shown` before them.

        Their similarity is what live use would find, and a cut that it would find shows no motion.
        """
        components, motion = len(self._projection.basis), self._projection.motion_count
        similarity = self._similarity(self._rows[shown].float(), rows[cuts])
        rows[cuts, -1] = similarity
        found = similarity < self._projection.cut
        rows[cuts[found], components : components + motion] = 0


class StreamSampler:
    """Windows of endless streams, each batch going on where the one before ended.

    Every activity is as frequent as any other. A stretch is any part of a clip, at any rate of the
    range, followed by a hard cut or a cross-fade to any activity or to none. Where activities
    are the same frames in opposite order, clips play both ways: only their order tells, and few
    clips are not learned by heart.
    """

    continuous = True

    def __init__(
        self,
        examples: Sequence[Example],
        others: Sequence[Example],
        config: FitConfig,
        opposite: Mapping[int, int],
        projection: Projection,
    ) -> None:
        """Splice streams of `examples` and `others`, which show none of the activities."""
        self._config, self.projection, self._rate = config, projection, examples[0].rate
        self._bank = Bank([*examples, *others], projection)
        self._pieces: dict[int, list[Piece]] = {}
        start = 0
        for example in [*examples, *others]:
            for piece in _pieces(example, start, opposite):
                self._pieces.setdefault(piece.label, []).append(piece)
            start += len(example)
        self._labels = sorted(label for label in self._pieces if label != PADDING)
        self._streams = min(config.batch, max(_FEWEST_STREAMS, len(examples) // _CLIPS_PER_STREAM))
        known = sum(len(example) for example in examples)
        self.batches = max(_FEWEST_BATCHES, known // (self._streams * config.length))

    def epoch(self, rng: random.Random) -> Iterator[list[Cut]]:
        """Yield windows in batches; sequence b of a batch goes on with sequence b of the next.

        All streams of an epoch have one rate, so that their windows are of one length; while they
        are used, it is the projection's.
        """
        rate: float | None = None
        if self._config.rates is not None:
            low, high = (math.log(rate) for rate in self._config.rates)
            rate = math.exp(rng.uniform(low, high))
        streams = [_Stream(self, self._length(rate), rate, rng) for _ in range(self._streams)]
        self.projection.rate = rate or self._rate
        try:
            for _ in range(self.batches):
                yield [stream.window(self._bank) for stream in streams]
        finally:
            self.projection.rate = self._rate

    def _length(self, rate: float | None) -> int:
        """Return the steps of a window: order takes seconds, whatever the rate."""
        length = self._config.length
        return length if rate is None else max(1, round(length * rate / self._rate))

    def next_piece(self, rng: random.Random, last: int | None) -> Piece:
        """Return what follows a stretch of the label `last`."""
        others = self._pieces.get(PADDING)
        if others and last != PADDING and rng.random() < OTHER_SHARE:
            return rng.choice(others)
        return rng.choice(self._pieces[rng.choice(self._labels)])


class _Stream:
    """One endless stream."""

    def __init__(
        self, sampler: StreamSampler, length: int, rate: float | None, rng: random.Random
    ) -> None:
        """Give windows of `length` steps at `rate` per second; None: that of each clip."""
        self._sampler, self._length, self._rate, self._rng = sampler, length, rate, rng
        self._held = rng.random() < HELD
        self._now = self._start(None)
        self._before: _Playhead | None = None  # fades
        self._fade = (0, 0)  # steps that are done, and all
        self._shown = -1  # the row of the last step

    def window(self, bank: Bank) -> SplicedWindow:
        """Return the next window."""
        length = self._length
        places = torch.zeros(length, dtype=torch.float64)
        faded, weight = torch.zeros_like(places), torch.zeros(length)
        labels, cut = torch.zeros(length, dtype=torch.int64), torch.full((length,), -1)
        step = 0
        while step < length:
            if self._now.ended and self._change():
                cut[step] = self._shown
            taken = self._take(self._now, length - step)
            here = slice(step, step + len(taken))
            places[here], labels[here] = taken, self._now.label
            self._shown = round(float(taken[-1]))
            if self._before is not None:
                self._fade_out(self._before, faded[here], weight[here], labels[here])
            step += len(taken)
        return SplicedWindow(bank, places, faded, weight, labels, cut)

    def _fade_out(self, before: _Playhead, faded: Tensor, weight: Tensor, labels: Tensor) -> None:
        """Go on with a cross-fade: set where, how much and, of the greater part, what is left."""
        done, steps = self._fade
        taken = self._take(before, min(len(faded), steps - done))
        here = slice(0, len(taken))
        faded[here] = taken
        at = torch.arange(done + 1, done + 1 + len(taken), dtype=torch.float64)
        weight[here] = (1 - at / (steps + 1)).float()
        labels[here][weight[here] > 0.5] = before.label
        self._fade = done + len(taken), steps
        if self._fade[0] >= steps:
            self._before = None

    def _change(self) -> bool:
        """Begin another stretch; return whether it begins with a hard cut."""
        ended = self._now
        self._now = self._start(ended.label)
        self._before = None
        fades = self._rng.random() < GRADUAL_SHARE
        steps = round(self._rng.uniform(*GRADUAL) * self._steps_per_second(ended.piece))
        if not fades or steps < 2 or ended.piece.reversible is not None:
            return True
        ended.left, self._before, self._fade = steps, ended, (0, steps)
        return False

    def _start(self, last: int | None) -> _Playhead:
        rng = self._rng
        piece = self._sampler.next_piece(rng, last)
        label, speed = piece.label, piece.rate / self._steps_per_second(piece)
        seconds = math.exp(rng.uniform(math.log(SHORTEST), math.log(LONGEST)))
        first = rng.randrange(piece.length)
        if piece.reversible is not None:  # the order tells, so that all of it is shown
            seconds = LONGEST
            if rng.random() < 0.5:
                label, speed = piece.reversible, -speed
            if last is not None or rng.random() < 0.5:
                first = 0 if speed > 0 else piece.length - 1
        elif rng.random() < FROM_START:
            first = 0
        left = max(1, round(seconds * self._steps_per_second(piece)))
        return _Playhead(piece, label, float(first), speed, left)

    def _steps_per_second(self, piece: Piece) -> float:
        return self._rate if self._rate is not None else piece.rate

    def _take(self, head: _Playhead, count: int) -> Tensor:
        """Return where a piece is at the next steps, float64."""
        places = torch.tensor(head.take(count), dtype=torch.float64)
        return places.floor() if self._held else places


def _joined(parts: Sequence[Tensor]) -> Tensor:
    """Return tensors (N, R) as one; those that lie in memory so already are not copied."""
    first = parts[0]
    storage = first.untyped_storage().data_ptr()
    if first.is_contiguous() and all(
        part.untyped_storage().data_ptr() == storage
        and part.data_ptr() == last.data_ptr() + last.nbytes
        for last, part in pairwise(parts)
    ):
        shape = sum(len(part) for part in parts), first.shape[1]
        return first.as_strided(shape, first.stride())
    return torch.cat(list(parts))


def _pieces(example: Example, start: int, opposite: Mapping[int, int]) -> Iterator[Piece]:
    """Yield a clip's stretches of one label, its rows being those from `start` on."""
    changes = ((example.labels.diff() != 0).nonzero().flatten() + 1).tolist()
    for first, end in pairwise([0, *changes, len(example)]):
        label = int(example.labels[first])
        label = label if label >= 0 else PADDING
        yield Piece(start + first, end - first, example.rate, label, opposite.get(label))
