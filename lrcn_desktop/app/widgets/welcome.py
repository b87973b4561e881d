"""What the window shows before anything is open."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from lrcn_desktop.app.widgets.building import (
    STRETCH,
    enlarge,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.illustration import Illustration
from lrcn_desktop.app.widgets.known_activities import KnownActivities
from lrcn_desktop.app.widgets.paint import paint_drop_frame
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

MOST_RECENT = 3
_ROOM_FOR_RECENT = 520  # pixels of height, below which the recent files are left to the menu
_ROOM_FOR_DRAWING = 300
_ROOM_FOR_KNOWN, _ROOM_FOR_BOTH = 600, 700  # for what it knows; and the recent files too
_WIDEST = 520  # pixels of a recent file's line


class Welcome(QWidget):
    """Explains the program in one picture, and offers the ways in and what was opened last.

    Attributes:
        teach: The way to activities of the user's own.
    """

    video_wanted = Signal()
    camera_wanted = Signal()
    stream_wanted = Signal()
    demo_wanted = Signal()
    address_wanted = Signal(str)  # something that was opened before

    def __init__(self) -> None:
        super().__init__()
        self._illustration = Illustration()
        title = enlarge(QLabel(self.tr("Drop a video here")), 1.9)
        sentence = new_label(
            self.tr(
                "See, live, which activity it shows. Everything happens on this computer; "
                "nothing leaves it."
            ),
            "muted",
            wraps=True,
        )
        self._video = new_button(self.tr("Open video"), self.video_wanted, "primary")
        self._camera = new_button(self.tr("Camera"), self.camera_wanted)
        self._stream = new_button(self.tr("Stream"), self.stream_wanted)
        self._demo = new_button(self.tr("Demo"), self.demo_wanted)
        ways = (self._video, self._camera, self._stream, self._demo)
        for button in ways:
            button.setMinimumHeight(38)
            button.setAutoDefault(True)
        buttons = in_row(STRETCH, *ways, STRETCH, spacing=10)
        self._recent = QWidget()
        self._lines = in_column(spacing=2, margins=(0, 14, 0, 0), on=self._recent)
        self._buttons: list[QPushButton] = []
        for label in (title, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._knows = QWidget()
        words = new_label(self.tr("It knows these from the start."), "muted")
        self.teach = new_button(self.tr("Teach it others by a few examples"), style="inline")
        self.teach.setAutoDefault(True)
        in_row(STRETCH, words, self.teach, STRETCH, spacing=2, margins=0, on=self._knows)
        self._known = KnownActivities()
        above = ((None, 4), (self._illustration, 60), 18, title, 4, sentence, 16, buttons, 14)
        recent = (self._recent, 0, Qt.AlignmentFlag.AlignHCenter)
        below = (self._knows, self._known, recent, (None, 5))
        in_column(*above, *below, margins=(36, 20, 36, 20), on=self)
        follow_theme(self._apply_theme)

    @property
    def recent(self) -> list[QPushButton]:
        """The buttons of what was opened last, newest first."""
        return list(self._buttons)

    def set_recent(self, entries: Sequence[tuple[str, str]]) -> None:
        """Offer what was opened last: (what the user reads, its address), newest first."""
        for button in self._buttons:
            self._lines.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for text, address in entries[:MOST_RECENT]:
            metrics = self.fontMetrics()
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _WIDEST - 60)
            button = new_button(
                short.replace("&", "&&"),
                partial(self.address_wanted.emit, address),
                "link",
                name=self.tr("Open {0} again").format(text),
                tip=address,
            )
            button.setAutoDefault(True)
            self._lines.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self._buttons.append(button)
        self._paint_icons()
        self._show_what_fits()

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._video.setIcon(icon("video", theme.on_accent))
        self._camera.setIcon(icon("camera", theme.text))
        self._stream.setIcon(icon("stream", theme.text))
        self._demo.setIcon(icon("demo", theme.text))
        self._paint_icons()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._show_what_fits()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the dashed frame that says: drop it here."""
        paint_drop_frame(self)

    def _paint_icons(self) -> None:
        for button in self._buttons:
            name = "stream" if "://" in button.toolTip() else "video"
            button.setIcon(icon(name, current_theme().muted))

    def _show_what_fits(self) -> None:
        known = self.height() >= _ROOM_FOR_KNOWN
        self._illustration.setVisible(self.height() >= _ROOM_FOR_DRAWING)
        self._knows.setVisible(known)
        self._known.setVisible(known)
        room = _ROOM_FOR_BOTH if known else _ROOM_FOR_RECENT
        self._recent.setVisible(bool(self._buttons) and self.height() >= room)
