"""How often the window looks at what plays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.ticker import QUICK, USUAL


@pytest.mark.parametrize(("rate", "interval"), [(10.0, USUAL), (30.0, USUAL), (60.0, QUICK)])
def test_every_frame_of_a_quick_source_can_be_shown(
    window: MainWindow,
    play: Callable[[MainWindow, str | Path], None],
    write_video: Callable[..., Path],
    rate: float,
    interval: int,
) -> None:
    play(window, write_video("clip.mp4", frames=round(2 * rate), rate=rate))
    assert window.ticker.interval == interval
    assert interval <= 1000 / rate
