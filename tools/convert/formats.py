"""Reading VGG-16's 13 convolutional layers from torchvision, Keras, ONNX and safetensors files."""

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.vgg16 import LAYERS

# Keras counts the convolutions block by block: block1_conv1, block1_conv2, block2_conv1, ...
KERAS_NAMES = tuple(
    f"block{block}_conv{conv}"
    for block, convs in enumerate((2, 2, 3, 3, 3), 1)
    for conv in range(1, convs + 1)
)
_KERAS_NAME = re.compile(r"block\d_conv\d")


def read_layers(path: Path) -> tuple[dict[str, Tensor], str]:
    """Read the layers from a file of any of the four kinds, distinguished by content.

    Returns:
        The 26 tensors in the file's own floating-point type, finite, by torchvision's names and in
        its layout (kernels (out, in, 3, 3), biases (out,)); and what kind of file it was.

    Raises:
        UserError: The file cannot be read, is none of these or lacks a layer of VGG-16, a tensor
            has a wrong shape or type or holds NaN or infinity, or h5py or onnx is not installed.
    """
    kind, read = _reader(path)
    try:
        tensors = read(path)
    except UserError:
        raise
    except Exception as error:  # a damaged file makes these parsers fail in any way they like
        reason = (
            (str(error).strip() or type(error).__name__).splitlines()[0].split(". ")[0].rstrip(".")
        )
        raise UserError(f"{path} is damaged or no {kind} of weights: {reason}.") from error
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise UserError(f"{path} holds NaN or infinity in {name}: get the file again.")
    return tensors, kind


def _reader(path: Path) -> tuple[str, Callable[[Path], dict[str, Tensor]]]:
    """Tell what kind of file `path` is by its first bytes."""
    try:
        with path.open("rb") as file:
            head = file.read(9)
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror or error}.") from error
    if not head:
        raise UserError(f"{path} is empty: get the file again.")
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "Keras .h5 file", _read_h5
    if head.startswith((b"PK\x03\x04", b"\x80\x02")):  # torch.save, since and before 1.6
        return "PyTorch .pth file", _read_pth
    if head[8:] == b"{":  # after the length of the header
        return "safetensors file", _read_safetensors
    if head[0] == 0x08:  # the model's first field, its IR version
        return "ONNX file", _read_onnx
    raise UserError(
        f"{path} is no file of VGG-16's weights that can be read: "
        "give a torchvision .pth, a Keras .h5, an ONNX or a safetensors file."
    )


def _read_pth(path: Path) -> dict[str, Tensor]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError as error:  # its own text advises to load the file unsafely
        raise UserError(
            f"{path} was not loaded: it is damaged, or holds more than tensors and could run code."
        ) from error
    if not isinstance(state, dict):
        raise UserError(f"{path} holds no state dict: save the network's state_dict().")
    return _by_torchvision_name(path, state.keys(), state.__getitem__)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, "pt") as file:
            return _by_torchvision_name(path, file.keys(), file.get_tensor)
    except SafetensorError as error:
        raise UserError(f"{path} is a damaged safetensors file: {error}.") from error


def _by_torchvision_name(
    path: Path, keys: Iterable[str], get: Callable[[str], object]
) -> dict[str, Tensor]:
    """Take "features.0.weight" and so on, or "0.weight" as `vgg16().features` alone saves it."""
    present, tensors = set(keys), {}
    prefix = "" if "0.weight" in present else "features."
    for name, out, channels in LAYERS:
        for part, shape in (("weight", (out, channels, 3, 3)), ("bias", (out,))):
            key = f"{prefix}{name.removeprefix('features.')}.{part}"
            if key not in present:
                raise UserError(f"{path} is not VGG-16 in torchvision's names: {key} is missing.")
            tensors[f"{name}.{part}"] = _checked(path, key, get(key), shape)
    return tensors


def _read_h5(path: Path) -> dict[str, Tensor]:
    h5py = _import("h5py", path)
    found: dict[tuple[str, int], Any] = {}

    def visit(name: str, item: Any) -> None:  # noqa: ANN401  (h5py has no types)
        layer = _KERAS_NAME.search(name)
        if layer is None or not isinstance(item, h5py.Dataset) or "optimizer" in name:
            return
        if (layer[0], item.ndim) in found:
            raise UserError(f"{path} holds {layer[0]} more than once: give a file of one VGG-16.")
        found[layer[0], item.ndim] = item

    tensors = {}
    with h5py.File(path, "r") as file:
        # The dataset's name has changed with Keras' versions; its layer and its rank have not.
        file.visititems(visit)
        for (name, out, channels), layer in zip(LAYERS, KERAS_NAMES, strict=True):
            if (layer, 4) not in found or (layer, 1) not in found:
                raise UserError(f"{path} is not VGG-16 as Keras saves it: {layer} is missing.")
            kernel, bias = found[layer, 4], found[layer, 1]
            # Shapes first: a few bytes of HDF5 can promise an array larger than the memory.
            _check_shape(path, kernel.name, kernel.shape, (3, 3, channels, out))
            _check_shape(path, bias.name, bias.shape, (out,))
            hwio = _checked(path, kernel.name, kernel[()], (3, 3, channels, out))
            tensors[f"{name}.weight"] = hwio.permute(3, 2, 0, 1).contiguous()
            tensors[f"{name}.bias"] = _checked(path, bias.name, bias[()], (out,))
    return tensors


def _read_onnx(path: Path) -> dict[str, Tensor]:
    onnx = _import("onnx", path)
    graph = onnx.load(path).graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            value = next((a.t for a in node.attribute if a.name == "value"), None)
            if value is not None:
                constants[node.output[0]] = value
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    if len(convolutions) < len(LAYERS):
        raise UserError(
            f"{path} is not VGG-16: it has {len(convolutions)} of its {len(LAYERS)} convolutions."
        )
    tensors = {}
    for (name, out, channels), node in zip(LAYERS, convolutions, strict=False):
        parts = (("weight", (out, channels, 3, 3)), ("bias", (out,)))
        for position, (part, shape) in enumerate(parts, 1):
            source = node.input[position] if position < len(node.input) else ""
            if source not in constants:
                raise UserError(f"{path} holds no constant {part} for convolution {node.name}.")
            _check_shape(path, source, constants[source].dims, shape)
            array = onnx.numpy_helper.to_array(constants[source])
            tensors[f"{name}.{part}"] = _checked(path, source, array, shape)
    return tensors


def _import(module: str, path: Path) -> Any:  # noqa: ANN401  (neither package has types)
    try:
        return import_module(module)
    except ImportError as error:
        raise UserError(
            f'Reading {path} needs {module}: pip install "lrcn-desktop[convert]".'
        ) from error


def _checked(path: Path, name: str, value: object, shape: tuple[int, ...]) -> Tensor:
    """Return `value` as a tensor of its own memory, once its type and shape are right."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(np.array(value, value.dtype.newbyteorder("=")))
    if not isinstance(value, Tensor) or not value.is_floating_point():
        raise UserError(f"{path} is not VGG-16's weights: {name} holds no floating-point numbers.")
    _check_shape(path, name, value.shape, shape)
    return value.detach().clone(memory_format=torch.contiguous_format)


def _check_shape(path: Path, name: str, found: Iterable[int], shape: tuple[int, ...]) -> None:
    if tuple(found) != shape:
        raise UserError(f"{path} is not VGG-16: {name} has the shape {tuple(found)}, not {shape}.")
