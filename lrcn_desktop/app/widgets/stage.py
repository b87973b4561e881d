"""The middle of the window: the welcome, or the picture with the bars over it."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from lrcn_desktop.app.widgets.overlay import ProbabilityOverlay
from lrcn_desktop.app.widgets.picture import PictureView
from lrcn_desktop.app.widgets.welcome import Welcome


class Stage(QWidget):
    """Holds the welcome and the picture, and keeps the overlay in the picture's corner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.welcome = Welcome()
        self.picture = PictureView()
        self.overlay = ProbabilityOverlay(self.picture)
        self.picture.placed.connect(self._place_overlay)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.picture)

    def show_welcome(self) -> None:
        """Bring the welcome forward."""
        self._stack.setCurrentWidget(self.welcome)

    def show_picture(self) -> None:
        """Bring the picture forward."""
        self._stack.setCurrentWidget(self.picture)
        self._place_overlay()

    def set_overlay_size(self, size: float) -> None:
        """Draw the overlay `size` times as large as the font asks for."""
        self.overlay.size_factor = size
        self._place_overlay()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the overlay its place in the new size."""
        super().resizeEvent(event)
        self._place_overlay()

    def _place_overlay(self) -> None:
        self.overlay.fit(self.picture.picture_rect() or self.picture.rect())
