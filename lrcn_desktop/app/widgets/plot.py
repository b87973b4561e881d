"""The probabilities over the last seconds, as curves in the classes' colours."""

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from lrcn_desktop.app.widgets.class_colours import (
    class_colour,
    class_pen,
    colour_numbers,
    colour_of,
    readable,
)
from lrcn_desktop.app.widgets.theme import Theme, follow_theme
from lrcn_desktop.recognition.segments import MAX_GAP

SECONDS = 15.0
MOST_CURVES = 4
LIKELY = 0.1  # the probability that a class must once have had to be drawn


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
        self._legend.setWordWrap(True)
        self._plot = pg.PlotWidget()
        self._shade = pg.PlotCurveItem(connect="finite")
        self._plot.addItem(self._shade)
        self._curves = [
            pg.PlotCurveItem(antialias=True, connect="finite") for _ in range(MOST_CURVES)
        ]
        self._set_up_plot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 6)
        layout.setSpacing(2)
        layout.addWidget(title)
        layout.addWidget(self._plot, 1)
        layout.addWidget(self._legend)
        self._classes: tuple[str, ...] = ()
        self._newest: float | None = None
        self._shown: list[int] = []
        follow_theme(self._apply_theme)

    @property
    def shown(self) -> list[int]:
        """The classes that are drawn, by index."""
        return self._shown

    @property
    def legend(self) -> str:
        """The names of the curves, as they are read."""
        names = QTextDocumentFragment.fromHtml(self._legend.text()).toPlainText()
        return " ".join(names.replace("\N{BLACK SQUARE}", " ").split())

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
        self._newest, self._classes = newest, classes
        self._shown = shown = most_likely(probabilities)
        times, probabilities = with_gaps(times, probabilities)
        ages = times - times[-1] if len(times) else times
        for place, curve in enumerate(self._curves):
            if place < len(shown):
                index = shown[place]
                curve.setData(ages, 100.0 * probabilities[:, index])
                curve.setPen(class_pen(colour_numbers(classes)[index], 2.0))
            else:
                curve.setData([], [])
        self._shade_leader(ages, probabilities)
        self._show_legend()

    def clear(self) -> None:
        """Forget the curves."""
        if not self._shown:
            return
        self._newest = None
        self._shown = []
        self._legend.clear()
        for curve in (*self._curves, self._shade):
            curve.setData([], [])

    def _show_legend(self) -> None:
        """Name every curve, in as many lines as that needs."""
        entries = (_entry(self._classes[index], self._classes) for index in self._shown)
        text = "&nbsp;&nbsp; ".join(entries)
        if text != self._legend.text():
            self._legend.setText(text)

    def _shade_leader(self, ages: NDArray[np.float64], probabilities: NDArray[np.float32]) -> None:
        if not len(ages):
            self._shade.setData([], [])
            return
        leader = int(probabilities[-1].argmax())
        colour = class_colour(colour_numbers(self._classes)[leader])
        colour.setAlphaF(0.14)
        self._shade.setData(
            ages, 100.0 * probabilities[:, leader], pen=None, fillLevel=0.0, brush=colour
        )

    def _set_up_plot(self) -> None:
        for curve in self._curves:
            self._plot.addItem(curve)
        self._plot.setMinimumSize(120, 64)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
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
    """Return the classes that were likely at some time, at most `MOST_CURVES`, by index."""
    if not len(probabilities):
        return []
    peaks = np.nan_to_num(probabilities).max(axis=0)
    first = np.argsort(-peaks, kind="stable")[:MOST_CURVES]
    return sorted(int(i) for place, i in enumerate(first) if not place or peaks[i] >= LIKELY)


def with_gaps(
    times: NDArray[np.float64], probabilities: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Put a row of NaN, which no curve crosses, where nobody knows what was to be seen."""
    gaps = np.flatnonzero(np.diff(times) > MAX_GAP) + 1
    return (
        np.insert(times, gaps, times[gaps - 1]),
        np.insert(probabilities, gaps, np.nan, axis=0),
    )


def _entry(label: str, classes: tuple[str, ...]) -> str:
    name = html.escape(readable(label)).replace(" ", "&nbsp;")
    return f'<span style="color:{colour_of(label, classes).name()}">&#9632;</span>&nbsp;{name}'


def colour_plot(plot: pg.PlotWidget, theme: Theme) -> None:
    """Give a plot's background and axes the theme's colours."""
    plot.setBackground(theme.panel)
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(theme.border))
        axis.setTextPen(pg.mkPen(theme.muted))
