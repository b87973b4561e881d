"""Where networks are fitted."""

import pytest
import torch

from training.fitting.distributed import ProcessGroup
from training.run.device import choose_device
from training.run.settings import Settings


@pytest.mark.parametrize(
    ("preset", "device"), [("default", "cpu"), ("light", "cpu"), ("cnn", "cuda"), ("vgg16", "cuda")]
)
def test_beside_a_gpu_a_head_that_is_fitted_to_streams_stays_where_its_streams_are(
    preset: str, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for wanted in ("auto", "cuda"):
        settings = Settings("out", data="demo", preset=preset, device=wanted)
        assert choose_device(settings, ProcessGroup()).type == device
