"""Where a run computes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.presets import PRESETS
from training.fitting.distributed import ProcessGroup
from training.run.networks import Recipe
from training.run.settings import Settings


def choose_device(settings: Settings, processes: ProcessGroup) -> torch.device:
    """Return the device on which the networks of this process are fitted.

    A head that is fitted to streams is small, and its streams are spliced on the processor: only
    its features are computed on a GPU.

    Raises:
        UserError: There is no such device here.
    """
    wanted = settings.device
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("There is no CUDA GPU that PyTorch can use here: try --device auto.")
    if PRESETS[settings.preset].fits.sequences.streams:
        return torch.device("cpu")
    if wanted == "cuda" and processes.size > 1:
        return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    return torch.device(wanted)


@contextmanager
def fitting_threads(recipe: Recipe, device: torch.device) -> Iterator[None]:
    """Fit a head on one thread: it is too small for more, and they wait for each other."""
    before = torch.get_num_threads()
    if not recipe.info.backbone.trained and device.type == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
