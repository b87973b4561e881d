"""What a model says along a stream is what its recognizer would have said."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.head_arrays import softmax
from lrcn_desktop.model.model import Model, build_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.video.frame import Frame
from training.evaluation.stream_predict import Array, HeadPredict
from training.run.networks import from_model

CLASSES = ("run", "walk", "jump")
BESIDE = HeadConfig(pool="statistics", fc=(8,), hidden=(6,), frames=True)


def model(head: HeadConfig = BESIDE, **more: object) -> Model:
    """Return a random model on small VGG-16 maps, sure enough to show something now and then."""
    info = ModelInfo(
        name="mine",
        classes=CLASSES,
        preset="default",
        backbone=BackboneConfig("vgg16", 96),
        backbone_digest=VGG16.digest,
        head=head,
        step_rate=5.0,
        temperature=0.1,
        threshold=0.5,
    )
    torch.manual_seed(1)
    return build_model(replace(info, **more))  # type: ignore[arg-type]


def predictor(of: Model, *, pooled: bool = False) -> HeadPredict:
    return HeadPredict(of.info, from_model(of), pooled=pooled)


@pytest.fixture
def clips() -> list[Array]:
    """Features of three clips."""
    rng = np.random.default_rng(0)
    return [rng.random((steps, 512 * 9), dtype=np.float32) for steps in (7, 4, 9)]


class Given(Engine):
    """Gives the features that are in its hands, whatever the frames."""

    name, batch = "given", 4

    def __init__(self, features: Array) -> None:
        self._features, self._next, self.dim = features, 0, features.shape[1]

    def features(self, frames: np.ndarray) -> Array:  # type: ignore[type-arg]
        self._next += len(frames)
        return self._features[self._next - len(frames) : self._next]


def test_the_model_says_what_its_recognizer_says(clips: list[Array]) -> None:
    of = model()
    said = predictor(of)(clips)["model"]
    features = np.concatenate(clips)
    recognizer = Recognizer(of, Given(features))
    picture = np.zeros((8, 8, 3), np.uint8)
    frames = [Frame(picture, n / 5, n) for n in range(len(features))]
    expected = [p for frame in frames for p in recognizer.feed(frame)] + recognizer.flush()
    np.testing.assert_allclose(said.probabilities, [p.probabilities for p in expected], atol=1e-4)
    assert list(said.labels) == [p.label for p in expected]
    assert None in said.labels
    assert len(set(said.labels)) > 1
    ours = said.predictions(np.arange(len(features)) / 5)
    assert [(p.time, p.label, p.steps) for p in ours] == [
        (p.time, p.label, p.steps) for p in expected
    ]


def test_a_reset_at_cuts_is_each_clip_by_itself(clips: list[Array]) -> None:
    predict = predictor(model())
    alone = [predict([clip])["model"].probabilities for clip in clips]
    found = predict(clips)
    np.testing.assert_allclose(found["reset"].probabilities, np.concatenate(alone), atol=1e-6)
    carried = found["model"].probabilities
    np.testing.assert_allclose(carried[:7], alone[0], atol=1e-6)
    assert np.abs(carried[7:] - np.concatenate(alone[1:])).max() > 1e-3


def test_the_model_is_the_mean_of_its_two_parts(clips: list[Array]) -> None:
    found = predictor(model(temperature=1.0))(clips)
    frames, memory = (np.log(found[part].probabilities) for part in ("frames", "memory"))
    both = softmax((frames + memory) / 2)
    np.testing.assert_allclose(found["model"].probabilities, both, atol=1e-5)
    for step in (0, 9):  # what has no memory says the same wherever a step stands
        again = predictor(model(temperature=1.0))([np.concatenate(clips)[step : step + 1]])
        expected = again["frames"].probabilities[0]
        np.testing.assert_allclose(found["frames"].probabilities[step], expected, atol=1e-5)


def test_pooled_features_give_the_same(clips: list[Array]) -> None:
    of = model()
    pooled = [of.head.pool(torch.from_numpy(clip)).numpy() for clip in clips]
    found, other = predictor(of)(clips), predictor(of, pooled=True)(pooled)
    for name, said in found.items():
        np.testing.assert_allclose(said.probabilities, other[name].probabilities, atol=1e-6)


def test_what_counts_as_known_is_the_highest_probability(clips: list[Array]) -> None:
    for said in predictor(model())(clips).values():
        assert said.known.tolist() == said.probabilities.max(-1).tolist()
        for label, row in zip(said.labels, said.probabilities, strict=True):
            assert label == (CLASSES[row.argmax()] if row.max() >= 0.5 else None)


@pytest.mark.parametrize(
    ("head", "baseline", "variants"),
    [
        (HeadConfig(pool="average", fc=(4,)), "none", {"model"}),
        (HeadConfig(pool="average", hidden=(4,)), "none", {"model", "frames", "reset"}),
        (HeadConfig(pool="norm", hidden=(4, 3), cell="gru"), "head", {"model", "frames", "reset"}),
        (BESIDE, "none", {"model", "frames", "memory", "reset"}),
    ],
    ids=["no memory", "no baseline", "baseline", "beside"],
)
def test_every_kind_of_model_has_its_variants(
    clips: list[Array], head: HeadConfig, baseline: str, variants: set[str]
) -> None:
    found = predictor(model(head, baseline=baseline))(clips)
    assert set(found) == variants
    assert all(said.probabilities.shape == (20, 3) for said in found.values())


def test_without_a_frame_network_the_model_forgets_before_every_step(clips: list[Array]) -> None:
    predict = predictor(model(HeadConfig(pool="average", hidden=(4,))))
    found = predict(clips)["frames"].probabilities
    alone = [predict([step[None]])["model"].probabilities[0] for step in np.concatenate(clips)]
    np.testing.assert_allclose(found, alone, atol=1e-6)


def test_a_cnn_of_its_own_sees_pixels() -> None:
    head = HeadConfig(fc=(8,), hidden=(4,))
    backbone = BackboneConfig("cnn", 96)
    of = model(head, backbone=backbone, backbone_digest=None, baseline="network")
    pixels = [np.full((steps, 3 * 96**2), grey, np.float32) for steps, grey in ((2, 20), (3, 200))]
    found = predictor(of)(pixels)
    fitted = from_model(of)
    frames = torch.from_numpy(np.concatenate(pixels))[None]
    with torch.inference_mode():
        (logits, *_), _ = fitted.network(frames, fitted.network.head.initial_state())
        (theirs, *_), _ = fitted.frames(frames, ())
    for name, expected in (("model", logits), ("frames", theirs)):
        said = torch.softmax(expected[0] / 0.1, -1).numpy()
        np.testing.assert_allclose(found[name].probabilities, said, atol=1e-4)  # type: ignore[index]


def test_numbers_that_overflow_are_one_sentence(clips: list[Array]) -> None:
    of = model()
    with torch.no_grad():
        of.head.classifier.weight.fill_(3e38)
        of.head.classifier.bias.fill_(3e38)
    with pytest.raises(UserError, match="'mine' computes numbers that overflow"):
        predictor(of)(clips)
