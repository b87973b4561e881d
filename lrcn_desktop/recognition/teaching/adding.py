"""Activities on top of a model that is there: its own stay as they are.

The network without memory gets a unit for each new activity, whose weights are a linear
discriminant between its clips and all that the model knows; nothing else of the network changes, so
that no step of the model's own activities is named otherwise unless a new one takes it. What the
model was trained on ships as a few numbers per clip, see `shipped_negatives`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import HeadArrays, mix_weights
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.rejection import Rejection
from lrcn_desktop.model.shipped_negatives import ShippedNegatives, read_negatives, read_origin
from lrcn_desktop.recognition.teaching.discriminant import inverse, side_of, sphere_share
from lrcn_desktop.recognition.teaching.evidence import fit_threshold, fit_weights
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Sample
from lrcn_desktop.resources import assets_dir

Array = NDArray[np.float32]

LOST = 0.03  # of the steps of the model's own activities that new ones may take
_CAUGHT = 0.1  # of the steps of the new activities that may be missed, before that
_OPEN = 200.0  # what keeps a unit above zero, so that it is linear


def shipped_examples(info: ModelInfo) -> ShippedNegatives | None:
    """Return what ships of the clips that a model was trained on; None where nothing does.

    Its sources are the activities.

    Raises:
        UserError: The file is damaged.
    """
    for path in sorted(assets_dir().glob("examples-*.safetensors")):
        origin = read_origin(path)
        same = (origin.backbone, origin.digest) == (info.backbone.kind, info.backbone_digest)
        if same and set(info.classes) <= set(origin.sources) and origin.pool == info.head.pool:
            return read_negatives(path)
    return None


def add_to(
    base: ModelFile,
    name: str,
    activities: Sequence[str],
    samples: Sequence[Sample],
    negatives: ShippedNegatives | None,
) -> ModelFile:
    """Return a model of what `base` knows and of the activities that are new.

    Args:
        base: The model.
        name: What the new one is called.
        activities: The new activities.
        samples: Their clips, by their numbers, and clips of something else.
        negatives: Steps that show none of the activities.

    Raises:
        UserError: The model is of another kind, nothing ships of what it was trained on, or it
            knows one of the activities already.
    """
    return _Adding(base, name, tuple(activities), samples, negatives).run()


class _Adding:
    def __init__(
        self,
        base: ModelFile,
        name: str,
        activities: tuple[str, ...],
        samples: Sequence[Sample],
        negatives: ShippedNegatives | None,
    ) -> None:
        self._base, self._name, self._new = base, name, activities
        info = base.info
        if both := sorted(set(info.classes) & set(activities)):
            raise UserError(
                f"The model {info.name!r} knows {both[0]} already: rename the folder, or leave "
                "it out."
            )
        examples = shipped_examples(info)
        one_layer = len(info.head.fc) == 1 and info.head.frames and info.head.project > 0
        if examples is None or not one_layer or info.rejection is None:
            raise UserError(
                f"Nothing can be added to the model {info.name!r}, as nothing ships of what it was "
                "trained on: add to ucf101-7-light, or teach a model of its own."
            )
        self._arrays = {key: np.array(array) for key, array in base.head_arrays().items()}
        self._rejection = {key: np.array(array) for key, array in base.rejection_arrays().items()}
        self._head = HeadArrays(info.head, info.backbone.shape, self._arrays, info.step_rate or 5.0)
        self._clips = [sample for sample in samples if sample.label != UNKNOWN]
        self._rows = [self._rows_of(sample.pooled) for sample in self._clips]
        self._old = self._single(examples.features)
        number = {activity: place for place, activity in enumerate(info.classes)}
        sources = [number.get(source, UNKNOWN) for source in examples.origin.sources]
        self._old_labels = np.array(sources)[examples.source]
        self._old = self._old[self._old_labels != UNKNOWN]
        self._old_labels = self._old_labels[self._old_labels != UNKNOWN]
        others = [self._rows_of(s.pooled) for s in samples if s.label == UNKNOWN]
        self._own_others = sum(map(len, others))
        if negatives is not None:
            others.append(self._single(negatives.without(activities).features))
        self._others = np.concatenate([*others, self._old[:0]])

    def run(self) -> ModelFile:
        weight, bias = self._discriminants(range(len(self._clips)))
        left_out = self._left_out()
        scale, offset = self._meet(weight, bias, left_out)
        tensors = self._widened(weight * scale[:, None], bias * scale + offset)
        rejection, threshold = self._known()
        info = self._base.info
        count = len(self._new)
        head = replace(info.head, fc=(info.head.fc[0] + count,))
        training = {
            "data": f"{info.name} and taught",
            "fit": f"added to {info.name}",
            "clips": len(self._clips),
            "added": {
                activity: sum(clip.label == number for clip in self._clips)
                for number, activity in enumerate(self._new)
            },
        }
        info = replace(
            info,
            name=self._name,
            classes=(*info.classes, *self._new),
            head=head,
            threshold=threshold,
            training=training,
            test={},
        )
        found = {f"head.{key}": array for key, array in tensors.items()}
        found |= {f"rejection.{key}": array for key, array in rejection.items()}
        return ModelFile(
            info, {key: np.ascontiguousarray(a, np.float32) for key, a in found.items()}
        )

    def _rows_of(self, pooled: Array) -> Array:
        start = np.zeros(pooled.shape[1], np.float32)
        return self._head.project(pooled, start)[0]

    def _single(self, pooled: Array) -> Array:
        """Return rows of single steps: without motion, and a cut before each."""
        found = self._head.components(pooled)
        still = np.zeros((len(found), self._base.info.head.motion), np.float32)
        return np.hstack([found[:, :-1], still, found[:, -1:], np.zeros_like(found[:, :1])])

    def _inputs(self, rows: Array) -> NDArray[np.float64]:
        return rows[:, : self._base.info.head.project].astype(np.float64)

    def _discriminants(self, inside: Sequence[int]) -> tuple[Array, Array]:
        """Return, for each new activity, a direction against all others, and where it is zero."""
        labels = [self._clips[n].label for n in inside]
        rows = [self._inputs(self._rows[n]) for n in inside]
        old, old_labels = self._inputs(self._old), self._old_labels
        old_means = np.stack([old[old_labels == c].mean(0) for c in np.unique(old_labels)])
        present = np.unique(old_labels, return_inverse=True)[1]
        away = old - old_means[present]
        covariance = away.T @ away / len(away)
        new_means = []
        for number in range(len(self._new)):
            mine = [of for of, label in zip(rows, labels, strict=True) if label == number]
            mean = np.mean([of.mean(0) for of in mine], axis=0)
            within = np.concatenate(mine) - mean
            covariance = covariance + within.T @ within / len(within) / len(self._new)
            new_means.append(mean)
        precision = inverse(covariance / 2, sphere_share(len(covariance), len(inside)))
        means = np.stack([*new_means, *old_means])
        weights = means @ precision
        biases = -0.5 * (weights * means).sum(-1)
        # Against the nearest of the others: their mean would be none of them.
        count = len(self._new)
        found_w, found_b = [], []
        for number in range(count):
            distances = [
                np.inf
                if other == number
                else float((d := means[number] - means[other]) @ precision @ d)
                for other in range(len(means))
            ]
            nearest = int(np.argmin(distances))
            found_w.append(weights[number] - weights[nearest])
            found_b.append(biases[number] - biases[nearest])
        return np.array(found_w, np.float32), np.array(found_b, np.float32)

    def _left_out(self) -> list[tuple[int, Array, Array]]:
        """Return each new clip's label, its rows, and its margin by discriminants without it."""
        found = []
        for number, clip in enumerate(self._clips):
            same = [n for n, c in enumerate(self._clips) if c.label == clip.label]
            inside = [n for n in range(len(self._clips)) if n != number or len(same) == 1]
            weight, bias = self._discriminants(inside)
            rows = self._rows[number]
            margin = rows[:, : weight.shape[1]] @ weight[clip.label] + bias[clip.label]
            found.append((clip.label, rows, margin))
        return found

    def _strongest(self, rows: Array) -> Array:
        """Return the highest logit of the model's own activities for each row."""
        inner = {
            key.removeprefix("frames."): array
            for key, array in self._arrays.items()
            if key.startswith("frames.")
        }
        config = self._base.info.head.without_memory()
        head = HeadArrays(replace(config, project=0, cut=-1.0), (1, 1, 1), inner)
        logits = head.classify(rows[:, : config.project], ()).logits
        strongest: Array = logits.max(-1)
        return strongest

    def _meet(
        self, weight: Array, bias: Array, left_out: Sequence[tuple[int, Array, Array]]
    ) -> tuple[Array, Array]:
        """Return the scale and the offset with which each new logit meets the model's own."""
        old = self._old[:, : weight.shape[1]]
        strongest = self._strongest(self._old)
        scales, offsets = [], []
        for number in range(len(self._new)):
            margin = old @ weight[number] + bias[number]
            mine = [(rows, m) for label, rows, m in left_out if label == number]
            new = np.concatenate([m for _, m in mine])
            apart = max(float(np.median(new) - np.median(margin)), 1e-3)
            scale = 2 * float(np.median(strongest)) / apart
            needed = np.quantile(scale * margin - strongest, 1 - LOST / len(self._new))
            wanted = np.concatenate([scale * m - self._strongest(rows) for rows, m in mine])
            # Half-way where there is room between the two, else in favor of what was there.
            scales.append(scale)
            offsets.append(-max(float(needed), float(needed + np.quantile(wanted, _CAUGHT)) / 2))
        return np.array(scales, np.float32), np.array(offsets, np.float32)

    def _widened(self, weight: Array, bias: Array) -> dict[str, Array]:
        """Return the head's tensors with a unit for each new activity."""
        arrays, count = dict(self._arrays), len(self._new)

        def below(key: str, rows: Array) -> None:
            arrays[key] = np.concatenate([arrays[key], rows])

        share = mix_weights(self._base.info.head, arrays)[0]
        width = arrays["fc.0.weight"].shape[1]
        below("fc.0.weight", np.zeros((count, width), np.float32))
        below("fc.0.bias", np.zeros(count, np.float32))
        inputs = arrays["recurrent.0.weight_ih_l0"]
        arrays["recurrent.0.weight_ih_l0"] = np.hstack(
            [inputs, np.zeros((len(inputs), count), np.float32)]
        )
        for part in ("classifier", "movement"):
            if f"{part}.weight" in arrays:
                width = arrays[f"{part}.weight"].shape[1]
                below(f"{part}.weight", np.zeros((count, width), np.float32))
                below(f"{part}.bias", np.zeros(count, np.float32))
        below("frames.fc.0.weight", weight)
        below("frames.fc.0.bias", bias + np.float32(_OPEN))
        classes, hidden = arrays["frames.classifier.weight"].shape
        widened = np.zeros((classes + count, hidden + count), np.float32)
        widened[:classes, :hidden] = arrays["frames.classifier.weight"]
        widened[classes:, hidden:] = np.eye(count, dtype=np.float32) / share
        arrays["frames.classifier.weight"] = widened
        below("frames.classifier.bias", np.full(count, -_OPEN / share, np.float32))
        return arrays

    def _known(self) -> tuple[dict[str, Array], float]:
        """Return the tensors and the threshold of the rejection, for old and new activities."""
        info, rejection = self._base.info, dict(self._rejection)
        assert info.rejection is not None
        count = info.rejection.components
        new_means = [
            np.mean(
                [
                    rows[:, :count].mean(0)
                    for clip, rows in zip(self._clips, self._rows, strict=True)
                    if clip.label == number
                ],
                axis=0,
            )
            for number in range(len(self._new))
        ]
        rejection["means"] = np.concatenate([rejection["means"], np.array(new_means, np.float32)])
        if not len(self._others):
            return rejection, info.threshold
        known = np.concatenate([self._old, *self._rows])
        each = [len(self._old), *(len(rows) for rows in self._rows)]
        shares = np.repeat([1 / each[0], *(1 / n / len(self._rows) for n in each[1:])], each)
        rejection["side"] = side_of(
            self._inputs(known), shares, self._inputs(self._others), self._own_others
        )
        judge = Rejection(info.rejection, info.head, rejection, info.step_rate or 5.0)

        def evidence(rows: Array) -> Array:
            sure = np.full((len(rows), 2), 0.5, np.float32)  # the same for all: it says nothing
            found = judge.evidence(rows, sure)
            return judge.average(found, rows, judge.initial_state())[0]

        inner = [evidence(rows) for rows in self._rows]
        old = list(evidence(self._old)[:, None])
        outer = list(evidence(self._others)[:, None])
        weights = fit_weights([*old, *inner], outer)
        rejection["weights"] = weights
        scores = [
            [0.5 * (1 + np.tanh(0.5 * (e @ weights[:-1] + weights[-1]))) for e in side]
            for side in (old, inner)
        ]
        return rejection, min(fit_threshold(side) for side in scores)
