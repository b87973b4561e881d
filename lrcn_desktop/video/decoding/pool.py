"""Processes that decode, used again: starting one takes as long as decoding a short clip."""

import atexit
import os
import threading
import time

from lrcn_desktop.video.decoding.process import DecoderProcess, niceness

_IDLE = 10.0  # seconds after which all spare processes but one are ended

_lock = threading.Lock()
_spares: list[tuple[DecoderProcess, float]] = []  # and since when they have nothing to do


def acquire() -> DecoderProcess:
    """Return a process that decodes nothing, a spare one or a new one.

    Raises:
        OSError: None can be started.
    """
    wanted = niceness()
    with _lock:
        for spare in reversed(_spares):
            if spare[0].niceness == wanted:
                _spares.remove(spare)
                if spare[0].alive:
                    return spare[0]
                spare[0].end()
    return DecoderProcess()


def release(process: DecoderProcess) -> None:
    """Take a healthy process back that has closed what it decoded."""
    now = time.monotonic()
    with _lock:
        most = os.cpu_count() or 1
        kept = (
            [spare for spare in _spares if now - spare[1] < _IDLE][1 - most :] if most > 1 else []
        )
        surplus = [spare for spare in _spares if spare not in kept]
        _spares[:] = [*kept, (process, now)]
    for spare, _ in surplus:
        spare.end()


def end_spares() -> None:
    """End the processes that have nothing to do."""
    with _lock:
        spares = [process for process, _ in _spares]
        _spares.clear()
    for process in spares:
        process.end()


atexit.register(end_spares)
