"""The trained part of a recognizer: features of frames in, class logits out, state explicit."""

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, layer_norm

from lrcn_desktop.model.presets import HeadConfig

State = tuple[Tensor, ...]
"""(h, c) of each LSTM layer or h of each GRU layer, flat, each (1, B, H); () without memory."""


class Head(nn.Module):
    """Pooling, fully connected layers, recurrent layers, classifier.

    The recurrent layers have one bias vector a gate, as in Keras and in the paper: PyTorch's
    second one is held at zero.
    """

    def __init__(self, config: HeadConfig, shape: tuple[int, int, int], classes: int) -> None:
        """Build an untrained head for feature maps of `shape` (channels, height, width)."""
        super().__init__()
        self.config, self.shape = config, shape
        width_in = config.pooled_width(shape)
        self.dropout = nn.Dropout(config.dropout)
        self.fc = nn.ModuleList()
        for size in config.fc:
            self.fc.append(nn.Linear(width_in, size))
            width_in = size
        self.recurrent = nn.ModuleList()
        width_out = width_in
        for size in config.hidden:
            kind = nn.LSTM if config.cell == "lstm" else nn.GRU
            layer = kind(width_out, size, batch_first=True)
            for name, parameter in layer.named_parameters():
                if name == "bias_hh_l0":
                    nn.init.zeros_(parameter).requires_grad_(False)
            self.recurrent.append(layer)
            width_out = size
        self.classifier = nn.Linear(width_out, classes)
        self.frames: Head | None = None
        if config.frames:
            self.frames = Head(config.without_memory(), shape, classes)

    def initial_state(self, batch: int = 1) -> State:
        """Return the state before the first frame: zeros."""
        parts = 2 if self.config.cell == "lstm" else 1
        weight = self.classifier.weight
        return tuple(
            weight.new_zeros(1, batch, size) for size in self.config.hidden for _ in range(parts)
        )

    def pool(self, features: Tensor) -> Tensor:
        """Map features (B, T, D) to what of them is used, (B, T, P); nothing in it is trained."""
        if self.config.pool == "flatten":
            return features
        if self.config.pool == "norm":
            return layer_norm(features, features.shape[-1:])
        maps = features.reshape(-1, *self.shape)
        if self.config.pool == "average":
            pooled = maps.mean((-2, -1))
        else:
            quarters = adaptive_avg_pool2d(maps, 2).flatten(1)
            # A quarter brings the maxima to the size of the others.
            parts = quarters, maps.amax((-2, -1)) / 4, maps.std((-2, -1), correction=0)
            pooled = torch.cat(parts, dim=-1)
        pooled = layer_norm(pooled, pooled.shape[-1:])
        return pooled.view(*features.shape[:-1], -1)

    def forward(self, features: Tensor, state: State) -> tuple[Tensor, State]:
        """Run T steps from `state`.

        Args:
            features: float32 (B, T, D), D the flattened feature map, channels first.
            state: From `initial_state` or an earlier call.

        Returns:
            Logits (B, T, C) and the state after the last step.
        """
        return self.classify(self.pool(features), state)

    def classify(self, pooled: Tensor, state: State) -> tuple[Tensor, State]:
        """Run T steps from `state` on features that `pool` has been over already."""
        x = pooled if self.config.pool == "flatten" else self.dropout(pooled)
        for layer in self.fc:
            x = self.dropout(torch.relu(layer(x)))
        parts = 2 if self.config.cell == "lstm" else 1
        after: list[Tensor] = []
        for number, layer in enumerate(self.recurrent):
            before = state[number * parts : (number + 1) * parts]
            if parts == 2:
                x, (h, c) = layer(x, before)
                after += [h, c]
            else:
                x, h = layer(x, before[0])
                after.append(h)
        if self.recurrent:
            x = self.dropout(x)
        logits = self.classifier(x)
        if self.frames is not None:
            logits = (logits + self.frames.classify(pooled, ())[0]) / 2
        return logits, tuple(after)
