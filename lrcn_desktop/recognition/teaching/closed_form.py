"""A model in closed form: class means in principal components, fitted in a tenth of a second.

It is a model like any other: a head that projects pooled features and classifies each step by a
linear discriminant with a covariance that the classes share (Fisher; shrunk as by Ledoit and Wolf,
2004), and a `Rejection`. Clips that were left out calibrate both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.backbones.registry import FROZEN
from lrcn_desktop.model.claims import CLIPS, STEPS
from lrcn_desktop.model.head_arrays import HeadArrays, softmax
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import HeadConfig
from lrcn_desktop.model.rejection import EVIDENCE, Rejection, RejectionConfig
from lrcn_desktop.model.shipped_negatives import ShippedNegatives
from lrcn_desktop.recognition.teaching.evidence import fit_threshold, fit_weights
from lrcn_desktop.recognition.teaching.features import BACKBONE, POOL, PRESET, RATE

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

UNKNOWN = -1
"""The label of clips that show none of the activities."""

COMPONENTS, MOTION = 128, 32
HEAD = HeadConfig(pool=POOL, project=COMPONENTS, motion=MOTION, cut=0.45)
REJECTION = RejectionConfig(COMPONENTS, 2.0)

_MOST = 240  # steps that principal components are computed from
FOLDS = 3  # each costs a third of a tenth of a second
_PER_CLIP = 4  # what a clip's many alike steps count for in a covariance
_SURE = 0.97  # of a step whose activity is certain: few clips cannot prove more
_SIDE = 0.3  # share of a sphere in the covariance by which known and other are told apart


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A clip's pooled features.

    Attributes:
        label: The number of its activity, or `UNKNOWN`.
        pooled: float32 (T, P).
        source: What it was cut from; clips of one source are left out together. "": only itself.
    """

    label: int
    pooled: Array
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """What a model says of a clip that it was not fitted to.

    Attributes:
        label: As it is.
        probabilities: float32 (T, C).
        known: How surely each step shows one of the activities, 0..1 (T,).
    """

    label: int
    probabilities: Array
    known: Array

    @property
    def said(self) -> int:
        """The activity with the highest mean probability."""
        return int(self.probabilities.mean(0).argmax())


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
        return balanced_accuracy(list(self.left_out.values()))


def balanced_accuracy(clips: Sequence[LeftOut]) -> float | None:
    """Return the share of clips that are right, the mean over activities; None without any."""
    right: dict[int, list[bool]] = {}
    for clip in clips:
        if clip.label != UNKNOWN:
            right.setdefault(clip.label, []).append(clip.said == clip.label)
    return float(np.mean([np.mean(of) for of in right.values()])) if right else None


def steps_right(left_out: Mapping[int, LeftOut]) -> float:
    """Return the mean over the activities of the share of steps that are right, 0..1."""
    right: dict[int, list[float]] = {}
    for clip in left_out.values():
        if clip.label != UNKNOWN:
            share = float((clip.probabilities.argmax(-1) == clip.label).mean())
            right.setdefault(clip.label, []).append(share)
    return float(np.mean([np.mean(of) for of in right.values()])) if right else 0.0


def fit(
    name: str,
    classes: Sequence[str],
    samples: Sequence[Sample],
    negatives: ShippedNegatives | None,
    folds: int = FOLDS,
) -> Fit:
    """Fit a model to clips of at least two activities.

    Args:
        name: What it is called.
        classes: The activities; each has a clip at least.
        samples: The clips.
        negatives: Steps that show none of the activities, beside those among the samples.
        folds: Parts of the clips that are left out in turn.
    """
    return _ClosedForm(name, tuple(classes), samples, negatives, folds).fit()


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A sample, and how its frames compare with those before them (see `HeadArrays.compare`)."""

    label: int
    pooled: Array
    changes: Array
    similarities: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What is fitted to some of the samples.

    Attributes:
        projection: Its tensors.
        weight, bias: Of the classifier.
        rejection: Its tensors.
    """

    projection: dict[str, Array]
    weight: Array
    bias: Array
    rejection: dict[str, Array]

    def rows(self, clip: _Compared) -> Array:
        """Return the rows (T, R) of a clip."""
        head = HeadArrays(HEAD, BACKBONE.shape, self.projection, RATE)
        return head.join(clip.pooled, clip.changes, clip.similarities)

    def single_rows(self, pooled: Array) -> Array:
        """Return rows (M, R) of single steps: they have no motion, and no cut before them."""
        if not len(pooled):
            return np.empty((0, COMPONENTS + MOTION + 2), np.float32)
        found = HeadArrays(HEAD, BACKBONE.shape, self.projection, RATE).components(pooled)
        motion = np.zeros((len(found), MOTION), np.float32)
        still = np.ones((len(found), 1), np.float32)
        return np.hstack([found[:, :-1], motion, found[:, -1:], still])

    def logits(self, rows: Array) -> Array:
        """Return what the classifier says of rows, (T, C)."""
        logits: Array = rows[:, : COMPONENTS + MOTION] @ self.weight.T + self.bias
        return logits


