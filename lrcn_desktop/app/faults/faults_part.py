"""The window's part for what fails: lost sources, a graphics card, the program itself."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.app.faults.log import log_folder
from lrcn_desktop.app.faults.loss_note import LossNote
from lrcn_desktop.app.faults.report import FaultReporter
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.app.widgets.window import show_outside

if TYPE_CHECKING:
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.video.loss import Loss


class FaultsPart(Part):
    """Says what is lost and what took its place, while the window goes on.

    Attributes:
        loss: The note over the picture.
        note: The note across the window.
        reporter: Shows the program's own errors, once `report` was called.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._picture = host.document, host.places.stage.picture
        self.loss = LossNote(self._picture)
        self.note = NoteBanner()
        self.reporter: FaultReporter | None = None
        self._told: Recognizer | None = None  # whose card's failure was reported
        host.places.add_notice(self.note)
        host.menus.add(host.menus.help, self.tr("Show &log"), self._show_log)
        host.menus.dismiss.connect(self.note.hide)
        host.ticker.every(0, self._look)

    def report(self, log: Path | None, crashed: Path | None) -> None:
        """Show every unexpected error from now on.

        Args:
            log: The file that they are logged to, or None.
            crashed: What a crash of the last session left, or None.
        """
        self.reporter = FaultReporter(self._host.window, log)
        self.reporter.sentence.connect(self._host.show_error)
        logging.getLogger().addHandler(self.reporter.handler)
        if crashed is not None:
            self.note.show_note(
                self.tr("LRCN Desktop crashed last time. Details: {0}").format(crashed),
                self.tr("Show"),
                partial(show_outside, crashed),
            )

    def close(self) -> None:
        """Show nothing more; the log goes on."""
        if self.reporter is not None:
            logging.getLogger().removeHandler(self.reporter.handler)
            self.reporter.close()

    def _look(self) -> None:
        """Look whether pictures come and whether the graphics card still works."""
        capture = self._document.capture
        self._show_loss(capture.loss if capture is not None else None)
        self._look_at_device()

    def _show_loss(self, loss: Loss | None) -> None:
        if loss is None:
            self.loss.show_loss("", "")
            return
        capture = self._document.capture
        assert capture is not None
        lost, waiting = {
            "unplugged": (
                self.tr("{0} was unplugged"),
                self.tr("Waiting for it to come back, {0}"),
            ),
            "silent": (
                self.tr("{0} sends no picture"),
                self.tr("Waiting for it to continue, {0}"),
            ),
            "ended": (
                self.tr("The connection to {0} is lost"),
                self.tr("Connecting again, {0}"),
            ),
        }[loss.kind]
        away = clock(loss.seconds)
        self.loss.fit(self._picture.rect(), self._picture.picture_rect())
        self.loss.show_loss(lost.format(capture.source.name), waiting.format(away))

    def _look_at_device(self) -> None:
        recognizer = self._document.recognizer
        if recognizer is None or recognizer.failure is None or recognizer is self._told:
            return
        self._told = recognizer
        self._host.places.status.set_model(recognizer.model_name, recognizer.device)
        self.note.show_note(
            self.tr(
                "The graphics card ran out of memory: recognition continues, slower, on the "
                "processor"
            )
            if recognizer.failure == "out of memory"
            else self.tr(
                "The graphics card failed: recognition continues, slower, on the processor"
            )
        )

    def _show_log(self) -> None:
        if self.reporter is not None:
            self.reporter.show_log()
        else:
            show_outside(log_folder())
