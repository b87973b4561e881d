"""What all plots of pyqtgraph have in common: nothing to drag, a quiet grid, the theme's colors."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from lrcn_desktop.app.widgets.theme import Theme

_AXIS = 46  # pixels to the left of it: "100 %"


def set_up_plot(plot: pg.PlotWidget, *, percent: bool) -> None:
    """Make a plot one to look at, from 0 to 100 % or from 0 on."""
    plot.setMouseEnabled(x=False, y=False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.showGrid(y=True, alpha=0.25)
    for part in (plot, plot.viewport()):
        part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if percent:
        plot.setYRange(0.0, 100.0, padding=0.06)
        plot.getAxis("left").setTicks([[(value, f"{value} %") for value in (0, 50, 100)]])
    else:
        plot.setLimits(yMin=0.0)
    plot.getAxis("left").setWidth(_AXIS)
    for name in ("left", "bottom"):
        plot.getAxis(name).setStyle(tickLength=0)


def color_plot(plot: pg.PlotWidget, theme: Theme) -> None:
    """Give a plot's background and axes the theme's colors."""
    plot.setBackground(theme.panel)
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(theme.border))
        axis.setTextPen(pg.mkPen(theme.muted))
