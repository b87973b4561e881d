"""What is fitted: a head alone, on features that are computed once, or with a CNN of its own."""

from typing import cast

import torch
from torch import Tensor, nn

from lrcn_desktop.model.head import Head, State
from lrcn_desktop.model.vgg16 import InputScaling
from lrcn_desktop.recognition.engine import scale_input
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

    def forward(self, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Run T steps from `state`.

        Args:
            inputs: (B, T, P): what `Head.pool` makes of features, or pixels 0..255 for a CNN.
            state: From `initial_state` or an earlier call.

        Returns:
            Logits (B, T, C) and the state after the last step.
        """
        if self.cnn is None:
            return self.head.classify(inputs, state)
        bfloat16 = inputs.is_cuda and torch.cuda.is_bf16_supported()
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=bfloat16):
            logits, after = self.head(self.features(inputs), state)
        return logits.float(), after

    def features(self, pixels: Tensor) -> Tensor:
        """Map pixels (B, T, 3*S*S) to the CNN's features (B, T, D)."""
        assert self.cnn is not None
        assert self.scaling is not None
        side = round((pixels.shape[-1] / 3) ** 0.5)
        frames = pixels.reshape(-1, 3, side, side)
        scaled = scale_input(frames, self.scaling).contiguous(memory_format=torch.channels_last)
        features = cast(Tensor, self.cnn(scaled)).flatten(1)
        return features.view(*pixels.shape[:2], -1)

    @torch.inference_mode()
    def logits(self, example: Example, device: torch.device) -> Tensor:
        """Return the logits (T, C) of a whole clip, from a fresh state, on the CPU."""
        state = self.head.initial_state()
        said = []
        step = len(example) if self.cnn is None else _FRAMES
        for start in range(0, len(example), step):
            inputs = example.read(start, start + step).to(device).float()
            logits, state = self(inputs[None], state)
            said.append(logits[0].float().cpu())
        return torch.cat(said)
