"""The demo: an endless drawn scene of activities whose truth is known."""

from lrcn_desktop.video.demo.activities import ACTIVITIES, ORDER_PAIRS
from lrcn_desktop.video.demo.source import DemoSource

__all__ = ["ACTIVITIES", "ORDER_PAIRS", "DemoSource"]
