"""What a clip is to teaching: pooled features of five frames per second, computed once.

They are kept in PROJECT/.features under the name of the clip's content, so that a clip that is
renamed or moved keeps them, and another computer finds them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.arrays import load_array, save_array
from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private
from lrcn_desktop.guard import reason
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS, HeadConfig
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.step_clock import StepClock
from lrcn_desktop.recognition.teaching.sample import Pooled
from lrcn_desktop.recognition.teaching.views import VIEWS, View, draw_view
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame

Array = NDArray[np.float32]

RATE = 5.0
"""Steps per second that features are computed at."""

PRESET = "light"
"""The preset whose backbone, pooling and memory a taught model has."""

BACKBONE = PRESETS[PRESET].backbone
POOL = PRESETS[PRESET].head.pool

_FOLDER = ".features"
_log = logging.getLogger(__name__)

_LONGEST = 3000  # steps of a clip that are used: ten minutes


def open_teaching_engine() -> Engine:
    """Return the fastest engine of the taught models' backbone on this machine.

    Raises:
        UserError: None works.
    """
    from lrcn_desktop.recognition.engines.open import open_engine

    info = ModelInfo(
        "features",
        ("a", "b"),
        PRESET,
        BACKBONE,
        HeadConfig(pool=POOL),
        RATE,
        backbone_digest=FROZEN[BACKBONE.kind].digest,
    )
    return open_engine(ModelFile(info, {}))


class Features:
    """Computes pooled features, one caller at a time, and keeps those of files."""

    def __init__(self, open_engine: Callable[[], Engine] = open_teaching_engine) -> None:
        """Open the engine when it is first needed."""
        self._open = open_engine
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        self._pool = HeadArrays(HeadConfig(pool=POOL), BACKBONE.shape, {})

    @property
    def width(self) -> int:
        """P, how many numbers a step has."""
        return HeadConfig(pool=POOL).pooled_width(BACKBONE.shape)

    @property
    def engine(self) -> Engine:
        """The engine; opening it takes a moment."""
        with self._lock:
            return self._opened()

    def of_frame(self, frame: Frame) -> Array:
        """Return the pooled features of one frame, float32 (P,)."""
        with self._lock:
            features = self._opened().features(frame.image[None])
        pooled: Array = self._pool.pool(features)[0]
        return pooled

    def of_clip(self, path: Path, name: str, project: Path, *, sound: bool = False) -> Pooled:
        """Return the features of a clip, float16 (T, P), computing them at most once.

        They stay on the disk, and are read where they are used.

        Args:
            path: The video file.
            name: Its content's digest.
            project: The project's folder.
            sound: Whether they were found to be undamaged before.

        Raises:
            UserError: It cannot be read as a video, or shows nothing.
        """
        return self._kept(path, name, project, None, sound=sound)

    def of_views(self, path: Path, name: str, project: Path) -> tuple[Pooled, ...]:
        """Return those of `VIEWS` views of a clip, likewise."""
        return tuple(
            self._kept(path, f"{name}-view{number}", project, draw_view(name, number), sound=False)
            for number in range(VIEWS)
        )

    def _kept(
        self, path: Path, name: str, project: Path, view: View | None, *, sound: bool
    ) -> Pooled:
        found = self.stored(project, name, sound=sound)
        if found is None:
            computed: Pooled = self._compute(path, view).astype(np.float16)
            try:
                save_features(project, name, computed)
            except UserError:  # a full disk: they are computed again the next time
                _log.warning("the features of %s cannot be kept", path, exc_info=True)
            found = self.stored(project, name, sound=True)
            if found is None:
                return computed
        return found

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = self._open()
        return self._engine

    def stored(self, project: Path, name: str, *, sound: bool) -> Pooled | None:
        """Return what `of_clip` has kept of a clip, None where that is nothing or is damaged."""
        try:
            kept: NDArray[Any] = load_array(project / _FOLDER / f"{name}.npy")
        except UserError:
            return None
        right = kept.dtype == np.float16 and kept.ndim == 2 and kept.shape[1] == self.width
        if not right or not len(kept) or not (sound or np.isfinite(kept).all()):
            return None
        return kept.astype(np.float16, copy=False)

    def _compute(self, path: Path, view: View | None) -> Array:
        clock, steps = StepClock(RATE), []
        with FileSource(path) as source:
            for frame in source:
                if clock.advance(frame.time):
                    image = frame.image if view is None else view(frame.image)
                    steps.append(self.of_frame(replace(frame, image=image)))
                if len(steps) >= _LONGEST:
                    break
        if not steps:
            raise UserError(f"{path} shows nothing: it has no frame. Delete it and record again.")
        return np.stack(steps)


def save_features(project: Path, name: str, features: Pooled) -> None:
    """Keep features (T, P) of the clip, or of the view of one, of this name.

    Raises:
        UserError: They cannot be written.
    """
    folder = project / _FOLDER
    try:
        make_private(folder)
    except OSError as error:
        raise UserError(f"Cannot make the folder {folder} ({reason(error)}).") from error
    save_array(folder / f"{name}.npy", features.astype(np.float16))
