"""The line under the timeline: how many corrections, where they are, and what to do with them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.widgets.building import in_row, new_button, new_label


class ReviewStatus(QWidget):
    """Says how the review stands; hidden until there is one."""

    give_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label = new_label(style="muted")
        self.give = new_button(
            self.tr("Train on corrections"),
            self.give_clicked,
            "small",
            tip=self.tr(
                "Cuts the segments that you set or confirmed out of the video, as clips to train "
                "with, and opens Retrain."
            ),
        )
        in_row((self._label, 1), self.give, spacing=12, margins=(2, 0, 0, 0), on=self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str, *, can_give: bool) -> None:
        """Show `text`; an empty one hides the line."""
        self._label.setText(text)
        self.give.setVisible(can_give)
        self.setVisible(bool(text))