class _ClosedForm:
    def __init__(
        self,
        name: str,
        classes: tuple[str, ...],
        samples: Sequence[Sample],
        negatives: ShippedNegatives | None,
        folds: int,
    ) -> None:
        self._folds = folds
        self._name, self._classes, self._samples = name, classes, samples
        width = samples[0].pooled.shape[1]
        comparing = HeadArrays(replace(HEAD, motion=0), BACKBONE.shape, {}, RATE)
        start = np.zeros(width, np.float32)
        self._clips = [
            _Compared(s.label, s.pooled, *comparing.compare(s.pooled, start)[:2]) for s in samples
        ]
        self._shipped, self._source = np.empty((0, width), np.float32), np.empty(0, np.int32)
        if negatives is not None:  # a step of each clip: the others are much like it
            first = np.unique(negatives.clip, return_index=True)[1]
            self._shipped, self._source = negatives.features[first], negatives.source[first]

    def fit(self) -> Fit:
        numbers = range(len(self._samples))
        folds = _deal(self._samples, self._folds)
        count = max(max(folds.values()) + 1, 2)  # of shipped negatives, there are enough
        logits: dict[int, Array] = {}
        rows: dict[int, Array] = {}
        parts_of: list[_Parts] = []
        shipped: list[Array] = []  # rows of those that are left out
        for fold in range(count):
            inside = [n for n in numbers if folds[n] != fold]
            left_out = self._source % count == fold
            parts = self._solve(inside, self._shipped[~left_out])
            parts_of.append(parts)
            shipped.append(parts.single_rows(self._shipped[left_out]))
            for n in numbers:
                if folds[n] == fold:
                    rows[n] = parts.rows(self._clips[n])
                    logits[n] = parts.logits(rows[n])
        judged = [n for n in logits if self._samples[n].label != UNKNOWN]
        temperature = _temperature(
            [logits[n] for n in judged], [self._samples[n].label for n in judged]
        )
        info = self._describe(temperature)
        evidence = {n: self._evidence(info, parts_of[folds[n]], rows[n], logits[n]) for n in logits}
        inner = [evidence[n] for n in judged]
        outer = [evidence[n] for n in logits if n not in judged]
        for parts, found in zip(parts_of, shipped, strict=True):
            for row in found:
                outer.append(self._evidence(info, parts, row[None], parts.logits(row[None])))
        weights = np.zeros(len(EVIDENCE) + 1, np.float32)
        if inner and outer:
            weights = fit_weights(inner, outer)
            surely = [[_known(weights, clip) for clip in side] for side in (inner, outer)]
            info = replace(info, threshold=fit_threshold(*surely))
        else:
            info = replace(info, rejection=None)
        left_out_clips = {
            n: LeftOut(
                self._samples[n].label,
                softmax(logits[n] / np.float32(temperature)),
                _known(weights, evidence[n]),
            )
            for n in logits
        }
        all_of = self._solve(list(numbers), self._shipped)
        return Fit(self._model(info, all_of, weights, left_out_clips), left_out_clips)

    def _solve(self, inside: Sequence[int], shipped: Array) -> _Parts:
        """Fit everything to the samples `inside` and to shipped negatives."""
        clips = [self._clips[n] for n in inside if self._samples[n].label != UNKNOWN]
        projection = _projection(clips)
        parts = _Parts(projection, np.empty(0, np.float32), np.empty(0, np.float32), {})
        found = [parts.rows(clip)[:, : COMPONENTS + MOTION] for clip in clips]
        labels = np.repeat([clip.label for clip in clips], [len(rows) for rows in found])
        shares = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in found])
        rows = np.concatenate(found).astype(np.float64)
        means = np.stack(
            [
                np.average(rows[labels == c], axis=0, weights=shares[labels == c])
                for c in range(len(self._classes))
            ]
        )
        within = rows - means[labels]
        covariance = (within * shares[:, None]).T @ within / shares.sum()
        precision = _inverse(covariance, len(clips))
        weight = means @ precision
        bias = -0.5 * (weight * means).sum(-1)
        alone = _inverse(covariance[:COMPONENTS, :COMPONENTS], len(clips))
        own = [parts.rows(self._clips[n]) for n in inside if self._samples[n].label == UNKNOWN]
        others = np.concatenate([*own, parts.single_rows(shipped)])[:, :COMPONENTS]
        rejection = {
            "means": means[:, :COMPONENTS].astype(np.float32),
            "whiten": np.linalg.cholesky(alone).astype(np.float32),
            "side": _side(rows[:, :COMPONENTS], shares, others.astype(np.float64), own),
            "weights": np.zeros(len(EVIDENCE) + 1, np.float32),
        }
        return _Parts(projection, weight.astype(np.float32), bias.astype(np.float32), rejection)

    def _evidence(self, info: ModelInfo, parts: _Parts, rows: Array, logits: Array) -> Array:
        rejection = Rejection(REJECTION, HEAD, parts.rejection, RATE)
        probabilities = softmax(logits / np.float32(info.temperature))
        steps = rejection.evidence(rows, probabilities)
        return rejection.average(steps, rows, rejection.initial_state())[0]

    def _describe(self, temperature: float) -> ModelInfo:
        return ModelInfo(
            self._name,
            self._classes,
            PRESET,
            BACKBONE,
            HEAD,
            RATE,
            backbone_digest=FROZEN[BACKBONE.kind].digest,
            temperature=temperature,
            rejection=REJECTION,
            rates=(RATE, 30.0),
        )

    def _model(
        self, info: ModelInfo, parts: _Parts, weights: Array, left_out: dict[int, LeftOut]
    ) -> ModelFile:
        clips = [clip for clip in left_out.values() if clip.label != UNKNOWN]
        counts = [sum(s.label == c for s in self._samples) for c in range(len(self._classes))]
        training = {
            "data": "taught",
            "fit": "class means",
            "clips": sum(counts),
            "clips per activity": dict(zip(self._classes, counts, strict=True)),
            "clips of something else": len(self._samples) - sum(counts),
        }
        test: dict[str, object] = {}
        right = balanced_accuracy(clips)
        if right is not None:
            test = {
                "protocol": "each clip judged by a model that was not taught it",
                "clips": len(clips),
                CLIPS: right,
                STEPS: steps_right(left_out),
            }
        info = replace(info, training=training, test=test)
        tensors = {f"head.{key}": array for key, array in parts.projection.items()}
        tensors |= {"head.classifier.weight": parts.weight, "head.classifier.bias": parts.bias}
        if info.rejection is not None:
            rejection = {**parts.rejection, "weights": weights}
            tensors |= {f"rejection.{key}": array for key, array in rejection.items()}
        return ModelFile(info, {k: np.ascontiguousarray(v) for k, v in tensors.items()})


