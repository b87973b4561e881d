"""Curves of probabilities over time, drawn by pyqtgraph."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from lrcn_desktop.app.widgets.class_colors import class_color, class_pen
from lrcn_desktop.app.widgets.plot_setup import color_plot, set_up_plot
from lrcn_desktop.app.widgets.theme import Theme, follow_theme

_SHADE = 0.14  # of the color's own opacity
Array = NDArray[np.floating]


class ProbabilityCurves(pg.PlotWidget):  # type: ignore[misc]
    """Draws a few curves from 0 to 100 %, one of them with a shade below it."""

    def __init__(
        self, most: int, seconds: tuple[float, float], ticks: Sequence[tuple[float, str]]
    ) -> None:
        """Show the time from one of `seconds` to the other.

        Args:
            most: Curves that may be shown at once.
            seconds: The ends of the time axis.
            ticks: Its marks and their texts.
        """
        super().__init__()
        self._shade = pg.PlotCurveItem(connect="finite")
        self._curves = [pg.PlotCurveItem(antialias=True, connect="finite") for _ in range(most)]
        for curve in (self._shade, *self._curves):
            self.addItem(curve)
        self.setMinimumSize(120, 64)
        self.setXRange(*seconds, padding=0.0)
        set_up_plot(self, percent=True)
        self.getAxis("bottom").setTicks([list(ticks)])
        for name in ("left", "bottom"):
            self.getAxis(name).setStyle(hideOverlappingLabels=False)
        follow_theme(self._apply_theme)

    def draw(self, times: Array, curves: Sequence[tuple[Array, int]]) -> None:
        """Draw these curves in place of what was drawn.

        Args:
            times: (N,) seconds, rising.
            curves: Of each its percents (N,), NaN where there is a gap, and its color's number.
        """
        self.clear_curves()
        for item, (percent, number) in zip(self._curves, curves, strict=False):
            item.setData(times, percent)
            item.setPen(class_pen(number, 2.0))

    def shade(self, times: Array, percent: Array, number: int) -> None:
        """Fill the area below a curve."""
        color = class_color(number)
        color.setAlphaF(_SHADE)
        self._shade.setData(times, percent, pen=None, fillLevel=0.0, brush=color)

    def clear_curves(self) -> None:
        """Draw none."""
        for curve in (*self._curves, self._shade):
            curve.setData([], [])

    def _apply_theme(self, theme: Theme) -> None:
        color_plot(self, theme)
