"""The number keys while the window teaches: held to record, with Ctrl for the last seconds."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_WRITING = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


class NumberKeys(QObject):
    """Looks at the keys of a window while it is switched on."""

    pressed = Signal(int)  # 0..9
    released = Signal(int)
    last_wanted = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._on, self._held = window, False, -1

    def switch(self, on: bool) -> None:
        """Look at the keys, or no longer."""
        app = QApplication.instance()
        if on == self._on or app is None:
            return
        self._on = on
        (app.installEventFilter if on else app.removeEventFilter)(self)
        if not on and self._held >= 0:
            self._release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take number keys, unless something is being written."""
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate and watched is self._window and self._held >= 0:
            self._release()  # the key's release goes elsewhere
        presses = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
        if kind not in presses or not isinstance(event, QKeyEvent):
            return False
        number = event.key() - Qt.Key.Key_0.value
        if not 0 <= number <= 9 or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._window or isinstance(watched, _WRITING):
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if kind == QEvent.Type.KeyRelease:
            if not event.isAutoRepeat() and number == self._held:
                self._release()
            return number == self._held or event.isAutoRepeat()
        if modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.isAutoRepeat():
            return True
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            self.last_wanted.emit(number)
        elif self._held < 0:
            self._held = number
            self.pressed.emit(number)
        return True

    def _release(self) -> None:
        number, self._held = self._held, -1
        self.released.emit(number)
