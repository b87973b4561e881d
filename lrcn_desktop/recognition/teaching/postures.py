"""What tells postures apart, whoever takes them and wherever: directions that ship.

Few clips show few people, so that a fit to them alone goes by clothes and places too. These are the
linear discriminants (Fisher) of some hundred randomly drawn postures, each taken by several drawn
people in several places; none is of an activity. The file of a backbone is
`assets/postures-BACKBONE.safetensors`; `tools/shipped_postures.py` makes it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

from lrcn_desktop.files import atomic_write
from lrcn_desktop.guard import guarded
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.recognition.teaching.features import BACKBONE, POOL
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS
from lrcn_desktop.resources import assets_dir

Array = NDArray[np.float32]

_KEY, _ARRAY = "lrcn-postures", "directions"
_FORMAT = 1
_FAULT, _ADVICE = "is damaged or is not a file of postures", "reinstall it"


def shipped_path() -> Path:
    """Return where the file of the taught models' backbone lies."""
    return assets_dir() / f"postures-{BACKBONE.kind}.safetensors"


@cache
def shipped_postures() -> Array | None:
    """Return the directions (K, P) for pooled features; None where none ship for the backbone.

    Raises:
        UserError: The file is damaged.
    """
    path = shipped_path()
    return read_postures(path) if path.is_file() else None


def read_postures(path: Path) -> Array | None:
    """Read a file of directions; None where they are for other features.

    Raises:
        UserError: It is damaged; one sentence names it and the fault.
    """
    with guarded(path, _FAULT, _ADVICE), safe_open(path, "np") as file:
        about = json.loads((file.metadata() or {})[_KEY])
        if about["format"] != _FORMAT:
            raise ValueError("its format is not one that this version knows")
        if about["features"] != _features():
            return None
        directions = file.get_tensor(_ARRAY)
        width = HeadConfig(pool=POOL).pooled_width(BACKBONE.shape)
        if directions.dtype != np.float16 or directions.shape != (COMPONENTS, width):
            raise ValueError(f"{_ARRAY} is {directions.dtype} {directions.shape}")
        if not np.isfinite(directions).all():
            raise ValueError(f"{_ARRAY} has values that are not finite numbers")
    found: Array = directions.astype(np.float32)
    return found


def write_postures(path: Path, directions: Array, licence: str) -> None:
    """Write the file of the taught models' backbone.

    Args:
        path: The file.
        directions: (K, P), those that make no vector longer.
        licence: What they are of, one paragraph.

    Raises:
        UserError: It cannot be written.
    """
    about = {"format": _FORMAT, "features": _features(), "licence": licence}
    with atomic_write(path, "wb") as file:
        file.write(save({_ARRAY: directions.astype(np.float16)}, {_KEY: json.dumps(about)}))


def _features() -> list[str | int]:
    """Return what the directions are of: weights, the side of the input in pixels, pooling."""
    return [FROZEN[BACKBONE.kind].digest, BACKBONE.size, POOL]
