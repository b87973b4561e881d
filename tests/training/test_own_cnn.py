"""Networks with a CNN of their own: what is trained, in how many parts, and how it is used."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from lrcn_desktop.cli import main
from lrcn_desktop.model.fits import FitConfig, Fits
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.parameters import count_parameters
from lrcn_desktop.model.presets import PRESETS, BackboneConfig, HeadConfig
from training.fitting import fit as fitting
from training.fitting.distributed import ProcessGroup
from training.fitting.example import Example
from training.fitting.fit import Data, FitContext, fit
from training.fitting.network import Network, logits_of
from training.run.folder import RunFolder
from training.run.networks import Fitted, Recipe, RoundContext, fit_networks, frames_network
from training.run.settings import Settings

SIDE = 96
CPU = torch.device("cpu")
CNN = BackboneConfig("cnn", SIDE)
CONFIG = FitConfig(epochs=2, batch=4, length=1, learning_rate=1e-3, decay=0.0)
WriteVideo = Callable[..., Path]


def info(preset: str, backbone: BackboneConfig) -> ModelInfo:
    hidden = (4,) if PRESETS[preset].head.hidden else ()
    head = HeadConfig(fc=(6,), hidden=hidden)
    name = "torchvision" if backbone.kind == "cnn" else "caffe"
    return ModelInfo("m", ("a", "b"), preset, backbone, head, 5.0, scaling=name)


def examples(folder: Path, columns: int, lengths: Sequence[int]) -> list[Example]:
    """Return clips of two classes as noise: pixels, or features where `columns` are few."""
    rng = np.random.default_rng(0)
    made = []
    for number, steps in enumerate(lengths):
        pixels = rng.integers(0, 256, (steps, columns), np.uint8)
        path = folder / f"{number}.npy"
        np.save(path, pixels if columns > 1000 else (pixels / 255).astype(np.float16))
        made.append(Example(str(number), path, torch.full((steps,), number % 2), 5.0))
    return made


def weights(module: nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in module.parameters()])


@pytest.fixture
def pixels(tmp_path: Path) -> list[Example]:
    return examples(tmp_path, 3 * SIDE**2, (3, 5, 2, 4, 3))


@pytest.mark.parametrize("end_to_end", [False, True])
@pytest.mark.parametrize("preset", ["cnn-lstm", "vgg16-lstm", "lrcn-fc6"])
def test_what_is_frozen_does_not_move(tmp_path: Path, preset: str, end_to_end: bool) -> None:
    own = PRESETS[preset].backbone.kind == "cnn"
    batch_norm = PRESETS[preset].backbone.batch_norm
    backbone = replace(CNN, batch_norm=batch_norm) if own else BackboneConfig("features", 8)
    clips = examples(tmp_path, 3 * SIDE**2 if own else 8, (3, 4, 3, 2))
    once = replace(CONFIG, epochs=1)
    fits = Fits(once, replace(once, length=2))
    run = RunFolder(tmp_path, Settings("m"), resumed=False)
    context = RoundContext(run, ProcessGroup(), CPU, lambda: None, lambda *_: None)
    recipe = Recipe(info(preset, backbone), fits, 0, end_to_end, {})
    fitted = fit_networks(recipe, clips[:2], clips[2:], context, "x")

    network, frames = fitted.network, fitted.frames
    assert torch.equal(weights(network.head.fc), weights(frames.head.fc)) == (
        preset == "vgg16-lstm" and not end_to_end
    )
    if own:
        frozen = preset == "cnn-lstm" and not end_to_end
        assert (network.cnn is frames.cnn) == frozen
        assert network.cnn is not None
        assert frames.cnn is not None
        assert torch.equal(weights(network.cnn), weights(frames.cnn)) == frozen
        untrained = frames_network(recipe).cnn
        assert untrained is not None
        assert not torch.equal(weights(frames.cnn), weights(untrained))


def test_the_published_counts_do_not_depend_on_how_it_is_fitted() -> None:
    assert count_parameters("vgg16-lstm").trainable == 45_543
    assert count_parameters("vgg16-lstm").total == 21_183_015
    assert (
        PRESETS["cnn"].fits.frames == PRESETS["cnn-lstm"].fits.frames
    )  # `reproduce` fits them once


def network(*, batch_norm: bool = False, memory: bool = False) -> Network:
    preset = "cnn-lstm" if memory else "cnn"
    described = info(preset, replace(CNN, batch_norm=batch_norm))
    described = replace(described, head=replace(described.head, dropout=0.0))
    recipe = Recipe(described, Fits(CONFIG, CONFIG), 0, False, {})
    built = frames_network(recipe)
    if memory:
        torch.manual_seed(1)
        head = HeadConfig(fc=(6,), hidden=(4,), dropout=0.0)
        built = Network(type(built.head)(head, CNN.shape, 2), built.cnn, built.scaling)
    return built


def test_a_batch_in_parts_gives_the_gradient_of_the_whole(
    pixels: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(
        CONFIG, epochs=1, batch=5, length=2, optimizer="sgd", weight_decay=0.0, clip=1e9
    )
    fitted, begun = [], weights(network(memory=True))
    for frames in (128, 4):
        monkeypatch.setattr(fitting, "FRAMES_AT_ONCE", frames)
        fitted.append(network(memory=True))
        fit(fitted[-1], Data(pixels), config, seed=0)
    whole, parts = (weights(each) - begun for each in fitted)
    assert whole.abs().max() > 0
    assert torch.allclose(whole, parts, atol=1e-3 * float(whole.abs().max()))


def test_padding_is_not_looked_at() -> None:
    built = network(batch_norm=True, memory=True).train()
    inputs = torch.randint(0, 256, (2, 3, 3 * SIDE**2)).float()
    real = torch.tensor([[True, True, True], [True, False, False]])
    state = built.head.initial_state(2)
    said, after = [], []
    for padding in (0.0, 200.0):
        inputs[~real] = padding
        (logits, *_), _ = built(inputs, state, real)
        said.append(logits[real].detach())
        assert isinstance(built.cnn, nn.Sequential)
        after.append(weights(built.cnn))
    assert torch.allclose(*said)
    assert torch.equal(*after)
    features = built.features(inputs, real)
    assert not features[~real].any()


def test_a_shared_cnn_looks_once(pixels: list[Example]) -> None:
    ours = network(batch_norm=True, memory=True).eval()
    theirs = Network(network().head, ours.cnn, ours.scaling).eval()
    assert ours.cnn is not None
    looks = []
    handle = ours.cnn.register_forward_hook(lambda *given: looks.append(len(given[2])))
    logits, baseline = Fitted(ours, theirs, ()).logits(pixels[1], CPU)
    handle.remove()
    assert looks == [5]
    assert torch.equal(logits, logits_of([ours], pixels[1], CPU)[0])
    assert baseline is not None
    assert torch.equal(baseline, theirs.logits(pixels[1], CPU))


def test_a_resumed_cnn_is_the_very_same(pixels: list[Example], tmp_path: Path) -> None:
    config = replace(CONFIG, epochs=3, optimizer="adam")
    data = Data(pixels[:3], pixels[3:])
    undisturbed = network(batch_norm=True)
    expected = fit(undisturbed, data, config, seed=0)
    batches = 0

    def stop() -> None:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise KeyboardInterrupt

    path = tmp_path / "fit.safetensors"
    with pytest.raises(KeyboardInterrupt):
        fit(
            network(batch_norm=True),
            data,
            config,
            seed=0,
            context=FitContext(CPU, ProcessGroup(), path, stop),
        )
    resumed = network(batch_norm=True)
    progress = fit(resumed, data, config, seed=0, context=FitContext(checkpoint=path))
    assert progress.history == expected.history
    for name, tensor in undisturbed.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def test_a_trained_cnn_recognizes_and_is_judged(
    tmp_path: Path, write_video: WriteVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bars that lie and bars that stand: no average of colors tells them apart."""
    for name in ("cnn", "cnn-lstm"):
        small = replace(PRESETS[name], backbone=replace(CNN, batch_norm=True))
        hidden = (8,) if small.head.hidden else ()
        head = replace(small.head, fc=(32,), hidden=hidden)
        monkeypatch.setitem(PRESETS, name, replace(small, head=head))
    rng = np.random.default_rng(0)
    for label in ("lying", "standing"):
        (tmp_path / "data" / label).mkdir(parents=True)
        for group in range(1, 9):

            def draw(_: int, __: object, label: str = label) -> NDArray[np.uint8]:
                image = np.full((SIDE, SIDE, 3), 40, np.uint8)
                for start in rng.integers(0, SIDE - 8, 3):
                    image[start : start + 8] = 220
                return image if label == "lying" else image.transpose(1, 0, 2)

            path = write_video("x.avi", frames=3, rate=5.0, size=(SIDE, SIDE), draw=draw)
            shutil.move(path, tmp_path / "data" / label / f"v_{label}_g{group:02}_c01.avi")
    data, cache = str(tmp_path / "data"), ("--cache", str(tmp_path / "cache"))
    clip = str(tmp_path / "data" / "standing" / "v_standing_g01_c01.avi")
    out = tmp_path / "out.json"
    for preset, epochs in (("cnn", 1), ("cnn-lstm", 8)):
        model = str(tmp_path / f"{preset}.safetensors")
        options = ("--preset", preset, "--epochs", str(epochs), *cache)
        assert main(["train", data, "--out", model, *options]) == 0
        assert main(["evaluate", model, data, "--json", str(out), *cache]) == 0
        judged = json.loads(out.read_text())
        assert judged["memory"] == (preset == "cnn-lstm")
        if preset == "cnn-lstm":  # whose baseline is the other's network, fitted for longer
            assert judged["baseline"]["clip_mean"] >= 0.9
        assert main(["analyze", clip, "--model", model, "--json", str(out)]) == 0
        assert set(json.loads(out.read_text())["classes"]) == {"lying", "standing"}
