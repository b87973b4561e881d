"""What the window shows before anything is open."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lrcn_desktop.app.icons import app_icon, icon
from lrcn_desktop.app.theme import LIGHT, Theme


class Welcome(QWidget):
    """Says what to do and offers it: drop a video, or open one, a camera or the demo."""

    video_wanted = Signal()
    camera_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(QSize(88, 88)))
        title = QLabel(self.tr("Drop a video here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        font.setBold(True)
        title.setFont(font)
        sentence = QLabel(
            self.tr(
                "See, live, which activity it shows. Everything happens on this computer; "
                "nothing leaves it."
            )
        )
        sentence.setObjectName("muted")
        sentence.setWordWrap(True)
        self._video = QPushButton(self.tr("Open video"))
        self._video.setObjectName("primary")
        self._camera = QPushButton(self.tr("Camera"))
        self._demo = QPushButton(self.tr("Demo"))
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        for button, signal in (
            (self._video, self.video_wanted),
            (self._camera, self.camera_wanted),
            (self._demo, self.demo_wanted),
        ):
            button.setMinimumHeight(38)
            button.setAutoDefault(True)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(36, 28, 36, 28)
        layout.addStretch(2)
        for label, gap in ((picture, 14), (title, 6), (sentence, 22)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
            layout.addSpacing(gap)
        layout.addLayout(buttons)
        layout.addStretch(3)

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self._video.setIcon(icon("video", theme.on_accent))
        self._camera.setIcon(icon("camera", theme.text))
        self._demo.setIcon(icon("demo", theme.text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the dashed frame that says: drop it here."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._theme.border), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 14, 14)
        painter.end()
