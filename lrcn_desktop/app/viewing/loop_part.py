"""Playing a segment again and again."""

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part

_LEAST = 0.3  # seconds that a loop lasts at the least: a seek takes some of them


class LoopPart(Part):
    """Goes back to the start of what is selected whenever its end was played.

    Attributes:
        span: What is played again and again, (start, end) in seconds; None: all is played once.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._view = host.document, host.places.timeline.view
        self.span: tuple[float, float] | None = None
        menus = host.menus
        self._action = menus.add(
            menus.playback,
            self.tr("&Loop the selection"),
            self.toggle,
            "Shift+L",
            needs="seekable",
            before=menus.pace,
        )
        self._action.setCheckable(True)
        host.document.source_changed.connect(self._end)
        host.ticker.every(0, self._look)

    def toggle(self) -> None:
        """Loop what is selected, or no longer."""
        chosen = self._view.selection
        if self.span is not None or not chosen:
            self._end()
            return
        start = chosen[0].start
        self.span = (start, max(start + _LEAST, *(segment.end for segment in chosen)))
        self._action.setChecked(True)
        self._view.show_loop(self.span)
        self._document.seek(start)
        capture = self._document.capture
        if capture is not None and capture.paused:
            self._document.toggle_play()

    def _end(self) -> None:
        self.span = None
        self._action.setChecked(False)
        self._view.show_loop(None)

    def _look(self) -> None:
        capture = self._document.capture
        if self.span is None or capture is None or (capture.paused and not capture.ended):
            return
        start, end = self.span
        if capture.position >= end or capture.ended:
            ended = capture.ended
            self._document.seek(start)
            if ended:
                capture.play()
