"""A trained head in NumPy: what `Head` computes, without PyTorch, for live use on a processor.

A step is some small products of matrices, which cost less than PyTorch's calls around them.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.pooling import Pooling
from lrcn_desktop.model.presets import HeadConfig

Array = NDArray[np.float32]
State = tuple[Array, ...]
"""(h, c) of each LSTM layer or h of each GRU layer, flat, each (H,); where movement is classified,
the fading sum of the motion and of its steps, (M + 1,); with a projection, the running mean of the
pooled features before, (P,). () without any."""

MEMORY = 0.2
"""Seconds that the running mean of the frames before reaches back."""

FARTHEST = 50.0
"""The most that a component is taken for: on training frames its mean square is 1 over all."""


class Steps(NamedTuple):
    """What a head makes of T steps.

    Attributes:
        logits: (T, C).
        rows: (T, R), what the trained layers took; see `Head.pool` and `Projection`.
        state: After the last step.
        frames: (T, C), the logits of the network without memory, where one stands beside it.
        memory: (T, C), those of the network with memory alone, likewise.
    """

    logits: Array
    rows: Array
    state: State
    frames: Array | None = None
    memory: Array | None = None


def head_shapes(
    config: HeadConfig, shape: tuple[int, int, int], classes: int, *, inner: bool = False
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a head's tensors by name, as `Head` has them."""
    found: dict[str, tuple[int, ...]] = {}
    width = config.pooled_width(shape)
    if config.project:
        if not inner:
            found |= {"projection.mean": (width,), "projection.basis": (config.project, width)}
            found["projection.scale"] = (2,)
            if config.motion:
                found["projection.motion_mean"] = (width,)
                found["projection.motion_basis"] = (config.motion, width)
        width = config.project + config.motion
    for number, size in enumerate(config.fc):
        found |= {f"fc.{number}.weight": (size, width), f"fc.{number}.bias": (size,)}
        width = size
    gates = 4 if config.cell == "lstm" else 3
    for number, size in enumerate(config.hidden):
        layer = f"recurrent.{number}"
        found[f"{layer}.weight_ih_l0"] = (gates * size, width)
        found[f"{layer}.weight_hh_l0"] = (gates * size, size)
        found |= {f"{layer}.bias_{part}_l0": (gates * size,) for part in ("ih", "hh")}
        width = size
    found |= {"classifier.weight": (classes, width), "classifier.bias": (classes,)}
    if config.frames:
        beside = head_shapes(config.without_memory(), shape, classes, inner=True)
        found |= {f"frames.{name}": size for name, size in beside.items()}
        found |= {"mix": (3 if config.movement else 2,)} if config.project else {}
    if config.movement:
        found |= {"movement.weight": (classes, config.motion), "movement.bias": (classes,)}
    return found


def mix_weights(config: HeadConfig, arrays: Mapping[str, Array]) -> Array:
    """Return what frames, memory and, where there is one, movement count for in a head's answer."""
    if config.movement:
        weights: Array = np.exp(arrays["mix"])
        return weights
    return softmax(arrays["mix"]) if config.project else np.full(2, 0.5, np.float32)


