"""Messages across a window that wait for nobody: errors, notes, and something under way."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QToolButton, QWidget

from lrcn_desktop.app.widgets.building import as_card, in_row, new_label
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, follow_theme

Kind = Literal["error", "note", "progress"]  # how it looks: the names that the style sheet knows


class Banner(QWidget):
    """One sentence, with a button that closes it and at times another.

    Attributes:
        action: The other button.
    """

    closed = Signal()  # the user closed it

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        as_card(self, kind)
        self._label = new_label(wraps=True, selectable=True)
        self.action = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setAccessibleName(self.tr("Close the message"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.clicked.connect(self._hide)
        close = (self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        in_row((self._label, 1), self.action, close, spacing=12, margins=(14, 6, 6, 6), on=self)
        self.action.hide()
        self.hide()
        follow_theme(self._apply_theme)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def say(
        self, sentence: str, spoken: str = "", *, action: str = "", closes: bool = True
    ) -> None:
        """Show a sentence until it is closed or another takes its place.

        Args:
            sentence: What is to be known.
            spoken: What a screen reader says; "": the sentence.
            action: The words on the other button; "": there is none.
            closes: Whether the user can close it.
        """
        if sentence != self._label.text():
            self._label.setText(sentence)
            self.updateGeometry()
        self.setAccessibleName(spoken or sentence)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.close_button.setVisible(closes)
        self.show()

    def _hide(self) -> None:
        self.hide()
        self.closed.emit()

    def _apply_theme(self, theme: Theme) -> None:
        colors = {"error": theme.danger, "note": theme.amber, "progress": theme.muted}
        self.close_button.setIcon(icon("close", colors[self.objectName()]))


class ErrorBanner(Banner):
    """What went wrong."""

    def __init__(self) -> None:
        super().__init__("error")

    def show_error(self, sentence: str) -> None:
        """Show `sentence` until it is closed or another takes its place."""
        self.say(sentence, self.tr("Error: {0}").format(sentence))


class NoteBanner(Banner):
    """Something is not as it should be, but all goes on; `calm`: it is news, and no warning."""

    def __init__(self, parent: QWidget | None = None, *, calm: bool = False) -> None:
        super().__init__("progress" if calm else "note")
        self._wanted: Callable[[], object] | None = None
        self.action.clicked.connect(self._act)

    @property
    def text(self) -> str:
        """The sentence on show, else empty."""
        return "" if self.isHidden() else super().text

    def show_note(
        self, sentence: str, action: str = "", wanted: Callable[[], object] | None = None
    ) -> None:
        """Show `sentence`, and call `wanted` where the button with the `action` is clicked."""
        self._wanted = wanted
        self.say(sentence, self.tr("Note: {0}").format(sentence), action=action)

    def _act(self) -> None:
        if self._wanted is not None:
            self._wanted()


class ProgressBanner(Banner):
    """What the window waits for, with a button that gives it up."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__("progress")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedSize(90, 6)
        self.action.clicked.connect(self.cancelled)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(0, self._bar)

    def show_progress(self, sentence: str, share: float | None = None) -> None:
        """Show `sentence` and the share that is done, 0..1; an empty one hides the banner."""
        self._bar.setRange(0, 0 if share is None else 1000)
        self._bar.setValue(round(1000 * (share or 0.0)))
        if sentence:
            self.say(sentence, action=self.tr("Cancel"), closes=False)
        else:
            self.hide()
