"""Writing frames at a constant rate by their time stamps, into files that a person finds again."""

import contextlib
import math
from datetime import datetime
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private, remove_left
from lrcn_desktop.names import file_name
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.writer import VideoWriter

LONGEST_STILL = 5.0  # seconds without a frame that are filled with repeats
LONGEST_GAP = 30.0  # and that stay in one file; beyond, a new one begins


class Recording:
    """A recording: one .mkv, or several where the source paused or changed its size.

    The rate is constant, as every player and every tool for video likes it: a frame is repeated
    while none comes and left out where too many come, so that times are right to a frame. Only
    where the encoder is too slow, which has no time for repeats then, and in gaps of over five
    seconds, as where the program was stopped, those places stay empty. A gap of over 30 seconds (a
    camera that was unplugged, a computer that slept) begins a new file, named after its own time.

    Args:
        folder: Where the files go; made where it is missing.
        name: What the files' names end in, after the date and the time.
        rate: Frames a second, above 0.

    Attributes:
        paths: The files so far, in order; each is readable from its first second on.
    """

    def __init__(self, folder: Path, name: str, rate: float) -> None:
        self.paths: list[Path] = []
        self._before = 0.0  # seconds of the files before
        self._folder, self._name, self._rate = folder, name, rate
        self._writer: VideoWriter | None = None
        self._image: Image | None = None  # the last one written
        self._start = 0.0  # the time of the file's first frame
        self._written = 0  # frames in the file, with those whose places are empty

    @property
    def seconds(self) -> float:
        """How long the recording is, all files together."""
        return self._before + self._written / self._rate

    def write(
        self,
        time: float,
        image: Image,
        now: datetime | None = None,
        *,
        after_loss: bool = False,
        repeat: bool = True,
    ) -> None:
        """Append the frame of `time` seconds, uint8 (H, W, 3) RGB; times rise.

        Args:
            time: The frame's time.
            image: The frame's picture, not to be changed afterwards.
            now: What a file is named after that begins here; None: the present.
            after_loss: Whether frames between the last one and this were lost: no pause of the
                source.
            repeat: Whether the last one is repeated up to this; else those places stay empty.

        Raises:
            UserError: The folder or the file cannot be written, or the encoder broke off.
        """
        due = (time - self._start) * self._rate  # its place in the file, were all well
        changed = self._image is not None and image.shape != self._image.shape
        missing = (due - self._written) / self._rate  # seconds
        if changed or (missing > LONGEST_GAP and not after_loss):
            self.close()
        if self._writer is None:
            self._begin(image, now or datetime.now())
            self._start, due = time, 0.0
        if due - self._written <= -1:
            return
        if not repeat or missing > LONGEST_STILL:
            self._written = max(self._written, math.floor(due))
        while due - self._written >= 1 and self._image is not None:
            self._append(self._image)
        self._append(image)
        self._image = image

    def close(self) -> None:
        """Finish the file; safe to call twice.

        Raises:
            UserError: The file could not be finished.
        """
        writer, self._writer, self._image = self._writer, None, None
        if writer is not None:
            writer.close()

    def abort(self) -> None:
        """End at once; what was written is kept, where that is anything at all. Never raises."""
        if self._writer is not None:
            self._writer.abort()
        with contextlib.suppress(OSError):  # the drive is gone
            if self.paths and not self.paths[-1].stat().st_size:
                self.paths.pop().unlink()

    def _begin(self, image: Image, now: datetime) -> None:
        height, width = image.shape[:2]
        path = new_file(self._folder, now, self._name)
        try:
            # Straight under its final name, unlike every other file of ours: it has to be found,
            # and to play, after a crash in the middle.
            self._writer = VideoWriter(path, (width, height), self._rate)
        except UserError:
            remove_left(path)
            raise
        self.paths.append(path)
        self._before, self._written = self.seconds, 0

    def _append(self, image: Image) -> None:
        assert self._writer is not None
        self._writer.write(image, self._written)
        self._written += 1


def steady_rate(declared: float, measured: float) -> float:
    """Return the rate to record a source at, in frames per second.

    A source that brings fewer frames than it declares may bring more in better light; one that
    brings more (Motion JPEG, whose rate FFmpeg makes up) is taken at its pace.

    Args:
        declared: What the source says.
        measured: What it brings; 0 where nothing is known yet.
    """
    return declared if measured <= 1.2 * declared else float(round(measured))


def new_file(folder: Path, now: datetime, name: str) -> Path:
    """Make an empty .mkv in `folder` under a name that was free, and return its path.

    Raises:
        UserError: The folder cannot be made or written.
    """
    stem = f"{now:%Y-%m-%d %H-%M-%S} {file_name(name, '', ' ')}".strip()
    try:
        make_private(folder)
        number = 1
        while True:
            path = folder / (f"{stem}.mkv" if number == 1 else f"{stem} ({number}).mkv")
            try:
                path.touch(0o600, exist_ok=False)  # what a camera sees is its owner's alone
                return path
            except FileExistsError:
                number += 1
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"Cannot record in {folder}: {reason}; choose another folder in the preferences."
        ) from error
