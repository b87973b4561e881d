"""The picture, the tabs at its side and the timeline, with edges between them that can be moved."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from lrcn_desktop.app.widgets.building import in_column

HANDLE = 8  # pixels between the parts
_SIDE, _TALL_SIDE, _FOOT = 0.31, 0.36, 0.36  # the most of the length that a part takes by itself
_WIDEST = 34  # heights of the font: the side, before anybody has moved its edge
_ROOMY = 60  # heights of the font: a workbench that high has room for more than the rows
_NARROW, _LOW = 58, 34  # heights of the font: with less there is no room for the side
_LOWEST = 23  # heights of the font: with less there is no room for the foot


class Workbench(QSplitter):
    """Holds the parts; they go below each other where the window is higher than wide.

    Attributes:
        main: The layout of the picture and its controls.
        side: The tabs.
        shares: The side's share and the foot's, 0..1, as they were chosen; 0: nobody has chosen.
    """

    moved = Signal()  # somebody has moved an edge
    arranged = Signal()  # the side was shown or hidden, or another tab is in front

    def __init__(self, foot: QWidget) -> None:
        """Put `foot` below the picture and the side."""
        super().__init__(Qt.Orientation.Vertical)
        self.shares = (0.0, 0.0)
        self._side_wanted = self._foot_wanted = self._always = False
        self._foot = foot
        foot.hide()
        self._upper = QSplitter(Qt.Orientation.Horizontal)
        picture = QWidget()
        self.main = in_column(spacing=8, margins=0, on=picture)
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.setAccessibleName(self.tr("Side panel"))
        self.side.tabBar().setAccessibleName(self.tr("Side panel"))
        self.side.setMinimumWidth(0)
        self.side.hide()
        self.side.currentChanged.connect(lambda _: self.arranged.emit())
        for splitter, parts in ((self._upper, (picture, self.side)), (self, (self._upper, foot))):
            splitter.setHandleWidth(HANDLE)
            splitter.setChildrenCollapsible(False)
            for place, part in enumerate(parts):
                splitter.addWidget(part)
                splitter.setStretchFactor(place, 1 - place)
            splitter.splitterMoved.connect(self._take_shares)

    @property
    def side_shown(self) -> bool:
        """Whether the side is wanted and has room."""
        return not self.side.isHidden()

    def show_side(self, wanted: bool, *, always: bool = False) -> None:
        """Show the side where there is room for it; `always`: though there is little."""
        self._side_wanted, self._always = wanted, always
        self._arrange()

    @property
    def foot_shown(self) -> bool:
        """Whether the foot is wanted and has room."""
        return not self._foot.isHidden()

    def show_foot(self, wanted: bool) -> None:
        """Show the foot where there is room for it."""
        self._foot_wanted = wanted
        self._arrange()

    def lend_foot(self) -> QWidget | None:
        """Give the foot to somebody else, where it is shown, until `take_foot` has it back."""
        return self._foot if self.foot_shown else None

    def take_foot(self) -> None:
        """Have the foot back in its place."""
        if self._foot.parentWidget() is not self:
            self.addWidget(self._foot)
        self._arrange()

    def set_shares(self, side: float, foot: float) -> None:
        """Move the edges."""
        self.shares = (side and min(max(side, 0.12), 0.7), foot and min(max(foot, 0.08), 0.7))
        self._place()

    def move_edges(self, side: float, foot: float) -> None:
        """Give the side and the foot more of the length, or less, as a share of it."""
        now = [_share(splitter) for splitter in (self._upper, self)]
        shares = [
            share + by if by else chosen
            for share, by, chosen in zip(now, (side, foot), self.shares, strict=True)
        ]
        self.set_shares(*shares)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the shares, and turn where the window is higher than wide."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        font = self.fontMetrics().height()
        tall = self.height() > self.width()
        direction = Qt.Orientation.Vertical if tall else Qt.Orientation.Horizontal
        if self._upper.orientation() != direction:
            self._upper.setOrientation(direction)
        room = self.height() >= 2 * _LOW * font if tall else self.width() >= _NARROW * font
        shown = self._side_wanted and (room or self._always)
        foot = self._foot_wanted and self.height() >= _LOWEST * font
        if shown != self.side_shown or foot != self.foot_shown:
            self.side.setVisible(shown)
            self._foot.setVisible(foot)
            self.arranged.emit()
        self._place()

    def _place(self) -> None:
        side, foot = self.shares
        tall = self._upper.orientation() == Qt.Orientation.Vertical
        for splitter, share, length in (
            (self._upper, side, self._upper.height() if tall else self._upper.width()),
            (self, foot, self.height()),
        ):
            own = self._own_foot() if splitter is self else self._own_side(length, tall=tall)
            second = round(share * length) if share else own
            splitter.setSizes([length - second, second])

    def _own_side(self, length: int, *, tall: bool) -> int:
        if tall:
            return round(_TALL_SIDE * length)
        return round(min(_SIDE * length, _WIDEST * self.fontMetrics().height()))

    def _own_foot(self) -> int:
        """Return the height that the rows need, and with more room what stands over them."""
        font = self.fontMetrics().height()
        wanted = self._foot.sizeHint().height()
        extra = 3 * font if self.height() >= _ROOMY * font else 0
        return round(min(wanted + extra, _FOOT * self.height()))

    def _take_shares(self) -> None:
        """Keep what was moved; what nobody has moved stays as it is by itself."""
        side, foot = self.shares
        first, second = self._upper.sizes()
        if self.sender() is self._upper and first + second:
            side = second / (first + second)
        first, second = self.sizes()
        if self.sender() is self and first + second:
            foot = second / (first + second)
        self.shares = (side, foot)
        self.moved.emit()


def _share(splitter: QSplitter) -> float:
    """Return the second part's share of a splitter's length."""
    first, second = splitter.sizes()
    return second / max(first + second, 1)