class HeadArrays:
    """Pooling, fully connected layers, recurrent layers, classifier; see `Head`."""

    def __init__(
        self,
        config: HeadConfig,
        shape: tuple[int, int, int],
        arrays: Mapping[str, Array],
        rate: float = 5.0,
    ) -> None:
        """Use `arrays`, of the shapes of `head_shapes`, for feature maps of `shape`.

        It takes `rate` steps per second.
        """
        self.config, self._shape, self._arrays = config, shape, arrays
        self.set_rate(rate)
        self.pool = Pooling(config.pool, shape)

    def set_rate(self, rate: float) -> None:
        """Take `rate` steps per second from the next one on."""
        self._kept = np.float32(math.exp(-1 / (MEMORY * rate)))
        if self.config.movement:
            self._lingers = np.float32(math.exp(-1 / (self.config.movement * rate)))

    def initial_state(self) -> State:
        """Return the state before the first frame: zeros."""
        parts = 2 if self.config.cell == "lstm" else 1
        sizes = [size for size in self.config.hidden for _ in range(parts)]
        if self.config.movement:
            sizes.append(self.config.motion + 1)
        if self.config.project:
            sizes.append(self.config.pooled_width(self._shape))
        return tuple(np.zeros(size, np.float32) for size in sizes)

    def run(self, features: Array, state: State) -> Steps:
        """Run T steps from `state`.

        Args:
            features: float32 (T, D), D the flattened feature map, channels first.
            state: From `initial_state` or an earlier call; left as it is.
        """
        rows = self.pool(features)
        if self.config.project:
            rows, before = self.project(rows, state[-1])
            state = (*state[:-1], before)
        return self.classify(rows, state)

    def classify(self, rows: Array, state: State) -> Steps:
        """Run T steps from `state` on rows (T, R); see `run`."""
        width = self.config.project or rows.shape[-1]  # of what a frame is without its past
        x = self._connected(rows[:, : width + self.config.motion])
        after: list[Array] = []
        parts = 2 if self.config.cell == "lstm" else 1
        starts = self._cuts(rows)
        for number in range(len(self.config.hidden)):
            before = state[number * parts : (number + 1) * parts]
            x, left = self._recurrent(number, x, before, starts)
            after += left
        memory = logits = self._linear("classifier", x)
        frames: Array | None = None
        if self.config.frames:
            frames = self._linear("frames.classifier", self._connected(rows[:, :width], "frames."))
            weight = mix_weights(self.config, self._arrays)
            logits = weight[0] * frames + weight[1] * memory
        state = (*after, *state[len(after) :])
        if self.config.movement:
            average, sums = self.average_motion(rows, state[-2])
            logits += weight[2] * self._linear("movement", average)
            state = (*state[:-2], sums, state[-1])
        return Steps(logits, rows, state, frames, memory if frames is not None else None)

    def average_motion(self, rows: Array, sums: Array) -> tuple[Array, Array]:
        """Return the running mean of motion (T, M), and the sums after it; see `Head`."""
        first, cut = self.config.project, np.float32(self.config.cut)
        average = np.empty((len(rows), self.config.motion), np.float32)
        for number, row in enumerate(rows):
            if row[-1] >= cut:
                moved = np.append(row[first : first + self.config.motion], np.float32(1))
                sums = self._lingers * sums + moved
            else:
                sums = np.zeros_like(sums)
            average[number] = sums[:-1] / max(sums[-1], np.float32(1e-6))
        return average, sums

    def _cuts(self, rows: Array) -> list[int]:
        """Return the steps before which the memory restarts."""
        if not self.config.project or self.config.cut <= -1:
            return []
        cuts: list[int] = np.flatnonzero(rows[:, -1] < np.float32(self.config.cut)).tolist()
        return cuts

    def _recurrent(
        self, number: int, x: Array, state: State, starts: list[int]
    ) -> tuple[Array, State]:
        run = self._lstm if self.config.cell == "lstm" else self._gru
        outputs = []
        for start, end in pairwise([0, *(s for s in starts if s), len(x)]):
            if start in starts:
                state = tuple(np.zeros_like(part) for part in state)
            y, state = run(number, x[start:end], state)
            outputs.append(y)
        return np.concatenate(outputs), state

    def project(self, pooled: Array, before: Array) -> tuple[Array, Array]:
        """Return rows (T, R) of pooled features (T, P), and their running mean, as `Projection`."""
        changes, similarities, before = self.compare(pooled, before)
        return self.join(pooled, changes, similarities), before

    def join(self, pooled: Array, changes: Array, similarities: Array) -> Array:
        """Return the rows (T, R) of frames (T, P) and of what `compare` gave for them."""
        found = self.components(pooled)
        parts = [found[:, :-1]]
        if self.config.motion:
            basis = self._arrays["projection.motion_basis"]
            moved = changes @ basis.T - self._mean_change
            followed = similarities >= np.float32(self.config.cut)
            scale = self._arrays["projection.scale"][1]
            parts.append(np.clip(moved * scale, -FARTHEST, FARTHEST) * followed[:, None])
        parts += [found[:, -1:], similarities[:, None]]
        return np.concatenate(parts, axis=-1)

    @cached_property
    def _mean_change(self) -> Array:
        """The mean change of a frame, projected (M,)."""
        mean: Array = (
            self._arrays["projection.motion_basis"] @ self._arrays["projection.motion_mean"]
        )
        return mean

    def components(self, pooled: Array) -> Array:
        """Return the principal components (T, K) of frames (T, P), and the norm of the rest."""
        centered = pooled - self._arrays["projection.mean"]
        components = centered @ self._arrays["projection.basis"].T
        rest = np.square(centered).sum(-1) - np.square(components).sum(-1)
        scaled = np.clip(components * self._arrays["projection.scale"][0], -FARTHEST, FARTHEST)
        return np.concatenate([scaled, np.sqrt(np.maximum(rest, 0))[:, None]], axis=-1)

    def compare(self, pooled: Array, before: Array) -> tuple[Array, Array, Array]:
        """Compare frames (T, P) with the running mean of those before them, (P,).

        A frame at a time, since its change is measured against a mean that a cut restarts.

        Returns:
            The absolute change (T, P), the cosine similarity (T,), 0 where there is no frame
            before, and the running mean after the last frame.
        """
        changes, similarities = np.empty_like(pooled), np.empty(len(pooled), np.float32)
        for number, frame in enumerate(pooled):
            norms = np.linalg.norm(frame) * np.linalg.norm(before)
            similarity = np.clip(frame @ before / max(norms, np.float32(1e-6)), -1, 1)
            similarities[number] = similarity
            fresh = similarity < np.float32(self.config.cut) or norms < np.float32(1e-6)
            difference = np.zeros_like(frame) if fresh else frame - before
            np.abs(difference, out=changes[number])
            before = frame - self._kept * difference
        return changes, similarities, before

    def _connected(self, x: Array, part: str = "") -> Array:
        for number in range(len(self.config.fc)):
            x = np.maximum(self._linear(f"{part}fc.{number}", x), 0)
        return x

    def _linear(self, name: str, x: Array) -> Array:
        linear: Array = x @ self._arrays[f"{name}.weight"].T + self._arrays[f"{name}.bias"]
        return linear

    def _gates(self, number: int, x: Array) -> tuple[Array, Array, Array]:
        """Return the input's part of a layer's gates (T, G*H), its weights and bias for h."""
        weight, bias = (
            [self._arrays[f"recurrent.{number}.{kind}_{part}_l0"] for part in ("ih", "hh")]
            for kind in ("weight", "bias")
        )
        return x @ weight[0].T + bias[0], weight[1], bias[1]

    def _lstm(self, number: int, x: Array, before: State) -> tuple[Array, State]:
        gates, weight, bias = self._gates(number, x)
        (h, c), said, size = before, [], len(before[0])
        for row in gates:
            z = row + weight @ h + bias
            opened = _sigmoid(z)  # of the cell's input, too, for which it is not needed: one call
            c = opened[size : 2 * size] * c + opened[:size] * np.tanh(z[2 * size : 3 * size])
            h = opened[3 * size :] * np.tanh(c)
            said.append(h)
        return np.stack(said), (h, c)

    def _gru(self, number: int, x: Array, before: State) -> tuple[Array, State]:
        gates, weight, bias = self._gates(number, x)
        (h,), said = before, []
        for row in gates:
            (r, z, n), (r_h, z_h, n_h) = np.split(row, 3), np.split(weight @ h + bias, 3)
            z = _sigmoid(z + z_h)
            h = (1 - z) * np.tanh(n + _sigmoid(r + r_h) * n_h) + z * h
            said.append(h)
        return np.stack(said), (h,)


def softmax(logits: Array) -> Array:
    """Return the probabilities of logits (..., C)."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities: Array = powers / powers.sum(-1, keepdims=True)
    return probabilities


def _sigmoid(x: Array) -> Array:
    half: Array = np.float32(0.5) * (np.tanh(np.float32(0.5) * x) + 1)  # no power that overflows
    return half
