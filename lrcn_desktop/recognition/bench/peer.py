"""Recognition as the usual scripts do it, to compare with: nothing of ours but the trained head."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.models import vgg16

from lrcn_desktop.model.backbones.vgg16 import build_vgg16
from lrcn_desktop.model.backbones.weights import FrozenWeights
from lrcn_desktop.model.model import Model
from lrcn_desktop.video.frame import Image
from lrcn_desktop.video.opencv import cv2

WINDOW = 16  # frames, as in the paper


class Peer:
    """torchvision's VGG-16 in eager float32, with PyTorch's own settings; resizing by OpenCV."""

    def __init__(self, model: Model, weights: FrozenWeights, device: str) -> None:
        """Run `model`, one on VGG-16, on `device` ("cuda", "mps" or "cpu")."""
        self._device = torch.device(device)
        network = vgg16(weights=None).features
        network.load_state_dict(build_vgg16(weights).state_dict())
        self._network = network.eval().to(self._device)
        # The head of its own: a copy, so that moving it leaves the model's where it is.
        self._head = type(model.head)(model.head.config, model.head.shape, len(model.info.classes))
        self._head.load_state_dict(model.head.state_dict())
        self._head.eval().to(self._device)
        self._state = self._head.initial_state()
        self._size, self._scaling = model.info.backbone.size, weights.scaling

    @torch.inference_mode()
    def features(self, image: Image) -> NDArray[np.float32]:
        """Return the features (D,) of one frame, uint8 (H, W, 3)."""
        result: NDArray[np.float32] = self._features([image])[0, 0].cpu().numpy()
        return result

    @torch.inference_mode()
    def step(self, image: Image) -> NDArray[np.float32]:
        """Recognize one frame, uint8 (H, W, 3), and remember; return probabilities (C,)."""
        features = self._features([image])
        logits, self._state = self._head(features, self._state)
        return _probabilities(logits)

    @torch.inference_mode()
    def window(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """Recognize a window of frames from nothing, as is done again at every frame."""
        features = self._features(images)
        logits, _ = self._head(features, self._head.initial_state())
        return _probabilities(logits)

    def _features(self, images: Sequence[Image]) -> Tensor:
        features: Tensor = self._network(self._input(images)).flatten(1)[None]
        return features

    def _input(self, images: Sequence[Image]) -> Tensor:
        side = (self._size, self._size)
        resized = np.stack([cv2.resize(image, side) for image in images])
        x = torch.from_numpy(resized).permute(0, 3, 1, 2).contiguous().float()  # as ToTensor does
        if self._scaling.order == "BGR":
            x = x.flip(1)
        mean, std = (torch.tensor(v).view(3, 1, 1) for v in (self._scaling.mean, self._scaling.std))
        return ((x * self._scaling.scale - mean) / std).to(self._device)


def _probabilities(logits: Tensor) -> NDArray[np.float32]:
    result: NDArray[np.float32] = torch.softmax(logits[0, -1], dim=-1).cpu().numpy()
    return result
