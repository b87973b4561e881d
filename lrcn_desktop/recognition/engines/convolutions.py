"""VGG-16 with each convolution, its bias and its ReLU as one kernel of cuDNN's.

PyTorch adds the bias and clips in kernels of their own, each of which reads and writes the whole
feature map, and its pooling of a single picture leaves most of a large card idle. Whether other
kernels are faster depends on the card and on cuDNN, so it is measured.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

_ALIGNED = 8  # channels of half precision that tensor cores take at once

Convolve = Callable[..., Tensor]


class Fused(nn.Module):
    """The layers of a chain of 3x3 convolutions, each followed by ReLU, and max-poolings."""

    def __init__(
        self,
        network: nn.Sequential,
        *,
        aligned: bool,
        halved: bool = False,
        convolve: Convolve | None = None,
    ) -> None:
        """Share the weights of `network`, in its memory format.

        Args:
            network: On CUDA, in half precision.
            aligned: Give the pictures channels of zeros, up to what tensor cores take at once.
            halved: Pool by comparing every other row, and then every other column, of whole maps.
            convolve: Stands in for cuDNN's kernel where there is none, with its arguments.
        """
        super().__init__()
        self._layers = nn.ModuleList(m for m in network if not isinstance(m, nn.ReLU))
        self._convolve, self._halved = convolve or torch.cudnn_convolution_relu, halved
        first = network[0]
        assert isinstance(first, nn.Conv2d)
        more = _ALIGNED - first.in_channels if aligned else 0
        weight = pad(first.weight, (0, 0, 0, 0, 0, more))
        self._first = weight.contiguous(memory_format=torch.channels_last)
        self._input = first.weight.new_zeros(0)

    def forward(self, x: Tensor) -> Tensor:
        """Map scaled input (N, 3, S, S), in any precision and memory format, to the last map."""
        shape = len(x), self._first.shape[1], *x.shape[2:]
        if self._input.shape != shape:
            kind = torch.channels_last
            self._input = self._first.new_zeros(shape).contiguous(memory_format=kind)
        self._input[:, : x.shape[1]].copy_(x)  # the rest stays zero
        x = self._input
        for number, layer in enumerate(self._layers):
            if isinstance(layer, nn.Conv2d):
                weight = self._first if number == 0 else layer.weight
                x = self._convolve(x, weight, layer.bias, (1, 1), (1, 1), (1, 1), 1)
            elif self._halved:
                x = torch.maximum(x[:, :, ::2], x[:, :, 1::2])
                x = torch.maximum(x[..., ::2], x[..., 1::2])
            else:
                x = layer(x)
        return x


def variants(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield the ways to run `network` on CUDA by name, the one that always works first."""
    yield "PyTorch's layers", network
    if isinstance(network, nn.Sequential) and _is_chain(network):
        yield "fused", Fused(network, aligned=False)
        yield "fused, aligned", Fused(network, aligned=True)
        yield "fused, halved", Fused(network, aligned=False, halved=True)
        yield "fused, aligned, halved", Fused(network, aligned=True, halved=True)


def _is_chain(network: nn.Sequential) -> bool:
    kinds = [type(module) for module in network]
    after = pairwise(kinds)
    return set(kinds) == {nn.Conv2d, nn.ReLU, nn.MaxPool2d} and all(
        second is nn.ReLU for first, second in after if first is nn.Conv2d
    )
