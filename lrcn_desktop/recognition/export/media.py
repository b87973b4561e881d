"""The recording that segments are of."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Media:
    """What other programs must know of a recording to find and play it again.

    Attributes:
        name: What a person calls it.
        path: Its file; None where there is none (a camera, a stream, a folder of images, the demo).
        rate: Frames a second, above 0.
        duration: Seconds.
    """

    name: str
    path: Path | None
    rate: float
    duration: float
