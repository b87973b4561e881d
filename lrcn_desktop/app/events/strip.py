"""The counts of the chosen activities, in one calm line of the window."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.building import as_card, in_row, new_button, new_label
from lrcn_desktop.app.widgets.class_colors import class_color, readable
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme


@dataclass(frozen=True, slots=True)
class Count:
    """How often an activity was seen; `index` is its color's, None where the model lacks it."""

    label: str
    index: int | None
    count: int


class EventStrip(QWidget):
    """Shows counts."""

    reset_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        as_card(self)
        self._shown: tuple[Count, ...] = ()
        self._counts = new_label(wraps=True)
        self._counts.setTextFormat(Qt.TextFormat.RichText)
        self._reset = new_button(
            self.tr("Reset counts"), self.reset_clicked, tip=self.tr("Reset counts")
        )
        in_row((self._counts, 1), self._reset, spacing=16, margins=(14, 6, 6, 6), on=self)
        self._show_or_hide()
        follow_theme(self._apply_theme)

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts on show."""
        return self._shown

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._reset.setIcon(icon("reset", theme.text))
        self._draw()

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show how often each activity was seen; none hides the strip."""
        if tuple(counts) != self._shown:
            self._shown = tuple(counts)
            self._draw()
            self._show_or_hide()

    def _show_or_hide(self) -> None:
        self._counts.setVisible(bool(self._shown))
        self._reset.setVisible(bool(self._shown))
        self.setVisible(bool(self._shown))

    def _draw(self) -> None:
        spaces = "&nbsp;&nbsp;&nbsp;&nbsp; "
        self._counts.setText(spaces.join(self._entry(count) for count in self._shown))
        spoken = (f"{readable(count.label)}: {count.count}" for count in self._shown)
        self._counts.setAccessibleName(self.tr("Counts: {0}").format(", ".join(spoken)))

    def _entry(self, count: Count) -> str:
        known = count.index is not None
        theme = current_theme()
        square = class_color(count.index).name() if count.index is not None else theme.border
        words = html.escape(readable(count.label)).replace(" ", "&nbsp;")
        color = theme.text if known and count.count else theme.muted
        return (
            f'<span style="color:{square}">&#9632;</span>&nbsp;'
            f'<span style="color:{theme.muted}">{words}</span>&nbsp;&nbsp;'
            f'<b style="color:{color}">{count.count}</b>'
        )
