"""Which published weights a VGG-16 holds, and so which input scaling belongs to them."""

import numpy as np
import torch
from torch import Tensor

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.vgg16 import LAYERS, VGG16
from lrcn_desktop.model.backbones.weights import SCALINGS

ORIGINS = {
    "caffe": (
        "VGG-16 (Simonyan and Zisserman 2014), ImageNet, the 13 convolutional layers, "
        "as published for Keras; CC BY 4.0"
    ),
    "features": (
        "VGG-16 (Simonyan and Zisserman 2014), ImageNet, the 13 convolutional layers, "
        "as published by torchvision (IMAGENET1K_FEATURES); CC BY 4.0"
    ),
    "torchvision": (
        "VGG-16, ImageNet, the 13 convolutional layers, "
        "trained and published by torchvision (IMAGENET1K_V1)"
    ),
}
"""Where published weights come from, by the name of their input scaling."""

# The first of conv1_1's 64 filters, (in, 3, 3), in torchvision's IMAGENET1K_V1 (vgg16-397923af.pth)
# to four decimal places: 27 trained numbers that no other training hits.
_V1_FILTER = torch.tensor([
    [[-0.5537, 0.1427, 0.5290], [-0.5831, 0.3566, 0.7657], [-0.6902, -0.0480, 0.4841]],
    [[0.1755, 0.0099, -0.0814], [0.0441, -0.0703, -0.2604], [0.1324, -0.1728, -0.1323]],
    [[0.3130, -0.1659, -0.4275], [0.4752, -0.0827, -0.4870], [0.6320, 0.0193, -0.2775]],
])  # fmt: skip
_TOLERANCE = 0.01  # relative: float16 changes weights by 2e-4, another training by about 1


def identify(tensors: dict[str, Tensor]) -> str | None:
    """Tell which published weights these are from the filters that see the pixels.

    Those filters must fit the channels' order and the size of the input's numbers. Caffe's (and
    Keras') are compared with the shipped ones; torchvision's IMAGENET1K_FEATURES are the same with
    red and blue exchanged; IMAGENET1K_V1 was trained separately.

    Returns:
        A name in `SCALINGS`, or None when they are none of these.
    """
    key = f"{LAYERS[0][0]}.weight"
    first = tensors[key].float()
    caffe = torch.from_numpy(VGG16.weights().tensors[key].astype(np.float32))
    references = {"caffe": caffe, "features": caffe.flip(1), "torchvision": _V1_FILTER[None]}
    for name, reference in references.items():
        error = (first[: len(reference)] - reference).norm() / reference.norm()
        if float(error) < _TOLERANCE:
            return name
    return None


def choose_scaling(found: str | None, wanted: str | None, path: object) -> str:
    """Return the scaling's name from the evidence, or from `wanted` where there is none.

    Raises:
        UserError: No evidence and nothing wanted, or the two contradict each other.
    """
    if found is None and wanted is None:
        raise UserError(
            f"The first layer in {path} is neither Caffe's (Keras') nor torchvision's, so its "
            f"input scaling cannot be told: say it with --input {'|'.join(SCALINGS)}."
        )
    if found and wanted and found != wanted:
        raise UserError(
            f"The first layer in {path} is that of the weights whose input is "
            f"{SCALINGS[found].description}: leave out --input {wanted}."
        )
    return found or wanted or ""
