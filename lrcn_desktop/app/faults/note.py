"""A note across the window: something is not as it should be, but all goes on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, follow_theme


class NoteBanner(QWidget):
    """One sentence, with a button that closes it and at times another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wanted: Callable[[], object] | None = None
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setAccessibleName(self.tr("Close the note"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 6, 6)
        layout.setSpacing(12)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        follow_theme(self._apply_theme)

    @property
    def text(self) -> str:
        """The sentence on show, else empty."""
        return "" if self.isHidden() else self._label.text()

    def show_note(
        self, sentence: str, action: str = "", wanted: Callable[[], object] | None = None
    ) -> None:
        """Show `sentence` until it is closed or another takes its place.

        Args:
            sentence: What is to be known.
            action: The text of a button; empty: there is none.
            wanted: Called when that is clicked.
        """
        self._label.setText(sentence)
        self.setAccessibleName(self.tr("Note: {0}").format(sentence))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._wanted = wanted
        self.show()

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._close.setIcon(icon("close", theme.amber))

    def _act(self) -> None:
        if self._wanted is not None:
            self._wanted()
