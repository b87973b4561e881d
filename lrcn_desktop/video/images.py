"""Folders of images, played as a video."""

import os
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lrcn_desktop.errors import UserError
from lrcn_desktop.guard import guarded
from lrcn_desktop.video.decoder import rgb
from lrcn_desktop.video.frame import Frame, Image
from lrcn_desktop.video.opencv import cv2
from lrcn_desktop.video.source import Source

SUFFIXES = frozenset(
    {".bmp", ".jpeg", ".jpg", ".jp2", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
)
_PNG = b"\x89PNG\r\n\x1a\n"


class ImageFolderSource(Source):
    """The images of a folder (not of folders in it) in natural order: img2 before img10.

    Args:
        path: The folder.
        rate: Images a second.

    Raises:
        UserError: The folder cannot be read, holds no image, or its first image is damaged.
    """

    live = False
    seekable = True

    def __init__(self, path: str | os.PathLike[str], rate: float = 25.0) -> None:
        folder = Path(path).absolute()
        self.name = folder.name
        self.rate = rate
        try:
            found = [entry for entry in folder.iterdir() if _is_image(entry)]
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError(f"The folder {folder} cannot be opened: {reason}.") from error
        if not found:
            raise UserError(f"The folder {folder} holds no images: choose one that does.")
        self._paths = sorted(found, key=lambda entry: natural_key(entry.name))
        self._index = 0
        self.duration = len(self._paths) / rate
        height, width = _load(self._paths[0]).shape[:2]
        self.size = (width, height)

    def read(self) -> Frame | None:
        """Return the next image, or None after the last.

        Raises:
            UserError: The image cannot be read. The next call goes on behind it.
        """
        if self._index >= len(self._paths):
            return None
        index = self._index
        self._index += 1
        return Frame(_load(self._paths[index]), index / self.rate, index)

    def seek(self, time: float) -> None:
        """Continue from the image shown at `time` seconds."""
        index = int(time * self.rate + 1e-6)  # 1e-6: an image's own time finds that image
        self._index = min(max(0, index), len(self._paths) - 1)

    def close(self) -> None:
        """Forget the images."""
        self._paths = []


def natural_key(name: str) -> tuple[tuple[str, int], ...]:
    """Return a sort key that orders digits in a name by their value."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", name.casefold())
    return tuple((text, int(digits) if digits else -1) for text, digits in parts)


def _is_image(path: Path) -> bool:
    hidden = path.name.startswith(".")  # macOS leaves "._name.jpg" beside its copies
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()


def _load(path: Path) -> Image:
    """Return a file's picture as RGB (H, W, 3) uint8, its EXIF orientation applied."""
    try:
        data = np.fromfile(path, np.uint8)  # imread fails on other than ASCII paths on Windows
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"The image {path} cannot be opened: {reason}.") from error
    with guarded(path, "cannot be read as an image", "remove it from the folder or repair it"):
        whole = data.size and not _promises_more(data)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if whole else None
        if image is None:
            raise ValueError("damaged, or of no known format")
    return rgb(image)


def _promises_more(data: npt.NDArray[np.uint8]) -> bool:
    """Return whether a PNG's chunk claims more bytes than the file has.

    OpenCV makes room for as many as a chunk claims, up to gigabytes, before it reads them.
    """
    if data[: len(_PNG)].tobytes() != _PNG:
        return False
    place = len(_PNG)
    while place < data.size:
        length = int.from_bytes(data[place : place + 4].tobytes(), "big")
        place += length + 12  # with the length itself, the chunk's kind and its checksum
    return place > data.size
