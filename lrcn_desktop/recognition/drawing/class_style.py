"""How a class is shown: its name, and one colour in bars, plot, timeline and exported videos.

The eight colours were searched for, not picked: each has a contrast of 2.8 to 1 or more on both
the light and the dark window, and any two differ clearly (CIE76 distance of 15 or more) for
ordinary sight and under simulated protanopia, deuteranopia and tritanopia.
"""

import re

CLASS_COLOURS = (
    "#EB7500",
    "#08964F",
    "#6060D7",
    "#C20A94",
    "#609CD7",
    "#D00B24",
    "#8338FF",
    "#CD7A99",
)


def readable(label: str) -> str:
    """Return a class name as a person writes it: "ApplyEyeMakeup" as "Apply Eye Makeup"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]
