"""Makes assets/negatives-BACKBONE.safetensors from the cached features of a folder of negatives.

    python tools/shipped_negatives.py CLIPS --backbone lite0 --cache DIR --licence FILE --out FILE

CLIPS is a folder SOURCE/clip whose features `lrcn-desktop train` or `evaluate` has put into the
cache; none is computed here.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.model.shipped_negatives import FORMAT, KEY, TYPES, Origin, read_negatives
from training.data.negatives import load_negatives
from training.data.scan_cache import default_cache
from training.features.cache import FeatureCache
from training.features.kind import FeatureKind, kept_pooled, width_of


def main() -> None:
    """Write the file and print how well it stands for the features."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--backbone", choices=tuple(FROZEN), required=True)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--rate", type=float, default=5.0, help="steps per second of the cache")
    parser.add_argument("--places", type=int, default=2, help="per clip, two steps at each")
    parser.add_argument("--rank", type=int, default=128, help="directions that clips share")
    parser.add_argument("--licence", type=Path, required=True, help="a text file: whose clips")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    preset = next(
        p for p in PRESETS.values() if p.backbone.kind == options.backbone and p.head.frames
    )
    digest = FROZEN[options.backbone].digest
    size, pool = preset.backbone.size, kept_pooled(preset.head.pool)
    dim = width_of(preset.backbone, preset.head, pool)
    kind = FeatureKind(options.backbone, digest, size, options.rate, dim, pool=pool)
    cache = FeatureCache(options.cache, kind)
    clips = load_negatives([options.clips], record=options.cache).clips
    if missing := cache.missing(clips):
        raise UserError(f"The cache lacks {len(missing)} clips, {missing[0].name} first.")
    names = tuple(sorted({clip.group for clip in clips}))
    rows, times, numbers, sources = [], [], [], []
    for number, clip in enumerate(clips):
        features = cache.load(clip)
        at = _places(len(features), options.places)
        rows.append(features[at].astype(np.float32))
        times += [place / options.rate for place in at]
        numbers += [number] * len(at)
        sources += [names.index(clip.group)] * len(at)
    pooled = np.concatenate(rows)
    licence = " ".join(options.licence.read_text("utf-8").split())
    origin = Origin(options.backbone, digest, size, preset.head.pool, names, licence)
    rank = min(options.rank, len(pooled))
    arrays = (np.array(times), np.array(numbers), np.array(sources))
    write_negatives(options.out, pooled, *arrays, origin, rank)
    lifted = read_negatives(options.out).features
    cosine = (pooled * lifted).sum(1) / np.linalg.norm(pooled, axis=1)
    cosine /= np.linalg.norm(lifted, axis=1)
    print(
        f"{options.out}: {len(clips)} clips of {len(names)} sources, {len(pooled)} steps, "
        f"{options.out.stat().st_size / 1e6:.1f} MB; cosine to the features {cosine.mean():.3f}"
    )


def write_negatives(
    path: Path,
    features: NDArray[np.floating[Any]],
    time: NDArray[np.floating[Any]],
    clip: NDArray[np.integer[Any]],
    source: NDArray[np.integer[Any]],
    origin: Origin,
    rank: int,
) -> None:
    """Write single steps of negatives, pooled and layer-normalized, in low rank.

    Args:
        path: The file.
        features: (M, P).
        time: (M,), seconds from the clip's start.
        clip: (M,), which clip a step is of.
        source: (M,), numbers of `origin.sources`.
        origin: What they are of.
        rank: R, at most M.

    Raises:
        UserError: It cannot be written.
    """
    whole = features.astype(np.float64)
    mean = whole.mean(0)
    centred = whole - mean
    # By the products of the rows, of which there are fewer than columns.
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(values)[::-1][:rank]
    directions = vectors[:, order].T @ centred
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    scale = np.abs(directions).max(1) / 127
    whole_numbers = np.rint(directions / scale[:, None]).astype(np.int8)
    rounded = whole_numbers * scale[:, None]
    coefficients = np.linalg.lstsq(rounded.T, centred.T, rcond=None)[0].T
    rest = centred - coefficients @ rounded
    arrays: dict[str, NDArray[Any]] = {
        "mean": mean,
        "directions": whole_numbers,
        "scale": scale,
        "coefficients": coefficients,
        "spread": rest.std(0),
        "rest": np.linalg.norm(rest, axis=1),
        "time": time,
        "clip": clip,
        "source": source,
    }
    about = {"format": FORMAT} | {name: getattr(origin, name) for name in Origin.__slots__}
    typed = {name: np.ascontiguousarray(arrays[name].astype(kind)) for name, kind in TYPES.items()}
    with atomic_write(path, "wb") as file:
        file.write(save(typed, {KEY: json.dumps(about)}))


def _places(steps: int, count: int) -> list[int]:
    """Return the numbers of pairs of successive steps, spread over a clip of so many."""
    firsts = (int((k + 0.5) * steps / count) for k in range(count))
    return sorted({min(first + k, steps - 1) for first in firsts for k in (0, 1)})


if __name__ == "__main__":
    main()
