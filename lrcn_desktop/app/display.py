"""Whether there is a screen to draw on: Qt itself aborts without one, and says little."""

import ctypes
import os
import socket
import sys
from pathlib import Path

import PySide6

from lrcn_desktop.errors import UserError


def check_display() -> None:
    """Raise if Qt has no display to start on.

    Raises:
        UserError: There is no display, it does not answer, or a library that Qt needs is missing.
    """
    if sys.platform != "linux":
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform not in ("", "xcb"):
        return
    if platform == "" and _wayland_answers():
        return
    display = os.environ.get("DISPLAY", "")
    if not display:
        raise UserError(
            "There is no display to open a window on: run this in a desktop session, "
            "or use the analyze command, which needs none."
        )
    _check_library()
    _check_x(display)


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name
    if not name or not path.exists():
        return False
    with socket.socket(socket.AF_UNIX) as wayland:
        return wayland.connect_ex(str(path)) == 0


def _check_library() -> None:
    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():  # a PySide6 of the system's own, whose packages see to that
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        missing = str(error).partition(":")[0]
        raise UserError(
            f"The window needs the library {missing}, which is not installed: on Debian or Ubuntu "
            "run apt install libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 "
            "libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0 libdbus-1-3."
        ) from error


def _check_x(display: str) -> None:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    broken = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if broken:
        raise UserError(
            f"The display {display} does not answer: check DISPLAY, or use the analyze command, "
            "which needs none."
        )
