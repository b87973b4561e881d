"""The trained part of a recognizer: features of frames in, class logits out, state explicit."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, layer_norm
from torch.nn.utils.rnn import PackedSequence

from lrcn_desktop.model.packed_lstm import packed_lstm
from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.projection import Projection, decay

State = tuple[Tensor, ...]
"""(h, c) of each LSTM layer or h of each GRU layer, flat, each (1, B, H); where movement is
classified, the fading sum of the motion and of its steps, (1, B, M + 1); with a projection, the
running mean of the pooled features before, (1, B, P). () without any. A stream begins with zeros.
"""


class Logits(NamedTuple):
    """What the networks of a head say, each (B, T, C).

    Attributes:
        joint: The head's answer.
        frames: Of the network without memory, where one stands beside the other.
        memory: Of the network with memory alone, likewise.
        movement: Of the linear classifier of motion, where there is one.
    """

    joint: Tensor
    frames: Tensor | None = None
    memory: Tensor | None = None
    movement: Tensor | None = None


class Head(nn.Module):
    """Pooling, fully connected layers, recurrent layers, classifier.

    The recurrent layers have one bias vector per gate, as in Keras and in the paper: PyTorch's
    second one is held at zero.
    """

    def __init__(
        self, config: HeadConfig, shape: tuple[int, int, int], classes: int, *, inner: bool = False
    ) -> None:
        """Build an untrained head for feature maps of `shape` (channels, height, width).

        An `inner` one is part of another, which projects for it.
        """
        super().__init__()
        self.config, self.shape = config, shape
        width_in = config.pooled_width(shape)
        self.projection: Projection | None = None
        if config.project:
            if not inner:
                self.projection = Projection(width_in, config.project, config.motion, config.cut)
            width_in = config.project + config.motion
        self._width = width_in
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
                elif name == "bias_ih_l0" and config.project and config.cell == "lstm":
                    # It remembers until it has learned what to forget (Jozefowicz et al. 2015).
                    nn.init.ones_(parameter.data[size : 2 * size])
            self.recurrent.append(layer)
            width_out = size
        self.classifier = nn.Linear(width_out, classes)
        self.frames: Head | None = None
        if config.frames:
            self.frames = Head(config.without_memory(), shape, classes, inner=True)
            if config.movement:  # decided by clips that it is not fitted to, once it is fitted
                self.mix = nn.Parameter(torch.tensor([0.5, 0.5, 1.0]).log(), requires_grad=False)
            elif config.project:
                self.mix = nn.Parameter(torch.zeros(2))
        self.movement: nn.Linear | None = None
        if config.movement:
            self.movement = nn.Linear(config.motion, classes).requires_grad_(False)
            nn.init.zeros_(self.movement.weight)
            nn.init.zeros_(self.movement.bias)

    def initial_state(self, batch: int = 1) -> State:
        """Return the state before the first frame: zeros."""
        parts = 2 if self.config.cell == "lstm" else 1
        weight = self.classifier.weight
        sizes = [size for size in self.config.hidden for _ in range(parts)]
        if self.movement is not None:
            sizes.append(self.config.motion + 1)
        if self.projection is not None:
            sizes.append(len(self.projection.mean))
        return tuple(weight.new_zeros(1, batch, size) for size in sizes)

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
        rows, state = self.rows(features, state)
        return self.classify(rows, state)

    def rows(self, features: Tensor, state: State) -> tuple[Tensor, State]:
        """Return what the trained layers take, (B, T, R), and the state with the last frame."""
        return self.project(self.pool(features), state)

    def project(self, pooled: Tensor, state: State) -> tuple[Tensor, State]:
        """Return rows as `rows` does, of features that `pool` has been over already."""
        if self.projection is None:
            return pooled, state
        rows, before = self.projection(pooled, state[-1][0])
        return rows, (*state[:-1], before[None])

    def classify(self, rows: Tensor, state: State) -> tuple[Tensor, State]:
        """Run T steps from `state` on rows (B, T, R); see `forward`."""
        logits, state = self.answer(rows, state)
        return logits.joint, state

    def answer(self, rows: Tensor, state: State) -> tuple[Logits, State]:
        """Run T steps as `classify` does, and return what each network says by itself."""
        memory, after = self._own(rows, state)
        if self.frames is None:
            return Logits(memory), after
        frames = self.frames.classify(rows, ())[0]
        if not self.config.project:
            return Logits((memory + frames) / 2, frames, memory), after
        weight = torch.softmax(self.mix, 0) if self.movement is None else self.mix.exp()
        joint = weight[0] * frames + weight[1] * memory
        if self.movement is None:
            return Logits(joint, frames, memory), after
        average, sums = self.average_motion(rows, state[-2])
        movement = self.movement(average)
        after = (*after[:-2], sums, after[-1])
        return Logits(joint + weight[2] * movement, frames, memory, movement), after

    @torch.no_grad()
    def average_motion(self, rows: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
        """Return the running mean of the motion in rows (B, T, R), which a scene cut restarts.

        Args:
            rows: See `rows`.
            sums: (1, B, M + 1), that part of the state.

        Returns:
            (B, T, M), zeros where no frame has one before it, and the sums after the last step.
        """
        assert self.projection is not None
        first = self.config.project
        moved = rows[..., first : first + self.config.motion]
        followed = (rows[..., -1:] >= self.config.cut).to(rows.dtype)
        steps = torch.cat([moved, torch.ones_like(followed)], -1) * followed
        keep = followed * decay(self.projection.rate, self.config.movement)
        total, found = sums[0], []
        for step, kept in zip(steps.unbind(1), keep.unbind(1), strict=True):
            total = total * kept + step
            found.append(total)
        totals = torch.stack(found, 1)
        return totals[..., :-1] / totals[..., -1:].clamp_min(1e-6), total[None]

    def _own(self, rows: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the logits of this network without the one beside it."""
        x = rows[..., : self._width]
        x = x if self.config.pool == "flatten" else self.dropout(x)
        for layer in self.fc:
            x = self.dropout(torch.relu(layer(x)))
        parts = 2 if self.config.cell == "lstm" else 1
        after: list[Tensor] = []
        keep = None
        if self.config.project and self.config.cut > -1 and self.recurrent:
            keep = (rows[..., -1] >= self.config.cut).to(rows.dtype)
        for number, layer in enumerate(self.recurrent):
            before = state[number * parts : (number + 1) * parts]
            x, left = _run(layer, x, before, keep)
            after += left
        if self.recurrent:
            x = self.dropout(x)
        return self.classifier(x), (*after, *state[len(after) :])


