"""A message across the window that waits for nobody: an error, or something under way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QWidget

from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, follow_theme


class ErrorBanner(QWidget):
    """One sentence that says what went wrong, with a button that closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("error")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 6, 6)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        follow_theme(self._apply_theme)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def show_error(self, sentence: str) -> None:
        """Show `sentence` until it is closed or another takes its place."""
        self._label.setText(sentence)
        self.setAccessibleName(self.tr("Error: {0}").format(sentence))
        self.show()

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._close.setIcon(icon("close", theme.danger))


class ProgressBanner(QWidget):
    """What the window waits for, with a button that gives it up."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(90, 6)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 6, 6)
        layout.setSpacing(12)
        layout.addWidget(self._bar)
        layout.addWidget(self._label, 1)
        layout.addWidget(cancel)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def show_progress(self, sentence: str, share: float | None = None) -> None:
        """Show `sentence` and the share that is done, 0..1; an empty one hides the banner."""
        self._bar.setRange(0, 0 if share is None else 1000)
        self._bar.setValue(round(1000 * (share or 0.0)))
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
