"""One segment of a video as a file of its own: a clip, or an animated picture."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image as Pictures

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_path
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.source import Source
from lrcn_desktop.video.writer import SUFFIXES, VideoWriter

ANIMATED = (".gif", ".webp")
ENDINGS = (*SUFFIXES, *ANIMATED)
_RATE = 12.5  # frames per second of an animated picture: a browser shows no .gif faster than 50
_WIDEST = 480  # pixels of one
MOST = 750  # frames of one: a minute


def write_clip(
    path: Path,
    source: Source,
    start: float,
    end: float,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Write what a source shows from `start` to `end` seconds, by the frames' own times.

    Args:
        path: The file, one of `ENDINGS`; an animated picture is smaller and slower.
        source: It is read, and not closed.
        start, end: Seconds.
        progress: Called with the part that is done, 0..1.
        cancelled: Asked at every frame.

    Returns:
        Whether it was written; not where it was cancelled.

    Raises:
        UserError: The ending is another one, there is no frame, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        raise UserError(f"Cannot write {path}: a clip's name ends in {', '.join(ENDINGS)}.")
    animated = suffix in ANIMATED
    rate = min(source.rate, _RATE) if animated else min(source.rate, 120.0)
    frames = _frames(source, start, end, rate, progress, cancelled)
    try:
        with atomic_path(path) as temporary:
            if animated:
                written = _write_animation(temporary, frames, rate)
            else:
                written = _write_video(temporary, source, frames, rate)
            if not written:
                raise UserError(f"{source.name} has no frame from {start:.1f} to {end:.1f} s.")
    except _CancelledError:
        return False
    return True


class _CancelledError(Exception):
    """The caller gives up."""


def _frames(
    source: Source,
    start: float,
    end: float,
    rate: float,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Iterator[Image]:
    """Yield what is shown at a constant rate: a frame is shown until the next one's time."""
    source.seek(start)
    shown, following = source.read(), source.read()
    number = 0
    while shown is not None:
        if cancelled():
            raise _CancelledError
        time = start + number / rate
        while following is not None and following.time <= time + 1e-6:
            shown, following = following, source.read()
        if time >= end - 1e-6 or (following is None and time >= shown.time + 1 / source.rate):
            return
        yield shown.image
        number += 1
        progress(min(number / max(rate * (end - start), 1), 1.0))


def _write_video(path: Path, source: Source, frames: Iterator[Image], rate: float) -> bool:
    writer: VideoWriter | None = None
    try:
        for image in frames:
            if writer is None:
                writer = VideoWriter(path, source.size, rate)
            writer.write(image)
        if writer is not None:
            writer.close()
    finally:
        if writer is not None:
            writer.abort()
    return writer is not None


def _write_animation(path: Path, frames: Iterator[Image], rate: float) -> bool:
    pictures = []
    for image in frames:
        picture = Pictures.fromarray(image)
        picture.thumbnail((_WIDEST, _WIDEST))
        pictures.append(picture)
        if len(pictures) >= MOST:
            break
    if not pictures:
        return False
    first, rest = pictures[0], pictures[1:]
    first.save(path, save_all=True, append_images=rest, duration=round(1000 / rate), loop=0)
    return True
