"""The one way to open a source of frames."""

import os
import re
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.names import printable
from lrcn_desktop.video.source import Source

_CAMERA = re.compile(r"(?:camera:)?(\d{1,4})(?:@(\d{1,5})x(\d{1,5}))?")
_DEMO = re.compile(r"demo(?::(\d{1,18}))?")


def camera_index(address: str) -> int | None:
    """Return the index of the camera that `address` names, None where it names none."""
    found = _CAMERA.fullmatch(address.strip())
    return int(found[1]) if found else None


def open_source(address: str | os.PathLike[str]) -> Source:
    """Open what `address` names.

    Args:
        address: A video file, a folder of images, a camera ("0", "camera:0", with the size to
            ask it for "0@1280x720"), an `rtsp://`, `http://` or `https://` address, or the drawn
            scene ("demo", "demo:SEED").

    Raises:
        UserError: There is nothing of that kind, or it cannot be read.
    """
    text = os.fspath(address)
    if isinstance(address, str):
        word = text.strip()
        if found := _DEMO.fullmatch(word):
            from lrcn_desktop.video.demo import DemoSource

            return DemoSource(int(found[1] or 0))
        if found := _CAMERA.fullmatch(word):
            from lrcn_desktop.video.camera import CameraSource

            size = (int(found[2]), int(found[3])) if found[2] else None
            return CameraSource(int(found[1]), size)
        if "://" in word:
            from lrcn_desktop.video.stream import StreamSource

            return StreamSource(word)
    path = find_path(text)
    if path is None:
        raise UserError(
            f"There is no video, folder, camera or stream {printable(text.strip())!r}: "
            'give a file, a folder of images, a camera such as "0", '
            'an rtsp:// or http:// address, or "demo".'
        )
    if path.is_dir():
        from lrcn_desktop.video.images import ImageFolderSource

        return ImageFolderSource(path)
    return FileSource(path)


def find_path(text: str) -> Path | None:
    """Return the file or folder of that name, None where there is none.

    A name is taken as it stands, with its blanks and a "~" in front, before it is taken for one
    in the home folder or with blanks around it.
    """
    for name in (text, text.strip()):
        for expand in (False, True):
            try:
                path = Path(name).expanduser() if expand else Path(name)
                if name and path.exists():
                    return path
            except (OSError, RuntimeError, ValueError):  # too long; the home folder of nobody
                continue
    return None
