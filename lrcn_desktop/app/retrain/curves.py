"""Loss and accuracy by epoch, for training and validation."""

from collections.abc import Mapping
from math import isfinite

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrcn_desktop.app.retrain.state import Curve
from lrcn_desktop.app.widgets.line_plot import PERCENT, Axis, Line, LinePlot
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

MOST_EARLIER = 6  # fits whose validation curves stay, faint
_DOTTED = 40  # epochs: up to so many, each is a dot too
_FEWEST = 4.0  # epochs that are shown, be there fewer

_Fit = tuple[list[int], list[float], list[float]]


class FitPlot(QWidget):
    """One figure of the newest fit, and faintly that of the fits before."""

    def __init__(self, title: str, *, percent: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent = percent
        self._fits: list[_Fit] = []
        self.setAccessibleName(title)
        name = QLabel(title)
        name.setObjectName("title")
        self._plot = LinePlot(Axis(0.0, _FEWEST), PERCENT if percent else Axis(0.0, 1.0))
        self._plot.setAccessibleName(title)
        self._plot.setMinimumHeight(70)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(name)
        layout.addWidget(self._plot, 1)
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self.show_fits(self._fits)

    def show_fits(self, fits: list[_Fit]) -> None:
        """Draw fits, the newest last: epochs, training values, validation values of each."""
        self._fits = fits[-MOST_EARLIER - 1 :]
        theme = current_theme()
        lines = [
            self._line(epochs, values, _faint(theme), 1.2) for epochs, _, values in self._fits[:-1]
        ]
        for epochs, training, validation in self._fits[-1:]:
            dots = len(epochs) <= _DOTTED
            lines.append(self._line(epochs, training, theme.muted, 1.5, dots))
            lines.append(self._line(epochs, validation, theme.accent, 2.5, dots))
        last = max((x for line in lines for x in line.x), default=0)
        highest = max((y for line in lines for y in line.y), default=0.0)
        y = PERCENT if self._percent else Axis(0.0, 1.05 * highest or 1.0)
        self._plot.set_axes(Axis(0.0, max(last, _FEWEST)), y)
        self._plot.show_lines(lines)

    def _line(
        self, epochs: list[int], values: list[float], color: str, width: float, dots: bool = False
    ) -> Line:
        scale = 100.0 if self._percent else 1.0
        known = [(e, scale * v) for e, v in zip(epochs, values, strict=True) if isfinite(v)]
        pen = QPen(QColor(color), width)
        return Line([epoch for epoch, _ in known], [value for _, value in known], pen, dots)


class Curves(QWidget):
    """The two plots and their legend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._fit = QLabel()
        self._fit.setObjectName("muted")
        self._fit.setTextFormat(Qt.TextFormat.PlainText)
        self.loss = FitPlot(self.tr("Loss"), percent=False)
        self.accuracy = FitPlot(self.tr("Accuracy"), percent=True)
        head = QHBoxLayout()
        head.addWidget(self._fit, 1)
        head.addWidget(self._legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.accuracy, 1)
        layout.addWidget(self.loss, 1)
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
                f'<span style="color:{colour}">&#9632;</span> {name}' for colour, name in entries
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
