"""A few lines of text that can be read and copied, no taller than they are."""

from collections.abc import Iterable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

_FRAME = 24  # pixels above and below the lines


class TextBox(QPlainTextEdit):
    """Shows lines, scrolls where there are many, and hides where there are none."""

    def __init__(self, name: str, most_lines: int, parent: QWidget | None = None) -> None:
        """Be called `name` by screen readers, and be no taller than `most_lines`."""
        super().__init__(parent)
        self._most = most_lines
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)

    def show_lines(self, lines: Iterable[str]) -> None:
        """Show `lines`; a selection is kept where they are those on show."""
        text = "\n".join(lines)
        if text != self.toPlainText():
            self.setPlainText(text)
        count = min(self._most, text.count("\n") + 1)
        self.setFixedHeight(count * self.fontMetrics().lineSpacing() + _FRAME)
        self.setVisible(bool(text.strip()))
