"""The recording's buttons in the transport bar."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from lrcn_desktop.app.recording.recordings import Kind
from lrcn_desktop.app.widgets.building import in_row
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme


class RecordingControls(QWidget):
    """Save the last seconds, record, record annotated."""

    clicked = Signal(str)  # a Kind
    save_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._running: frozenset[Kind] = frozenset()
        self.save = _button()
        self.save.clicked.connect(self.save_clicked)
        self.raw, self.annotated = _button(), _button()
        layout = in_row(self.save, spacing=8, margins=0, on=self)
        self._kinds: dict[Kind, QToolButton] = {"raw": self.raw, "annotated": self.annotated}
        for kind, button in self._kinds.items():
            button.clicked.connect(lambda _=False, kind=kind: self.clicked.emit(kind))
            layout.addWidget(button)
        self.show_running(frozenset())
        follow_theme(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self.save.setIcon(icon("last-seconds", theme.text))
        self.show_running(self._running)

    def show_running(self, running: frozenset[Kind]) -> None:
        """Offer to stop what runs and to start what does not."""
        self._running = running
        words: dict[Kind, tuple[str, str, str]] = {
            "raw": (self.tr("Record"), self.tr("Stop recording"), self.tr("Ctrl+R")),
            "annotated": (
                self.tr("Record with the bars in the picture"),
                self.tr("Stop the annotated recording"),
                self.tr("Ctrl+Shift+R"),
            ),
        }
        faces: dict[Kind, tuple[str, str]] = {
            "raw": ("record", "stop"),
            "annotated": ("record-annotated", "stop-annotated"),
        }
        for kind, button in self._kinds.items():
            state = kind in running
            button.setAccessibleName(words[kind][state])
            button.setToolTip(f"{words[kind][state]} ({words[kind][2]})")
            button.setIcon(icon(faces[kind][state], current_theme().danger))

    def show_save(self, words: str, *, enabled: bool) -> None:
        """Say what the first button does, and whether it can."""
        self.save.setToolTip(self.tr("{0} (Ctrl+L)").format(words))
        self.save.setAccessibleName(words)
        self.save.setEnabled(enabled)


def _button() -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(20, 20))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to play and pause
    return button
