"""Refining: the memory, fitted to streams of a project's clips, and what it says when left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from lrcn_desktop.arrays import save_array
from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.claims import CLIPS, STEPS
from lrcn_desktop.model.fits import Fits
from lrcn_desktop.model.head_arrays import softmax
from lrcn_desktop.model.model import Model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.model.rejection import RejectionConfig
from lrcn_desktop.recognition.teaching.features import BACKBONE, PRESET, RATE
from lrcn_desktop.recognition.teaching.order import order_pairs
from lrcn_desktop.recognition.teaching.sample import (
    UNKNOWN,
    LeftOut,
    clips_right,
    steps_right,
)
from lrcn_desktop.recognition.teaching.teacher import Material
from training.fitting.distributed import ProcessGroup
from training.fitting.example import OTHER, Example
from training.run.calibration import Round, calibrate_rounds
from training.run.folder import RunFolder
from training.run.negatives import deal, shipped_examples
from training.run.networks import Fitted, Recipe, RoundContext, fit_networks, to_model
from training.run.settings import Settings

FOLDS = 2
EPOCHS = 30
_RATES = 5.0, 10.0  # steps per second: short sequences at higher ones hold no order


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """A model with memory, and what it says of its own clips when they are left out.

    Attributes:
        model: The model.
        left_out: By the numbers of the samples.
        opposite: Which activity is which one backwards.
    """

    model: Model
    left_out: dict[int, LeftOut]
    opposite: dict[int, int]


def refine(
    name: str,
    material: Material,
    *,
    seed: int = 0,
    epochs: int = EPOCHS,
    advance: Callable[[int], None] = lambda done: None,
    check: Callable[[], None] = lambda: None,
) -> Refined:
    """Fit the network with memory to the clips.

    Args:
        name: What the model is called.
        material: The clips, at least two of each activity.
        seed: Of everything random.
        epochs: Passes over the streams.
        advance: Is given how many epochs are done, of `epochs` for each of `FOLDS` + 1 fits.
        check: Called now and then; it may raise KeyboardInterrupt.

    Raises:
        UserError: The disk is full.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the network is too small for more, which would wait for each other
    try:
        with TemporaryDirectory(prefix="lrcn-teach-") as folder:
            return _Refining(name, material, seed, epochs, Path(folder), advance, check).run()
    finally:
        torch.set_num_threads(threads)


class _Refining:
    def __init__(
        self,
        name: str,
        material: Material,
        seed: int,
        epochs: int,
        folder: Path,
        advance: Callable[[int], None],
        check: Callable[[], None],
    ) -> None:
        self._material, self._advance, self._check = material, advance, check
        self._run = RunFolder(folder, Settings(str(folder / "model")), resumed=False)
        self._processes, self._device = ProcessGroup(), torch.device("cpu")
        self._done = 0
        info = ModelInfo(
            name,
            material.activities,
            PRESET,
            BACKBONE,
            PRESETS[PRESET].head,
            RATE,
            backbone_digest=FROZEN[BACKBONE.kind].digest,
            rejection=RejectionConfig(),
            rates=_RATES,
        )
        fits = PRESETS[PRESET].fits
        fits = Fits(fits.frames, replace(fits.sequences, rates=_RATES)).of((epochs,))
        opposite = order_pairs(len(material.activities), material.samples)
        self._recipe = Recipe(info, fits, seed, end_to_end=False, opposite=opposite)

    def run(self) -> Refined:
        recipe, examples = self._recipe, self._examples()
        known = [n for n, sample in enumerate(self._material.samples) if sample.label != UNKNOWN]
        own = [n for n, sample in enumerate(self._material.samples) if sample.label == UNKNOWN]
        others = [examples[n] for n in own]
        others += shipped_examples(recipe.info, self._run, self._processes, self._check)
        dealt = deal(others, FOLDS)
        side = _sides([self._material.samples[n].label for n in known])
        rounds = []
        for fold in range(FOLDS):
            fit, kept = dealt[fold]
            train = [examples[n] for n, s in zip(known, side, strict=True) if s != fold]
            left = [n for n, s in zip(known, side, strict=True) if s == fold]
            fitted = self._fit(train, fit, f"fold {fold + 1}")
            rounds.append(Round(fold, fitted, left, [examples[n] for n in left], kept))
        calibrated = calibrate_rounds(recipe, rounds, self._device)
        info, left_out = calibrated.info, {}
        for number, clip in calibrated.held.items():
            assert clip.known is not None  # clips that show nothing ship with the program
            probabilities = softmax((clip.logits / info.temperature).numpy())
            label = self._material.samples[number].label
            left_out[number] = LeftOut(label, probabilities, clip.known.numpy())
        fitted = self._fit([examples[n] for n in known], others, "all clips")
        info = _described(info, left_out, recipe.opposite)
        return Refined(to_model(info, calibrated.apply(fitted)), left_out, recipe.opposite)

    def _fit(self, train: Sequence[Example], others: Sequence[Example], name: str) -> Fitted:
        def epoch_done(_title: str, _count: int, _figures: dict[str, Any]) -> None:
            self._done += 1
            self._advance(self._done)

        context = RoundContext(self._run, self._processes, self._device, self._check, epoch_done)
        return fit_networks(self._recipe, train, (), context, name, others=others)

    def _examples(self) -> list[Example]:
        found = []
        for number, sample in enumerate(self._material.samples):
            path = self._run.inputs("taught") / f"{number}.npy"
            save_array(path, sample.pooled.astype(np.float16))
            label = OTHER if sample.label == UNKNOWN else sample.label
            labels = torch.full((len(sample.pooled),), label)
            name = f"{number} {sample.name}"
            found.append(Example(name, path, labels, RATE, group=name))
        return found


def _sides(labels: Sequence[int]) -> list[int]:
    """Return the fold in which each clip is left out: each activity's in turn."""
    seen: dict[int, int] = {}
    sides = []
    for label in labels:
        seen[label] = seen.get(label, -1) + 1
        sides.append(seen[label] % FOLDS)
    return sides


def _described(
    info: ModelInfo, left_out: dict[int, LeftOut], opposite: dict[int, int]
) -> ModelInfo:
    clips = list(left_out.values())
    training = {
        "fit": "memory",
        "opposite order": [
            f"{info.classes[a]}, {info.classes[b]}" for a, b in opposite.items() if a < b
        ],
    }
    test = {
        "protocol": "each clip judged by a model that was not taught it",
        "clips": len(clips),
        CLIPS: clips_right(clips),
        STEPS: steps_right(left_out),
    }
    return replace(info, training=training, test=test)
