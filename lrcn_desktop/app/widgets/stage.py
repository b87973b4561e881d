"""The middle of the window: the welcome, or the picture with the bars over it."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from lrcn_desktop.app.widgets.overlay import Corner, ProbabilityOverlay
from lrcn_desktop.app.widgets.picture import PictureView
from lrcn_desktop.app.widgets.welcome import Welcome

_PRESENTED = 560  # pixels of height at which bars that scale with the screen have their usual size


class Stage(QWidget):
    """Holds the welcome and the picture, and keeps the overlay in the picture's corner."""

    def __init__(self) -> None:
        super().__init__()
        self.welcome = Welcome()
        ignored = QSizePolicy.Policy.Ignored
        self.welcome.setSizePolicy(ignored, ignored)  # it shows what there is room for
        self.picture = PictureView()
        self.overlay = ProbabilityOverlay(self.picture)
        self.picture.placed.connect(self.place_overlay)
        self._wanted, self._always, self._beside = True, False, False
        self._size, self._presenting = 1.0, False
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.picture)

    def show_welcome(self) -> None:
        """Bring the welcome forward."""
        self._stack.setCurrentWidget(self.welcome)

    def show_picture(self) -> None:
        """Bring the picture forward."""
        self._stack.setCurrentWidget(self.picture)
        self.place_overlay()

    def set_overlay(self, size: float, corner: Corner, *, wanted: bool, always: bool) -> None:
        """Say how the overlay is to be.

        Args:
            size: How many times as large as the font asks for.
            corner: Of the picture.
            wanted: Whether it may lie over the picture at all.
            always: Whether it does so too while the bars are beside the picture.
        """
        self._size, self.overlay.corner = size, corner
        self._wanted, self._always = wanted, always
        self.place_overlay()

    def set_bars_beside(self, beside: bool) -> None:
        """Say whether the bars are to be seen beside the picture."""
        self._beside = beside
        self.place_overlay()

    def set_presenting(self, presenting: bool) -> None:
        """Let the overlay grow with the picture, so that it is legible from afar."""
        self._presenting = presenting
        self.place_overlay()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the overlay its place in the new size."""
        super().resizeEvent(event)
        self.place_overlay()

    def place_overlay(self) -> None:
        """Fit the bars over the picture to its size."""
        room = self.picture.picture_rect() or self.picture.rect()
        grown = max(1.0, min(room.height(), room.width()) / _PRESENTED) if self._presenting else 1.0
        self.overlay.size_factor = self._size * grown
        self.overlay.setVisible(self._wanted and (self._always or not self._beside))
        self.overlay.fit(self.picture.rect() if self._presenting else room)
