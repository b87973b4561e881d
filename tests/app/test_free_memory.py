"""What was freed goes back to the system."""

import sys

import psutil
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from lrcn_desktop import heaps
from lrcn_desktop.app import free_memory


@pytest.mark.skipif(sys.platform != "linux", reason="the C library's own")
def test_what_lies_free_between_what_is_kept_is_returned(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where pictures come and go, of which some stay."""
    memory = psutil.Process().memory_info
    pictures = [b"\1" * 60_000 for _ in range(1000)]
    kept, most = pictures[::50], memory().rss
    del pictures
    held = memory().rss
    assert most - held < 30e6  # they are between what is kept
    monkeypatch.setattr(free_memory, "EVERY", 1)
    parent = QObject()
    free_memory.keep_returning(parent)
    qtbot.waitUntil(lambda: most - memory().rss > 40e6, timeout=10_000)
    parent.deleteLater()
    assert len(kept) == 20


def test_a_c_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not heaps.share_heaps()
    heaps.return_free()
