"""One step as a single launch on a GPU: from a frame in host memory to probabilities there.

A frame is some 31 GFLOP, which such a GPU does in less time than the launches of some sixty
kernels take; so all of them, with the copies, are captured once as a CUDA graph and replayed. Of
the ways to run the convolutions, the one that is fastest on this card is captured.
"""

import logging
import time
from collections.abc import Callable
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lrcn_desktop.model.backbones.weights import InputScaling
from lrcn_desktop.model.head import Head
from lrcn_desktop.recognition.engines.convolutions import Fused, variants
from lrcn_desktop.recognition.engines.torch_engine import stretch
from lrcn_desktop.video.frame import Image

_WARM_UPS = 3  # before a capture: cuDNN chooses its algorithms, allocators settle
_TIMED = 30  # replays that a way of running the convolutions is judged by
_APART = 1e-2  # of the features' norm, that a way may be off: another is at fault

_log = logging.getLogger(__name__)


class GraphStep:
    """A recognizer's network with its state, on one device.

    The convolutions run in half precision on a GPU, all else in float32. On another device the same
    operations run one by one, without a graph: that is how a machine without a GPU tests them.
    """

    def __init__(
        self,
        network: nn.Module,
        scaling: InputScaling,
        size: int,
        head: Head,
        temperature: float,
        device: str = "cuda",
        dtype: torch.dtype = torch.float16,
    ) -> None:
        """Copy `network` (scaled input of size x size to a feature map) and `head` to `device`."""
        self._device, self._size, self._dtype = torch.device(device), size, dtype
        kind = torch.channels_last
        self._network = deepcopy(network).eval().to(self._device, dtype).to(memory_format=kind)
        self._head = deepcopy(head).eval().to(self._device)
        self._temperature = temperature
        mean, std = (
            torch.tensor(values, device=self._device).view(3, 1, 1)
            for values in (scaling.mean, scaling.std)
        )
        if scaling.order == "BGR":  # rather the weights, once, than every frame
            mean, std = mean.flip(0), std.flip(0)
            first = next(m for m in self._network.modules() if isinstance(m, nn.Conv2d))
            first.weight.data = first.weight.flip(1).contiguous(memory_format=kind)
        self._factor, self._shift = scaling.scale / std, -mean / std
        self._state = self._head.initial_state()
        self._features = torch.zeros(1, *head.shape, device=self._device)
        self._classes = head.classifier.out_features
        width = self._classes + head.config.row_width(head.shape)
        self._answer = self._host(torch.float32, width)  # the probabilities, and the row
        self._frame_host = self._host(torch.uint8, 0)
        self._chosen = self._device.type != "cuda"  # the way to run the convolutions
        self._whole: Callable[[], None] = self._see
        self._again: Callable[[], None] = self._remember

    def reset(self) -> None:
        """Forget what was seen."""
        for part in self._state:
            part.zero_()

    def set_rate(self, rate: float) -> None:
        """Take `rate` steps per second from the next one on, which may cost a new capture."""
        projection = self._head.projection
        if projection is not None and projection.rate != rate:
            projection.rate = rate
            self._frame_host = self._host(torch.uint8, 0)

    @torch.inference_mode()
    def step(self, image: Image, steps: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Take the next frame, which stands for `steps` steps of the model's clock.

        Args:
            image: uint8 (H, W, 3) RGB. Another size than the last one's costs a new capture.
            steps: At least 1.

        Returns:
            Calibrated probabilities (C,) after the last of the steps, and its row (R,) of the head.
        """
        if self._frame_host.shape != image.shape:
            self._prepare(image.shape)
        np.copyto(self._frame_host.numpy(), image)
        self._whole()
        for _ in range(steps - 1):
            self._again()
        if self._device.type == "cuda":
            torch.cuda.current_stream(self._device).synchronize()
        answer = self._answer.numpy().copy()
        return answer[: self._classes], answer[self._classes :]

    def _host(self, dtype: torch.dtype, *shape: int) -> Tensor:
        """Return a buffer in host memory, pinned where a GPU is to reach it by itself."""
        return torch.zeros(shape, dtype=dtype, pin_memory=self._device.type == "cuda")

    def _prepare(self, shape: tuple[int, ...]) -> None:
        """Make the buffers for frames of `shape`, and capture the graphs; the state is kept."""
        self._frame_host = self._host(torch.uint8, *shape)
        self._frame = torch.zeros(shape, dtype=torch.uint8, device=self._device)
        if self._device.type == "cuda":
            state = [part.clone() for part in self._state]
            if not self._chosen:
                self._choose()
            self._whole, self._again = self._captured(self._see), self._captured(self._remember)
            for part, before in zip(self._state, state, strict=True):
                part.copy_(before)

    def _choose(self) -> None:
        """Keep the way to run the convolutions that is fastest on this card, and right."""
        self._chosen = True
        expected: Tensor | None = None
        taken: dict[str, float] = {}
        ways = dict(variants(self._network))
        for name, network in ways.items():
            self._network = network
            try:
                seconds = self._timed(self._captured(self._see))
            except RuntimeError as error:  # a kernel that this card or this cuDNN has not
                if expected is None:
                    raise
                _log.info("%s: does not work here: %s", name, error)
                continue
            expected = self._features.clone() if expected is None else expected
            if (self._features - expected).norm() <= _APART * expected.norm():
                taken[name] = seconds
        best = min(taken, key=lambda name: taken[name])
        _log.info("convolutions: %s of %s", best, taken)
        self._network = ways[best]

    def _timed(self, replay: Callable[[], None]) -> float:
        """Return the least seconds that a replay takes."""
        taken = []
        for _ in range(_TIMED):
            torch.cuda.synchronize(self._device)
            began = time.perf_counter()
            replay()
            torch.cuda.synchronize(self._device)
            taken.append(time.perf_counter() - began)
        return min(taken)

    def _captured(self, operations: Callable[[], None]) -> Callable[[], None]:
        stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(stream), torch.backends.cudnn.flags(enabled=True, benchmark=True):
            for _ in range(_WARM_UPS):
                operations()
        torch.cuda.current_stream(self._device).wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):  # others may use the GPU
            operations()
        replay: Callable[[], None] = graph.replay
        return replay

    def _see(self) -> None:
        """Compute the frame's features, then take a step on them."""
        self._frame.copy_(self._frame_host, non_blocking=True)
        x = stretch(self._frame.permute(2, 0, 1)[None], self._size)
        x = torch.addcmul(self._shift, x, self._factor)
        if not isinstance(self._network, Fused):  # which does so with what else it does
            x = x.to(self._dtype, memory_format=torch.channels_last)
        self._features.copy_(self._network(x))
        self._remember()

    def _remember(self) -> None:
        """Take a step on the features that are there."""
        # cuDNN's LSTM rounds float32 to ten bits on recent GPUs; PyTorch's own cell does not.
        with torch.backends.cudnn.flags(enabled=False):
            rows, state = self._head.rows(self._features.view(1, 1, -1), self._state)
            logits, after = self._head.classify(rows, state)
        for part, new in zip(self._state, after, strict=True):
            part.copy_(new)
        probabilities = torch.softmax(logits[0, -1] / self._temperature, dim=-1)
        self._answer.copy_(torch.cat([probabilities, rows[0, -1]]), non_blocking=True)
