"""What ships of the clips that a model was trained on, so that activities can be added to it.

Two steps of each clip, each as the model itself sees it: some hundred numbers, of which no picture
can be made. The file of a model is `assets/examples-MODEL.safetensors`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.recognition.teaching.watching import Watched
from lrcn_desktop.resources import assets_dir

Array = NDArray[np.float32]

_KEY = "lrcn-examples"
_FORMAT = 1
_TYPES = {
    "inputs": np.float16,  # (M, K + L), principal components and the running mean of the motion
    "rest": np.float16,  # (M,), what the components leave out
    "logits": np.float16,  # (M, C), of the model
    "label": np.int32,  # (M,)
    "clip": np.int32,  # (M,)
}


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Steps of the clips that a model was trained on.

    Attributes:
        watched: What the model sees of them.
        label: int32 (M,), the numbers of the model's activities.
        clip: int32 (M,), which clip a step is of.
    """

    watched: Watched
    label: NDArray[np.int32]
    clip: NDArray[np.int32]


def shipped_examples(model: ModelFile) -> Examples | None:
    """Return what ships of the clips that a model was trained on; None where nothing does.

    Raises:
        UserError: The file is damaged.
    """
    wanted = fingerprint(model)
    for path in sorted(assets_dir().glob("examples-*.safetensors")):
        try:
            with safe_open(path, "np") as file:
                about = json.loads((file.metadata() or {})[_KEY])
                if about["format"] != _FORMAT or about["model"] != wanted:
                    continue
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise _damaged(path, error) from error
        if fault := _fault(arrays, model):
            raise _damaged(path, fault)
        single = (arrays[name].astype(np.float32) for name in ("inputs", "rest", "logits"))
        return Examples(Watched(*single), arrays["label"], arrays["clip"])
    return None


def write_examples(path: Path, model: ModelFile, examples: Examples, licence: str) -> None:
    """Write the file of a model.

    Args:
        path: The file.
        model: The model that was trained on the clips.
        examples: Steps of these.
        licence: What the clips are and whose, one paragraph.

    Raises:
        UserError: It cannot be written.
    """
    about = {"format": _FORMAT, "model": fingerprint(model), "licence": licence}
    watched = examples.watched
    arrays: dict[str, NDArray[Any]] = {
        "inputs": watched.inputs,
        "rest": watched.rest,
        "logits": watched.logits,
        "label": examples.label,
        "clip": examples.clip,
    }
    typed = {name: np.ascontiguousarray(arrays[name].astype(kind)) for name, kind in _TYPES.items()}
    with atomic_write(path, "wb") as file:
        file.write(save(typed, {_KEY: json.dumps(about)}))


def fingerprint(model: ModelFile) -> str:
    """Return what tells a model's numbers from another's, 32 hexadecimal digits."""
    found = hashlib.sha256()
    for name, array in sorted(model.head_arrays().items()):
        found.update(name.encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]


def _fault(arrays: Mapping[str, NDArray[Any]], model: ModelFile) -> str:
    """Return what is wrong with a file's arrays, or ""."""
    if missing := sorted(_TYPES.keys() ^ arrays.keys()):
        return f"{missing[0]} is missing or not part of it"
    head, classes = model.info.head, len(model.info.classes)
    steps = len(arrays["label"]) if arrays["label"].ndim == 1 else 0
    shapes = {"inputs": (steps, head.project + head.motion), "logits": (steps, classes)}
    for name, kind in _TYPES.items():
        if arrays[name].dtype != kind or arrays[name].shape != shapes.get(name, (steps,)):
            return f"{name} is {arrays[name].dtype} {arrays[name].shape}"
        if not np.isfinite(arrays[name]).all():
            return f"{name} has values that are not finite numbers"
    if set(np.unique(arrays["label"]).tolist()) != set(range(classes)):
        return "an activity has no example"
    return ""


def _damaged(path: Path, fault: object) -> UserError:
    text = "".join(char if char.isprintable() else " " for char in str(fault)[:200])
    return UserError(f"{path} is damaged or is not a file of examples ({text}): reinstall it.")
