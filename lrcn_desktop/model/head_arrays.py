"""A trained head in NumPy: what `Head` computes, without PyTorch, for live use on a processor.

A step is some small products of matrices, which cost less than PyTorch's calls around them.
"""

from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.presets import HeadConfig

Array = NDArray[np.float32]
State = tuple[Array, ...]
"""(h, c) of each LSTM layer or h of each GRU layer, flat, each (H,); () without memory."""

_EPSILON = 1e-5  # of the layer normalization, as in PyTorch


def head_shapes(
    config: HeadConfig, shape: tuple[int, int, int], classes: int
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a head's tensors by name, as `Head` has them."""
    found: dict[str, tuple[int, ...]] = {}
    width = config.pooled_width(shape)
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
        beside = head_shapes(config.without_memory(), shape, classes)
        found |= {f"frames.{name}": size for name, size in beside.items()}
    return found


class HeadArrays:
    """Pooling, fully connected layers, recurrent layers, classifier; see `Head`."""

    def __init__(
        self, config: HeadConfig, shape: tuple[int, int, int], arrays: Mapping[str, Array]
    ) -> None:
        """Use `arrays`, of the shapes of `head_shapes`, for feature maps of `shape`."""
        self.config, self._shape, self._arrays = config, shape, arrays
        self._means = _means(*shape[1:])

    def initial_state(self) -> State:
        """Return the state before the first frame: zeros."""
        parts = 2 if self.config.cell == "lstm" else 1
        return tuple(
            np.zeros(size, np.float32) for size in self.config.hidden for _ in range(parts)
        )

    def run(self, features: Array, state: State) -> tuple[Array, State]:
        """Run T steps from `state`.

        Args:
            features: float32 (T, D), D the flattened feature map, channels first.
            state: From `initial_state` or an earlier call; left as it is.

        Returns:
            Logits (T, C) and the state after the last step.
        """
        pooled = self._pool(features)
        x = self._connected(pooled)
        after: list[Array] = []
        parts = 2 if self.config.cell == "lstm" else 1
        for number in range(len(self.config.hidden)):
            before = state[number * parts : (number + 1) * parts]
            x, left = (self._lstm if parts == 2 else self._gru)(number, x, before)
            after += left
        logits = self._linear("classifier", x)
        if self.config.frames:
            beside = self._linear("frames.classifier", self._connected(pooled, "frames."))
            logits = (logits + beside) / np.float32(2)
        return logits, tuple(after)

    def _pool(self, features: Array) -> Array:
        if self.config.pool == "flatten":
            return features
        if self.config.pool == "norm":
            return _layer_norm(features)
        maps = features.reshape(-1, self._means.shape[0])  # a row a channel of a frame
        means = maps @ self._means
        if self.config.pool == "average":
            return _layer_norm(means[:, 4].reshape(len(features), -1))
        highest = np.maximum.reduceat(maps.reshape(-1), np.arange(0, maps.size, maps.shape[1])) / 4
        apart = maps - means[:, 4:]
        deviations = np.sqrt(np.einsum("ij,ij->i", apart, apart) / np.float32(maps.shape[1]))
        parts = (part.reshape(len(features), -1) for part in (means[:, :4], highest, deviations))
        return _layer_norm(np.concatenate([*parts], -1))

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
        (h, c), said = before, []
        for row in gates:
            i, f, g, o = np.split(row + weight @ h + bias, 4)
            c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
            h = _sigmoid(o) * np.tanh(c)
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


def _means(height: int, width: int) -> Array:
    """Return the matrix (height * width, 5) that gives the means of a map's quarters, and its own.

    The quarters are those of adaptive pooling: they share the middle line of an odd side.
    """
    halves = [(slice(0, (side + 1) // 2), slice(side // 2, side)) for side in (height, width)]
    matrix = np.full((height, width, 5), 1 / (height * width), np.float32)
    matrix[..., :4] = 0
    for number, (rows, columns) in enumerate(product(*halves)):
        quarter = matrix[rows, columns, number]
        quarter[:] = 1 / quarter.size
    return matrix.reshape(-1, 5)


def _layer_norm(x: Array) -> Array:
    normalized: Array = (x - x.mean(-1, keepdims=True)) / np.sqrt(
        x.var(-1, keepdims=True) + np.float32(_EPSILON)
    )
    return normalized


def _sigmoid(x: Array) -> Array:
    half: Array = np.float32(0.5) * (np.tanh(np.float32(0.5) * x) + 1)  # no power that overflows
    return half
