"""The stretch of time that is in view, within all there is."""

SHORTEST = 2.0  # seconds that are in view at the least
LIVE_FIRST = 60.0  # seconds in view when a live source begins
LIVE_LONGEST = 300.0  # seconds that a live source's view grows to by itself


class ViewRange:
    """What is in view of 0 to `extent` seconds.

    Attributes:
        start: The left edge, in seconds.
        end: The right edge.
        extent: The end of all that could be in view.
        live: Whether the extent grows. The view follows it while its right edge is there.
    """

    def __init__(self, extent: float = LIVE_FIRST, *, live: bool = False) -> None:
        """Show all; of a live source, its last minutes."""
        self.extent, self.live = max(extent, SHORTEST), live
        self.start, self.end = 0.0, self.extent
        self._whole = not live  # whether all is shown, however much that becomes
        self._longest = LIVE_LONGEST

    @property
    def seconds(self) -> float:
        """How much is in view."""
        return self.end - self.start

    @property
    def follows(self) -> bool:
        """Whether the view's right edge is the extent's."""
        return self.end >= self.extent - 1e-6

    def grow(self, extent: float) -> None:
        """Let the extent become longer; a view that follows goes with it."""
        if extent <= self.extent:
            return
        follows, seconds = self.follows, self.seconds
        self.extent = extent
        if self._whole:
            self.start, self.end = 0.0, extent
        elif follows:
            self.end = extent
            self.start = max(0.0, extent - max(seconds, min(extent, self._longest)))

    def show_all(self) -> None:
        """Bring all into view."""
        self.start, self.end, self._whole = 0.0, self.extent, True

    def show(self, start: float, end: float) -> None:
        """Bring a stretch into view, as far as it is there."""
        start, end = max(start, 0.0), min(end, self.extent)
        self._place(start, max(end - start, min(SHORTEST, self.extent)))

    def zoom(self, factor: float, around: float) -> None:
        """Show `factor` times less, with `around` (seconds) where it was."""
        seconds = min(max(self.seconds / factor, min(SHORTEST, self.extent)), self.extent)
        share = (around - self.start) / self.seconds
        self._place(around - share * seconds, seconds)

    def pan(self, seconds: float) -> None:
        """Move the view later by `seconds` (earlier where negative)."""
        self._place(self.start + seconds, self.seconds)

    def _place(self, start: float, seconds: float) -> None:
        self.start = min(max(start, 0.0), self.extent - seconds)
        self.end = self.start + seconds
        self._whole = seconds >= self.extent - 1e-6
        self._longest = seconds
