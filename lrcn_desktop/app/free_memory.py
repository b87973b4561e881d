"""What the window has freed goes back to the system.

Its slow calls run on threads that come and go: after an hour of teaching, what lies free in their
heaps is hundreds of megabytes that nobody uses.
"""

from PySide6.QtCore import QObject, QTimer

from lrcn_desktop.heaps import return_free

EVERY = 60_000  # milliseconds; each time takes some ten of them


def keep_returning(parent: QObject) -> QTimer:
    """Return what lies free every minute, until the timer is stopped."""
    timer = QTimer(parent)
    timer.timeout.connect(return_free)
    timer.start(EVERY)
    return timer
