"""A model in closed form, fitted in under two tenths of a second.

It is a model like any other: a head that projects pooled features, keeps running means of them (see
`leaky_memory`), and classifies each step by a linear discriminant with a covariance that the
classes share (Fisher; shrunk towards a sphere); and a `Rejection`. How much it goes by what the
picture shows, rather than by how it changes, is chosen by clips that are left out, and they
calibrate it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.claims import CLIPS, STEPS
from lrcn_desktop.model.head_arrays import softmax
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.rejection import EVIDENCE, Rejection, RejectionConfig
from lrcn_desktop.model.shipped_negatives import ShippedNegatives
from lrcn_desktop.recognition.teaching.coordinates import Coordinates
from lrcn_desktop.recognition.teaching.discriminant import (
    inverse,
    linear,
    side_of,
    sphere_share,
)
from lrcn_desktop.recognition.teaching.evidence import (
    KEPT,
    POSTURES_KEPT,
    fit_threshold,
    fit_weights,
)
from lrcn_desktop.recognition.teaching.features import BACKBONE, POOL, PRESET, RATE
from lrcn_desktop.recognition.teaching.folds import Chosen, choose, clearly_better, deal
from lrcn_desktop.recognition.teaching.leaky_memory import (
    COMPONENTS,
    WIDTH,
    contrasts,
    leaky_head,
    memory_arrays,
)
from lrcn_desktop.recognition.teaching.order import order_pairs
from lrcn_desktop.recognition.teaching.parts import (
    Parts,
    coordinates,
    fit_cut,
    fit_projection,
)
from lrcn_desktop.recognition.teaching.sample import (
    UNKNOWN,
    LeftOut,
    Sample,
    clips_right,
    steps_right,
)

Array = NDArray[np.float32]

REJECTION = RejectionConfig(COMPONENTS, 2.0)

FOLDS = 3  # each costs some hundredths of a second
_SPHERE = (0.6, 0.95)  # share of a sphere in the classifier's covariance
_SHOWN = (0.0, 0.3, 1.0)  # what the picture itself counts for, beside how it changes
_UNTRIED = Chosen((_SHOWN[-1], _SPHERE[0]), 8.0, ())  # where no clip can be left out
_HALVED = 6  # steps of an only clip, from which on its halves are left out in turn
_SKIPPED = 2  # steps at a clip's start, which nothing comes before


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A model, and what it says of its own clips when they are left out.

    Attributes:
        model: The model.
        left_out: By the numbers of the samples; those that could not be left out are missing.
    """

    model: ModelFile
    left_out: dict[int, LeftOut]

    @property
    def accuracy(self) -> float | None:
        """The share of left-out clips that are named rightly, every activity counting alike."""
        return clips_right(list(self.left_out.values()))


def fit(
    name: str,
    classes: Sequence[str],
    samples: Sequence[Sample],
    negatives: ShippedNegatives | None,
    folds: int = FOLDS,
    kept: Coordinates | None = None,
) -> Fit:
    """Fit a model to clips of at least two activities.

    Args:
        name: What it is called.
        classes: The activities; each has a clip at least.
        samples: The clips.
        negatives: Steps that show none of the activities, beside those among the samples.
        folds: Parts of the clips that are left out in turn.
        kept: What earlier fits found out of the same clips, by their names.
    """
    halved: list[Sample] = []
    whole: dict[int, int] = {}  # the numbers of samples as they are here
    for number, sample in enumerate(samples):
        called = sample.name or f"#{number}"
        alone = sum(other.label == sample.label for other in samples) == 1
        if alone and sample.label != UNKNOWN and len(sample.pooled) >= _HALVED:
            # Better that one half says how known the other is than that nothing does.
            middle = len(sample.pooled) // 2
            for half, part in enumerate((sample.pooled[:middle], sample.pooled[middle:])):
                halved.append(Sample(sample.label, part, name=f"{called}, half {half}"))
        else:
            whole[len(halved)] = number
            halved.append(replace(sample, name=called))
    kept = coordinates() if kept is None else kept
    found = _ClosedForm(name, tuple(classes), halved, negatives, folds, kept).fit()
    return Fit(found.model, {whole[n]: clip for n, clip in found.left_out.items() if n in whole})


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """How steps can be projected and classified, and how that does on left-out clips.

    Attributes:
        postures: Whether the projection is of postures, rather than of the clips' own components.
        parts: What was fitted without each fold.
        rows: Those of the left-out clips, by their numbers.
        steps: What they are classified by.
        chosen: The best classifier.
    """

    postures: bool
    parts: list[Parts]
    rows: dict[int, Array]
    steps: dict[int, Array]
    chosen: Chosen


