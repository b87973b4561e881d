"""OpenCV, imported in one place with its side effects undone.

The wheel points Qt at plugins of its own (`QT_QPA_PLATFORM_PLUGIN_PATH`, `QT_QPA_FONTDIR`), which
keeps PySide6 from starting; it lets programs that are started from here look for their libraries
in the current folder (`LD_LIBRARY_PATH`), where a stranger's may lie; and it reports every failed
open on the standard error. All that is settled here, before anything else can import it.
"""

import os

os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
os.environ.setdefault("OPENCV_VIDEOIO_DEBUG", "0")
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")  # seconds; 10 for a dead camera
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**28))  # the largest cameras have 150 M

_libraries = os.environ.get("LD_LIBRARY_PATH")

import cv2  # noqa: E402  (after what it reads, and changes)

if _libraries is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = _libraries
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if "cv2" in os.environ.get(_name, ""):
        del os.environ[_name]

__all__ = ["cv2"]
