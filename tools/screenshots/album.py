"""A folder of small pictures."""

import io
from pathlib import Path

from PIL import Image, ImageOps
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QWidget

from lrcn_desktop.files import atomic_write

MOST_BYTES = 150_000
_BITS = (8, 7, 6, 5, 4)  # of each color: fewer where the picture is too large a file


class Album:
    """Saves what widgets show as PNGs, as exact in their colors as fits into `MOST_BYTES`.

    Attributes:
        names: The pictures that were saved, in order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: list[str] = []

    def add(self, name: str, widget: QWidget) -> None:
        """Save what `widget` shows as NAME.png.

        Raises:
            UserError: It cannot be written.
        """
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        widget.grab().save(buffer, "PNG")
        picture = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
        with atomic_write(self._folder / f"{name}.png", "wb") as file:
            file.write(_small(picture))
        self.names.append(name)


def _small(picture: Image.Image) -> bytes:
    data = b""
    for bits in _BITS:
        out = io.BytesIO()
        ImageOps.posterize(picture, bits).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data
