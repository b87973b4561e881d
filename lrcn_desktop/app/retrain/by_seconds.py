"""How right models are after so many seconds: what matters live."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lrcn_desktop.app.retrain.figures import numbers
from lrcn_desktop.app.widgets.line_plot import PERCENT, Axis, Line, LinePlot
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

_WIDTHS = (2.5, 1.5, 1.5)  # pixels, the new model's first


class BySeconds(QWidget):
    """A curve a model, in the colors of the bars beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        title = QLabel(self.tr("Accuracy by the mean, over seconds watched"))
        title.setObjectName("title")
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._plot = LinePlot(Axis(0.0, 1.0), PERCENT)
        self._plot.setAccessibleName(title.text())
        self._plot.setMinimumHeight(90)
        self._points: list[tuple[list[float], list[float]]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self._legend)
        layout.addWidget(self._plot, 1)
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._draw()
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
        self._points = []
        for evaluation, key in curves:
            seconds = numbers(evaluation, "accuracy_by_seconds", "seconds")
            shares = numbers(evaluation, "accuracy_by_seconds", key)
            known = list(zip(seconds, shares, strict=False))
            self._points.append(([t for t, _ in known], [100.0 * share for _, share in known]))
        longest = max((t for times, _ in self._points for t in times), default=0.0)
        self._plot.set_axes(Axis(0.0, longest or 1.0), PERCENT)
        self.setVisible(longest > 0)
        self._draw()
        self._show_legend()

    def _draw(self) -> None:
        lines = [
            Line(times, shares, QPen(QColor(colour), width), dots=True)
            for (times, shares), colour, width in zip(
                self._points, self._colours(), _WIDTHS, strict=False
            )
        ]
        self._plot.show_lines(lines[::-1])  # the new model's on top

    def _colours(self) -> tuple[str, str, str]:
        return current_theme().accent, current_theme().muted, current_theme().amber

    def _show_legend(self) -> None:
        entries = zip(self._colours(), self._names, strict=False)
        self._legend.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                f'<span style="color:{colour}">&#9632;</span> {escape(name)}'
                for colour, name in entries
            )
        )
