"""From what networks said to a model file's figures: what chooses nothing judges."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lrcn_desktop.model.claims import CLIPS, INTERVAL, read_claim
from lrcn_desktop.model.fits import FitConfig, Fits
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from training.evaluation.calibration import cross_fit
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind
from training.fitting.example import Example
from training.run.figures import ClipLogits, calibrate, describe_test, evaluate

INFO = ModelInfo(
    name="mine",
    classes=("a", "b", "c"),
    preset="default",
    backbone=BackboneConfig("features", 3),
    head=HeadConfig(pool="flatten"),
    step_rate=5.0,
    training={"split": "2 folds"},
)
FEATURES = FeatureSet("set", INFO.classes, (), FeatureKind("features", "", 0, 5.0, 3))
FIXED = Fits(FitConfig(patience=0), FitConfig(patience=0))
CHOSEN = Fits(FitConfig(patience=3), FitConfig(patience=0))


def said(folds: int | None, count: int = 60) -> list[ClipLogits]:
    """Return what an overconfident network said of clips in `folds` folds; None: of test clips."""
    random = torch.Generator().manual_seed(0)
    found = []
    for number in range(count):
        honest = torch.randn(6, 3, generator=random) + 1.5 * torch.eye(3)[number % 3]
        label = int(torch.multinomial(torch.softmax(honest.mean(0), -1), 1, generator=random))
        labels, group = torch.full((6,), label), f"g{number // 3}"
        example = Example(f"{number}", Path("nowhere"), labels, 5.0, group=group)
        fold = None if folds is None else number // 3 % folds
        found.append(ClipLogits(example, honest * 3, honest, fold))
    return found


def test_held_out_clips_are_judged_by_the_calibration_of_other_folds() -> None:
    clips = said(2)
    info = calibrate(INFO, clips)
    result = evaluate(info, clips)
    assert result.calibrated_on == "other folds"
    by_hand = cross_fit(
        [clip.logits for clip in clips],
        [clip.example.labels for clip in clips],
        [clip.example.group for clip in clips],
        [clip.fold or 0 for clip in clips],
    )
    assert len({c.temperature for c in by_hand}) == 2
    loss = torch.stack(
        [
            torch.nn.functional.cross_entropy(clip.logits / c.temperature, clip.example.labels)
            for clip, c in zip(clips, by_hand, strict=True)
        ]
    ).mean()
    assert result.loss == pytest.approx(float(loss), rel=1e-5)
    flattering = evaluate(info, [replace(clip, fold=0) for clip in clips])
    assert flattering.loss != result.loss


def test_the_model_carries_the_calibration_of_all_folds() -> None:
    clips = said(2)
    all_folds = calibrate(INFO, clips)
    one = calibrate(INFO, [clip for clip in clips if clip.fold == 0])
    assert all_folds.temperature != one.temperature
    assert evaluate(all_folds, clips).known.threshold != all_folds.threshold


@pytest.mark.parametrize(
    ("folds", "fits", "on", "words"),
    [
        (None, CHOSEN, "other clips", ""),
        (2, FIXED, "other folds", ""),
        (2, CHOSEN, "other folds", "; these clips also chose the epochs"),
        (1, FIXED, "these clips", "; these clips also calibrated the model"),
        (1, CHOSEN, "these clips", "; these clips also chose the epochs and calibrated the model"),
    ],
)
def test_the_file_says_what_the_clips_that_judge_it_chose(
    folds: int | None, fits: Fits, on: str, words: str
) -> None:
    clips = said(folds)
    info = calibrate(INFO, clips)
    test = describe_test(info, FEATURES, evaluate(info, clips), clips, fits).test
    assert test["protocol"] == f"2 folds{words}"
    assert (test["calibrated on"], test["clips"], test["groups"]) == (on, 60, 20)


def test_the_file_has_an_interval_beside_each_share() -> None:
    clips = said(2)
    evaluation = evaluate(INFO, clips)
    info = describe_test(INFO, FEATURES, evaluation, clips, FIXED)
    info = ModelInfo.from_json(info.to_json())
    for key in (CLIPS, f"{CLIPS}, without memory", "accuracy of steps"):
        claim = read_claim(info.test, key)
        assert claim is not None
        assert claim.interval is not None
        assert claim.interval[0] < claim.share < claim.interval[1]
    assert info.test[f"{CLIPS}{INTERVAL}"] == pytest.approx(evaluation.headline_interval, abs=1e-4)
