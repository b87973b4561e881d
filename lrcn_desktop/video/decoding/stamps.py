"""Time stamps as they should be: rising, without jumps that no film has."""

_JUMP = 10.0  # seconds; FFmpeg's own figure
_BACK = 0.5  # seconds back that are another beginning, not one wrong stamp


class Stamps:
    """Places the pictures of a stream in time.

    Attributes:
        rate: Pictures per second, where a stamp is missing.
        sound: Whether the stamps so far were all there and rose.
        placed: Whether the first picture since the beginning or the last seek had a stamp.
    """

    def __init__(self, rate: float, duration: float | None, discontinuous: bool) -> None:
        """Begin.

        Args:
            rate: Pictures per second.
            duration: Seconds that the stream claims, or None.
            discontinuous: Whether the container's clock may jump (broadcasts).
        """
        self.rate = rate
        self.sound = True
        self._duration, self._discontinuous = duration, discontinuous
        self.restart()

    def restart(self) -> None:
        """Begin at the start of the stream again."""
        self._shift = 0.0  # what is added to the stamps after a jump of the container's clock
        self.jump()

    def jump(self) -> None:
        """Go on elsewhere, after a seek."""
        self.placed = True
        self._last: float | None = None
        self._before: float | None = None
        self._last_pts = self._last_dts = -(1 << 62)
        self._wrong_pts = self._wrong_dts = 0

    def step(self, seconds: float) -> float:
        """Return the seconds from the picture before to the one just placed at `seconds`."""
        return 0.0 if self._before is None else seconds - self._before

    def place(self, pts: int | None, dts: int | None, unit: float, origin: float) -> float:
        """Return a picture's time in seconds, later than that of the one before it.

        Args:
            pts: Its time stamp.
            dts: The stamp of its packet.
            unit: Seconds of which the stamps count so many.
            origin: Seconds that are time 0.
        """
        stamp = self._best(pts, dts)
        time = None if stamp is None else stamp * unit - origin + self._shift
        last = self._last
        if last is None:
            self.placed = time is not None
            placed = max(0.0, time or 0.0)
        else:
            placed = self._after(last, time)
        self._before, self._last = last, placed
        return placed

    def _after(self, last: float, time: float | None) -> float:
        following = last + 1 / self.rate
        if time is None:
            self.sound = False
            return following
        back, forward = time < last - _BACK, time > last + _JUMP
        beyond = self._duration is not None and time > self._duration + _JUMP
        if back or (forward and (self._discontinuous or beyond)):
            self._shift += following - time
            self.sound = False
            return following
        return time if time > last else following

    def _best(self, pts: int | None, dts: int | None) -> int | None:
        """Return the stamp that FFmpeg calls the best effort."""
        if dts is not None:
            self._wrong_dts += dts <= self._last_dts
            self._last_dts = dts
        if pts is not None:
            self._wrong_pts += pts <= self._last_pts
            self._last_pts = pts
        if pts is not None and (self._wrong_pts <= self._wrong_dts or dts is None):
            return pts
        return dts
