"""From the command line to the window."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lrcn_desktop.app.automation import ScreenshotTimer, StartLines, check_target
from lrcn_desktop.app.display import check_display
from lrcn_desktop.app.faults.crash import crash_record
from lrcn_desktop.app.faults.hooks import hooks
from lrcn_desktop.app.faults.log import log_file, log_folder
from lrcn_desktop.app.free_memory import keep_returning
from lrcn_desktop.app.main_window import CLOSING, MainWindow
from lrcn_desktop.app.preferences.appearance_part import chosen_theme
from lrcn_desktop.app.preferences.preferences_part import first_source
from lrcn_desktop.app.preferences.recognition_page import chosen_device
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.translation import install_translation
from lrcn_desktop.app.widgets.theme import apply_theme
from lrcn_desktop.errors import UserError
from lrcn_desktop.heaps import share_heaps
from lrcn_desktop.kept import delete_kept
from lrcn_desktop.recognition.peak_memory import peak_rss
from lrcn_desktop.signals import ENDING, on_signals
from lrcn_desktop.video.capture import finish_captures

if TYPE_CHECKING:
    from lrcn_desktop.recognition.engines.open import Device


def run(
    source: str | None,
    *,
    model: str | None,
    device: Device,
    screenshot: Path | None,
    seconds: float,
    ready: bool = False,
) -> int:
    """Show the window until it is closed.

    Args:
        source: What to open at once, or None.
        model: The model for every source, by name or path; None: what suits the source.
        device: Where the network runs.
        screenshot: Save there what the window shows, print the status bar's figures, and close.
        seconds: How long before the screenshot, from the first prediction where there is a source.
        ready: Print lines while it starts, the last, "ready", once it recognizes.

    Returns:
        The exit status: 0, or 2 after a sentence on the standard error.

    Raises:
        UserError: What is kept was to be deleted, and cannot be.
    """
    share_heaps()
    try:
        check_display()
        if screenshot is not None:
            check_target(screenshot)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    with log_file() as log, hooks(), crash_record(log_folder()) as crashed:
        status, forget = _show(source, model, device, screenshot, seconds, ready, log, crashed)
    if forget:
        delete_kept()
    return status


def _show(
    source: str | None,
    model: str | None,
    device: Device,
    screenshot: Path | None,
    seconds: float,
    ready: bool,
    log: Path | None,
    crashed: Path | None,
) -> tuple[int, bool]:
    """Return the exit status, and whether all that is kept is to be deleted."""
    app = application()
    settings = Settings()
    translators = install_translation(app, settings)
    if device == "auto":
        device = chosen_device(settings)
    window = MainWindow(device, model, settings)
    returning = keep_returning(window)
    window.faults.report(log, crashed)
    apply_theme(app, chosen_theme(settings))
    if source is None and screenshot is None:
        source = first_source(settings)
    timer = None
    if screenshot is not None:
        timer = ScreenshotTimer(
            window,
            window.document,
            window.live.figures,
            screenshot,
            seconds,
            waits=source is not None,
        )
    if ready:
        shown = window.stage.picture.shown
        StartLines(window, window.document, shown, waits=source is not None)
    app.commitDataRequest.connect(window.end)  # the desktop's session ends
    try:
        with on_signals((signal.SIGINT,), soon(window.close)), on_signals(ENDING, soon(window.end)):
            window.show()
            if source is not None:
                window.open(source)
            app.exec()
    finally:
        returning.stop()
        finish_captures(CLOSING)
        for translator in translators:
            app.removeTranslator(translator)
    if timer is not None and timer.error:
        print(timer.error, file=sys.stderr)
        return 2, False
    if timer is not None and timer.figures is not None:
        print(json.dumps({**asdict(timer.figures), "peak_rss_mb": peak_rss()}))
    return 0, window.privacy.wanted


def soon(call: Callable[[], object]) -> Callable[[], None]:
    """Return what lets the event loop make a call.

    A signal comes between any two steps of Python's, in the middle of a painting too, and closing
    the window there takes from the painter what it paints on.
    """
    return lambda: QTimer.singleShot(0, call)


def application() -> QApplication:
    """Return the process's Qt application, made when there is none."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["lrcn-desktop"])
    app.setApplicationName("lrcn-desktop")
    app.setApplicationDisplayName("")  # else it is put behind every title once more
    app.setDesktopFileName("lrcn-desktop")
    return app
