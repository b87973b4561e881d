"""Which clips are left out together."""

from collections.abc import Sequence

from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Sample


def deal(samples: Sequence[Sample], count: int) -> dict[int, int]:
    """Return the fold of each sample that can be left out, -1 of an activity's only one.

    An activity that has several sources is left out by whole sources.
    """
    folds: dict[int, int] = {}
    for label in {sample.label for sample in samples}:
        mine = [n for n, sample in enumerate(samples) if sample.label == label]
        sources = list(dict.fromkeys(samples[n].source or str(n) for n in mine))
        if len(sources) == 1:  # all of one: better clip by clip than not at all
            sources = [str(n) for n in mine]
            own = {n: str(n) for n in mine}
        else:
            own = {n: samples[n].source or str(n) for n in mine}
        for n in mine:
            lone = len(sources) == 1 and label != UNKNOWN
            folds[n] = -1 if lone else sources.index(own[n]) % count
    return folds
