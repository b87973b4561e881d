"""A few lines of text that can be read and copied, no taller than they are."""

from collections.abc import Iterable

from PySide6.QtWidgets import QPlainTextEdit

_FRAME = 24  # pixels above and below the lines


class TextBox(QPlainTextEdit):
    """Shows lines, scrolls where there are many, and hides where there are none."""

    def __init__(self, name: str, most_lines: int) -> None:
        """Be called `name` by screen readers, and be no taller than `most_lines`."""
        super().__init__()
        self._most = most_lines
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_lines(self, lines: Iterable[str]) -> None:
        """Show `lines`; a selection is kept where they are those on show."""
        text = "\n".join(lines)
        if text != self.toPlainText():
            self.setPlainText(text)
        self._fit()
        self.setVisible(bool(text.strip()))

    def _fit(self) -> None:
        """Be as tall as the lines are, wrapped ones counted."""
        count = min(self._most, max(1, round(self.document().size().height())))
        self.setFixedHeight(count * self.fontMetrics().lineSpacing() + _FRAME)
