"""One training from beginning to end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lrcn_desktop.model.model import build_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.training_events import Epoch, RunBegun
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind
from training.fitting.distributed import ProcessGroup
from training.fitting.example import Example
from training.fitting.inputs import examples_of, limited, negatives_of, pooled
from training.progress import Reporter
from training.run.calibration import Round, calibrate_rounds
from training.run.control import Control
from training.run.data import features_of, split_of
from training.run.device import choose_device, fitting_threads
from training.run.figures import (
    describe_test,
    describe_training,
    evaluate,
    predict_logits,
)
from training.run.folder import RunFolder
from training.run.known import (
    known_scores,
)
from training.run.negatives import ENOUGH, deal, shipped_examples
from training.run.networks import Recipe, RoundContext, fit_networks, to_model
from training.run.outcome import Outcome, conclude
from training.run.prepare import describe_data
from training.run.recipe import recipe_of
from training.run.streams import describe_on_streams, judge_held_out
from training.split import Split


def run_training(
    folder: RunFolder, reporter: Reporter, processes: ProcessGroup, control: Control | None = None
) -> Outcome:
    """Train what a run's settings ask for, going on where an earlier session ended.

    Raises:
        UserError: The settings or the data are at fault, or the disk is full.
        KeyboardInterrupt: It was interrupted; the run can be resumed.
    """
    check_paused = control.check_paused if control is not None else lambda: None
    return _Training(folder, reporter, processes, check_paused).run()


class _Training:
    def __init__(
        self,
        folder: RunFolder,
        reporter: Reporter,
        processes: ProcessGroup,
        check_paused: Callable[[], None],
    ) -> None:
        self._folder, self._settings = folder, folder.settings
        self._reporter, self._processes, self._check_paused = reporter, processes, check_paused
        self._device = choose_device(self._settings, processes)

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
            self._folder, self._reporter, self._processes, self._check_paused
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
        count = len(split.rounds)
        epochs = sum(stage.epochs for stage in recipe.stages)
        self._reporter.stage("fit", "fitting", epochs * (count + again), "epoch")
        examples = self._examples(features, recipe.info, "pooled")
        mirrored = self._examples(flipped, recipe.info, "mirrored") if flipped else None
        others = self._negatives(features, recipe.info)
        if not others:
            recipe = replace(recipe, info=replace(recipe.info, rejection=None))
        dealt = deal(others, count)
        frames = split.frames or (None, None, None)

        def learn(indices: Sequence[int]) -> list[Example]:
            chosen = [examples[i] for i in indices]
            if mirrored is not None:
                chosen += [mirrored[i] for i in indices]
            return limited(chosen, frames[0])

        rounds: list[Round] = []
        for number, side in enumerate(split.rounds, start=1):
            name = f"fold {number} of {count}" if count > 1 else "choosing epochs"
            validation = limited([examples[i] for i in side.validation], frames[1])
            context, (fit, kept) = self._context(epochs, number - 1), dealt[number - 1]
            fitted = fit_networks(recipe, learn(side.train), validation, context, name, others=fit)
            rounds.append(Round(number, fitted, side.validation, validation, kept))
        calibrated = calibrate_rounds(recipe, rounds, self._device)
        trained = sorted({i for side in split.rounds for i in (*side.train, *side.validation)})
        if again:
            best = zip(*(one.fitted.epochs for one in rounds), strict=True)
            chosen = [round(sum(stage) / len(stage)) for stage in best]
            context = self._context(epochs, count)
            fitted = fit_networks(
                recipe, learn(trained), (), context, "all clips", chosen, others=others
            )
        else:
            trained, fitted = sorted(split.rounds[0].train), rounds[-1].fitted
        fitted = calibrated.apply(fitted)
        info = describe_training(
            calibrated.info, features, trained, recipe.fits, recipe.seed, split.text
        )
        self._reporter.stage("test", "testing", 1, "model")
        if split.test:
            test, tested = list(split.test), limited([examples[i] for i in split.test], frames[2])
            said = [
                replace(
                    one, known=known_scores(info, fitted, one.example), threshold=info.threshold
                )
                for one in predict_logits(fitted, tested, self._device)
            ]
            apart = [(fitted, tested)]
        else:
            test = sorted(calibrated.held)
            said = [calibrated.held[i] for i in test]
            rate = recipe.info.step_rate
            apart = [
                (one.fitted, [*one.validation, *(e for e in one.kept if e.rate == rate)])
                for one in calibrated.rounds
            ]
        evaluation = evaluate(info, said)
        info = describe_test(info, features, evaluation, said, recipe.fits)
        streams = judge_held_out(info, apart)
        info = replace(info, test={**info.test, **calibrated.figures})
        info = describe_on_streams(info, streams)
        return conclude(
            self._folder,
            self._reporter,
            self._processes,
            to_model(info, fitted),
            evaluation,
            streams,
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
        return [*own, *shipped_examples(info, self._folder, self._processes, self._check_paused)]

    def _pooled(
        self, examples: list[Example], kind: FeatureKind, info: ModelInfo, name: str
    ) -> list[Example]:
        if info.backbone.trained:  # they are pixels
            return examples
        head = build_model(info).head
        folder = self._folder.inputs(name)
        return pooled(examples, kind, head, folder, self._processes, self._check_paused)

    def _context(self, epochs: int, rounds_done: int) -> RoundContext:
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

        return RoundContext(
            self._folder, self._processes, self._device, self._check_paused, epoch_done
        )
