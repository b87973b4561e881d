"""One training from beginning to end."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import build_model, load_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from training.data.quarantine import Quarantined, write_quarantine
from training.dealing import Member
from training.evaluation.evaluation import Evaluation
from training.evaluation.report import write_report
from training.evaluation.stream_figures import StreamEvaluation
from training.evaluation.stream_report import as_json
from training.evaluation.verdict import verdict
from training.features.folder import FeatureSet, read_feature_folder
from training.fitting.config import FITS, Fits
from training.fitting.distributed import Team
from training.fitting.example import Example
from training.progress import Reporter
from training.run.clips import same_clips
from training.run.control import Control
from training.run.describe import check_preset, describe_model
from training.run.figures import (
    Said,
    calibrate,
    describe_test,
    describe_training,
    evaluate,
    evaluate_other,
    say,
)
from training.run.folder import RunFolder
from training.run.gather import describe_data, engine_for, gather_features, kind_for, load_clips
from training.run.inputs import examples_of, limited, negatives_of, pooled
from training.run.known import (
    HeldOut,
    KnownCalibration,
    calibrate_known,
    held_out,
    known_scores,
)
from training.run.mixing import mix_rounds, set_mix
from training.run.negatives import ENOUGH, deal, shipped_examples
from training.run.networks import Bench, Fitted, Recipe, fit_networks, from_model, to_model
from training.run.settings import Settings
from training.run.streams import judge_held_out
from training.split import Split, plan_split

_MANY = 2000  # clips from which one round of validation tells enough
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made.

    Attributes:
        info: The model that was saved.
        evaluation: On clips that it was not fitted to.
        report: The HTML file.
    """

    info: ModelInfo
    evaluation: Evaluation
    report: Path


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
        self._device = _device(self._settings, team)

    def run(self) -> Outcome:
        settings = self._settings
        self._reporter.event(
            "run",
            dir=str(self._folder.path),
            model=settings.out,
            preset=settings.preset,
            resumed=self._folder.resumed,
        )
        features, flipped, quarantined = self._gather()
        info = describe_model(settings, features)
        split = self._split(features.clips)
        self._reporter.event("data", **describe_data(features, quarantined, split.text))
        for note in features.notes:
            self._reporter.note(note)
        fits = _fits(settings)
        info = replace(info, rates=_trained_rates(info, fits))
        recipe = Recipe(info, fits, settings.seed, settings.end_to_end, _opposite(features))
        with _threads(recipe, self._device):
            return self._train(recipe, features, flipped, split)

    def _gather(self) -> tuple[FeatureSet, FeatureSet | None, list[Quarantined]]:
        """Return the features, those of mirrored frames if wanted, and what has none."""
        settings = self._settings
        if settings.features is not None:
            features = read_feature_folder(Path(settings.features), settings.activities)
            check_preset(settings.preset)
            return same_clips(self._folder.clips, features, self._team), None, []
        assert settings.data is not None
        cache = Path(settings.cache)
        data, quarantined = load_clips(
            settings.data,
            activities=settings.activities,
            rate=settings.rate,
            split=settings.split,
            cache=cache,
            reporter=self._reporter,
            team=self._team,
            breathe=self._breathe,
            other=[Path(path) for path in settings.other],
        )
        if settings.data != "demo" or data.negatives:  # it is drawn, and always the same
            data = same_clips(self._folder.clips, data, self._team)
        self._split(data.clips)  # before hours of extraction: it may be what is wrong
        model = build_model(describe_model(settings, data))
        kinds = [kind_for(model, settings.rate)]
        if settings.flips:
            kinds.append(replace(kinds[0], flip=True))
        sets = []
        for kind in kinds:
            found, lost = gather_features(
                replace(data, negatives=()) if kind.flip else data,
                kind,
                cache=cache,
                engine=lambda: engine_for(model, settings.device),
                reporter=self._reporter,
                team=self._team,
                breathe=self._breathe,
            )
            sets.append(found)
            quarantined = [*quarantined, *lost]
        if self._team.leads and quarantined:
            write_quarantine(self._folder.path / "quarantine.csv", quarantined)
            self._reporter.note(
                f"{len(quarantined)} files are left out: {self._folder.path / 'quarantine.csv'} "
                "says why."
            )
        both = {clip.name for clip in sets[0].clips} & {clip.name for clip in sets[-1].clips}
        sets = [
            replace(one, clips=tuple(c for c in one.clips if c.name in both)) for one in sets
        ]  # a clip that failed in one kind must not shift the other
        return sets[0], sets[1] if settings.flips else None, quarantined

    def _split(self, members: Sequence[Member]) -> Split:
        settings, count = self._settings, self._settings.folds
        own_cnn = PRESETS[settings.preset].backbone.kind == "cnn"
        if own_cnn and count not in (None, 1):
            raise UserError(
                f"The preset {settings.preset!r} trains a CNN of its own, which is too slow to fit "
                "several times: leave --folds out."
            )
        if count is None:
            one = own_cnn or len(members) > _MANY or settings.protocol == "slides"
            count = 1 if one else max(2, min(_FOLDS, _fewest_groups(members)))
        return plan_split(members, folds=count, seed=settings.seed, protocol=settings.protocol)

    def _train(
        self, recipe: Recipe, features: FeatureSet, flipped: FeatureSet | None, split: Split
    ) -> Outcome:
        own_cnn = features.kind.backbone == "pixels"
        again = not own_cnn  # a head is fitted once more to all that may be learnt from
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
        learnt = sorted({i for side in split.rounds for i in (*side.train, *side.validation)})
        if again:
            chosen = [round(sum(stage) / len(stage)) for stage in zip(*best, strict=True)]
            bench = self._bench(epochs, rounds)
            fitted = fit_networks(
                recipe, learn(learnt), (), bench, "all clips", chosen, others=others
            )
            if mix is not None:
                set_mix(fitted.network, mix)
        else:
            learnt = sorted(split.rounds[0].train)
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
        info = describe_training(info, features, learnt, recipe.fits, recipe.seed, split.text)
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
        return self._finish(info, fitted, features, evaluation, judge_held_out(info, apart), test)

    def _examples(self, features: FeatureSet, info: ModelInfo, name: str) -> list[Example]:
        return self._pooled(examples_of(features), info, name)

    def _negatives(self, features: FeatureSet, info: ModelInfo) -> list[Example]:
        """Return the clips that show none of the activities; none where no use is made of them."""
        if info.rejection is None:
            return []
        own = self._pooled(negatives_of(features), info, "negatives")
        if len(own) >= ENOUGH:
            return own
        return [*own, *shipped_examples(info, self._folder, self._team, self._breathe)]

    def _pooled(self, examples: list[Example], info: ModelInfo, name: str) -> list[Example]:
        if info.backbone.kind == "cnn":  # they are pixels
            return examples
        head = build_model(info).head
        return pooled(examples, head, self._folder.inputs(name), self._team, self._breathe)

    def _bench(self, epochs: int, rounds_done: int) -> Bench:
        """Return where the fits of the next round are done."""
        told = 0

        def epoch_done(title: str, count: int, figures: dict[str, Any]) -> None:
            nonlocal told
            told += 1
            done = rounds_done * epochs + told
            self._reporter.event(
                "epoch",
                fit=title,
                number=rounds_done + 1,
                epochs=count,
                seconds_left=self._reporter.seconds_left(done),
                **figures,
            )
            self._reporter.advance(done)

        return Bench(self._folder, self._team, self._device, self._breathe, epoch_done)

    def _finish(
        self,
        info: ModelInfo,
        fitted: Fitted,
        features: FeatureSet,
        evaluation: Evaluation,
        streams: StreamEvaluation | None,
        test: Sequence[int],
    ) -> Outcome:
        report = self._folder.path / "report.html"
        model = to_model(info, fitted)
        outcome = Outcome(model.info, evaluation, report)
        if not self._team.leads:
            return outcome
        current = self._compare(features, test)
        save_model(Path(self._settings.out), model)
        write_report(
            report,
            evaluation,
            title=model.info.name,
            info=model.info,
            history=self._folder.history(),
            current=current,
            protocol=model.info.test["protocol"],
            streams=streams,
        )
        self._folder.finish()
        self._reporter.event(
            "done",
            model=self._settings.out,
            report=str(report),
            evaluation=evaluation.to_json()
            | ({} if streams is None else {"streams": as_json(streams)}),
            current=current.to_json() if current is not None else None,
            verdict=verdict(evaluation, current),
        )
        return outcome

    def _compare(self, features: FeatureSet, test: Sequence[int]) -> Evaluation | None:
        """Judge the model that this one may replace, on the same clips."""
        if self._settings.compare is None:
            return None
        other = load_model(find_model(self._settings.compare))
        name = other.info.name
        if kind_for(other, features.kind.rate) != features.kind:
            self._reporter.note(f"{name} sees other features: it cannot be compared here.")
            return None
        if not set(other.info.classes) & set(features.classes):
            self._reporter.note(f"{name} knows none of these activities: nothing to compare.")
            return None
        clips = [features.clips[i] for i in test]
        learnt = set(other.info.training.get("clips_sha256", ()))
        seen = sum(clip.digest in learnt for clip in clips)
        whole = examples_of(replace(features, clips=tuple(clips)))
        examples = pooled(whole, other.head, self._folder.inputs("compared"), self._team)
        return evaluate_other(other.info, from_model(other), examples, features.classes, seen)


