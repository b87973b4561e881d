"""Errors that nobody caught, wherever they were raised, go to the log."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("lrcn_desktop.uncaught")
_qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextmanager
def hooks() -> Iterator[None]:
    """Log what is raised in a slot, on a thread or while something is destroyed, and Qt's words."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_on_thread
    sys.unraisablehook = _unraisable
    qt_before = qInstallMessageHandler(_qt_message)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
        qInstallMessageHandler(qt_before)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log.critical("an error that nobody caught", exc_info=(kind, error, trace))


def _uncaught_on_thread(args: Any) -> None:  # noqa: ANN401  (threading.ExceptHookArgs, a C type)
    name = args.thread.name if args.thread is not None else "a thread"
    error = args.exc_value or args.exc_type()
    trace = args.exc_traceback
    _log.critical("an error ended %s", name, exc_info=(args.exc_type, error, trace))


def _unraisable(args: Any) -> None:  # noqa: ANN401  (sys.UnraisableHookArgs, a C type)
    text = args.err_msg or "an error while something was destroyed"
    error = args.exc_value or args.exc_type()
    _log.warning("%s: %r", text, args.object, exc_info=(args.exc_type, error, args.exc_traceback))


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
