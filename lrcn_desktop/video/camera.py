"""Cameras, by the index that OpenCV gives them."""

import sys
import time
from dataclasses import dataclass

import numpy as np
from cv2_enumerate_cameras import enumerate_cameras

from lrcn_desktop import clock
from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoder import Decoder
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.loss import SourceLostError
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.source import Source

# One backend a system, so that a listed index opens that very camera. DirectShow, as Media
# Foundation takes up to 20 seconds to open one.
BACKEND = {
    "linux": cv2.CAP_V4L2,
    "win32": cv2.CAP_DSHOW,
    "darwin": cv2.CAP_AVFOUNDATION,
}.get(sys.platform, cv2.CAP_ANY)
DEFAULT_RATE = 30.0
MOTION_JPEG = cv2.VideoWriter.fourcc(*"MJPG")
PATIENCE = 1.5  # seconds without a new picture before the camera is suspected to be gone
SUSPICION = 0.4  # seconds without any picture before the system is asked whether it is there
PAUSE = 0.01  # seconds between tries while there is no picture


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera: the index that opens it and the name that the system gives it."""

    index: int
    name: str


def list_cameras() -> list[CameraInfo]:
    """Return the cameras that the system knows, by index; none where it cannot tell."""
    try:
        found = enumerate_cameras(BACKEND)
    except NotImplementedError:
        return []
    return sorted((CameraInfo(info.index, info.name) for info in found), key=lambda c: c.index)


class CameraSource(Source):
    """A camera; a frame's time is when it was read, from the first one on.

    Args:
        index: As OpenCV counts the cameras.
        size: The (width, height) to ask it for; it sends the nearest that it has. None: its own.

    Raises:
        UserError: There is no such camera, or it sends no picture.
    """

    live = True
    seekable = False
    duration = None

    def __init__(self, index: int, size: tuple[int, int] | None = None) -> None:
        self._index, self._wanted_size = index, size
        self._decoder = Decoder(index, BACKEND)
        if not self._decoder.is_open:
            self._decoder.close()
            raise UserError(
                f"Camera {index} cannot be opened: {_others(index)}; "
                "plug it in, or close the program that uses it."
            )
        if size is not None:
            # Motion JPEG first: uncompressed, USB carries few large pictures per second.
            self._decoder.set(cv2.CAP_PROP_FOURCC, MOTION_JPEG)
            self._decoder.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
            self._decoder.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        listed = list_cameras()
        names = {camera.index: camera.name for camera in listed}
        self.name = names.get(index, f"Camera {index}")
        self._listed = index in names
        self._twins = {c.index for c in listed if c.name == self.name and c.index != index}
        declared = self._decoder.get(cv2.CAP_PROP_FPS)
        self.rate = declared if 1 <= declared <= 1000 else DEFAULT_RATE
        self._count = 0
        self._watch = StillWatch()
        try:
            self._first: Image | None = self._picture()
        except UserError:
            self.close()
            raise
        if self._first is None:
            raise UserError(f"{self.name} was closed before its first picture: open it again.")
        self.size = (self._first.shape[1], self._first.shape[0])
        self._start = clock.now()

    def read(self) -> Frame | None:
        """Wait for the next picture; None once closed.

        Raises:
            SourceLostError: No new picture comes: the camera was unplugged or taken away.
        """
        image = self._picture() if self._first is None else self._first
        self._first = None
        if image is None:
            return None
        frame = Frame(image, clock.now() - self._start, self._count)
        self._count += 1
        return frame

    def reopen(self) -> Source:
        """Open the camera again, by its name where it came back under another index.

        Raises:
            UserError: It is not back, or does not answer yet.
        """
        return CameraSource(self._index_now(), self._wanted_size)

    def close(self) -> None:
        """Release the camera."""
        self._decoder.close()

    def _index_now(self) -> int:
        """Return where the camera is now; never another one's place, a twin's neither."""
        if not self._listed:  # the system does not tell
            return self._index
        same = [camera.index for camera in list_cameras() if camera.name == self.name]
        for index in (self._index, *(i for i in same if i not in self._twins)):
            if index in same:
                return index
        raise UserError(f"{self.name} is not there: plug it in again.")

    def _picture(self) -> Image | None:
        began = clock.now()
        looked = False
        while self._decoder.is_open:
            picture = self._decoder.read()
            if picture is not None:
                if self._watch.still_for(picture[0], clock.now()) > PATIENCE:
                    self._check_present()
                return picture[0]
            waited = clock.now() - began
            if waited > SUSPICION and not looked:
                self._check_present()
                looked = True
            if waited > PATIENCE:
                break
            time.sleep(PAUSE)
        if self._decoder.closed:
            return None
        self._check_present()
        raise SourceLostError(
            "silent", f"{self.name} sends no picture: check that no other program uses it."
        )

    def _check_present(self) -> None:
        """Tell an unplugged camera, whose driver may repeat the last picture, from a still scene.

        Raises:
            SourceLostError: It is not there any more.
        """
        if self._listed and all(camera.index != self._index for camera in list_cameras()):
            raise SourceLostError(
                "unplugged", f"{self.name} sends no new picture: it was unplugged, plug it in."
            )
        self._watch = StillWatch()


class StillWatch:
    """Tells for how long a camera has sent the very same picture (noise changes a live one)."""

    def __init__(self) -> None:
        self._seen: Image | None = None
        self._since = 0.0

    def still_for(self, image: Image, now: float) -> float:
        """Return the seconds for which the picture has not changed, `now` being the clock."""
        seen = image[::7, ::7].copy()
        if self._seen is None or not np.array_equal(seen, self._seen):
            self._seen, self._since = seen, now
        return now - self._since


def _others(index: int) -> str:
    cameras = list_cameras()
    if any(camera.index == index for camera in cameras):
        return "it is there, but does not answer"
    if not cameras:
        return "no camera was found"
    return "there are " + ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
