"""Video files, decoded by OpenCV's FFmpeg."""

import math
import os
from collections import deque
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.container import proves_shortfall
from lrcn_desktop.video.decoder import Decoder
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.source import Source

DEFAULT_RATE = 30.0
HIGHEST_RATE = 480.0  # containers without a rate report their time base, often 1000
SEEK_MARGINS = (0.5, 2.0, 10.0, 60.0)  # seconds before the target; OpenCV may land too late
TEXT = cv2.VideoWriter.fourcc(*"ansi")  # FFmpeg draws .txt files as a terminal would
LEAST_MISSING = 0.5  # seconds
LEAST_MISSING_PART = 0.1


class FileSource(Source):
    """A video file; frames carry the container's time stamps.

    `index` counts the frames; after a seek it is time times rate, which is exact where the rate
    is constant. `duration` is the container's claim until the end was reached, then the truth.

    Raises:
        UserError: The file cannot be read, or holds no video.
    """

    live = False
    seekable = True

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path).absolute()  # absolute: FFmpeg takes "a:b.avi" for a protocol
        self.name, self.file = self._path.name, self._path
        self._closed = False
        self._check_readable()
        self._decoder = self._opened()
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def read(self) -> Frame | None:
        """Return the next frame, or None at the end.

        Raises:
            UserError: The file breaks off well before its declared end.
        """
        if self._closed:
            return None
        frame = self._ahead.popleft() if self._ahead else self._decode()
        if frame is None:
            self._check_end()
        return frame

    def seek(self, time: float) -> None:
        """Continue from the frame shown at `time` seconds, to the frame; beyond the end, the last.

        The container's claim of where the end is may be too early or too late.
        """
        if self._closed:
            return
        target = max(0.0, time)
        near = target if self.duration is None else min(target, self.duration)
        self._ahead.clear()
        for margin in SEEK_MARGINS if self._stamped else ():
            start = max(0.0, near - margin) + self._origin
            self._decoder.set(cv2.CAP_PROP_POS_MSEC, start * 1000)
            if self._find(target) or near < margin:
                break
        if not self._ahead or self._ahead[0].time > target:
            self._rewind()
            self._find(target)

    def close(self) -> None:
        """Close the file."""
        self._closed = True
        self._decoder.close()

    def _check_readable(self) -> None:
        if not self._path.is_file():  # opening a pipe would wait for its writer
            raise UserError(f"There is no file {self._path}: choose another one.")
        try:
            with self._path.open("rb") as file:
                empty = not file.read(1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError(f"{self._path} cannot be opened: {reason}.") from error
        if empty:
            raise UserError(f"{self.name} is empty: choose another file.")

    def _opened(self) -> Decoder:
        decoder = Decoder(str(self._path), cv2.CAP_FFMPEG)
        if not decoder.is_open or decoder.get(cv2.CAP_PROP_FOURCC) == TEXT:
            decoder.close()
            raise UserError(
                f"{self.name} cannot be read as a video: it is of another kind, cut off or damaged."
            )
        return decoder

    def _start(self) -> None:
        """Look at the first two frames: they tell the size, the first time stamp and the rate."""
        self._ahead: deque[Frame] = deque()
        self._last: float | None = None
        self._count = 0
        self._origin = 0.0
        self._stamped = True
        self.duration = None
        first = self._decoder.read()
        if first is None:
            raise UserError(f"{self.name} holds no picture that can be decoded: it is damaged.")
        second = self._decoder.read()
        image, self._origin = first
        self.size = (image.shape[1], image.shape[0])
        step = second[1] - self._origin if second else 0.0
        self._stamped = step > 0
        declared = self._decoder.get(cv2.CAP_PROP_FPS)
        frames = self._decoder.get(cv2.CAP_PROP_FRAME_COUNT)
        self.rate = next(
            (r for r in (declared, 1 / step if step > 0 else 0) if 0 < r <= HIGHEST_RATE),
            DEFAULT_RATE,
        )
        if frames > 0 and declared > 0:
            self.duration = frames / declared
        self._queue(first, second)

    def _queue(self, *pictures: tuple[Image, float] | None) -> None:
        self._ahead.extend(self._frame(*picture) for picture in pictures if picture)

    def _rewind(self) -> None:
        """Start over with a fresh decoder: the only seek that holds for every container."""
        self._decoder.close()
        self._decoder = self._opened()
        if self._closed:  # meanwhile, by another thread
            self._decoder.close()
        self._ahead.clear()
        self._last = None

    def _find(self, target: float) -> bool:
        """Decode up to `target` and keep the frame shown then, and the one after it, for `read`.

        Returns:
            False when the decoder stands after the target already, or at no frame at all.
        """
        self._ahead.clear()
        self._last = None
        shown = self._decode(found=True)
        if shown is None or shown.time > target:
            return False
        following = self._decode()
        while following is not None and following.time <= target:
            shown, following = following, self._decode()
        self._ahead.extend(frame for frame in (shown, following) if frame is not None)
        return True

    def _decode(self, found: bool = False) -> Frame | None:
        picture = self._decoder.read()
        return None if picture is None else self._frame(*picture, found=found)

    def _frame(self, image: Image, position: float, found: bool = False) -> Frame:
        time = position - self._origin
        if self._last is None:
            time = max(0.0, time) if self._stamped else 0.0
            self._count = round(time * self.rate) if found else 0
        elif not self._plausible(time):
            time = self._last + 1 / self.rate
        self._last = time
        frame = Frame(image, time, self._count)
        self._count += 1
        return frame

    def _plausible(self, time: float) -> bool:
        """Whether a time stamp may follow the last one: later, and not lost beyond the end."""
        assert self._last is not None
        if not self._stamped or time <= self._last:
            return False
        return self.duration is None or time < max(self.duration, self._last) + 10

    def _check_end(self) -> None:
        """Tell an end from a file that was cut off, by the container's own figures."""
        if self._last is None or self._closed:
            return
        decoded = self._last + 1 / self.rate
        declared = self.duration or 0.0
        missing = declared - decoded
        if (
            missing > LEAST_MISSING
            and missing > LEAST_MISSING_PART * declared
            and proves_shortfall(self._path)
        ):
            whole = math.floor(self._last * 10) / 10  # down: reading this far meets no end
            rest = f"; --seconds {whole:.1f} analyzes the part that can be read" if whole else ""
            raise UserError(
                f"{self.name} breaks off after {whole:.1f} of {declared:.1f} seconds: "
                f"the file is cut off or damaged{rest}."
            )
        self.duration = decoded
