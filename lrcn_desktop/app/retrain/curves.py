"""Loss and accuracy by epoch, for training and validation."""

from collections.abc import Mapping
from math import isfinite

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from lrcn_desktop.app.retrain.state import Curve
from lrcn_desktop.app.widgets.building import in_column, in_row, new_label
from lrcn_desktop.app.widgets.plot_setup import color_plot, set_up_plot
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

MOST_EARLIER = 6  # fits whose validation curves stay, faint
_DOTTED = 40  # epochs: up to so many, each is a dot too


class FitPlot(QWidget):
    """One figure of the newest fit, and faintly that of the fits before."""

    def __init__(self, title: str, *, percent: bool) -> None:
        super().__init__()
        self._scale = 100.0 if percent else 1.0
        self.setAccessibleName(title)
        name = new_label(title, "title")
        self._plot = pg.PlotWidget()
        self._plot.setAccessibleName(title)
        self._earlier = [pg.PlotDataItem() for _ in range(MOST_EARLIER)]
        self._training = pg.PlotDataItem(antialias=True)
        self._validation = pg.PlotDataItem(antialias=True)
        for curve in (*self._earlier, self._training, self._validation):
            self._plot.addItem(curve)
        set_up_plot(self._plot, percent=percent)
        self._plot.setLimits(xMin=0.0, minXRange=4.0)
        self._plot.setMinimumHeight(70)
        in_column(name, (self._plot, 1), spacing=2, margins=0, on=self)
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        color_plot(self._plot, theme)
        for curve, color, width in (
            (self._training, theme.muted, 1.5),
            (self._validation, theme.accent, 2.5),
        ):
            curve.setPen(pg.mkPen(color, width=width))
            curve.setSymbolPen(None)
            curve.setSymbolBrush(color)
        for curve in self._earlier:
            curve.setPen(pg.mkPen(_faint(theme), width=1.2))

    def show_fits(self, fits: list[tuple[list[int], list[float], list[float]]]) -> None:
        """Draw fits, the newest last: epochs, training values, validation values of each."""
        *before, newest = fits or [([], [], [])]
        before = before[-MOST_EARLIER:]
        for place, curve in enumerate(self._earlier):
            epochs, _, values = before[place] if place < len(before) else ([], [], [])
            curve.setData(*self._points(epochs, values))
        epochs, training, validation = newest
        for curve, values in ((self._training, training), (self._validation, validation)):
            symbol = "o" if len(epochs) <= _DOTTED else None
            curve.setData(*self._points(epochs, values), symbol=symbol, symbolSize=5)

    def _points(self, epochs: list[int], values: list[float]) -> tuple[list[int], list[float]]:
        known = [(e, self._scale * v) for e, v in zip(epochs, values, strict=True) if isfinite(v)]
        return [epoch for epoch, _ in known], [value for _, value in known]


class Curves(QWidget):
    """The two plots and their legend."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._fit = new_label(style="muted")
        self.loss = FitPlot(self.tr("Loss"), percent=False)
        self.accuracy = FitPlot(self.tr("Accuracy"), percent=True)
        head = in_row((self._fit, 1), self._legend)
        in_column(head, (self.accuracy, 1), (self.loss, 1), spacing=6, margins=0, on=self)
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._show_legend()

    def show_fits(self, fits: Mapping[str, Curve]) -> None:
        """Draw the curves of every fit, the newest last."""
        self._names = list(fits)
        curves = list(fits.values())
        self.loss.show_fits([(c.epochs, c.loss, c.validation_loss) for c in curves])
        self.accuracy.show_fits([(c.epochs, c.accuracy, c.validation_accuracy) for c in curves])
        self._fit.setText(self._names[-1] if self._names else "")
        self._show_legend()

    def _show_legend(self) -> None:
        theme = current_theme()
        entries = [(theme.muted, self.tr("training")), (theme.accent, self.tr("validation"))]
        if len(self._names) > 1:
            entries.append((_faint(theme), self.tr("validation, earlier fits")))
        self._legend.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                f'<span style="color:{color}">&#9632;</span> {name}' for color, name in entries
            )
        )


def _faint(theme: Theme) -> str:
    """Return the accent color, half faded into the panel."""
    accent, panel = QColor(theme.accent), QColor(theme.panel)
    return QColor(
        (accent.red() + panel.red()) // 2,
        (accent.green() + panel.green()) // 2,
        (accent.blue() + panel.blue()) // 2,
    ).name()
