"""The probabilities over the last seconds, as curves in the classes' colors."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrcn_desktop.app.widgets.building import STRETCH, as_card, in_column, new_label
from lrcn_desktop.app.widgets.class_colors import color_numbers, color_of, readable
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP

if TYPE_CHECKING:
    from lrcn_desktop.app.widgets.probability_curves import ProbabilityCurves

SECONDS = 15.0
MOST_CURVES = 4
LIKELY = 0.1  # the probability that a class must once have had to be drawn


class ProbabilityPlot(QWidget):
    """Draws the few classes that were most likely in the last seconds."""

    def __init__(self) -> None:
        super().__init__()
        as_card(self)
        self.setAccessibleName(self.tr("Probabilities over the last seconds"))
        title = new_label(self.tr("Last {0:.0f} s").format(SECONDS), "muted")
        self._legend = new_label(wraps=True)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._curves: ProbabilityCurves | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        parts = (title, STRETCH, self._legend)
        self._column = in_column(*parts, spacing=2, margins=(14, 8, 14, 6), on=self)
        self._classes: tuple[str, ...] = ()
        self._newest: float | None = None
        self._shown: list[int] = []

    @property
    def shown(self) -> list[int]:
        """The classes that are drawn, by index."""
        return self._shown

    @property
    def legend(self) -> str:
        """The names of the curves, as they are read."""
        names = QTextDocumentFragment.fromHtml(self._legend.text()).toPlainText()
        return " ".join(names.replace("\N{BLACK SQUARE}", " ").split())

    def show_predictions(self, classes: tuple[str, ...], predictions: Sequence[Prediction]) -> None:
        """Draw predictions of `classes`, in rising time."""
        newest = predictions[-1].time if predictions else None
        if newest == self._newest:
            return
        self._newest, self._classes = newest, classes
        times = np.array([p.time for p in predictions], np.float64)
        probabilities = np.array([p.probabilities for p in predictions], np.float32)
        probabilities.shape = len(times), len(classes)
        self._shown = shown = most_likely(probabilities)
        times, probabilities = with_gaps(times, probabilities)
        ages = times - times[-1] if len(times) else times
        percent, numbers = 100.0 * probabilities, color_numbers(classes)
        curves = self._opened()
        curves.draw(ages, [(percent[:, index], numbers[index]) for index in shown])
        if len(ages):
            leader = int(probabilities[-1].argmax())
            curves.shade(ages, percent[:, leader], numbers[leader])
        self._show_legend()

    def clear(self) -> None:
        """Forget the curves."""
        if not self._shown:
            return
        self._newest = None
        self._shown = []
        self._legend.clear()
        if self._curves is not None:
            self._curves.clear_curves()

    def _opened(self) -> ProbabilityCurves:
        """Return what draws: its library takes a third of a second to load, and no start waits."""
        if self._curves is None:
            from lrcn_desktop.app.widgets.probability_curves import ProbabilityCurves

            ticks = [(-15, "−15 s"), (-10, "−10 s"), (-5, "−5 s"), (0, self.tr("now"))]
            self._curves = ProbabilityCurves(MOST_CURVES, (-SECONDS - 0.4, 1.0), ticks)
            self._column.takeAt(1)
            self._column.insertWidget(1, self._curves, 1)
        return self._curves

    def _show_legend(self) -> None:
        """Name every curve, in as many lines as that needs."""
        entries = (_entry(self._classes[index], self._classes) for index in self._shown)
        text = "&nbsp;&nbsp; ".join(entries)
        if text != self._legend.text():
            self._legend.setText(text)


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
    return f'<span style="color:{color_of(label, classes).name()}">&#9632;</span>&nbsp;{name}'
