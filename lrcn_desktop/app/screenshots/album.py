"""A folder of small pictures."""

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QWidget

from lrcn_desktop.files import atomic_write

MOST_BYTES = 150_000
_NO_DITHER = Image.Dither.NONE
_COLOURS = (None, 256, 128, 64)  # None: all


class Album:
    """Saves what widgets show as PNGs, in as many colours as fit into `MOST_BYTES`.

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
    for colours in _COLOURS:
        out = io.BytesIO()
        few = picture if colours is None else picture.quantize(colours, dither=_NO_DITHER)
        few.save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data
