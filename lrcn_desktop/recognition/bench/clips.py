"""Video files of the drawn scene, for what is measured with decoding."""

from itertools import islice
from pathlib import Path

from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.writer import VideoWriter

SIZE = (320, 240)  # UCF-101's
RATE = 30.0


def write_clip(
    path: Path,
    seconds: float,
    seed: int = 0,
    size: tuple[int, int] = SIZE,
    rate: float = RATE,
) -> Path:
    """Write `seconds` of a demo scene as an .mp4 of `rate` fps and `size` (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = VideoWriter(path, size, rate)
    try:
        with DemoSource(seed, size=size) as source:
            for frame in islice(source, round(seconds * rate)):
                writer.write(frame.image)
        writer.close()
    finally:
        writer.abort()
    return path
