"""The demo as a source of frames whose truth is known."""

import math

from lrcn_desktop.video.demo.scene import Scene
from lrcn_desktop.video.demo.schedule import Schedule
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.source import Source


class DemoSource(Source):
    """An endless drawn scene: a jointed figure does one activity after another.

    Every frame is a function of the seed and its time alone.

    Args:
        seed: Which scene, 0 or more.
        rate: Frames a second.
        size: (width, height), pixels.
    """

    def __init__(
        self, seed: int = 0, *, rate: float = 30.0, size: tuple[int, int] = (640, 480)
    ) -> None:
        self.name = "demo"
        self.rate = rate
        self.size = size
        self.duration = None
        self.seekable = False
        self.live = False
        self._seed = seed
        self._schedule = Schedule(seed)
        self._scene: Scene | None = None
        self._next = 0
        self._closed = False

    def read(self) -> Frame | None:
        """Return the next frame; None only after `close`."""
        if self._closed:
            return None
        index = self._next
        self._next += 1
        time = index / self.rate
        return Frame(self.render(time), time, index)

    def skip(self, time: float) -> bool:
        """Go on with the frame at `time` seconds, unless that is behind."""
        self._next = max(self._next, math.ceil(time * self.rate))
        return True

    def render(self, time: float) -> Image:
        """Return the picture at `time` seconds: uint8 (H, W, 3) RGB, C-contiguous, fresh."""
        bout = self._schedule.at(time)
        scene = self._scene
        if scene is None or scene.bout.index != bout.index:
            scene = self._scene = Scene(self._seed, bout, self.size)
        return scene.draw(time - bout.start)

    def truth(self, time: float) -> str:
        """Return the activity shown at `time` seconds."""
        return self._schedule.at(time).activity

    def truth_segments(self, end: float) -> list[tuple[float, float, str]]:
        """Return (start, end, activity) of every bout up to `end` seconds, cut there."""
        return [
            (bout.start, min(bout.end, end), bout.activity) for bout in self._schedule.until(end)
        ]

    def close(self) -> None:
        """End the scene: `read` gives None from now on."""
        self._closed = True
