"""A video with what is seen drawn into it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_path
from lrcn_desktop.recognition.drawing.annotate import Annotator
from lrcn_desktop.recognition.export.formats import check_output
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, Segment
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.source import Source
from lrcn_desktop.video.writer import SUFFIXES, VideoWriter


class _CancelledError(Exception):
    """The user has thought better of it."""


def check_video(path: Path, source: Path | None) -> None:
    """Check that `write_video` could write `path` now; `source`: the recording, if it is a file.

    Raises:
        UserError: The folder is missing or read-only, the name ends in something else, or it is
            the recording's own.
    """
    if path.suffix not in SUFFIXES:
        raise UserError(f"Cannot write {path}: a video's name ends in .mp4 or .mkv.")
    check_output(path, source)


def write_video(
    path: Path,
    source: Source,
    classes: tuple[str, ...],
    predictions: Iterable[Prediction],
    segments: Sequence[Segment],
    *,
    seconds: float | None = None,
    sound: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str | None:
    """Write a source, from its start, with the label and the bars drawn into every picture.

    The file has a constant rate, the source's; its pictures are repeated or left out so that each
    is shown at its own time.

    Args:
        path: .mp4 or .mkv; not written unless all goes well.
        source: Read to the end, but not closed.
        classes: The activities, in the order of the probabilities.
        predictions: For the bars, in order of time; taken as the source goes on.
        segments: For the label, in order of start.
        seconds: Of the source's own time; None: all of it.
        sound: The file whose sound goes along.
        progress: Called with the source's time in seconds after every frame.
        cancelled: Asked before every frame whether to give up.

    Returns:
        What was written, as the user reads it: "H.264, with sound". None when cancelled.

    Raises:
        UserError: The file cannot be written, the disk is full, or the source breaks off.
    """
    annotator = Annotator(classes, source.size)
    seen = _Seen(predictions, segments)

    def draw(frame: Frame) -> Image:
        image = _of_size(frame.image, source.size)
        prediction, segment = seen.at(frame.time)
        if prediction is None and segment is None:
            return image
        label, lasting = (segment.label, frame.time - segment.start) if segment else (None, None)
        return annotator.draw(image, prediction, label, lasting)

    try:
        with atomic_path(path) as temporary:
            writer = VideoWriter(
                temporary,
                source.size,
                source.rate,
                sound=sound,
                sound_seconds=min(filter(None, (seconds, source.duration)), default=None),
            )
            try:
                for frame, copies in _timed(_until(source, seconds), source.rate):
                    if cancelled():
                        raise _CancelledError
                    image = draw(frame) if copies else frame.image
                    for _ in range(copies):
                        writer.write(image)
                    progress(frame.time)
                writer.close()
            finally:
                writer.abort()
    except _CancelledError:
        return None
    return f"{writer.codec}, {'with' if writer.has_sound else 'without'} sound"


class _Seen:
    """What was seen at a time that only goes on."""

    def __init__(self, predictions: Iterable[Prediction], segments: Sequence[Segment]) -> None:
        self._predictions, self._segments = iter(predictions), iter(segments)
        self._now: Prediction | None = None
        self._next = next(self._predictions, None)
        self._active: list[Segment] = []
        self._coming = next(self._segments, None)

    def at(self, time: float) -> tuple[Prediction | None, Segment | None]:
        """Return the standing prediction and the activity that began last, None where none is."""
        while self._next is not None and self._next.time <= time:
            self._now, self._next = self._next, next(self._predictions, None)
        while self._coming is not None and self._coming.start <= time:
            self._active.append(self._coming)
            self._coming = next(self._segments, None)
        self._active = [segment for segment in self._active if time < segment.end]
        stands = self._now is not None and time - self._now.time <= MAX_GAP
        return self._now if stands else None, self._active[-1] if self._active else None


def _until(source: Source, seconds: float | None) -> Iterator[Frame]:
    for frame in source:
        if seconds is not None and frame.time >= seconds:
            return
        yield frame


def _timed(frames: Iterator[Frame], rate: float) -> Iterator[tuple[Frame, int]]:
    """Yield frames and how often each is shown at a constant `rate`, to be there at its time."""
    written = 0
    frame = next(frames, None)
    while frame is not None:
        following = next(frames, None)
        end = frame.time + 1 / rate if following is None else following.time
        copies = max(0, round(end * rate) - written)
        yield frame, copies
        written += copies
        frame = following


def _of_size(image: Image, size: tuple[int, int]) -> Image:
    """Return a picture in the video's size; some files change theirs on the way."""
    width, height = size
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(cv2.resize(image, size), np.uint8)
