"""Reviewed segments cut out of their video, as clips to train with."""

import shutil
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private
from lrcn_desktop.names import file_name
from lrcn_desktop.paths import data_dir
from lrcn_desktop.recognition.review.store import content_digest
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video.open import open_source
from lrcn_desktop.video.source import Source
from lrcn_desktop.video.writer import VideoWriter

LEAST_ACTIVITIES = 2  # that a training tells apart
HIGHEST_RATE = 120.0  # frames per second of a clip


def corrections_dir() -> Path:
    """Return the data set of all clips that were cut out of reviewed videos."""
    return data_dir() / "corrections"


def activities_of(folder: Path) -> list[str]:
    """Return the activities of which a data set holds clips, by their folders' names."""
    return sorted(
        label.name
        for label in folder.iterdir()
        if label.is_dir() and not label.name.startswith(".") and any(label.iterdir())
    )


def cut_clips(
    video: Path,
    segments: Sequence[Segment],
    folder: Path,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write FOLDER/LABEL/VIDEO-DIGEST/NNN.mp4, a clip a segment; return how many.

    They take the place of all clips that were cut out of this video before, at the very end: until
    then, and when this fails or is cancelled, those stay. All clips of one video are one group.

    Args:
        video: A video file or a folder of images, decoded as it is when it is recognized.
        segments: What to cut out.
        folder: The data set; made where it is missing.
        progress: Called with the part that is done, 0..1.
        cancelled: Asked at every frame.

    Returns:
        The number of clips; 0 when it was cancelled.

    Raises:
        UserError: The video cannot be read, a clip not be written, or there is nothing in them.
    """
    digest = content_digest(video)[:8]
    group = f"{file_name(video.stem, '_', '_')}-{digest}"
    work = folder / f".{group}.part"
    total = sum(segment.end - segment.start for segment in segments)
    done, written = 0.0, 0
    try:
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        make_private(work)
        with open_source(video) as source:
            for segment in segments:
                number = written + 1
                path = work / file_name(segment.label, "_", "_") / group / f"{number:03d}.mp4"

                def moved(seconds: float, before: float = done) -> None:
                    progress(min((before + seconds) / total, 1.0))

                cut = _cut(source, segment, path, moved, cancelled)
                if cancelled():
                    return 0
                written += cut
                done += segment.end - segment.start
        if not written:
            raise UserError(f"{video.name} has no frame in what was reviewed: there is no clip.")
        _replace(folder, work, digest)
    except OSError as error:
        raise UserError(f"Cannot write {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return written


def _cut(
    source: Source,
    segment: Segment,
    path: Path,
    moved: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> bool:
    """Write the frames of a segment at a constant rate, by their time stamps; say if any."""
    rate = min(source.rate, HIGHEST_RATE)
    source.seek(segment.start)
    shown = source.read()
    if shown is None:
        return False
    following = source.read()
    writer: VideoWriter | None = None
    try:
        for number in count():
            time = segment.start + number / rate
            while following is not None and following.time <= time:
                shown, following = following, source.read()
            over = following is None and time >= shown.time + 1 / source.rate
            if over or time >= segment.end or cancelled():
                break
            if writer is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = VideoWriter(path, source.size, rate)
            writer.write(shown.image)
            moved(time - segment.start)
        if writer is not None:
            writer.close()
    finally:
        if writer is not None:
            writer.abort()
    return writer is not None


def _replace(folder: Path, work: Path, digest: str) -> None:
    """Put the new clips in the place of all that are of the same video."""
    for label in [entry for entry in folder.iterdir() if entry.is_dir() and entry != work]:
        for old in list(label.glob(f"*-{digest}")):
            shutil.rmtree(old)
        if not any(label.iterdir()):
            label.rmdir()
    for label in work.iterdir():
        (folder / label.name).mkdir(exist_ok=True)
        for group in label.iterdir():
            group.rename(folder / label.name / group.name)
