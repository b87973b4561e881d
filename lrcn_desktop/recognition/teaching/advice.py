"""What a taught model thinks of itself, in sentences that say what to do."""

from collections.abc import Sequence

import numpy as np

from lrcn_desktop.recognition.teaching.project import Clip
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, LeftOut, Sample

ENOUGH = 5  # clips of an activity
MORE = 3
_CONFUSED = 0.2  # of the left-out clips of both
_STILL = 0.02  # of a step's features: less changes where nothing moves
_MOST = 4  # sentences


def advise(
    activities: Sequence[str],
    clips: Sequence[Clip],
    samples: Sequence[Sample],
    left_out: dict[int, LeftOut],
) -> list[str]:
    """Return what would make the model better, the most urgent first.

    Args:
        activities: The model's.
        clips: The examples.
        samples: Their features, in the same order.
        left_out: What a model says of those that it was not taught, by their numbers.
    """
    said = [
        *_confused(activities, left_out),
        *_few(activities, samples),
        *_still(activities, clips, samples),
        *_places(activities, clips),
    ]
    if all(sample.label != UNKNOWN for sample in samples):
        said.append(
            "There is no clip of something else: record a few of what else the camera sees, "
            "so that it is shown as Unknown."
        )
    return said[:_MOST]


def _confused(activities: Sequence[str], left_out: dict[int, LeftOut]) -> list[str]:
    found = []
    for a, first in enumerate(activities):
        for b in range(a + 1, len(activities)):
            clips = [clip for clip in left_out.values() if clip.label in (a, b)]
            wrong = sum({clip.label, clip.said} == {a, b} for clip in clips)
            if wrong and wrong >= _CONFUSED * len(clips):
                sentence = (
                    f"{first} and {activities[b]} are confused "
                    f"({wrong} of {len(clips)} clips): record {_number(MORE)} more of each."
                )
                found.append((wrong / len(clips), sentence))
    return [sentence for _, sentence in sorted(found, reverse=True)]


def _few(activities: Sequence[str], samples: Sequence[Sample]) -> list[str]:
    counts = {name: sum(s.label == n for s in samples) for n, name in enumerate(activities)}
    few = {name: count for name, count in counts.items() if count < MORE}
    return [
        f"There {'is' if count == 1 else 'are'} only {_number(count)} "
        f"clip{'' if count == 1 else 's'} of {name}: record {_number(ENOUGH - count)} more."
        for name, count in few.items()
    ]


def _still(
    activities: Sequence[str], clips: Sequence[Clip], samples: Sequence[Sample]
) -> list[str]:
    still = [
        clip
        for clip, sample in zip(clips, samples, strict=True)
        if sample.label != UNKNOWN and len(sample.pooled) > 1 and _stir(sample) < _STILL
    ]
    return [
        f"Nothing moves in {sum(c.activity == name for c in still)} clips of {name}: "
        "it is recognized by how the picture looks, not by what happens."
        for name in activities
        if sum(c.activity == name for c in still) >= MORE
    ]


def _stir(sample: Sample) -> float:
    return float(np.square(np.diff(sample.pooled.astype(np.float32), axis=0)).mean())


def _places(activities: Sequence[str], clips: Sequence[Clip]) -> list[str]:
    found = []
    for name in activities:
        mine = [clip for clip in clips if clip.activity == name]
        places = {clip.place for clip in mine}
        if len(mine) >= ENOUGH and len(places) == 1 and "" not in places:
            found.append(name)
    if not found:
        return []
    which = "Everything" if len(found) == len(activities) else f"All of {' and '.join(found)}"
    return [
        f"{which} was recorded in one place: record some elsewhere, or it is recognized there only."
    ]


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five")
    return words[count] if count < len(words) else str(count)
