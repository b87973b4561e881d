"""Videos of the demo scene: one to look at, and a folder of short clips to learn from."""

from pathlib import Path

from lrcn_desktop.video.demo.source import DemoSource
from lrcn_desktop.video.writer import VideoWriter

SIZE = (480, 360)
_RATE = 10.0  # frames per second: enough for the eye, and quickly drawn
_LONGEST = 2.0  # seconds of a clip to learn from


def write_video(path: Path, seconds: float) -> None:
    """Write the demo's first `seconds`.

    Raises:
        UserError: It cannot be written.
    """
    _write(path, DemoSource(3, rate=_RATE, size=(640, 480)), 0.0, seconds)


def write_clips(folder: Path, scenes: int, seconds: float) -> None:
    """Write clips of the activities in some scenes: ACTIVITY/scene-NUMBER-SECONDS.mp4.

    Raises:
        UserError: They cannot be written.
    """
    for seed in range(scenes):
        source = DemoSource(seed, rate=_RATE, size=SIZE)
        for start, end, activity in source.truth_segments(seconds):
            path = folder / activity / f"scene-{seed}-{start:.0f}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, source, start, min(end, start + _LONGEST))


def _write(path: Path, source: DemoSource, start: float, end: float) -> None:
    writer = VideoWriter(path, source.size, source.rate)
    try:
        for number in range(round((end - start) * source.rate)):
            writer.write(source.render(start + number / source.rate))
    except BaseException:
        writer.abort()
        raise
    writer.close()
