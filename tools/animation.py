"""python -m tools.animation FILE: the window on the demo scene, as an animated WebP."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from lrcn_desktop.errors import UserError, exit_status
from lrcn_desktop.files import atomic_write

if TYPE_CHECKING:
    from lrcn_desktop.app.main_window import MainWindow

MOST_BYTES = 1_500_000  # what a README may load
_WIDTH = 800  # pixels
_QUALITIES = (75, 60, 45, 30)  # fewer where the file is too large
_RATE = 5.0  # pictures per second
_PAINTED = 0.2  # seconds in which the window shows what was recognized
_FIRST, _SECONDS = 1.0, 14.0  # of the scene, seconds


def main() -> int:
    """Play the scene without a screen, and without the user's own settings and models."""
    parser = argparse.ArgumentParser("python -m tools.animation", description=__doc__)
    parser.add_argument("file", type=Path, help="where the animation goes (.webp)")
    file: Path = parser.parse_args().file
    with tempfile.TemporaryDirectory(prefix="lrcn-") as work:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = f"{work}/{name.lower()}"
        pictures = list(_pictures(Path(work)))
    data = _animation(pictures)
    with atomic_write(file, "wb") as out:
        out.write(data)
    print(f"{file}: {len(pictures)} pictures, {len(data):,} bytes")
    return 0


def _pictures(work: Path) -> Iterator[Image.Image]:
    """Yield the window at every moment of the animation.

    A file that waits for the recognition is played, so that a slow machine makes the same pictures.
    """
    from PySide6.QtCore import QBuffer, QIODevice  # after the environment, which Qt reads

    from lrcn_desktop.app.main_window import MainWindow
    from lrcn_desktop.app.preferences.recognition_page import EVERY_FRAME
    from lrcn_desktop.app.run import application
    from lrcn_desktop.app.widgets.notices import Notices
    from lrcn_desktop.app.widgets.theme import LIGHT, apply_theme
    from tools.screenshots.clips import write_video
    from tools.screenshots.waiting import wait, wait_for

    app = application()
    apply_theme(app, LIGHT)
    video = work / "demo.mp4"
    write_video(video, _FIRST + _SECONDS + 1.0)
    window = MainWindow("cpu", "demo")
    window.settings.set(EVERY_FRAME, True)
    window.show()
    window.resize(1100, 780)  # whatever the screen
    for slow in (window.places.status, *window.findChildren(Notices)):
        slow.setFixedHeight(0)  # they say how fast this machine is
    try:
        window.open(str(video))
        for number in range(round(_SECONDS * _RATE)):
            time = _FIRST + number / _RATE
            wait_for(partial(_has_seen, window, time), f"second {time:.1f} was recognized")
            capture = window.session.capture
            assert capture is not None
            capture.pause()  # nothing goes on while a slow machine paints
            wait(_PAINTED)
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            window.grab().save(buffer, "PNG")
            capture.play()
            yield Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    finally:
        window.close()


def _has_seen(window: MainWindow, time: float) -> bool:
    live = window.session.live
    prediction = live.latest if live is not None else None
    return prediction is not None and prediction.time >= time


def _animation(pictures: list[Image.Image]) -> bytes:
    """Return the pictures as a WebP that begins again at its end.

    Raises:
        UserError: It is too large for a README.
    """
    width, height = pictures[0].size
    size = (_WIDTH, round(_WIDTH * height / width))
    small = [picture.resize(size, Image.Resampling.LANCZOS) for picture in pictures]
    for quality in _QUALITIES:
        out = io.BytesIO()
        small[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=small[1:],
            duration=round(1000 / _RATE),
            loop=0,
            quality=quality,
            method=6,
        )
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise UserError(f"The animation is larger than {MOST_BYTES:,} bytes.")


if __name__ == "__main__":
    sys.exit(exit_status("animation", main))
