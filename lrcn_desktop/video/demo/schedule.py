"""Which activity is shown when: bouts of 2 to 4.4 s in blocks of a constant length.

Blocks make any time's bout computable at once. In a block each order pair has two bouts and each
other activity one, in random order; which of a pair a bout shows is a coin toss of its own, so
that nothing before it tells.
"""

from dataclasses import dataclass

import numpy as np

from lrcn_desktop.video.demo.activities import ACTIVITIES, ORDER_PAIRS

BOUTS = len(ACTIVITIES)  # in a block
MEAN_DURATION = 3.2  # seconds
BLOCK_DURATION = BOUTS * MEAN_DURATION
_SPREAD = 1.2  # seconds that a bout may be longer or shorter

_PAIRED = tuple(activity for pair in ORDER_PAIRS for activity in pair)


@dataclass(frozen=True, slots=True)
class Bout:
    """One activity without a break, from `start` to `end` seconds; `index` counts from 0."""

    index: int
    activity: str
    start: float
    end: float


class Schedule:
    """The bouts of one seed, for ever."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._block = -1
        self._bouts: tuple[Bout, ...] = ()

    def at(self, time: float) -> Bout:
        """Return the bout that is on at `time` seconds (0 or later)."""
        block = int(time // BLOCK_DURATION)
        for number in (block, block + 1):  # rounding may put a block's very end into the next
            for bout in self._in_block(number):
                if time < bout.end:
                    return bout
        raise AssertionError("blocks follow each other without a gap")

    def until(self, end: float) -> list[Bout]:
        """Return the bouts that start before `end` seconds."""
        bouts: list[Bout] = []
        block = 0
        while block * BLOCK_DURATION < end:
            bouts += [bout for bout in self._in_block(block) if bout.start < end]
            block += 1
        return bouts

    def _in_block(self, block: int) -> tuple[Bout, ...]:
        if block != self._block:
            self._bouts = self._draw(block)
            self._block = block
        return self._bouts

    def _draw(self, block: int) -> tuple[Bout, ...]:
        rng = np.random.default_rng([self._seed, 0, block])
        slots = [ORDER_PAIRS[slot // 2] for slot in range(2 * len(ORDER_PAIRS))]
        slots += [(name, name) for name in ACTIVITIES if name not in _PAIRED]
        activities = [slots[slot][int(rng.integers(2))] for slot in rng.permutation(BOUTS)]
        # Durations come as longer and shorter ones that cancel out: every block is as long.
        longer = rng.uniform(-_SPREAD, _SPREAD, BOUTS // 2)
        durations = MEAN_DURATION + rng.permutation(np.concatenate([longer, -longer]))
        start = block * BLOCK_DURATION
        edges = [start, *(start + np.cumsum(durations)[:-1]).tolist(), (block + 1) * BLOCK_DURATION]
        return tuple(
            Bout(block * BOUTS + place, activity, edges[place], edges[place + 1])
            for place, activity in enumerate(activities)
        )
