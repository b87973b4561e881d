"""Keys that belong to the control that has the focus, before they are the menus'."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QWidget

_PRESS = frozenset({Qt.Key.Key_Space})
_MOVE = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End})
_KEYS: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, _PRESS),
    (QComboBox, _PRESS),
    (QAbstractItemView, _PRESS | _MOVE),
)


class FocusKeys(QObject):
    """Lets Space press the button that Tab went to, though it is also the key that plays.

    Qt asks the control that has the focus, then its parents up to the window, whether a key is
    theirs and no menu's; most controls do not answer.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Claim a key for the control that has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focus = self._window.focusWidget()
            for kind, keys in _KEYS:
                if isinstance(focus, kind) and event.key() in keys and not event.modifiers():
                    event.accept()
                    return True
        return super().eventFilter(watched, event)
