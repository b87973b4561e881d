"""Features of clips, computed once and kept on disk.

What a head pools is kept pooled; whole maps that an earlier version kept serve too.

A cache folder holds `features.json` (what made the features), `index.csv` (see
`training.features.folder`) and one array file a clip, (T, D). A clip's file is named by the digest
of its content, so that a renamed clip is found again and a changed one is not mistaken. A file
appears under its name only when it is whole; two runs may fill one folder at the same time.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.arrays import load_array, save_array
from lrcn_desktop.errors import UserError
from lrcn_desktop.files import make_private, write_json
from lrcn_desktop.recognition.engines.engine import Engine
from training.data.clip import Clip
from training.features.extract import extract
from training.features.kind import FeatureKind

ABOUT = "features.json"
_STALE = 24 * 3600.0  # seconds after which nobody writes on at a temporary file


class FeatureCache:
    """One folder of features of one kind."""

    def __init__(self, root: Path, kind: FeatureKind) -> None:
        """Open or make the folder of `kind` under `root`.

        Raises:
            UserError: It cannot be written.
        """
        self.folder, self.kind = root / kind.folder, kind
        self._whole = root / kind.whole.folder
        self._digests: dict[str, str] = {}  # a drawn clip's takes a while
        try:
            make_private(self.folder)
        except OSError as error:
            raise UserError(f"Cannot make the folder {self.folder}: {error.strerror}.") from error
        _remove_stale(self.folder)
        if not (self.folder / ABOUT).exists():
            write_json(self.folder / ABOUT, asdict(kind))

    def digest(self, clip: Clip) -> str:
        """Return the digest of a clip's content."""
        if clip.name not in self._digests:
            self._digests[clip.name] = clip.digest()
        return self._digests[clip.name]

    def path(self, clip: Clip) -> Path:
        """Return where the features of `clip` are kept."""
        return self.folder / f"{self.digest(clip)[:32]}.npy"

    def missing(self, clips: Sequence[Clip]) -> list[Clip]:
        """Return the clips whose features are still to be computed."""
        return [clip for clip in clips if not self.path(clip).exists()]

    def undecoded(self, clips: Sequence[Clip]) -> list[Clip]:
        """Return those of `clips` of which no features are here, nor whole maps to pool."""
        folders = {self.folder, self._whole}
        return [c for c in clips if not any((f / self.path(c).name).exists() for f in folders)]

    def fill(
        self, clips: Sequence[Clip], engine: Engine
    ) -> Iterator[tuple[Clip, UserError | None]]:
        """Compute what is missing, yielding each clip, and why it has no features if it has none.

        Raises:
            UserError: The disk is full or write-protected.
        """
        for clip in clips:
            if self.path(clip).exists():  # a run beside this one was here first
                yield clip, None
                continue
            try:
                features = self._pooled_before(clip)
                if features is None:
                    features = extract(clip, engine, self.kind)
            except UserError as error:
                yield clip, error
                continue
            save_array(self.path(clip), features)
            yield clip, None

    def _pooled_before(self, clip: Clip) -> NDArray[np.generic] | None:
        """Return the features of `clip` by whole maps that are here; None: there are none."""
        path = self._whole / self.path(clip).name
        if not self.kind.pool or not path.exists():
            return None
        with suppress(UserError):  # damaged: it is decoded again
            return self.kind.of_maps(load_array(path))
        return None

    def load(self, clip: Clip) -> NDArray[np.generic]:
        """Return the features of `clip`, (T, D), mapped and not read.

        Raises:
            UserError: The file is damaged.
        """
        path = self.path(clip)
        features = load_array(path)
        if features.ndim != 2:
            raise UserError(f"{path} holds no features: delete it, and it is made again.")
        return features

    def labels(self, clip: Clip) -> list[str]:
        """Return the activity at each of the clip's steps."""
        return clip.labels([step / self.kind.rate for step in range(len(self.load(clip)))])


def _remove_stale(folder: Path) -> None:
    """Remove what killed processes left half written; younger files may be another run's."""
    for left in folder.glob(".*.part"):
        with suppress(OSError):  # it is gone, or another's: that is well too
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
