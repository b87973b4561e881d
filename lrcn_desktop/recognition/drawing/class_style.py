"""How a class is shown: its name, and one color in bars, plot, timeline and exported videos.

The eight colors were searched for, not picked: each has a contrast of 2.8 to 1 or more on both
the light and the dark window, and any two differ clearly (CIE76 distance of 15 or more) for
ordinary sight and under simulated protanopia, deuteranopia and tritanopia.
"""

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache

CLASS_COLORS = (
    "#EB7500",
    "#08964F",
    "#6060D7",
    "#C20A94",
    "#609CD7",
    "#D00B24",
    "#8338FF",
    "#CD7A99",
)

# The shipped models' activities keep their colors in every model that knows them.
_OWN = (
    ("ApplyEyeMakeup", "sitting down"),
    ("ApplyLipstick", "standing up"),
    ("BaseballPitch", "picking up"),
    ("Basketball", "putting down"),
    ("BasketballDunk", "walking"),
    ("Punch", "waving"),
    ("YoYo", "jumping jacks"),
    ("boxing",),
)
_OWNED = {label: number for number, labels in enumerate(_OWN) for label in labels}


def color_numbers(classes: Sequence[str]) -> tuple[int, ...]:
    """Return the number of each activity's color, 0 or more; they repeat after eight.

    It follows from the name, not from the place in the model, so that an activity keeps its color
    from one model to the next; within a model no color comes twice before all have come once.
    """
    return _numbers(tuple(classes))


@lru_cache(maxsize=256)
def _numbers(classes: tuple[str, ...]) -> tuple[int, ...]:
    colors, found = len(CLASS_COLORS), dict[str, int]()
    uses: dict[int, int] = dict.fromkeys(range(colors), 0)
    for label in sorted(classes, key=lambda each: (each not in _OWNED, each)):
        first = _OWNED.get(label, zlib.crc32(label.encode("utf-8", "replace")) % colors)
        color = min(uses, key=lambda each: (uses[each], (each - first) % colors))
        found[label] = color + colors * uses[color]
        uses[color] += 1
    return tuple(found[label] for label in classes)


def readable(label: str) -> str:
    """Return a class name as the user writes it: "ApplyEyeMakeup" as "Apply Eye Makeup"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]
