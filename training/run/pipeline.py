"""One training from beginning to end."""

from collections.abc import Callable
from dataclasses import replace

from lrcn_desktop.model.model import build_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.training_events import Epoch, RunBegun
from training.data.quarantine import Quarantined
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind
from training.fitting.distributed import ProcessGroup
from training.fitting.example import Example
from training.fitting.inputs import examples_of, negatives_of, pooled
from training.progress import Reporter, Silent
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
from training.run.fits import FitProgress, Fits
from training.run.folder import RunFolder
from training.run.helpers import Helpers
from training.run.jobs import Plan, trained_on
from training.run.jobs import plan as make_plan
from training.run.known import (
    known_scores,
)
from training.run.negatives import ENOUGH, shipped_examples
from training.run.networks import Fitted, Recipe, RoundContext, to_model
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
    return _Training(folder, reporter, processes, check_paused).run(control)


def help_training(folder: RunFolder, reporter: Reporter, control: Control) -> None:
    """Do fits of a run that another process has begun, as long as there are any that nobody does.

    Raises:
        UserError: The disk is full, or the clips are no longer those that the run began with.
        KeyboardInterrupt: It was interrupted, or that process has ended.
    """
    _Training(folder, reporter, ProcessGroup(), control.check_paused).help()


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

    def run(self, control: Control | None) -> Outcome:
        settings = self._settings
        self._reporter.event(
            RunBegun(
                folder=str(self._folder.path),
                model=settings.out,
                preset=settings.preset,
                resumed=self._folder.resumed,
            )
        )
        features, flipped, quarantined = self._features(self._reporter)
        recipe = recipe_of(settings, features)
        split = split_of(settings, features.clips)
        self._reporter.event(describe_data(features, quarantined, split.text))
        for note in features.notes:
            self._reporter.note(note)
        with fitting_threads(recipe, self._device):
            return self._train(recipe, features, flipped, split, control)

    def help(self) -> None:
        """Do fits of the run that nobody has begun, the last first, and report their epochs."""
        features, flipped, _ = self._features(Silent())
        recipe = recipe_of(self._settings, features)
        split = split_of(self._settings, features.clips)
        plan = self._plan(recipe, features, flipped, split)
        fits = Fits(plan, self._context(self._check_paused), self._reporter.event)
        with fitting_threads(recipe, self._device):
            for job in reversed(plan.jobs):
                fits.try_to_fit(job)

    def _features(
        self, reporter: Reporter
    ) -> tuple[FeatureSet, FeatureSet | None, list[Quarantined]]:
        return features_of(self._folder, reporter, self._processes, self._check_paused)

    def _train(
        self,
        recipe: Recipe,
        features: FeatureSet,
        flipped: FeatureSet | None,
        split: Split,
        control: Control | None,
    ) -> Outcome:
        plan = self._plan(recipe, features, flipped, split)
        recipe, trained = plan.recipe, trained_on(recipe, split)
        rounds, fitted = self._fit(plan, control)
        calibrated = calibrate_rounds(recipe, rounds, self._device)
        fitted = calibrated.apply(fitted)
        info = describe_training(
            calibrated.info, features, trained, recipe.fits, recipe.seed, split.text
        )
        self._reporter.stage("test", "testing", 1, "model")
        if split.test:
            test = list(split.test)
            said = [
                replace(
                    one, known=known_scores(info, fitted, one.example), threshold=info.threshold
                )
                for one in predict_logits(fitted, plan.test, self._device)
            ]
            apart = [(fitted, plan.test)]
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

    def _plan(
        self, recipe: Recipe, features: FeatureSet, flipped: FeatureSet | None, split: Split
    ) -> Plan:
        examples = self._examples(features, recipe.info, "pooled")
        mirrored = self._examples(flipped, recipe.info, "mirrored") if flipped else None
        others = self._negatives(features, recipe.info)
        return make_plan(recipe, split, examples, mirrored, others)

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

    def _fit(self, plan: Plan, control: Control | None) -> tuple[list[Round], Fitted]:
        """Return the networks of each round, and the final ones."""
        recipe, jobs = plan.recipe, plan.jobs
        epochs = sum(stage.epochs for stage in recipe.stages)
        self._reporter.stage("fit", "fitting", epochs * len(jobs), "epoch")
        progress = FitProgress(self._reporter, epochs, len(jobs))
        # Only there does no fit take its number of epochs from others.
        beside = recipe.fits.sequences.streams and self._processes.size == 1
        helpers = Helpers(self._folder.path, progress.heard, self._reporter.note, wanted=beside)

        def check_paused() -> None:
            helpers.look()
            self._check_paused()

        def epoch_done(epoch: Epoch) -> None:
            progress.heard(epoch)
            helpers.offer(len(jobs) - epoch.number, progress.work_left(epoch))

        if control is not None:
            control.pass_on(helpers.say)
        fits = Fits(plan, self._context(check_paused), epoch_done)
        rounds: list[Round] = []
        try:
            for number, job in enumerate(jobs, start=1):
                best: list[int] = []
                if job.is_final:
                    stages = zip(*(one.fitted.epochs for one in rounds), strict=True)
                    best = [round(sum(stage) / len(stage)) for stage in stages]
                fitted = fits.fit(job, best)
                if not job.is_final:
                    rounds.append(Round(number, fitted, job.indices, job.validation, job.kept))
                progress.fitted(number)
        finally:
            helpers.stop()
        helpers.look()
        return rounds, fitted

    def _context(self, check_paused: Callable[[], None]) -> RoundContext:
        return RoundContext(self._folder, self._processes, self._device, check_paused)
