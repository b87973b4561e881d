"""One training from beginning to end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.model.model import build_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.training_events import Epoch, RunBegun
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind
from training.fitting.distributed import Team
from training.fitting.example import Example
from training.fitting.inputs import examples_of, limited, negatives_of, pooled
from training.progress import Reporter
from training.run.control import Control
from training.run.data import features_of, split_of
from training.run.device import choose_device, fitting_threads
from training.run.figures import (
    Said,
    calibrate,
    describe_test,
    describe_training,
    evaluate,
    say,
)
from training.run.folder import RunFolder
from training.run.known import (
    HeldOut,
    KnownCalibration,
    calibrate_known,
    held_out,
    known_scores,
)
from training.run.mixing import mix_rounds, set_mix
from training.run.negatives import ENOUGH, deal, shipped_examples
from training.run.networks import Bench, Fitted, Recipe, fit_networks, to_model
from training.run.outcome import Outcome, conclude
from training.run.prepare import describe_data
from training.run.recipe import recipe_of
from training.run.streams import judge_held_out
from training.split import Split


def run_training(
    folder: RunFolder, reporter: Reporter, team: Team, control: Control | None = None
) -> Outcome:
    """Train what a run's settings ask for, going on where an earlier session ended.

    Raises:
        UserError: The settings or the data are at fault, or the disk is full.
        KeyboardInterrupt: It was interrupted; the run can be resumed.
    """
    breathe = control.breathe if control is not None else lambda: None
    return _Training(folder, reporter, team, breathe).run()


class _Training:
    def __init__(
        self, folder: RunFolder, reporter: Reporter, team: Team, breathe: Callable[[], None]
    ) -> None:
        self._folder, self._settings = folder, folder.settings
        self._reporter, self._team, self._breathe = reporter, team, breathe
        self._device = choose_device(self._settings, team)

    def run(self) -> Outcome:
        settings = self._settings
        self._reporter.event(
            RunBegun(
                folder=str(self._folder.path),
                model=settings.out,
                preset=settings.preset,
                resumed=self._folder.resumed,
            )
        )
        features, flipped, quarantined = features_of(
            self._folder, self._reporter, self._team, self._breathe
        )
        recipe = recipe_of(settings, features)
        split = split_of(settings, features.clips)
        self._reporter.event(describe_data(features, quarantined, split.text))
        for note in features.notes:
            self._reporter.note(note)
        with fitting_threads(recipe, self._device):
            return self._train(recipe, features, flipped, split)

    def _train(
        self, recipe: Recipe, features: FeatureSet, flipped: FeatureSet | None, split: Split
    ) -> Outcome:
        own_cnn = features.kind.backbone == "pixels"
        again = not own_cnn  # a final fit on all training data
        rounds = len(split.rounds)
        epochs = sum(stage.epochs for stage in recipe.stages)
        self._reporter.stage("fit", "fitting", epochs * (rounds + again), "epoch")
        examples = self._examples(features, recipe.info, "pooled")
        mirrored = self._examples(flipped, recipe.info, "mirrored") if flipped else None
        others = self._negatives(features, recipe.info)
        if not others:
            recipe = replace(recipe, info=replace(recipe.info, rejection=None))
        dealt = deal(others, rounds)
        frames = split.frames or (None, None, None)

        def learn(indices: Sequence[int]) -> list[Example]:
            chosen = [examples[i] for i in indices]
            if mirrored is not None:
                chosen += [mirrored[i] for i in indices]
            return limited(chosen, frames[0])

        held: dict[int, Said] = {}
        unseen: list[tuple[int | None, HeldOut]] = []  # an activity's with its index
        best: list[tuple[int, ...]] = []
        apart: list[tuple[Fitted, list[Example]]] = []  # networks, and clips new to them
        fitted_to: list[tuple[Fitted, list[Example]]] = []  # and those of the activities alone
        fitted: Fitted | None = None
        for number, side in enumerate(split.rounds, start=1):
            name = f"fold {number} of {rounds}" if rounds > 1 else "choosing epochs"
            validation = limited([examples[i] for i in side.validation], frames[1])
            bench = self._bench(epochs, number - 1)
            fitted = fit_networks(
                recipe, learn(side.train), validation, bench, name, others=dealt[number - 1][0]
            )
            best.append(fitted.epochs)
            fitted_to.append((fitted, validation))
        mix: Tensor | None = None
        if recipe.fits.sequences.streams:
            mix = mix_rounds([(fitted.network, clips) for fitted, clips in fitted_to])
        for number, side in enumerate(split.rounds, start=1):
            fitted, validation = fitted_to[number - 1]
            kept = dealt[number - 1][1]
            if fitted.rejection:
                indices = [*side.validation, *(None for _ in kept)]
                clips = held_out(fitted, [*validation, *kept], number)
                unseen += zip(indices, clips, strict=True)
            said = say(fitted, validation, self._device, fold=number)
            held |= dict(zip(side.validation, said, strict=True))
            apart.append(
                (fitted, [*validation, *(e for e in kept if e.rate == recipe.info.step_rate)])
            )
        trained = sorted({i for side in split.rounds for i in (*side.train, *side.validation)})
        if again:
            chosen = [round(sum(stage) / len(stage)) for stage in zip(*best, strict=True)]
            bench = self._bench(epochs, rounds)
            fitted = fit_networks(
                recipe, learn(trained), (), bench, "all clips", chosen, others=others
            )
            if mix is not None:
                set_mix(fitted.network, mix)
        else:
            trained = sorted(split.rounds[0].train)
        assert fitted is not None
        validation_said = [held[i] for i in sorted(held)]
        info = calibrate(recipe.info, validation_said)
        known: KnownCalibration | None = None
        if any(clip.is_other for _, clip in unseen):
            known = calibrate_known(info, [clip for _, clip in unseen])
            info, fitted = known.info, _weighed(fitted, known.weights)
            apart = [(_weighed(one, known.weights), clips) for one, clips in apart]
            judged = zip(unseen, known.scores, known.thresholds, strict=True)
            for (index, _), scores, threshold in judged:
                if index is not None:
                    held[index] = replace(
                        held[index], known=torch.from_numpy(scores), threshold=threshold
                    )
            validation_said = [held[i] for i in sorted(held)]
        else:
            info, fitted = replace(info, rejection=None), replace(fitted, rejection={})
        info = describe_training(info, features, trained, recipe.fits, recipe.seed, split.text)
        self._reporter.stage("test", "testing", 1, "model")
        if split.test:
            tested = limited([examples[i] for i in split.test], frames[2])
            test = list(split.test)
            said = [
                replace(
                    one,
                    known=known_scores(info, fitted, one.example),
                    threshold=info.threshold,
                )
                for one in say(fitted, tested, self._device)
            ]
            apart = [(fitted, tested)]
        else:
            said, test = validation_said, sorted(held)
        evaluation = evaluate(info, said)
        info = describe_test(info, features, evaluation, said, recipe.fits)
        if known is not None:
            info = replace(info, test=info.test | known.figures.described())
        return conclude(
            self._folder,
            self._reporter,
            self._team,
            to_model(info, fitted),
            evaluation,
            judge_held_out(info, apart),
            [features.clips[i] for i in test],
            features,
        )

    def _examples(self, features: FeatureSet, info: ModelInfo, name: str) -> list[Example]:
        return self._pooled(examples_of(features), features.kind, info, name)

    def _negatives(self, features: FeatureSet, info: ModelInfo) -> list[Example]:
        """Return the clips that show none of the activities; none where no use is made of them."""
        if info.rejection is None:
            return []
        own = self._pooled(negatives_of(features), features.kind, info, "negatives")
        if len(own) >= ENOUGH:
            return own
        return [*own, *shipped_examples(info, self._folder, self._team, self._breathe)]

    def _pooled(
        self, examples: list[Example], kind: FeatureKind, info: ModelInfo, name: str
    ) -> list[Example]:
        if info.backbone.trained:  # they are pixels
            return examples
        head = build_model(info).head
        folder = self._folder.inputs(name)
        return pooled(examples, kind, head, folder, self._team, self._breathe)

    def _bench(self, epochs: int, rounds_done: int) -> Bench:
        """Return where the fits of the next round are done."""
        told = 0

        def epoch_done(title: str, count: int, figures: dict[str, Any]) -> None:
            nonlocal told
            told += 1
            done = rounds_done * epochs + told
            self._reporter.event(
                Epoch(
                    fit=title,
                    number=rounds_done + 1,
                    epochs=count,
                    seconds_left=self._reporter.seconds_left(done),
                    **figures,
                )
            )
            self._reporter.advance(done)

        return Bench(self._folder, self._team, self._device, self._breathe, epoch_done)


def _weighed(fitted: Fitted, weights: NDArray[np.float32]) -> Fitted:
    """Return a round's networks with what the evidence for "known" counts for."""
    return replace(fitted, rejection={**fitted.rejection, "weights": weights})
