"""The probabilities over the last seconds, as curves in the classes' colours."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lrcn_desktop.app.widgets.class_colours import class_colour, class_pen, readable
from lrcn_desktop.app.widgets.theme import Theme, follow_theme
from lrcn_desktop.recognition.segments import MAX_GAP

SECONDS = 15.0
MOST_CURVES = 4


class ProbabilityPlot(QWidget):
    """Draws the few classes that were most likely in the last seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Probabilities over the last seconds"))
        title = QLabel(self.tr("Last {0:.0f} s").format(SECONDS))
        title.setObjectName("muted")
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._plot = pg.PlotWidget()
        self._shade = pg.PlotCurveItem(connect="finite")
        self._plot.addItem(self._shade)
        self._curves = [
            pg.PlotCurveItem(antialias=True, connect="finite") for _ in range(MOST_CURVES)
        ]
        self._set_up_plot()
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._legend, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 6)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._plot, 1)
        self._newest: float | None = None
        self._shown: list[int] = []
        follow_theme(self._apply_theme)

    @property
    def shown(self) -> list[int]:
        """The classes that are drawn, by index."""
        return self._shown

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        colour_plot(self._plot, theme)

    def show_history(
        self,
        classes: tuple[str, ...],
        times: NDArray[np.float64],
        probabilities: NDArray[np.float32],
    ) -> None:
        """Draw the history.

        Args:
            classes: The model's classes.
            times: (N,) seconds, rising.
            probabilities: (N, C), 0..1.
        """
        newest = float(times[-1]) if len(times) else None
        if newest == self._newest:
            return
        self._newest = newest
        self._shown = shown = most_likely(probabilities)
        times, probabilities = with_gaps(times, probabilities)
        ages = times - times[-1] if len(times) else times
        for place, curve in enumerate(self._curves):
            if place < len(shown):
                index = shown[place]
                curve.setData(ages, 100.0 * probabilities[:, index])
                curve.setPen(class_pen(index, 2.0))
            else:
                curve.setData([], [])
        self._shade_leader(ages, probabilities)
        self._show_legend(classes, probabilities[-1] if shown else None)

    def clear(self) -> None:
        """Forget the curves."""
        if not self._shown:
            return
        self._newest = None
        self._shown = []
        self._legend.clear()
        for curve in (*self._curves, self._shade):
            curve.setData([], [])

    def _show_legend(self, classes: tuple[str, ...], newest: NDArray[np.float32] | None) -> None:
        """Name as many of the curves as there is room for, those that are likely now first."""
        metrics, room, named = self._legend.fontMetrics(), self._legend.width(), list[int]()
        gap = metrics.horizontalAdvance("M   ")
        for index in sorted(self._shown, key=lambda i: 0.0 if newest is None else -newest[i]):
            room -= metrics.horizontalAdvance(readable(classes[index])) + gap
            if room < 0 and named:
                break
            named.append(index)
        texts = (_entry(index, classes[index]) for index in sorted(named))
        self._legend.setText("&nbsp;&nbsp;&nbsp;".join(texts))

    def _shade_leader(self, ages: NDArray[np.float64], probabilities: NDArray[np.float32]) -> None:
        if not len(ages):
            self._shade.setData([], [])
            return
        leader = int(probabilities[-1].argmax())
        colour = class_colour(leader)
        colour.setAlphaF(0.14)
        self._shade.setData(
            ages, 100.0 * probabilities[:, leader], pen=None, fillLevel=0.0, brush=colour
        )

    def _set_up_plot(self) -> None:
        for curve in self._curves:
            self._plot.addItem(curve)
        self._plot.setMinimumSize(120, 64)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(200)
        self._plot.setXRange(-SECONDS - 0.4, 1.0, padding=0.0)  # "now" has room
        self._plot.setYRange(0.0, 100.0, padding=0.08)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.showGrid(y=True, alpha=0.3)
        for part in (self._plot, self._plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = self._plot.getAxis("left")
        left.setTicks([[(0, "0 %"), (50, "50 %"), (100, "100 %")]])
        left.setWidth(46)
        bottom = self._plot.getAxis("bottom")
        bottom.setTicks([[(-15, "−15 s"), (-10, "−10 s"), (-5, "−5 s"), (0, self.tr("now"))]])
        for axis in (left, bottom):
            axis.setStyle(tickLength=0, hideOverlappingLabels=False)


def most_likely(probabilities: NDArray[np.float32]) -> list[int]:
    """Return the classes that were once the most probable, the peaks' few highest, by index."""
    if not len(probabilities):
        return []
    peaks = probabilities.max(axis=0)
    return sorted(int(i) for i in np.argsort(-peaks, kind="stable")[:MOST_CURVES])


def with_gaps(
    times: NDArray[np.float64], probabilities: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Put a row of NaN, which no curve crosses, where nobody knows what was to be seen."""
    gaps = np.flatnonzero(np.diff(times) > MAX_GAP) + 1
    return (
        np.insert(times, gaps, times[gaps - 1]),
        np.insert(probabilities, gaps, np.nan, axis=0),
    )


def _entry(index: int, label: str) -> str:
    colour: QColor = class_colour(index)
    return f'<span style="color:{colour.name()}">&#9632;</span> {readable(label)}'


def colour_plot(plot: pg.PlotWidget, theme: Theme) -> None:
    """Give a plot's background and axes the theme's colours."""
    plot.setBackground(theme.panel)
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(theme.border))
        axis.setTextPen(pg.mkPen(theme.muted))
