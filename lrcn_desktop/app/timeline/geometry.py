"""Where everything of the timeline lies: time to x and back, rows to y and back."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

GUTTER = 140  # pixels at the left, for the names of the activities
RULER = 22  # pixels at the top
COVERED = 3  # pixels beneath the ruler: what has been analyzed
TOP = RULER + COVERED + 5
MARGIN = 12  # pixels at the right
LEAST, MOST = 16.0, 26.0  # pixels of a row


@dataclass(frozen=True, slots=True)
class Geometry:
    """The timeline's places, in the widget's pixels.

    Attributes:
        width, height: The widget's.
        start, end: Seconds at the left and the right end of the bands.
        rows: How many activities there are.
        scroll: Pixels by which the rows are moved up.
        least: The least height of a row, which its name needs.
        scale: How many times as high as they would be rows are wanted.
    """

    width: int
    height: int
    start: float
    end: float
    rows: int
    scroll: float = 0.0
    least: float = LEAST
    scale: float = 1.0

    @property
    def right(self) -> float:
        """The x of `end`."""
        return max(GUTTER + 1.0, float(self.width - MARGIN))

    @property
    def pixel(self) -> float:
        """Seconds that a pixel stands for."""
        return (self.end - self.start) / (self.right - GUTTER)

    @property
    def row_height(self) -> float:
        """Pixels of a row: fewer where there are many, so that more are in view.

        Where not all have room, a whole number has: none is cut through its name.
        """
        room = max(float(self.height - TOP), 1.0)
        most = max(MOST, self.least)
        height = min(max(room / max(self.rows, 1), self.least), most) * self.scale
        if self.rows * height <= room + 0.5:
            return height
        return room / max(int(room / height + 0.01), 1)

    @property
    def most_scroll(self) -> float:
        """The scroll that shows the last row."""
        return max(0.0, self.rows * self.row_height - (self.height - TOP))

    @property
    def bands(self) -> QRectF:
        """The place of all bands."""
        return QRectF(GUTTER, TOP, self.right - GUTTER, max(self.height - TOP, 0))

    def x_at(self, time: float) -> float:
        """Return the x of a time in seconds."""
        return GUTTER + (time - self.start) / self.pixel

    def time_at(self, x: float) -> float:
        """Return the time in seconds at an x."""
        return self.start + (x - GUTTER) * self.pixel

    def row_top(self, row: int) -> float:
        """Return the y of a row's upper edge."""
        return TOP + row * self.row_height - self.scroll

    def row_at(self, y: float) -> int | None:
        """Return the row at a y, None where there is none."""
        if not TOP <= y < self.height:
            return None
        row = int((y - TOP + self.scroll) // self.row_height)
        return row if 0 <= row < self.rows else None

    def visible_rows(self) -> range:
        """Return the rows of which something is in view."""
        first = int(self.scroll // self.row_height)
        last = int((self.scroll + self.height - TOP) // self.row_height) + 1
        return range(max(first, 0), min(max(last, 0), self.rows))
