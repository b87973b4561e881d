"""`python -m tools.convert INPUT OUTPUT.safetensors`: VGG-16's weights into our format."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from lrcn_desktop.errors import UserError, exit_status
from lrcn_desktop.files import atomic_write, check_writable
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.backbones.weights import SCALINGS, weights_digest
from tools.convert.formats import read_layers
from tools.convert.identify import ORIGINS, choose_scaling, identify

LAYOUT = "torchvision vgg16 features.* names, OIHW"


def convert(source: Path, output: Path, scaling: str | None = None) -> str:
    """Write `source`'s 13 convolutional layers to `output` as float16 safetensors.

    Args:
        source: A torchvision .pth, a Keras .h5, an ONNX or a safetensors file.
        output: The file to write; it appears whole or not at all.
        scaling: A name in `SCALINGS`, for weights that are none of the published ones.

    Returns:
        What was found and written, for a person: four lines.

    Raises:
        UserError: See `read_layers`, `choose_scaling` and `atomic_write`.
    """
    check_writable(output)
    layers, kind = read_layers(source)
    found = identify(layers)
    name = choose_scaling(found, scaling, source)
    tensors = {key: _to_float16(source, key, tensor) for key, tensor in layers.items()}
    digest = weights_digest({key: tensor.numpy() for key, tensor in tensors.items()})
    origin = ORIGINS[found] if found else f"VGG-16's 13 convolutional layers from {source.name}"
    metadata = {"source": origin, "layout": LAYOUT, "input": SCALINGS[name].description}
    with atomic_write(output, "wb") as file:
        file.write(save(tensors, metadata))
    same = "equal to" if digest == VGG16.digest else "not"
    return (
        f"{source}: {kind}, {origin}\n"
        f"input: {SCALINGS[name].description}{'' if found else ' (as told by --input)'}\n"
        f"digest: {digest}, {same} the shipped weights\n"
        f"written: {output}"
    )


def _to_float16(source: Path, key: str, tensor: Tensor) -> Tensor:
    half = tensor.to(torch.float16)
    if not bool(torch.isfinite(half).all()):
        raise UserError(f"{source} holds numbers beyond float16's 65504 in {key}: not VGG-16's.")
    return half


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 after one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tools.convert", description=__doc__)
    parser.add_argument("input", type=Path, help="a .pth, .h5, .onnx or .safetensors file")
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument(
        "--input",
        dest="scaling",
        choices=SCALINGS,
        help="the input scaling of weights that are none of the published ones",
    )
    options = parser.parse_args(arguments)

    def run() -> int:
        print(convert(options.input, options.output, options.scaling))
        return 0

    return exit_status("tools.convert", run)


if __name__ == "__main__":
    sys.exit(main())
