"""What the window relies on in PySide6 itself."""

import sys

import pytest
from PySide6.QtGui import QColor, QPen

CALLS = 10_000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_call_that_returns_nothing_leaves_none_alone() -> None:
    """PySide6 6.12.0 loses a reference at each call, and the program dies within a minute."""
    pen, color = QPen(), QColor("red")
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        pen.setColor(color)
    assert abs(sys.getrefcount(None) - before) < CALLS / 100  # other threads come and go
