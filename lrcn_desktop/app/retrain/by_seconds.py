"""How right models are after so many seconds: what matters live."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from lrcn_desktop.app.retrain.figures import numbers
from lrcn_desktop.app.widgets.building import in_column, new_label
from lrcn_desktop.app.widgets.plot_setup import color_plot, set_up_plot
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme


class BySeconds(QWidget):
    """A curve a model, in the colors of the bars beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        title = new_label(self.tr("Accuracy by the mean, over seconds watched"), "title")
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._plot = pg.PlotWidget()
        self._plot.setAccessibleName(title.text())
        self._curves = [pg.PlotDataItem(antialias=True, symbol="o", symbolSize=5) for _ in range(3)]
        for curve in reversed(self._curves):  # the new model's on top
            self._plot.addItem(curve)
        set_up_plot(self._plot, percent=True)
        self._plot.setMinimumHeight(90)
        in_column(title, self._legend, (self._plot, 1), spacing=4, margins=0, on=self)
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        color_plot(self._plot, theme)
        for curve, color, width in zip(self._curves, self._colors(), (2.5, 1.5, 1.5), strict=True):
            curve.setPen(pg.mkPen(color, width=width))
            curve.setSymbolPen(None)
            curve.setSymbolBrush(color)
        self._show_legend()

    def show_models(
        self, names: Sequence[str], curves: Sequence[tuple[Mapping[str, Any], str]]
    ) -> None:
        """Draw up to three models, the new one first.

        Args:
            names: Of the models.
            curves: An evaluation's JSON for each, and which of its shares by seconds is meant.
        """
        self._names = names
        longest = 0.0
        told = [*curves, *([({}, "")] * (len(self._curves) - len(curves)))]
        for curve, (evaluation, key) in zip(self._curves, told, strict=True):
            seconds = numbers(evaluation, "accuracy_by_seconds", "seconds")
            shares = numbers(evaluation, "accuracy_by_seconds", key)
            points = list(zip(seconds, shares, strict=False))
            curve.setData([t for t, _ in points], [100.0 * share for _, share in points])
            longest = max([longest, *(t for t, _ in points)])
        self._plot.setXRange(0.0, longest or 1.0, padding=0.02)
        self.setVisible(longest > 0)
        self._show_legend()

    def _colors(self) -> tuple[str, str, str]:
        return current_theme().accent, current_theme().muted, current_theme().amber

    def _show_legend(self) -> None:
        entries = zip(self._colors(), self._names, strict=False)
        self._legend.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                f'<span style="color:{color}">&#9632;</span> {escape(name)}'
                for color, name in entries
            )
        )
