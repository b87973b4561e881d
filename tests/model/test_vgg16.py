"""VGG-16: torchvision's network, the published weights, and what becomes of a damaged copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.models import vgg16 as torchvision_vgg16

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones import backbone as module
from lrcn_desktop.model.backbones.vgg16 import LAYERS, VGG16, build_vgg16
from lrcn_desktop.model.backbones.weights import weights_digest

NAME = "vgg16-conv-fp16.safetensors"


def test_it_computes_what_torchvisions_computes() -> None:
    weights = VGG16.weights()
    with torch.device("meta"):
        reference = torchvision_vgg16(weights=None).features
    state = {
        k.removeprefix("features."): torch.from_numpy(t.astype(np.float32))
        for k, t in weights.tensors.items()
    }
    reference.load_state_dict(state, assign=True)
    scaled = torch.randn(2, 3, 96, 128, generator=torch.Generator().manual_seed(0)) * 60
    with torch.inference_mode():
        ours, theirs = build_vgg16(weights)(scaled), reference.eval()(scaled)
    assert ours.shape == (2, 512, 3, 4)
    assert float(ours.max()) > 0
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-4)


def test_it_is_frozen() -> None:
    network = build_vgg16(VGG16.weights())
    assert not network.training
    assert not any(p.requires_grad for p in network.parameters())
    assert sum(p.numel() for p in network.parameters()) == 14_714_688


def test_the_digest_tells_every_difference_and_no_order() -> None:
    tensors = dict(VGG16.weights().tensors)
    assert weights_digest(dict(reversed(tensors.items()))) == VGG16.digest
    bias = f"{LAYERS[0][0]}.bias"
    for changed in (
        {**tensors, bias: tensors[bias] + np.float16(1e-3)},
        {**tensors, bias: tensors[bias].astype(np.float32)},
        {**tensors, bias: tensors[bias].reshape(8, 8)},
        {key: tensor for key, tensor in tensors.items() if key != bias},
    ):
        assert weights_digest(changed) != VGG16.digest


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the shipped file that `VGG16.weights` reads instead."""
    path = tmp_path / NAME
    shutil.copyfile(module.assets_dir() / NAME, path)
    monkeypatch.setattr(module, "assets_dir", lambda: tmp_path)
    module.shipped_weights.cache_clear()
    yield path
    module.shipped_weights.cache_clear()


def test_a_whole_copy_is_taken(copy: Path) -> None:
    assert VGG16.weights().digest == VGG16.digest


def test_one_flipped_bit_is_told(copy: Path) -> None:
    with copy.open("r+b") as file:
        file.seek(20_000_000)
        (byte,) = file.read(1)
        file.seek(20_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(UserError, match=r"is damaged .* install LRCN Desktop again") as caught:
        VGG16.weights()
    assert str(copy) in str(caught.value)


@pytest.mark.parametrize("length", [0, 7, 100, 10_000, 20_000_000])
def test_a_cut_off_copy_is_told(copy: Path, length: int) -> None:
    with copy.open("r+b") as file:
        file.truncate(length)
    with pytest.raises(UserError, match=NAME):
        VGG16.weights()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"F16"', b'"I16"'),
        (b'"features.0.weight"', b'"features.9.weight"'),
        (b"BGR, 0..255", b"RGB, 0..255"),
        (b"[64,3,3,3]", b"[3,64,3,3]"),
    ],
)
def test_another_header_is_told(copy: Path, old: bytes, new: bytes) -> None:
    data = copy.read_bytes()
    assert old in data[:10_000]
    copy.write_bytes(data.replace(old, new, 1))
    with pytest.raises(UserError, match=NAME):
        VGG16.weights()


def test_another_type_of_the_same_width_is_told(copy: Path) -> None:
    data = copy.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length].replace(b'"F16"', b'"BF16"').rstrip()
    copy.write_bytes(len(header).to_bytes(8, "little") + header + data[8 + length :])
    with pytest.raises(UserError, match=NAME):
        VGG16.weights()


def test_a_missing_file_is_told(copy: Path) -> None:
    copy.unlink()
    with pytest.raises(UserError, match=NAME):
        VGG16.weights()
