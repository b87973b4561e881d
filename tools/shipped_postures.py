"""Makes assets/postures-BACKBONE.safetensors: what tells postures apart, whoever takes them.

    python -m tools.shipped_postures --out FILE

Draws random postures (see `drawn_postures`), each by several people in several places, and finds
the directions of their features in which postures differ most, by how much people and places do.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.features import Features
from lrcn_desktop.recognition.teaching.leaky_memory import COMPONENTS
from lrcn_desktop.recognition.teaching.postures import write_postures
from lrcn_desktop.video.frame import Frame
from tools.drawn_postures import draw_movement, perform

PEOPLE = 5  # that take each posture
PHASES = 0.0, 0.33, 0.67, 1.0  # of a movement that are postures to tell apart
_RANK = 350  # principal components in which the discriminants are looked for
_SPHERE = 0.4  # share of a sphere in the covariance of people and places
_POWER = 0.25  # of a direction's ratio, that it counts for
_LEAST = 1e-3  # ratio
_LICENCE = "Drawn by this project's own program: no picture of anybody. MIT, as the program."

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]


def main() -> None:
    """Write the file and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movements", type=int, default=150)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    frames, postures = features_of(options.movements)
    directions, ratios = discriminants(frames, postures, COMPONENTS)
    write_postures(options.out, directions, _LICENCE)
    size = options.out.stat().st_size / 1e6
    print(
        f"{options.out}: {len(directions)} directions of {len(frames)} pictures, {size:.1f} MB; "
        f"between postures / within, first to last: {ratios[0]:.2f} to {ratios[-1]:.2f}"
    )


def features_of(movements: int) -> tuple[Array, NDArray[np.int_]]:
    """Return pooled features (N, P) of pictures, and which posture each shows."""
    engine = Features()
    frames, postures = [], []
    for number in range(movements):
        movement = draw_movement(np.random.default_rng([77, number]))
        for person in range(PEOPLE):
            rng = np.random.default_rng([78, number, person])
            for phase, image in enumerate(perform(movement, PHASES, rng)):
                frames.append(engine.of_frame(Frame(image, 0.0, 0)).astype(np.float16))
                postures.append(number * len(PHASES) + phase)
    return np.stack(frames).astype(np.float32), np.array(postures)


def discriminants(frames: Array, postures: NDArray[np.int_], count: int) -> tuple[Array, Doubles]:
    """Return `count` directions (K, P) that make no vector longer, and the ratio of each.

    The ratio is what postures vary by in a direction, for what people and places vary by.

    Args:
        frames: (N, P).
        postures: (N,), which posture each shows.
        count: K.
    """
    centered = frames - frames.mean(0)
    squares, vectors = np.linalg.eigh(centered @ centered.T)
    kept = slice(-1, -1 - min(_RANK, len(frames) - 1), -1)
    basis = (vectors[:, kept].T @ centered) / np.sqrt(squares[kept])[:, None]
    rows = (centered @ basis.T).astype(np.float64)
    _, which, counts = np.unique(postures, return_inverse=True, return_counts=True)
    means = np.zeros((len(counts), rows.shape[1]))
    np.add.at(means, which, rows)
    means /= counts[:, None]
    away = rows - means[which]
    within = away.T @ away / (len(rows) - len(counts))
    between = means.T @ means / len(counts) - within / counts.mean()
    sphere = np.trace(within) / len(within) * np.eye(len(within))
    whiten = np.linalg.inv(np.linalg.cholesky((1 - _SPHERE) * within + _SPHERE * sphere))
    ratios, turned = np.linalg.eigh(whiten @ between @ whiten.T)
    ratios = np.maximum(ratios[::-1][:count], _LEAST)
    directions = turned[:, ::-1][:, :count].T @ whiten @ basis
    directions *= ratios[:, None] ** _POWER
    directions /= np.linalg.norm(directions, 2)
    return directions.astype(np.float32), ratios


if __name__ == "__main__":
    main()
