"""A folder of images as something to decode: what is looked at before it is trusted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoding.opening import UnusableError
from lrcn_desktop.video.frame import Frame


@dataclass(frozen=True, slots=True)
class ImagePicture:
    """An image of a folder.

    Attributes:
        frame: The image itself.
        time: In seconds.
        index: Its position.
    """

    frame: Frame
    time: float
    index: int


class ImageFolder:
    """The images of a folder, as `Media` gives a file's pictures.

    Raises:
        UnusableError: There is none that can be read.
    """

    codec, has_sound = "images", False
    lost = 0

    def __init__(self, folder: str) -> None:
        # Here: OpenCV takes long to import, and no file needs it.
        from lrcn_desktop.video.images import ImageFolderSource

        try:
            self._source = ImageFolderSource(folder)
        except UserError as error:
            raise UnusableError("sentence", str(error)) from error
        self.size, self.rate = self._source.size, self._source.rate
        self.duration: float | None = self._source.duration

    def next(self) -> ImagePicture | None:
        """Return the next image, None at the end.

        Raises:
            UnusableError: It cannot be read.
        """
        try:
            frame = self._source.read()
        except UserError as error:
            raise UnusableError("sentence", str(error)) from error
        return None if frame is None else ImagePicture(frame, frame.time, frame.index)

    def seek(self, time: float) -> None:
        """Go on with the image shown at `time` seconds."""
        self._source.seek(time)

    def close(self) -> None:
        """Forget the images."""
        self._source.close()


class ImageConverter:
    """Hands images over as they are."""

    def write(self, frame: Frame, out: NDArray[np.uint8]) -> None:
        """Copy an image into `out`.

        Raises:
            ValueError: It is of another size than the first.
        """
        np.copyto(out, frame.image)