def _fits(settings: Settings) -> Fits:
    fits = FITS[settings.preset]
    rates = settings.rates or fits.sequences.rates
    if rates is not None:  # the clips' own among them
        rates = min(rates[0], settings.rate), max(rates[1], settings.rate)
        fits = replace(fits, sequences=replace(fits.sequences, rates=rates))
    return fits.of((settings.epochs,) if settings.epochs is not None else ())


def _trained_rates(info: ModelInfo, fits: Fits) -> tuple[float, float] | None:
    """Return the step rates that a model is fitted for; None: only that of the clips."""
    rates, own = fits.sequences.rates, info.step_rate
    if rates is None or own is None or not info.head.hidden:
        return None
    return min(rates[0], own), max(rates[1], own)


def _weighed(fitted: Fitted, weights: NDArray[np.float32]) -> Fitted:
    """Return a round's networks with what the evidence for "known" counts for."""
    return replace(fitted, rejection={**fitted.rejection, "weights": weights})


def _opposite(features: FeatureSet) -> dict[int, int]:
    """Return which class is which one backwards."""
    number = {label: index for index, label in enumerate(features.classes)}
    pairs = [(number[a], number[b]) for a, b in features.order_pairs]
    return dict(pairs) | {b: a for a, b in pairs}


def _fewest_groups(members: Sequence[Member]) -> int:
    groups: dict[str, set[str]] = {}
    for member in members:
        if member.side != "test":
            groups.setdefault(member.label, set()).add(member.group)
    return min(len(names) for names in groups.values())


def _device(settings: Settings, team: Team) -> torch.device:
    wanted = settings.device
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("There is no CUDA GPU that PyTorch can use here: try --device auto.")
    if wanted == "cuda" and team.size > 1:
        return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    return torch.device(wanted)


@contextmanager
def _threads(recipe: Recipe, device: torch.device) -> Iterator[None]:
    """Fit a head on one thread: it is too small for more, and they wait for each other."""
    before = torch.get_num_threads()
    if recipe.info.backbone.kind != "cnn" and device.type == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
