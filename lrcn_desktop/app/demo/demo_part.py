"""The demo as an ability of the window: it says what is true beside what is recognized."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from lrcn_desktop.app.demo.demo_card import DemoCard
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.model.defaults import is_demo
from lrcn_desktop.recognition.score import score
from lrcn_desktop.video.open import open_source

if TYPE_CHECKING:
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.video.source import Source

_LOOK = 0.25  # seconds between looks


class DemoPart(Part):
    """Shows a card in the side's first tab while the demo plays.

    Attributes:
        card: It.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document = host.document
        self.card = DemoCard()
        self.card.hide()
        self._source: Source | None = None  # one of its own: what plays is another thread's
        self._since = 0.0  # the switch's last change, in seconds of the source
        self._switched: Recognizer | None = None
        self._bars = host.places.now.bars
        host.places.now.add(self.card)
        self.card.memory_switched.connect(self._switch)
        self.card.camera.clicked.connect(lambda: self._trigger("camera"))
        self.card.teach.clicked.connect(lambda: self._trigger("teach"))
        self._document.source_changed.connect(self._show_source)
        host.ticker.every(0, self._say)
        host.ticker.every(_LOOK, self._look)

    def close(self) -> None:
        """Close the scene that the truth is read from."""
        if self._source is not None:
            self._source.close()

    def _show_source(self) -> None:
        self.close()
        there = self._document.capture is not None and is_demo(self._document.address)
        self._source = open_source(self._document.address) if there else None
        self._since = 0.0
        self.card.memory.setChecked(True)
        self.card.setVisible(there)
        self.card.camera.setVisible(self._entry("camera") is not None)
        self.card.teach.setVisible(self._entry("teach") is not None)

    def _say(self) -> None:
        """Say what the headline above says, as soon as it does."""
        if self._source is not None:
            self.card.show_said(self._bars.headline if self._bars.shows_bars else "")

    def _look(self) -> None:
        document, live, source = self._document, self._document.live, self._source
        if source is None or document.capture is None:
            return
        if live is not None and live.recognizer is not self._switched:
            self._switched = live.recognizer
            self.card.memory.setEnabled(live.recognizer.can_do_without_memory)
            live.recognizer.set_memory(wanted=self.card.memory.isChecked())
        position = document.position
        prediction = live.latest if live is not None else None
        at = position if prediction is None else prediction.time
        truth = source.truth_segments(max(at, position) + 0.01)
        if not truth:
            return
        # A slow computer answers to a frame that is gone: the truth is that frame's.
        now = next((label for start, end, label in truth if start <= at < end), truth[-1][2])
        history = document.history
        segments = history.segments() if history is not None else []
        found = score(truth, segments, document.covered, self._since)
        self.card.show_truth(now, found)

    def _switch(self, memory: bool) -> None:
        self._since = self._document.position
        live = self._document.live
        if live is not None:
            live.recognizer.set_memory(wanted=memory)
            live.reset()

    def _entry(self, word: str) -> QAction | None:
        """Return the menu entry that begins with a word or asks for it, None: there is none."""
        menus = self._host.menus
        for menu in (menus.file, menus.models):
            for action in menu.actions():
                text = action.text().replace("&", "").lower()
                if action.menu() is None and word in text:
                    return action
        return None

    def _trigger(self, word: str) -> None:
        if (action := self._entry(word)) is not None:
            action.trigger()