def _run(
    layer: nn.Module, x: Tensor, state: State, keep: Tensor | None
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a recurrent layer over (B, T, I); where `keep` (B, T) is 0, the state restarts first."""
    if keep is not None:
        state = tuple(part * keep[None, :, 0, None] for part in state)
        if x.shape[1] > 1:  # one step decides nothing by a value, so that a GPU can capture it
            return _run_restarting(layer, x, state, keep)
    y, left = layer(x, state if len(state) == 2 else state[0])
    return y, left if isinstance(left, tuple) else (left,)


def _run_restarting(
    layer: nn.Module, x: Tensor, state: State, keep: Tensor
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run the stretches between restarts beside each other, as sequences of their own.

    Streams restart at different steps; running all of them up to the next restart of any would
    take nearly as many calls as there are steps.
    """
    batch, length = keep.shape
    begins = keep == 0
    begins[:, 0] = True
    stretch = begins.flatten().cumsum(0) - 1  # of each step, counted through all streams
    first = begins.flatten().nonzero()[:, 0]
    sizes = torch.bincount(stretch)
    longest_first = torch.argsort(sizes, descending=True, stable=True)
    rank = torch.argsort(longest_first)
    # A packed sequence holds all first steps, then all second ones, the longest stretch first.
    offset = torch.arange(batch * length, device=x.device) - first[stretch]
    order = torch.argsort(offset * len(first) + rank[stretch])
    counts = torch.bincount(offset)
    stream, step = first[longest_first] // length, first[longest_first] % length
    carried = (step == 0).to(x.dtype)[None, :, None]
    before = tuple((part[:, stream] * carried).contiguous() for part in state)
    if isinstance(layer, nn.LSTM) and torch.is_grad_enabled() and x.device.type == "cpu":
        h, c = before
        each = packed_lstm(layer, x.flatten(0, 1), order, counts.tolist(), (h[0], c[0]))
        h, c = (part.view(batch, length, -1) for part in each)
        return h, (h[None, :, -1], c[None, :, -1])
    packed = PackedSequence(x.flatten(0, 1)[order], counts.cpu())
    y, left = layer(packed, before if len(before) == 2 else before[0])
    last = rank[stretch.view(batch, length)[:, -1]]
    after = left if isinstance(left, tuple) else (left,)
    return y.data[torch.argsort(order)].view(batch, length, -1), tuple(a[:, last] for a in after)
