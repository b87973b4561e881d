"""Negatives that ship: pooled features of clips that show nothing in particular, in low rank.

A model whose data has no negatives of its own is fitted with these. The file of a backbone,
`assets/negatives-BACKBONE.safetensors`, holds a mean and R directions that all clips share, and R
numbers for each of the few steps taken of a clip: enough to lift the step back into the pooled
space (P numbers), far too little to lift it back to a frame. What the directions leave out of a
step is drawn as noise of the size and shape that it had, since a step without it would look
simpler than any real one; a clip's steps share it, since they show one scene. Features are
layer-normalized, as pooling leaves them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from lrcn_desktop.guard import guarded
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.resources import assets_dir

KEY = "lrcn-negatives"
FORMAT = 1
TYPES = {
    "mean": np.float16,  # (P,)
    "directions": np.int8,  # (R, P), orthonormal once scaled
    "scale": np.float32,  # (R,)
    "coefficients": np.float16,  # (M, R)
    "spread": np.float16,  # (P,), the standard deviation of what the directions leave out
    "rest": np.float16,  # (M,), the norm of what they leave out
    "time": np.float32,  # (M,), seconds
    "clip": np.int32,  # (M,)
    "source": np.int32,  # (M,)
}
_FAULT, _ADVICE = "is damaged or is not a file of negatives", "reinstall it"
_EPSILON = 1e-5  # of layer normalization, as PyTorch's

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the features are of.

    Attributes:
        backbone: A key of `FROZEN`.
        digest: `weights_digest` of its weights.
        size: Side of its input in pixels.
        pool: How its maps were pooled (see `HeadConfig`).
        sources: Names of the sources, in the order of their numbers.
        licence: What the clips are and whose, one paragraph.
    """

    backbone: str
    digest: str
    size: int
    pool: str
    sources: tuple[str, ...]
    licence: str


@dataclass(frozen=True, slots=True, eq=False)
class ShippedNegatives:
    """Single steps of negatives, as a head's `pool` gives them.

    Attributes:
        features: float32 (M, P), layer-normalized.
        time: float32 (M,), seconds from the clip's start.
        clip: int32 (M,), which clip a step is of; its steps are together, in the order of time.
        source: int32 (M,), the number of its source.
        origin: What they are of.
    """

    features: NDArray[np.float32]
    time: NDArray[np.float32]
    clip: NDArray[np.int32]
    source: NDArray[np.int32]
    origin: Origin

    def without(self, names: Sequence[str]) -> "ShippedNegatives":
        """Return those of sources with other names: a model may know one as an activity."""
        left_out = {_letters(name) for name in names}
        kept = np.array([_letters(name) not in left_out for name in self.origin.sources], bool)
        rows = kept[self.source]
        arrays = (self.features, self.time, self.clip, self.source)
        features, time, clip, source = (array[rows] for array in arrays)
        return ShippedNegatives(features, time, clip, source, self.origin)


def shipped_negatives(info: ModelInfo) -> ShippedNegatives | None:
    """Return the negatives that ship for a model, without those that it knows as activities.

    Returns:
        None where none ship for its backbone, input, pooling or stream.

    Raises:
        UserError: The file is damaged.
    """
    path = shipped_path(info.backbone.kind)
    frozen = info.backbone.frozen
    if frozen is None or info.stream != "rgb" or not path.is_file():
        return None
    digest = info.backbone_digest or frozen.digest
    origin = read_origin(path)
    if (origin.size, origin.pool) != (info.backbone.size, info.head.pool):
        return None
    if origin.digest != digest:
        return None
    return read_negatives(path).without(info.classes)


def shipped_path(backbone: str) -> Path:
    """Return where the file of a backbone lies, if it ships."""
    return assets_dir() / f"negatives-{backbone}.safetensors"


def read_origin(path: Path) -> Origin:
    """Read what a file of negatives says of itself.

    Raises:
        UserError: It is not such a file; one sentence names the file and the fault.
    """
    with guarded(path, _FAULT, _ADVICE), safe_open(path, "np") as file:
        said = json.loads((file.metadata() or {})[KEY])
        if said.pop("format") != FORMAT:
            raise ValueError("its format is not one that this version knows")
        origin = Origin(**said | {"sources": tuple(said["sources"])})
        texts = (origin.backbone, origin.digest, origin.pool, origin.licence, *origin.sources)
        if not all(isinstance(text, str) for text in texts) or type(origin.size) is not int:
            raise TypeError("a value is of the wrong type")
    return origin


def read_negatives(path: Path, seed: int = 0) -> ShippedNegatives:
    """Read a file of negatives, checking keys, shapes, types, finiteness and numbers.

    Args:
        path: The file.
        seed: Of the noise that stands for what the directions leave out.

    Raises:
        UserError: The file is damaged; one sentence names it and the fault.
    """
    origin = read_origin(path)
    with guarded(path, _FAULT, _ADVICE), safe_open(path, "np") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if fault := _fault(arrays, len(origin.sources)):
            raise ValueError(fault)
        with np.errstate(over="ignore", invalid="ignore"):
            features = _lifted(arrays, seed)
        if not np.isfinite(features).all():
            raise ValueError("its numbers are too large")
    time, clip, source = (arrays[name] for name in ("time", "clip", "source"))
    return ShippedNegatives(features, time, clip, source, origin)


def _lifted(arrays: Arrays, seed: int) -> NDArray[np.float32]:
    """Return the steps in the pooled space, float32 (M, P), layer-normalized."""
    directions = arrays["directions"].astype(np.float32) * arrays["scale"][:, None]
    coefficients = arrays["coefficients"].astype(np.float32)
    clips, which = np.unique(arrays["clip"], return_inverse=True)
    drawn = np.random.default_rng(seed).standard_normal(
        (len(clips), directions.shape[1]), np.float32
    )
    noise = drawn[which]
    noise *= arrays["spread"].astype(np.float32)
    noise -= (noise @ directions.T) @ directions
    size = np.linalg.norm(noise, axis=1, keepdims=True)
    noise *= arrays["rest"].astype(np.float32)[:, None] / np.maximum(size, _EPSILON)
    lifted = arrays["mean"].astype(np.float32) + coefficients @ directions + noise
    lifted -= lifted.mean(1, keepdims=True)
    lifted /= np.sqrt(lifted.var(1, keepdims=True) + _EPSILON)
    result: NDArray[np.float32] = lifted
    return result


def _fault(arrays: Arrays, sources: int) -> str:
    """Return what is wrong with a file's arrays, or ""."""
    if missing := sorted(TYPES.keys() ^ arrays.keys()):
        return f"{missing[0]} is missing or not part of it"
    for name, kind in TYPES.items():
        if arrays[name].dtype != kind:
            return f"{name} is {arrays[name].dtype}, not {np.dtype(kind)}"
    if arrays["directions"].ndim != 2 or arrays["coefficients"].ndim != 2:
        return "directions and coefficients must be matrices"
    (rank, width), steps = arrays["directions"].shape, len(arrays["coefficients"])
    shapes: dict[str, tuple[int, ...]] = {
        "mean": (width,),
        "spread": (width,),
        "scale": (rank,),
        "coefficients": (steps, rank),
        **dict.fromkeys(("rest", "time", "clip", "source"), (steps,)),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            return f"{name} is of shape {arrays[name].shape}, not {shape}"
        if not np.isfinite(arrays[name]).all():
            return f"{name} has values that are not finite numbers"
    if not rank or not width or not steps:
        return "it is empty"
    number = arrays["source"]
    if number.min() < 0 or number.max() >= sources:
        return "a step is of a source that is not listed"
    return ""


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
