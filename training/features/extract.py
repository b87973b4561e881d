"""The features of one clip, as live use would see them."""

from collections.abc import Iterator
from itertools import chain, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.engines.preprocessing import resize
from lrcn_desktop.recognition.step_clock import StepClock, want_steps_only
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.source import Source
from training.data.clip import Clip
from training.features.flow import flow_image
from training.features.kind import FeatureKind

_BATCH = 16  # frames that go to the engine at once: a GPU needs more than one
_MOST_BYTES = 64_000_000  # of them, where there are more than one


class PixelEngine(Engine):
    """Gives the resized frames themselves, for networks whose CNN is trained."""

    name = "pixels"

    def __init__(self, size: int) -> None:
        """Resize to `size` by `size`."""
        self._size, self.dim = size, 3 * size * size

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Map uint8 RGB frames (N, H, W, 3) to whole gray levels 0..255, float32 (N, 3*S*S)."""
        pixels = resize(frames, self._size).transpose(0, 3, 1, 2).reshape(len(frames), -1)
        return pixels.astype(np.float32)


def extract(clip: Clip, engine: Engine, kind: FeatureKind) -> NDArray[np.generic]:
    """Return the features of a clip, (T, D) of `kind.dtype`, one row a step.

    Raises:
        UserError: The clip cannot be decoded or has no frame.
    """
    rows: list[NDArray[np.generic]] = []
    images: list[Image] = []
    held: list[int] = []

    def flush() -> None:
        if images:
            features = kind.of_maps(engine.features(np.stack(images)))
            rows.append(np.repeat(features, held, axis=0))
            images.clear()
            held.clear()

    with clip.open() as source:
        if kind.stream == "rgb":  # the flow needs the frames in between
            want_steps_only(source, kind.rate)
        for image, steps in _steps(clip, source, kind):
            if images and image.shape != images[0].shape:
                flush()
            images.append(image)
            held.append(steps)
            if len(images) == _BATCH or len(images) * image.nbytes > _MOST_BYTES:
                flush()
    flush()
    if not rows:
        raise UserError(f"{clip.name} has no frame: take it out of the data set.")
    return np.concatenate(rows)


def _steps(clip: Clip, source: Source, kind: FeatureKind) -> Iterator[tuple[Image, int]]:
    """Yield each picture that is a step, and how many steps it stands for."""
    clock = StepClock(kind.rate)
    frames = takewhile(lambda f: clip.seconds is None or f.time < clip.seconds, source)
    images = ((_mirrored(f.image) if kind.flip else f.image, f.time) for f in frames)
    before: Image | None = None
    for this, following in pairwise(chain(images, (None,))):
        assert this is not None  # but the last, which is never the first of a pair
        image, time = this
        if steps := clock.advance(time):
            after = following[0] if following is not None else None
            yield image if kind.stream == "rgb" else _motion(before, image, after), steps
        before = image


def _mirrored(image: Image) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


def _motion(before: Image | None, image: Image, after: Image | None) -> Image:
    """Return the flow to the frame after, or else from the one before, or else none.

    Between frames of different sizes there is none.
    """
    if after is not None and after.shape == image.shape:
        return flow_image(image, after)
    if before is not None and before.shape == image.shape:
        return flow_image(before, image)
    return flow_image(image, image)
