"""A camera without a device."""

import time

import numpy as np
import pytest

from lrcn_desktop.video import camera
from lrcn_desktop.video.camera import CameraInfo
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2


class FakeCamera:
    """Stands in for a Decoder: a camera that can be pulled out, moved and plugged in again."""

    plugged: int | None = 0  # its index, None while it is unplugged
    opened = 0
    looked = 0  # how often the system was asked which cameras there are
    others: tuple[CameraInfo, ...] = ()

    def __init__(self, address: int, backend: int) -> None:
        self._address, self.closed = address, False
        self._count = 0
        type(self).opened += 1

    @property
    def is_open(self) -> bool:
        return not self.closed and self._address == type(self).plugged

    def read(self) -> tuple[Image, float] | None:
        time.sleep(0.02)
        if not self.is_open:
            return None
        self._count += 1
        return np.full((48, 64, 3), self._count % 256, np.uint8), 0.0

    def get(self, prop: int) -> float:
        return 50.0 if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, prop: int, value: float) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def plug_in(monkeypatch: pytest.MonkeyPatch) -> type[FakeCamera]:
    """Let the system have one camera, the fake one, for a test."""

    class Fresh(FakeCamera):
        """Of this test alone."""

    def listed() -> list[CameraInfo]:
        Fresh.looked += 1
        here = [] if Fresh.plugged is None else [CameraInfo(Fresh.plugged, "Webcam")]
        return [*here, *Fresh.others]

    monkeypatch.setattr(camera, "Decoder", Fresh)
    monkeypatch.setattr(camera, "list_cameras", listed)
    return Fresh
