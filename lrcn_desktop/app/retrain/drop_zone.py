"""The place to drop a folder of clips on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from lrcn_desktop.app.widgets.building import (
    STRETCH,
    enlarge,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.paint import paint_drop_frame


class DropZone(QWidget):
    """Says what a folder should look like, and offers to choose one."""

    choose = Signal()
    demo = Signal()

    def __init__(self) -> None:
        super().__init__()
        title = enlarge(QLabel(self.tr("Drop a folder of clips here")), 1.6)
        text = new_label(
            self.tr(
                "One folder of videos for each activity, ten clips or more, of different people "
                "and places. The clips stay where they are; nothing leaves this computer."
            ),
            "muted",
            wraps=True,
        )
        text.setFixedWidth(37 * text.fontMetrics().height())
        example = new_label(
            "kitchen/stirring/1.mp4\nkitchen/stirring/2.mp4\nkitchen/cutting/1.mp4", "code"
        )
        choose = new_button(self.tr("Choose folder..."), self.choose, "primary")
        tip = self.tr("Clips of the drawn demo scene: to see how training goes")
        demo = new_button(self.tr("Use the demo"), self.demo, tip=tip)
        for button in (choose, demo):
            button.setMinimumHeight(36)
            button.setAutoDefault(True)
        buttons = in_row(STRETCH, choose, demo, STRETCH, spacing=10)
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        example.setAlignment(Qt.AlignmentFlag.AlignLeft)
        middle = Qt.AlignmentFlag.AlignHCenter
        texts = ((title, 0, middle), 8, (text, 0, middle), 16, (example, 0, middle), 20)
        in_column((None, 2), *texts, buttons, (None, 3), margins=(36, 24, 36, 24), on=self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the dashed frame that says: drop it here."""
        paint_drop_frame(self)
