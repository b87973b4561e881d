"""Moving through what plays: frame by frame, by seconds, to its ends, and at another speed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.menus import Needs
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.viewing.go_to import ask_time
from lrcn_desktop.app.widgets.transport import SPEEDS, speed_text
from lrcn_desktop.video.source import Source

_BEYOND = 60.0  # seconds: the end that a file claims may be before its last frame


class PlaybackPart(Part):
    """The entries of the Playback menu that move, and the speed, which each source begins at 1.

    Attributes:
        speed: How many times faster than in life what is not live plays.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._transport = host.document, host.places.transport
        self.speed = 1.0
        self._duration: float | None = None  # as the transport shows it
        self._add_moves()
        self._add_speeds()
        document, menus, transport = self._document, host.menus, self._transport
        for play in (menus.play, transport.play_clicked, host.places.stage.picture.clicked):
            play.connect(document.toggle_play)
        for reset in (menus.reset, transport.reset_clicked):
            reset.connect(document.session.reset)
        transport.sought.connect(document.seek)
        transport.step_clicked.connect(self.step)
        transport.back_clicked.connect(self.step_back)
        transport.speed_chosen.connect(self.set_speed)
        document.source_changed.connect(self._show_source)
        host.ticker.every(0, self._show_state)
        self._show_source()

    def step(self) -> None:
        """Pause and show the next frame."""
        capture = self._document.capture
        if capture is not None:
            capture.pause()
            capture.step()

    def step_back(self) -> None:
        """Pause and show the frame before."""
        capture = self._document.capture
        if capture is not None:
            capture.pause()
            capture.step_back()

    def set_speed(self, speed: float) -> None:
        """Play at `speed`, one of `SPEEDS`."""
        self.speed = speed
        self._transport.set_speed(speed)
        self._choices[speed].setChecked(True)
        capture = self._document.capture
        if capture is not None:
            capture.set_speed(speed)

    def _show_source(self) -> None:
        """Offer what the source can do, and begin at the speed of life."""
        capture, menus = self._document.capture, self._host.menus
        self._transport.setVisible(capture is not None)
        if capture is None:
            menus.set_source(playable=False, seekable=False, live=False)
        else:
            source = capture.source
            menus.set_source(playable=True, seekable=source.seekable, live=source.live)
            self._show_length(source)
        self.set_speed(1.0)

    def _show_state(self) -> None:
        """Show where the source is, and how long as soon as that is known, or known better."""
        capture = self._document.capture
        if capture is None:
            return
        if capture.source.duration != self._duration:
            self._show_length(capture.source)
        self._transport.show_state(capture.position, paused=capture.paused, ended=capture.ended)

    def _show_length(self, source: Source) -> None:
        self._duration = source.duration
        self._transport.set_source(source.duration, seekable=source.seekable, live=source.live)

    def _add_moves(self) -> None:
        menus = self._host.menus
        moves: tuple[tuple[str, Callable[[], object], str, Needs] | None, ...] = (
            (self.tr("&Next frame"), self.step, ".", "file"),
            (self.tr("Pre&vious frame"), self.step_back, ",", "seekable"),
            None,
            (self.tr("&Back 5 seconds"), partial(self._seek_by, -5), "Left", "seekable"),
            (self.tr("&Forward 5 seconds"), partial(self._seek_by, 5), "Right", "seekable"),
            (self.tr("Back a &minute"), partial(self._seek_by, -60), "Shift+Left", "seekable"),
            (self.tr("Forward a m&inute"), partial(self._seek_by, 60), "Shift+Right", "seekable"),
            (self.tr("To &the start"), partial(self._document.seek, 0.0), "Home", "seekable"),
            (self.tr("To the en&d"), self._seek_to_end, "End", "seekable"),
            (self.tr("&Go to time..."), self._ask_time, "Ctrl+G", "seekable"),
        )
        for move in moves:
            if move is None:
                menus.playback.insertSeparator(menus.pace)
            else:
                text, wanted, key, needs = move
                menus.add(menus.playback, text, wanted, key, needs=needs, before=menus.pace)
        menus.playback.insertSeparator(menus.pace)

    def _add_speeds(self) -> None:
        menus = self._host.menus
        menu = QMenu(self.tr("&Speed"), menus.playback)
        menus.playback.insertMenu(menus.pace, menu)
        menus.add(menu, self.tr("&Slower"), partial(self._change_speed, -1), "<", needs="file")
        menus.add(menu, self.tr("&Faster"), partial(self._change_speed, 1), ">", needs="file")
        menu.addSeparator()
        group = QActionGroup(self)
        self._choices = {}
        for speed in SPEEDS:
            action = menus.add(
                menu, speed_text(speed), partial(self.set_speed, speed), needs="file"
            )
            action.setCheckable(True)
            group.addAction(action)
            self._choices[speed] = action

    def _change_speed(self, steps: int) -> None:
        place = SPEEDS.index(self.speed) + steps
        self.set_speed(SPEEDS[max(0, min(place, len(SPEEDS) - 1))])

    def _seek_by(self, seconds: float) -> None:
        capture = self._document.capture
        if capture is not None:
            self._document.seek(capture.position + seconds)

    def _ask_time(self) -> None:
        document = self._document
        ask_time(self._host.window, document.position, document.seek, self._host.show_error)

    def _seek_to_end(self) -> None:
        capture = self._document.capture
        if capture is None:
            return
        if capture.source.duration is None:  # all of it would have to be decoded to find the end
            self._host.show_error(
                self.tr(
                    "{0} does not say how long it is: its end is known once it was played."
                ).format(capture.source.name)
            )
        else:
            capture.seek(capture.source.duration + _BEYOND)
