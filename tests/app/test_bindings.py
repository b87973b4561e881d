"""What the window relies on in PySide6 itself."""

import sys

import pytest
from PySide6.QtGui import QColor, QPen


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_call_that_returns_nothing_leaves_none_alone() -> None:
    """PySide6 6.12.0 drops a reference at each: the program dies within a minute."""
    pen, colour = QPen(), QColor("red")
    before = sys.getrefcount(None)
    for _ in range(1000):
        pen.setColor(colour)
    assert sys.getrefcount(None) > before - 500
