"""A memory without fitting: running means of what a frame shows, as a gated recurrent unit.

What tells activities apart is often how a picture changes, whatever it shows: how much moves, and
how it differs from what was seen before. These are linear in a frame's row and in running means of
it, which a GRU computes with its gates held still: one unit for each number and time constant. A
mean begins with the first frame, not with zero: a unit that is 1 from then on opens the gates.
"""

import math

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.presets import HeadConfig

Array = NDArray[np.float32]

COMPONENTS, MOTION = 96, 48
SHORT, LONG = 0.4, 2.0  # seconds: what a frame is compared with
STIR = 1.0  # seconds over which motion is averaged
WIDTH = 3 * COMPONENTS + 2 * MOTION
"""How many numbers a step is classified by."""

_SHUT = 30.0  # a gate's input at which nothing passes
_SMALL = 1e-3  # so small that tanh is linear


def leaky_head(pool: str, cut: float) -> HeadConfig:
    """Return the configuration of a head with such a memory."""
    return HeadConfig(
        pool=pool,  # type: ignore[arg-type]
        cell="gru",
        hidden=(WIDTH + 1,),
        project=COMPONENTS,
        motion=MOTION,
        cut=cut,
    )


def contrasts(rows: Array, rate: float, cut: float) -> Array:
    """Return what each step is classified by, (T, WIDTH).

    The components; what they differ from their running means by, short and long; the motion, and
    its running mean.

    Args:
        rows: (T, R), from a clip's start.
        rate: Steps per second.
        cut: The similarity below which the means restart.
    """
    components, motion = rows[:, :COMPONENTS], rows[:, COMPONENTS : COMPONENTS + MOTION]
    restarts = rows[:, -1] < np.float32(cut)
    means = [
        _running_mean(values, restarts, seconds, rate)
        for values, seconds in ((components, SHORT), (components, LONG), (motion, STIR))
    ]
    short, long = components - means[0], components - means[1]
    return np.hstack([components, short, long, motion, means[2]])


def memory_arrays(weight: Array, bias: Array, rate: float) -> dict[str, Array]:
    """Return the tensors of recurrent layer and classifier.

    Args:
        weight: (C, WIDTH), of a linear classifier of `contrasts`.
        bias: (C,).
        rate: Steps per second.
    """
    k, m, size = COMPONENTS, MOTION, WIDTH + 1
    source = np.concatenate([np.arange(k)] * 3 + [np.arange(k, k + m)] * 2)
    seconds = np.repeat([0.0, SHORT, LONG, 0.0, STIR], [k, k, k, m, m])
    inputs = np.zeros((3 * size, k + m), np.float32)  # gates r, z and n
    inputs[2 * size + np.arange(WIDTH), source] = _SMALL
    memory = np.zeros((3 * size, size), np.float32)
    biases = np.zeros(3 * size, np.float32)
    biases[size : 2 * size] = -_SHUT
    biases[-1] = _SHUT  # the unit that is 1 from the first step on
    for unit in np.flatnonzero(seconds):
        kept = math.exp(-1 / (seconds[unit] * rate))
        memory[size + unit, -1] = _SHUT + math.log(kept / (1 - kept))
    shown, short, long, moves, stirs = np.split(weight, np.cumsum([k, k, k, m]), axis=1)
    parts = [shown + short + long, -short, -long, moves, stirs, np.zeros((len(weight), 1))]
    return {
        "recurrent.0.weight_ih_l0": inputs,
        "recurrent.0.weight_hh_l0": memory,
        "recurrent.0.bias_ih_l0": biases,
        "recurrent.0.bias_hh_l0": np.zeros_like(biases),
        "classifier.weight": (np.hstack(parts) / np.append(np.full(WIDTH, _SMALL), 1)).astype(
            np.float32
        ),
        "classifier.bias": bias,
    }


def _running_mean(values: Array, restarts: NDArray[np.bool_], seconds: float, rate: float) -> Array:
    kept, means = np.float32(math.exp(-1 / (seconds * rate))), np.empty_like(values)
    mean = values[0]
    for number, step in enumerate(values):
        mean = step if restarts[number] else kept * mean + (1 - kept) * step
        means[number] = mean
    return means