class _ClosedForm:
    def __init__(
        self,
        name: str,
        classes: tuple[str, ...],
        samples: Sequence[Sample],
        negatives: ShippedNegatives | None,
        folds: int,
        kept: Coordinates,
    ) -> None:
        self._folds, self._kept = folds, kept
        self._name, self._classes, self._samples = name, classes, samples
        opposite = order_pairs(len(classes), samples)
        made = [sample.made(opposite) for sample in samples]
        kept.update(
            {s.name: s.pooled for s in samples},
            {name: pooled for of in made for name, (_, pooled) in of.items()},
            negatives,
        )
        self._clips = [kept.clips[sample.name] for sample in samples]
        self._made = [[(label, kept.clips[n]) for n, (label, _) in of.items()] for of in made]
        self._shipped, self._source = kept.shipped, kept.source
        self._head = leaky_head(POOL, fit_cut(self._clips))

    def fit(self) -> Fit:
        samples, numbers = self._samples, range(len(self._samples))
        folds = deal(samples, self._folds)
        projections = (False, True) if len(self._kept.postures) else (False,)
        best, *others = (self._try(folds, postures) for postures in projections)
        for other in others:
            if clearly_better(other.chosen, best.chosen):
                best = other
        parts_of, rows, steps, left = best.parts, best.rows, best.steps, list(best.rows)
        judged = [n for n in left if samples[n].label != UNKNOWN]
        temperature, count = best.chosen.temperature, len(parts_of)
        info = self._describe(temperature)

        def evidence(parts: Parts, of: Array, inputs: Array) -> tuple[Array, Array]:
            weight, bias = parts.classifiers[best.chosen.kind]
            probabilities = softmax((inputs @ weight.T + bias) / np.float32(temperature))
            rejection = Rejection(REJECTION, self._head, parts.rejection, RATE)
            single = rejection.evidence(of, probabilities)
            means, _ = rejection.average(single, of, rejection.initial_state())
            return means, probabilities

        said = {n: evidence(parts_of[folds[n]], rows[n], steps[n]) for n in left}
        inner = [said[n][0] for n in judged]
        outer = [said[n][0] for n in left if n not in judged]
        own = len(outer)
        for fold, parts in enumerate(parts_of):
            single = parts.single_rows(self._shipped[self._source % count == fold])
            if len(single):  # each restarts what is averaged
                found, _ = evidence(parts, single, contrasts(single, RATE, self._head.cut))
                outer += list(found[:, None])
        weights = np.zeros(len(EVIDENCE) + 1, np.float32)
        if inner and outer:
            weights = fit_weights(inner, outer, own)
            kept = POSTURES_KEPT if best.postures else KEPT
            known = [_known(weights, means) for means in inner]
            info = replace(info, threshold=fit_threshold(known, kept))
        else:
            info = replace(info, rejection=None)
        left_out = {
            n: LeftOut(samples[n].label, probabilities, _known(weights, means))
            for n, (means, probabilities) in said.items()
        }
        shipped = np.ones(len(self._source), bool)
        whole = self._solve(list(numbers), shipped, [best.chosen.kind], best.postures)
        return Fit(self._model(info, whole, best, weights, left_out), left_out)

    def _try(self, folds: Mapping[int, int], postures: bool) -> _Tried:
        """Fit a projection and classifiers without each fold, and choose the best of these."""
        count = max(max(folds.values()) + 1, 2)  # of shipped negatives, there are enough
        # Of postures, what the picture shows is what they are for.
        kinds = [(s, share) for s in (_SHOWN[-1:] if postures else _SHOWN) for share in _SPHERE]
        parts_of = [
            self._solve(
                [n for n in folds if folds[n] != fold],
                self._source % count != fold,
                kinds,
                postures,
            )
            for fold in range(count)
        ]
        left = sorted(n for n in folds if folds[n] >= 0)
        rows = {n: parts_of[folds[n]].rows(self._clips[n]) for n in left}
        steps = {n: contrasts(rows[n], RATE, self._head.cut) for n in left}
        judged = [n for n in left if self._samples[n].label != UNKNOWN]
        labels = [self._samples[n].label for n in judged]
        classifiers = [parts_of[folds[n]].classifiers for n in judged]
        chosen = choose(labels, [steps[n] for n in judged], classifiers) or _UNTRIED
        return _Tried(postures, parts_of, rows, steps, chosen)

    def _solve(
        self,
        inside: Sequence[int],
        shipped: NDArray[np.bool_],
        kinds: Sequence[tuple[float, float]],
        postures: bool,
    ) -> Parts:
        """Fit everything to the samples `inside`, and to shipped negatives."""
        known = [n for n in inside if self._samples[n].label != UNKNOWN]
        directions = self._kept.postures if postures else None
        projection = fit_projection([self._clips[n] for n in known], directions)
        parts = Parts(self._head, projection)
        clips = [(self._samples[n].label, self._clips[n]) for n in known]
        clips += [made for n in known for made in self._made[n]]
        rows = [parts.rows(clip) for _, clip in clips]
        skipped = [_SKIPPED if len(of) > 2 * _SKIPPED else 0 for of in rows]
        inputs = [
            contrasts(of, RATE, self._head.cut)[s:] for of, s in zip(rows, skipped, strict=True)
        ]
        labels = np.repeat([label for label, _ in clips], [len(of) for of in inputs])
        shares = np.concatenate([np.full(len(of), 1 / len(of), np.float32) for of in inputs])
        steps = np.concatenate(inputs)
        means = np.stack(
            [
                np.average(steps[labels == c], axis=0, weights=shares[labels == c])
                for c in range(len(self._classes))
            ]
        )
        within = (steps - means[labels]) * np.sqrt(shares / shares.sum())[:, None]
        covariance = within.T @ within
        for shown, share in kinds:
            scale = np.ones(WIDTH, np.float32)
            scale[:COMPONENTS] = shown
            parts.classifiers[shown, share] = linear(means, covariance, scale, share)
        unknown = [n for n in inside if self._samples[n].label == UNKNOWN]
        own = [parts.rows(self._clips[n]) for n in unknown]
        own += [parts.rows(made) for n in unknown for _, made in self._made[n]]
        others = np.concatenate([*own, parts.single_rows(self._shipped[shipped])])
        alone = inverse(
            covariance[:COMPONENTS, :COMPONENTS].astype(np.float64),
            sphere_share(COMPONENTS, len(known)),
        )
        side = side_of(
            steps[:, :COMPONENTS].astype(np.float64),
            shares,
            others[:, :COMPONENTS].astype(np.float64),
            sum(map(len, own)),
        )
        parts.rejection.update(
            means=means[:, :COMPONENTS],
            whiten=np.linalg.cholesky(alone).astype(np.float32),
            side=side,
            weights=np.zeros(len(EVIDENCE) + 1, np.float32),
        )
        return parts

    def _describe(self, temperature: float) -> ModelInfo:
        return ModelInfo(
            self._name,
            self._classes,
            PRESET,
            BACKBONE,
            self._head,
            RATE,
            backbone_digest=FROZEN[BACKBONE.kind].digest,
            temperature=temperature,
            rejection=REJECTION,
        )

    def _model(
        self,
        info: ModelInfo,
        parts: Parts,
        best: _Tried,
        weights: Array,
        left_out: dict[int, LeftOut],
    ) -> ModelFile:
        clips = [clip for clip in left_out.values() if clip.label != UNKNOWN]
        training = {
            "fit": "class means",
            "projection": "postures" if best.postures else "own components",
            "what the picture counts for": best.chosen.kind[0],
        }
        test: dict[str, object] = {}
        right = clips_right(clips)
        if right is not None:
            test = {
                "protocol": "each clip judged by a model that was not taught it",
                "clips": len(clips),
                CLIPS: right,
                STEPS: steps_right(left_out),
            }
        info = replace(info, training=training, test=test)
        projection = self._kept.lift(parts.projection)
        tensors = {f"head.{key}": array for key, array in projection.items()}
        memory = memory_arrays(*parts.classifiers[best.chosen.kind], RATE)
        tensors |= {f"head.{key}": array for key, array in memory.items()}
        if info.rejection is not None:
            rejection = {**parts.rejection, "weights": weights}
            tensors |= {f"rejection.{key}": array for key, array in rejection.items()}
        return ModelFile(info, {k: np.ascontiguousarray(v) for k, v in tensors.items()})


def _known(weights: Array, means: Array) -> Array:
    known: Array = 0.5 * (1 + np.tanh(0.5 * (means @ weights[:-1] + weights[-1])))
    return known
