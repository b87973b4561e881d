"""Leaving clips out in turn: which belong together, and which classifier does best on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.recognition.teaching.discriminant import fit_temperature
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Sample

Array = NDArray[np.float32]
Kind = tuple[float, float]
"""What the picture counts for, and the share of a sphere in the covariance."""

_ERRORS = 1.5  # standard errors that are hardly chance


@dataclass(frozen=True, slots=True)
class Chosen:
    """The classifier that does best on left-out clips.

    Attributes:
        kind: Which.
        temperature: For it.
        right: The share of each clip's steps that it names rightly, 0..1.
    """

    kind: Kind
    temperature: float
    right: tuple[float, ...]


def deal(samples: Sequence[Sample], count: int) -> dict[int, int]:
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


def choose(
    labels: Sequence[int],
    steps: Sequence[Array],
    classifiers: Sequence[Mapping[Kind, tuple[Array, Array]]],
) -> Chosen | None:
    """Return which classifier does best on left-out clips; None without any.

    Args:
        labels: Those of the clips.
        steps: What their steps are classified by, (T, K) each.
        classifiers: Weight (C, K) and bias (C,) by kind, fitted without the clip.
    """
    found = []
    for kind in classifiers[0] if classifiers else ():
        logits = []
        for of, fitted in zip(steps, classifiers, strict=True):
            weight, bias = fitted[kind]
            logits.append(of @ weight.T + bias)
        right = [float((of.argmax(-1) == c).mean()) for of, c in zip(logits, labels, strict=True)]
        temperature, loss = fit_temperature(logits, labels)
        found.append((-round(float(np.mean(right)), 3), loss, kind, temperature, tuple(right)))
    if not found:
        return None
    *_, kind, temperature, rights = min(found)
    return Chosen(kind, temperature, rights)


def clearly_better(one: Chosen, other: Chosen) -> bool:
    """Whether `one` names more of the same clips' steps rightly, and hardly by chance."""
    gained = np.subtract(one.right, other.right)
    if len(gained) < 2:
        return False
    return bool(gained.mean() > _ERRORS * gained.std(ddof=1) / len(gained) ** 0.5)
