"""One OpenCV capture that may be closed while another thread reads from it."""

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2


class Decoder:
    """A `cv2.VideoCapture` behind a lock: OpenCV crashes when one is released during a read.

    Args:
        address: What OpenCV opens: a path, an address, or a camera's index.
        backend: One of OpenCV's `CAP_` constants.
        parameters: Open parameters as OpenCV takes them: property, value, property, value...
    """

    def __init__(self, address: str | int, backend: int, parameters: tuple[int, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._capture = cv2.VideoCapture(address, backend, parameters)

    @property
    def is_open(self) -> bool:
        """Whether OpenCV found something to read."""
        with self._lock:
            return not self._closing.is_set() and bool(self._capture.isOpened())

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closing.is_set()

    def read(self) -> tuple[Image, float] | None:
        """Return the next picture as fresh RGB and its position in seconds, or None at the end."""
        with self._lock:
            if self._closing.is_set():
                return None
            ok, image = self._capture.read()
            position = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        if self._closing.is_set():  # closed meanwhile, by a thread that could not wait
            self.close()
            return None
        if not ok or image is None:
            return None
        return rgb(image), position

    def get(self, prop: int) -> float:
        """Return a property, 0 where it is not a finite number."""
        with self._lock:
            value = float(self._capture.get(prop))
        return value if np.isfinite(value) else 0.0

    def set(self, prop: int, value: float) -> bool:
        """Set a property; True when the backend says that it took it."""
        with self._lock:
            return not self._closing.is_set() and bool(self._capture.set(prop, value))

    def close(self) -> None:
        """Release the capture, at once or as soon as the read under way is over."""
        self._closing.set()
        if self._lock.acquire(blocking=False):
            try:
                self._capture.release()
            finally:
                self._lock.release()


def rgb(image: NDArray[Any]) -> Image:
    """Return OpenCV's BGR, BGRA or gray picture as a fresh C-contiguous RGB (H, W, 3) uint8."""
    channels = 1 if image.ndim == 2 else image.shape[2]
    code = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}[channels]
    return np.ascontiguousarray(cv2.cvtColor(image, code), dtype=np.uint8)
