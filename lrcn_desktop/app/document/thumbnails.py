"""Small pictures of a file's moments, decoded beside what plays, a few at a time."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.defaults import is_demo
from lrcn_desktop.video.demo.source import DemoSource
from lrcn_desktop.video.open import open_source

if TYPE_CHECKING:
    from lrcn_desktop.video.frame import Frame
    from lrcn_desktop.video.source import Source

HEIGHT = 96  # pixels of a picture: twice what a row of the filmstrip has
_GRID = 4  # pictures per second at the most
_KEPT, _WAITING = 600, 48  # pictures; wishes, of which the newest come first
_PAUSE = 0.02  # seconds between two: what plays goes first

_log = logging.getLogger(__name__)


class Thumbnails(QObject):
    """Gives pictures of the source that is open, now or a little later.

    A live source has none: its moments are gone.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = ""
        self._pictures: OrderedDict[int, QImage | None] = OrderedDict()
        self._wanted: list[int] = []
        self._lock = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def available(self) -> bool:
        """Whether the source that is open can give any."""
        return bool(self._address)

    def open(self, address: str) -> None:
        """Give pictures of another source from now on; "": of none."""
        self.close()
        self._address = address

    def get(self, time: float) -> QImage | None:
        """Return the picture at `time` seconds; None: it is on its way, or there is none."""
        key = round(max(time, 0.0) * _GRID)
        if not self._address:
            return None
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
            if key in self._wanted:
                self._wanted.remove(key)
            self._wanted.append(key)
            del self._wanted[:-_WAITING]
            self._lock.notify()
        if self._thread is None:
            self._stop = threading.Event()
            arguments = (self._address, self._stop)
            self._thread = threading.Thread(
                target=self._run, args=arguments, name="thumbnails", daemon=True
            )
            self._thread.start()
        return None

    def close(self) -> None:
        """Forget all pictures, and decode no more."""
        with self._lock:
            self._stop.set()
            self._wanted.clear()
            self._pictures.clear()
            self._lock.notify_all()
        self._thread, self._address = None, ""

    def _run(self, address: str, stop: threading.Event) -> None:
        try:
            with open_source(address) as source:
                while (key := self._next(stop)) is not None:
                    self._keep(key, _picture(source, key / _GRID, demo=is_demo(address)), stop)
                    stop.wait(_PAUSE)
        except UserError as error:
            _log.info("No small pictures of %s: %s", address, error)
        except Exception:  # a picture that is missing is no reason to disturb anybody
            _log.exception("No small pictures")

    def _next(self, stop: threading.Event) -> int | None:
        with self._lock:
            while not self._wanted and not stop.is_set():
                self._lock.wait()
            return None if stop.is_set() else self._wanted.pop()

    def _keep(self, key: int, picture: QImage | None, stop: threading.Event) -> None:
        with self._lock:
            if stop.is_set():
                return
            self._pictures[key] = picture
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        self.arrived.emit()


def _picture(source: Source, time: float, *, demo: bool) -> QImage | None:
    if demo and isinstance(source, DemoSource):
        image = source.render(time)
    else:
        source.seek(time)
        frame: Frame | None = source.read()
        if frame is None:
            return None
        image = frame.image
    height, width = image.shape[:2]
    whole = QImage(image.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    size = QSize(width, height).scaled(16 * HEIGHT, HEIGHT, Qt.AspectRatioMode.KeepAspectRatio)
    return whole.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)