def _projection(clips: Sequence[_Compared]) -> dict[str, Array]:
    """Return the tensors of the projection: of evenly chosen steps of clips of the activities.

    Of nothing else, so that what the components leave out tells what was never taught.
    """
    frames = _thinned([clip.pooled for clip in clips], _MOST)
    mean, basis, scale = _principal(frames, COMPONENTS)
    changes = _thinned([clip.changes[1:] for clip in clips], _MOST // 2)
    motion_mean, motion_basis, motion_scale = _principal(changes, MOTION)
    return {
        "projection.mean": mean,
        "projection.basis": basis,
        "projection.scale": np.array([scale, motion_scale], np.float32),
        "projection.motion_mean": motion_mean,
        "projection.motion_basis": motion_basis,
    }


def _principal(frames: Array, count: int) -> tuple[Array, Array, float]:
    """Return the mean of (N, P), `count` principal components, and what brings them to unit size.

    By the products of the rows, of which there are fewer than columns. Where there are fewer
    frames than components, the others are zero.
    """
    width = frames.shape[1]
    basis = np.zeros((count, width), np.float32)
    if len(frames) < 2:
        return np.zeros(width, np.float32), basis, 1.0
    mean = frames.mean(0)
    centered = frames - mean
    squares, vectors = np.linalg.eigh(centered @ centered.T)
    squares, vectors = squares[::-1][:count], vectors[:, ::-1][:, :count]
    found = int((squares > max(squares[0] * 1e-6, 1e-6)).sum())
    if not found:
        return mean, basis, 0.0  # frames that are all alike
    basis[:found] = (vectors[:, :found].T @ centered) / np.sqrt(squares[:found, None])
    mean_square = float(squares[:found].sum()) / (len(frames) * count)
    return mean, basis, mean_square**-0.5


def _thinned(clips: Sequence[Array], most: int) -> Array:
    """Return at most `most` rows of all clips, evenly chosen."""
    rows = np.concatenate(clips)
    chosen = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(int)
    return rows[chosen]


def _deal(samples: Sequence[Sample], count: int) -> dict[int, int]:
    """Return the fold of each sample that can be left out, -1 of an activity's only one.

    An activity that has several sources is left out by whole sources.
    """
    folds: dict[int, int] = {}
    for label in {sample.label for sample in samples}:
        mine = [n for n, sample in enumerate(samples) if sample.label == label]
        sources = list(dict.fromkeys(samples[n].source or str(n) for n in mine))
        if len(sources) == 1:  # all of one: better clip by clip than not at all
            sources = [str(n) for n in mine]
            own = {n: str(n) for n in mine}
        else:
            own = {n: samples[n].source or str(n) for n in mine}
        for n in mine:
            lone = len(sources) == 1 and label != UNKNOWN
            folds[n] = -1 if lone else sources.index(own[n]) % count
    return folds


def _inverse(covariance: Doubles, clips: int) -> Doubles:
    """Return the inverse of a covariance, shrunk towards a sphere: clips are few."""
    count = len(covariance)
    share = count / (count + _PER_CLIP * clips)
    sphere = np.eye(count) * (np.trace(covariance) / count + 1e-6)
    inverse = np.linalg.inv((1 - share) * covariance + share * sphere)
    return (inverse + inverse.T) / 2


def _side(known: Doubles, shares: Doubles, others: Doubles, own: Sequence[Array]) -> Array:
    """Return the direction (K,) in which known steps lie of the others."""
    if not len(others):
        return np.zeros(known.shape[1], np.float32)
    # Clips of the user's own count for as much as all that ship.
    weights = np.ones(len(others))
    count = sum(map(len, own))
    if 0 < count < len(others):
        weights[:count] = (len(others) - count) / count
    inner, outer = np.average(known, 0, shares), np.average(others, 0, weights)
    covariance = np.zeros((known.shape[1],) * 2)
    for rows, mean, weight in ((known, inner, shares), (others, outer, weights)):
        away = rows - mean
        covariance += (away * weight[:, None]).T @ away / weight.sum() / 2
    sphere = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    direction = np.linalg.solve((1 - _SIDE) * covariance + _SIDE * sphere, inner - outer)
    return direction.astype(np.float32)


def _temperature(logits: Sequence[Array], labels: Sequence[int]) -> float:
    """Return what the logits are to be divided by: the least cross-entropy on left-out clips."""
    if not logits:
        return 8.0
    count = logits[0].shape[1]
    best, found = np.inf, 8.0
    for temperature in np.geomspace(0.25, 256, 41):
        loss = 0.0
        for steps, label in zip(logits, labels, strict=True):
            target = np.full(count, (1 - _SURE) / (count - 1))
            target[label] = _SURE
            probabilities = softmax(steps / np.float32(temperature))
            loss -= float((np.log(np.maximum(probabilities, 1e-9)) @ target).mean())
        if loss < best:
            best, found = loss, float(temperature)
    return found


def _known(weights: Array, means: Array) -> Array:
    known: Array = 0.5 * (1 + np.tanh(0.5 * (means @ weights[:-1] + weights[-1])))
    return known
