"""Video files, decoded by FFmpeg in a process of its own."""

import logging
import math
import os
from collections.abc import Callable
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.container import proves_shortfall
from lrcn_desktop.video.decoding.decoder import DecoderFailedError, MediaDecoder
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.names import printable
from lrcn_desktop.video.source import Source

LEAST_MISSING = 0.5  # seconds
LEAST_MISSING_PART = 0.1

_log = logging.getLogger(__name__)


class FileSource(Source):
    """A video file, as players show it; frames carry the file's own time stamps.

    `index` counts the frames; after a seek it is time times rate, which is exact where the rate
    is constant. `duration` is the container's claim until reading shows another.

    Attributes:
        file: The file, absolute.

    Raises:
        UserError: The file cannot be read, or holds no video.
    """

    live = False
    seekable = True
    file: Path

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file at `path`."""
        self.file = Path(path).absolute()
        self.name = printable(self.file.name)
        self._closed = False
        self._wanted: Callable[[float], bool] | None = None
        self._last: Frame | None = None  # that was read since the last seek
        self._retried: float | None = None  # where the decoder died before
        self._check_readable()
        self._decoder = self._opened()
        self.rate, self.size = self._decoder.rate, self._decoder.size
        self.duration = self._decoder.duration
        self.has_sound = self._decoder.has_sound

    @property
    def pid(self) -> int:
        """The number of the process that decodes it."""
        return self._decoder.pid

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end.

        Raises:
            UserError: The file breaks off well before its declared end, or its decoder does.
        """
        if self._closed:
            return None
        try:
            frame = self._decoder.read()
        except DecoderFailedError as error:
            frame = self._read_again(error)
        self.lost = self._decoder.lost
        if frame is None:
            self._check_end()
            return None
        self._last = frame
        if self.duration is not None and frame.time + 1 / self.rate > self.duration:
            self.duration = frame.time + 1 / self.rate
        return frame

    def want(self, wanted: Callable[[float], bool]) -> None:
        """Convert only the pictures at whose time `wanted` says so (see `Source.want`)."""
        self._wanted = wanted
        self._decoder.want(wanted)

    def seek(self, time: float) -> None:
        """Continue from the frame shown at `time` seconds, to the frame; beyond the end, the last.

        Raises:
            UserError: The decoder had died, and the file cannot be opened any more.
        """
        if self._closed:
            return
        if self._decoder.broken:
            self._decoder = self._opened()
        self._last = None
        self._decoder.seek(time)

    def close(self) -> None:
        """Close the file."""
        self._closed = True
        self._decoder.close()

    def _check_readable(self) -> None:
        shown = printable(str(self.file))
        if not self.file.is_file():  # opening a pipe would wait for its writer
            if self.file.exists():
                raise UserError(f"{shown} is not a file: choose a video file.")
            raise UserError(f"There is no file {shown}: choose another one.")
        try:
            with self.file.open("rb") as file:
                empty = not file.read(1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError(f"{shown} cannot be opened: {reason}.") from error
        if empty:
            raise UserError(f"{self.name} is empty: choose another file.")

    def _opened(self) -> MediaDecoder:
        try:
            decoder = MediaDecoder(str(self.file))
        except DecoderFailedError as error:
            raise UserError(self._sentence(error)) from error
        decoder.want(self._wanted)
        if self._closed:  # meanwhile, by another thread
            decoder.close()
        return decoder

    def _read_again(self, error: DecoderFailedError) -> Frame | None:
        """Go on with a new process, once at a place, where the old one was lost.

        Raises:
            UserError: It is lost at the same place again, or for another reason.
        """
        place = self._last.time if self._last is not None else -1.0
        if error.kind != "died" or place == self._retried or self._closed:
            raise UserError(self._sentence(error)) from error
        _log.warning("%s: %s; it is decoded once more", self.name, error.detail)
        self._retried = place
        last, self._decoder = self._last, self._opened()
        try:
            if last is None:
                return self._decoder.read()
            self._decoder.want(None)
            self._decoder.seek(last.time)
            frame = self._decoder.read()
            while frame is not None and frame.time <= last.time:
                frame = self._decoder.read()
        except DecoderFailedError as again:
            raise UserError(self._sentence(again)) from again
        self._decoder.want(self._wanted)
        return frame

    def _sentence(self, error: DecoderFailedError) -> str:
        """Say what is wrong with the file and what to do."""
        name = self.name
        where = "" if self._last is None else f" after {self._last.time:.1f} seconds"
        convert = "convert it to H.264 with another program"
        return {
            "damaged": f"{name} cannot be read as a video: it is of another kind, cut off or "
            "damaged.",
            "other": f"{name} cannot be read as a video: it is a list of other files or a text, "
            "so open the video itself.",
            "sound": f"{name} cannot be read as a video: it holds no pictures.",
            "cover": f"{name} cannot be read as a video: its only picture is a cover.",
            "codec": f"{name} cannot be decoded, as the codec {error.detail!r} is not known here: "
            f"{convert}.",
            "picture": f"{name} holds no picture that can be decoded: it is damaged, or of a "
            f"kind that is not known here: {convert}.",
            "memory": f"{name} needs more memory to decode than it may have: {convert}, or make "
            "its pictures smaller.",
            "hang": f"{name} hangs its decoder{where}: it is damaged, so {convert}.",
            "sentence": error.detail,
            "died": f"{name} {error.detail}{where}: it is damaged, so {convert}.",
        }.get(error.kind, f"{name} cannot be read{where}: try it again.")

    def _check_end(self) -> None:
        """Tell an end from a file that was cut off, by the container's own figures."""
        if self._last is None or self._closed:
            return
        decoded = self._last.time + 1 / self.rate
        declared = self.duration or 0.0
        missing = declared - decoded
        if (
            missing > LEAST_MISSING
            and missing > LEAST_MISSING_PART * declared
            and proves_shortfall(self.file)
        ):
            whole = math.floor(self._last.time * 10) / 10  # down: reading this far meets no end
            rest = f"; --seconds {whole:.1f} analyzes the part that can be read" if whole else ""
            raise UserError(
                f"{self.name} breaks off after {whole:.1f} of {declared:.1f} seconds: "
                f"the file is cut off or damaged{rest}."
            )
        self.duration = decoded


class ImagesApart(FileSource):
    """A folder of images that is decoded like a file: it may crash its decoder, not the program.

    It cannot be sought in as `ImageFolderSource` can, whose pictures it has.

    Raises:
        UserError: The folder cannot be read, holds no image, or its first image is damaged.
    """

    seekable = False

    def _check_readable(self) -> None:
        """What is wrong with a folder is found when it is opened."""

    def _check_end(self) -> None:
        """A folder cannot break off."""
