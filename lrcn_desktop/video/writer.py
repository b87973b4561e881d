"""Writing video files, by FFmpeg's program where there is one, else by OpenCV."""

import contextlib
import shutil
from pathlib import Path

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.video.encoder import EncoderProcess
from lrcn_desktop.video.ffmpeg import find_ffmpeg, sound_codec
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.raw_matroska import before_picture, header

SUFFIXES = (".mp4", ".mkv")
LEAST_FREE = 4_000_000  # bytes; OpenCV does not say that a disk is full, so it is asked before
_LOOK_EVERY = 10  # frames between looks at the free space


class VideoWriter:
    """Encodes frames to a video file as they come, by FFmpeg's program, else by OpenCV.

    An .mkv plays to its last second when the program, FFmpeg or the disk gives out; an .mp4 is of
    use only once it is closed. Calls may take as long as a frame takes to encode, seconds at most.

    Args:
        path: The file, .mp4 or .mkv; one that exists is replaced.
        size: (width, height) of the frames; an odd side gets a line more in the file.
        rate: Frames a second, above 0.
        sound: A file whose first audio track goes along.
        sound_seconds: How much of it. None: up to the last frame, and a shorter track ends the
            video too.

    Attributes:
        codec: What a person reads: "H.264", "MPEG-4".
        has_sound: Whether the file gets sound.

    Raises:
        UserError: The file cannot be written there.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: float,
        *,
        sound: Path | None = None,
        sound_seconds: float | None = None,
    ) -> None:
        if path.suffix not in SUFFIXES:
            raise UserError(f"Cannot write {path}: a video's name ends in .mp4 or .mkv.")
        check_writable(path)
        self._size = size
        self._next = 0  # the place after the last frame's
        # Colors are stored at half the resolution, so an odd side gets a line more.
        self._padding = [(0, size[1] % 2), (0, size[0] % 2), (0, 0)]
        even = (size[0] + size[0] % 2, size[1] + size[1] % 2)
        self._colors = cv2.COLOR_RGB2YUV_I420  # FFmpeg takes ten times as long over it
        ffmpeg = find_ffmpeg()
        if ffmpeg is None:
            self._colors = cv2.COLOR_RGB2BGR
            self._encoder: _ProgramEncoder | _OpenCVEncoder = _OpenCVEncoder(path, even, rate)
            self.codec, self.has_sound = "MPEG-4", False
            return
        if sound is not None and sound_codec(ffmpeg.program, sound) is None:
            sound = None
        command = ffmpeg.command(path, even, rate, sound, sound_seconds)
        self._encoder = _ProgramEncoder(EncoderProcess(path, command), even, rate)
        self.codec, self.has_sound = ffmpeg.codec, sound is not None

    def write(self, image: Image, place: int | None = None) -> None:
        """Append a frame: uint8 (H, W, 3) RGB of the writer's size.

        Args:
            image: The frame.
            place: Its number in the file, which is its time times the rate; above the last one's.
                The frame before stands in the places that are left out. None: the next.

        Raises:
            UserError: The disk is full, or the encoder died or hangs.
        """
        width, height = self._size
        if image.shape != (height, width, 3) or image.dtype != np.uint8:
            raise ValueError(
                f"a frame of {image.shape}, {image.dtype}, for a video of {self._size}"
            )
        if width % 2 or height % 2:
            image = np.pad(image, self._padding, mode="edge")
        converted = cv2.cvtColor(image, self._colors)
        place = self._next if place is None else place
        self._encoder.write(np.ascontiguousarray(converted, dtype=np.uint8), place)
        self._next = place + 1

    def close(self) -> None:
        """Finish the file; safe to call twice.

        Raises:
            UserError: The file could not be finished.
        """
        self._encoder.close()

    def abort(self) -> None:
        """End at once, without an error; what was written stays. Safe to call twice."""
        self._encoder.abort()


class _ProgramEncoder:
    """FFmpeg's program, which is given each frame with its time."""

    def __init__(self, process: EncoderProcess, size: tuple[int, int], rate: float) -> None:
        self._process, self._rate = process, rate
        self._head = header(size, rate)  # before the first frame
        self.close, self.abort = process.close, process.abort

    def write(self, image: Image, place: int) -> None:
        head = self._head + before_picture(place, self._rate, image.nbytes)
        self._head = b""
        self._process.write(head, image)


class _OpenCVEncoder:
    """MPEG-4 by the FFmpeg inside OpenCV, which knows neither sound nor times nor errors."""

    def __init__(self, path: Path, size: tuple[int, int], rate: float) -> None:
        self._path = path
        code = cv2.VideoWriter.fourcc(*("mp4v" if path.suffix == ".mp4" else "XVID"))
        self._writer = cv2.VideoWriter(str(path.absolute()), cv2.CAP_FFMPEG, code, rate, size)
        self._count = 0
        self._last: Image | None = None
        if not self._writer.isOpened():
            raise UserError(
                f"Cannot write {path}: OpenCV has no encoder for it; install FFmpeg's program."
            )

    def write(self, image: Image, place: int) -> None:
        while self._count <= place:
            if self._count % _LOOK_EVERY == 0:
                self._check_space()
            self._writer.write(image if self._last is None or self._count == place else self._last)
            self._count += 1
        self._last = image

    def close(self) -> None:
        if self._writer.isOpened():
            self._writer.release()
            self._check_space()

    def abort(self) -> None:
        self._writer.release()

    def _check_space(self) -> None:
        with contextlib.suppress(OSError):  # the folder is gone, which OpenCV's file survives
            if shutil.disk_usage(self._path.parent).free < LEAST_FREE:
                self._writer.release()
                raise UserError(f"Cannot write {self._path}: No space left on device.")
