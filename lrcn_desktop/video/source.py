"""What every source of frames can do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.loss import Loss


class Source(ABC):
    """An opened stream of frames; iterate it once, or read frame by frame.

    Opening raises UserError with one sentence when there is nothing to read.

    Attributes:
        name: What a person calls it: the file's name, the camera's, the address.
        rate: Frames a second, never 0 (a guess of 30 where the source will not say).
        size: (width, height) in pixels, as displayed (rotation tags honored).
        duration: Seconds, or None when live or unknown.
        seekable: Whether `seek` works.
        live: Whether frames arrive on their own clock, so that a late reader loses them.
        file: The video file that it reads, or None.
        has_sound: Whether `file` has sound that can be played.
        lost: Pictures that were damaged, since it was opened or the last seek.
    """

    name: str
    rate: float
    size: tuple[int, int]
    duration: float | None
    seekable: bool
    live: bool
    file: Path | None = None
    has_sound: bool = False
    lost: int = 0

    @property
    def loss(self) -> Loss | None:
        """Why nothing comes just now, though it may again; None while all is well."""
        return None

    @abstractmethod
    def read(self) -> Frame | None:
        """Return the next frame, or None at the end.

        Raises:
            UserError: The source broke off (a damaged file, an unplugged camera, a dead stream).
        """

    def want(self, wanted: Callable[[float], bool]) -> None:  # noqa: B027  # most cannot
        """Say which pictures are of use, so that a source can spare itself the others.

        To be called before the first `read`, or before the first one after a `seek`. From then on
        a frame for which `wanted` returns False may come without its picture.

        Args:
            wanted: Is given the time of every frame once, in order, ahead of `read` and on its
                thread.
        """

    def truth_segments(self, end: float) -> list[tuple[float, float, str]] | None:
        """Return (start, end, activity) up to `end` seconds where the truth is known, else None."""
        return None

    def seek(self, time: float) -> None:
        """Continue from the frame shown at `time` seconds; only where `seekable`."""
        raise NotImplementedError(f"{self.name} cannot seek")

    def skip(self, time: float) -> bool:
        """Leave out the frames before `time` seconds, where that costs nothing; say whether."""
        return False

    def reopen(self) -> "Source":
        """Open the same source once more, after it was lost; only where `live`.

        Raises:
            UserError: It is not back yet.
        """
        raise NotImplementedError(f"{self.name} cannot be opened again")

    @abstractmethod
    def close(self) -> None:
        """Release the device or file; safe to call twice and from another thread."""

    def __iter__(self) -> Iterator[Frame]:
        while (frame := self.read()) is not None:
            yield frame

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
