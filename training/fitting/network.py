"""What is fitted: a head alone, on features that are computed once, or with a CNN of its own."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from lrcn_desktop.model.backbones.weights import InputScaling
from lrcn_desktop.model.head import Head, State
from lrcn_desktop.recognition.engines.torch_engine import scale_input
from training.fitting.example import Example

_FRAMES = 64  # that a CNN is given at once where no gradient is wanted


class Network(nn.Module):
    """A head, behind a CNN where one is trained."""

    def __init__(
        self, head: Head, cnn: nn.Module | None = None, scaling: InputScaling | None = None
    ) -> None:
        """Join them; `scaling` is of the CNN's input."""
        super().__init__()
        self.head, self.cnn, self.scaling = head, cnn, scaling

    def forward(
        self, inputs: Tensor, state: State, real: Tensor | None = None
    ) -> tuple[tuple[Tensor, ...], State]:
        """Run T steps from `state`.

        Args:
            inputs: (B, T, P): what `Head.pool` makes of features, or pixels 0..255 for a CNN.
            state: From `initial_state` or an earlier call.
            real: bool (B, T): which steps are no padding, which a CNN does not look at, so that it
                counts in no batch normalization either; None: all.

        Returns:
            Logits (B, T, C), the head's answer first and then that of each of its networks where it
            has two, and the state after the last step.
        """
        if self.cnn is not None:
            inputs, state = self.head.rows(self.features(inputs, real), state)
        logits, state = self.head.answer(inputs, state)
        return tuple(part for part in logits if part is not None), state

    def features(self, pixels: Tensor, real: Tensor | None = None) -> Tensor:
        """Map pixels (B, T, 3*S*S) to the CNN's features (B, T, D), float32; zeros for padding.

        On a GPU the convolutions are done in bfloat16, whose range needs no scaling of the loss.
        """
        assert self.cnn is not None
        assert self.scaling is not None
        side = round((pixels.shape[-1] / 3) ** 0.5)
        if real is None:
            real = torch.ones(pixels.shape[:2], dtype=torch.bool, device=pixels.device)
        frames = scale_input(pixels[real].view(-1, 3, side, side), self.scaling)
        bfloat16 = pixels.is_cuda and torch.cuda.is_bf16_supported()
        with torch.autocast(pixels.device.type, torch.bfloat16, enabled=bfloat16):
            maps = cast(Tensor, self.cnn(frames.contiguous(memory_format=torch.channels_last)))
        seen = maps.flatten(1).float()
        features = seen.new_zeros(*real.shape, seen.shape[-1])
        features[real] = seen
        return features

    def logits(self, example: Example, device: torch.device) -> Tensor:
        """Return the logits (T, C) of a whole clip, from a fresh state, on the CPU."""
        return logits_of([self], example, device)[0]


@torch.inference_mode()
def logits_of(networks: Sequence[Network], example: Example, device: torch.device) -> list[Tensor]:
    """Return each network's logits (T, C) of a clip, from a fresh state, on the CPU.

    A CNN that several of them have looks once.
    """
    states = [network.head.initial_state() for network in networks]
    said: list[list[Tensor]] = [[] for _ in networks]
    step = len(example) if all(network.cnn is None for network in networks) else _FRAMES
    projecting = next((n.head for n in networks if n.head.projection is not None), None)
    for start in range(0, len(example), step):
        inputs = example.read(start, start + step).to(device).float()[None]
        if projecting is not None and example.rows is None:
            inputs = projecting.project(inputs, projecting.initial_state())[0]
        seen: dict[nn.Module, Tensor] = {}
        for number, network in enumerate(networks):
            if network.cnn is None:
                logits, state = network.head.classify(inputs, states[number])
            else:
                if network.cnn not in seen:
                    seen[network.cnn] = network.features(inputs)
                logits, state = network.head(seen[network.cnn], states[number])
            states[number] = state
            said[number].append(logits[0].float().cpu())
    return [torch.cat(parts) for parts in said]
