"""Activities on top of a model that is there: its own stay as they are.

Each new activity gets a unit, linear in what the model sees of a step, that is fitted beside the
model's own logits (see `added_units`); nothing else of the networks changes, so that no step of
the model's own activities is named otherwise unless a new one takes it. What the model was trained
on ships as a few numbers per clip, see `shipped_examples`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.head_arrays import mix_weights, softmax
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.rejection import EVIDENCE, Rejection
from lrcn_desktop.model.shipped_negatives import ShippedNegatives
from lrcn_desktop.recognition.teaching.added_units import fit_direction, fit_units, log_sum
from lrcn_desktop.recognition.teaching.evidence import OWN
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Sample
from lrcn_desktop.recognition.teaching.shipped_examples import shipped_examples
from lrcn_desktop.recognition.teaching.watching import Watched, Watcher

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

LOST = 0.015  # of the steps of the model's own activities that new ones may take
_CAUGHT = 0.1  # of the steps of a new activity that may be missed, before that
_FOLDS = 4  # parts of the clips that are left out in turn
_DECAY = 1.0  # of the units; each activity's steps count for 1 together
_MEND = 1.0  # likewise, of what tells the new activities from unknown ones
_HIDDEN = 0.05  # of the steps of the model's own activities, at the edge to unknown
_OPEN = 200.0  # what keeps a unit above zero, so that it is linear


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
        head = info.head
        fit = len(head.fc) == 1 and head.frames and head.project > 0 and head.movement > 0
        examples = shipped_examples(base) if fit and info.rejection is not None else None
        if examples is None:
            raise UserError(
                f"Nothing can be added to the model {info.name!r}, as nothing ships of what it was "
                "trained on: add to ucf101-7-light, or teach a model of its own."
            )
        self._arrays = {key: np.array(array) for key, array in base.head_arrays().items()}
        watcher = Watcher(base)
        clips = [sample for sample in samples if sample.label != UNKNOWN]
        self._labels = [clip.label for clip in clips]
        self._clips = [watcher.watch(clip.pooled) for clip in clips]
        self._old = examples
        self._own = [watcher.watch(s.pooled) for s in samples if s.label == UNKNOWN]
        self._shipped: Watched | None = None
        if negatives is not None:
            self._shipped = watcher.watch_single(negatives.without(activities).features)

    def run(self) -> ModelFile:
        units = self._units(range(len(self._clips)), np.ones(len(self._old.clip), bool))
        units[:, -1] -= self._taken(units)
        tensors = self._widened(units)
        rejection = self._rejection(units)
        info = self._base.info
        training = {
            "data": f"{info.name} and taught",
            "fit": f"added to {info.name}",
            "clips": len(self._clips),
            "added": {a: self._labels.count(number) for number, a in enumerate(self._new)},
        }
        info = replace(
            info,
            name=self._name,
            classes=(*info.classes, *self._new),
            head=replace(info.head, fc=(info.head.fc[0] + len(self._new),)),
            training=training,
            test={},
        )
        found = {f"head.{key}": array for key, array in tensors.items()}
        found |= {f"rejection.{key}": array for key, array in rejection.items()}
        return ModelFile(
            info, {key: np.ascontiguousarray(a, np.float32) for key, a in found.items()}
        )

    def _units(self, inside: Sequence[int], old: NDArray[np.bool_]) -> Doubles:
        """Return units (A, D + 1) for the new activities, fitted to some of the clips."""
        own = [self._old.watched.at(np.flatnonzero(old)), *(self._clips[n] for n in inside)]
        labels = [0, *(self._labels[n] + 1 for n in inside)]
        counts = np.bincount(self._old.label[old])
        shares = [1 / counts[self._old.label[old]]]
        for n, of in zip(inside, own[1:], strict=True):
            same = sum(self._labels[other] == self._labels[n] for other in inside)
            shares.append(np.full(len(of.inputs), 1 / len(of.inputs) / same))
        return fit_units(
            np.concatenate([of.inputs for of in own]).astype(np.float64),
            np.concatenate([log_sum(of.logits) for of in own]),
            np.repeat(labels, [len(of.inputs) for of in own]),
            np.concatenate(shares),
            _DECAY,
        )

    def _taken(self, units: Doubles) -> Array:
        """Return what is to be taken off each new logit, by clips that were left out."""
        turn = [self._labels[:n].count(label) for n, label in enumerate(self._labels)]
        alone = [self._labels.count(label) == 1 for label in self._labels]
        lost = np.empty((len(self._old.clip), len(self._new)))
        caught: list[list[Doubles]] = [[] for _ in self._new]
        for fold in range(_FOLDS):
            left = self._old.clip % _FOLDS == fold
            inside = [n for n in range(len(turn)) if turn[n] % _FOLDS != fold or alone[n]]
            found = self._units(inside, ~left)
            lost[left] = _margins(found, self._old.watched.at(np.flatnonzero(left)))
            for n, label in enumerate(self._labels):
                if turn[n] % _FOLDS == fold:
                    caught[label].append(_margins(found, self._clips[n])[:, label])
        most = np.quantile(lost, 1 - LOST / len(self._new), axis=0)
        least = [np.quantile(np.concatenate(of), _CAUGHT) for of in caught]
        # Half-way where there is room between the two, else in favor of what was there.
        return np.maximum(most, (most + least) / 2).astype(np.float32)

    def _widened(self, units: Doubles) -> dict[str, Array]:
        """Return the head's tensors with a unit for each new activity."""
        arrays, count = dict(self._arrays), len(self._new)
        width = self._base.info.head.project
        weight, moved, bias = units[:, :width], units[:, width:-1], units[:, -1]

        def below(key: str, rows: NDArray[np.floating]) -> None:
            arrays[key] = np.concatenate([arrays[key], rows.astype(np.float32)])

        share = mix_weights(self._base.info.head, arrays)[0]
        width = arrays["fc.0.weight"].shape[1]
        below("fc.0.weight", np.zeros((count, width), np.float32))
        below("fc.0.bias", np.zeros(count, np.float32))
        inputs = arrays["recurrent.0.weight_ih_l0"]
        arrays["recurrent.0.weight_ih_l0"] = np.hstack(
            [inputs, np.zeros((len(inputs), count), np.float32)]
        )
        width = arrays["classifier.weight"].shape[1]
        below("classifier.weight", np.zeros((count, width), np.float32))
        below("classifier.bias", np.zeros(count, np.float32))
        below("movement.weight", moved / np.exp(arrays["mix"][2]))
        below("movement.bias", np.zeros(count, np.float32))
        below("frames.fc.0.weight", weight)
        below("frames.fc.0.bias", bias + _OPEN)
        classes, hidden = arrays["frames.classifier.weight"].shape
        widened = np.zeros((classes + count, hidden + count), np.float32)
        widened[:classes, :hidden] = arrays["frames.classifier.weight"]
        widened[classes:, hidden:] = np.eye(count, dtype=np.float32) / share
        arrays["frames.classifier.weight"] = widened
        below("frames.classifier.bias", np.full(count, -_OPEN / share, np.float32))
        return arrays

    def _rejection(self, units: Doubles) -> dict[str, Array]:
        """Return the tensors of the rejection: what it says of the model's own stays much alike.

        One direction is mended, along which the new activities lie and the others do not.
        """
        info = self._base.info
        assert info.rejection is not None
        arrays = {key: np.array(array) for key, array in self._base.rejection_arrays().items()}
        count, width = info.rejection.components, info.head.project
        means = [
            np.mean(
                [
                    of.inputs[:, :count].mean(0)
                    for of, label in zip(self._clips, self._labels, strict=True)
                    if label == number
                ],
                axis=0,
            )
            for number in range(len(self._new))
        ]
        arrays["means"] = np.concatenate([arrays["means"], np.array(means, np.float32)])
        judge = Rejection(info.rejection, info.head, arrays)

        def evidence(of: Watched) -> Array:
            logits = np.hstack([of.logits, _logits(units, of)]).astype(np.float32)
            moving = np.zeros((len(of.inputs), info.head.motion), np.float32)
            rows = np.hstack([of.inputs[:, :width], moving, of.rest[:, None], of.rest[:, None]])
            return judge.evidence(rows, softmax(logits / np.float32(info.temperature)))

        weights = arrays["weights"].astype(np.float64)
        old = self._old.watched
        sides = [(old.inputs, evidence(old), True, float(len(info.classes)))]
        for clips, known, share in ((self._clips, True, len(self._new)), (self._own, False, OWN)):
            if clips:
                inputs = np.stack([of.inputs.mean(0) for of in clips])
                sides.append((inputs, np.stack([evidence(c).mean(0) for c in clips]), known, share))
        if self._shipped is not None:
            shipped = self._shipped
            sides.append((shipped.inputs, evidence(shipped), False, float(len(info.classes))))
        if len({known for *_, known, _ in sides}) < 2:
            return arrays
        inside = min(max(info.threshold, 1e-4), 1 - 1e-4)
        inputs = np.concatenate([i[:, :width] for i, *_ in sides]).astype(np.float64)
        logits = np.concatenate([e @ weights[:-1] + weights[-1] for _, e, *_ in sides])
        right = np.repeat([k for *_, k, _ in sides], [len(i) for i, *_ in sides])
        shares = np.concatenate([np.full(len(i), share / len(i)) for i, *_, share in sides])
        logits = logits - np.log(inside / (1 - inside))
        mended = fit_direction(inputs, logits, right, shares, _MEND)
        place = EVIDENCE.index("side")
        arrays["side"] = (weights[place] * arrays["side"] + mended).astype(np.float32)
        arrays["weights"][place] = 1.0
        # As much of the model's own is shown as before.
        before = logits[: len(old.inputs)]
        after = before + inputs[: len(before)] @ mended
        arrays["weights"][-1] += np.quantile(before, _HIDDEN) - np.quantile(after, _HIDDEN)
        return arrays


def _logits(units: Doubles, of: Watched) -> Doubles:
    found: Doubles = of.inputs @ units[:, :-1].T + units[:, -1]
    return found


def _margins(units: Doubles, of: Watched) -> Doubles:
    """Return by how much each new logit exceeds all that were there, (T, A)."""
    return _logits(units, of) - log_sum(of.logits)[:, None]
