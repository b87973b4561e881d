"""Which of a lesson's fits is kept, by the clips that were left out of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lrcn_desktop.model.model import Model
from lrcn_desktop.model.model_file import ModelFile
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition.teaching.sample import LeftOut, steps_right, steps_shown

CLEARLY = 0.03  # of the steps, that a fit which takes longer must be better by: less is chance


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A model that may be saved.

    Attributes:
        words: How it recognizes.
        right: The share of the steps of left-out clips that a user would see named rightly, 0..1.
        model: The model of all clips.
        left_out: What it says of clips that it was not taught.
    """

    words: str
    right: float
    model: ModelFile | Model
    left_out: dict[int, LeftOut]


def right_and_shown(info: ModelInfo, left_out: Mapping[int, LeftOut]) -> float:
    """Return the share of steps that a user would see named rightly, 0..1."""
    if info.rejection is None:
        return steps_right(left_out)
    return steps_shown(left_out, info.threshold)


def choose(candidates: Sequence[Candidate]) -> tuple[Candidate, str]:
    """Return the one to keep, the first unless another is clearly better; and why, in words.

    Args:
        candidates: The simplest first.
    """
    best = max(candidates, key=lambda one: one.right)
    simplest = candidates[0]
    kept = best if best.right >= simplest.right + CLEARLY else simplest
    others = ", ".join(f"{100 * c.right:.0f} % {c.words}" for c in candidates if c is not kept)
    verdict = (
        f"Recognized {kept.words}: {100 * kept.right:.0f} % of the steps of left-out clips are "
        f"named rightly, {others}."
    )
    if kept is not best:
        verdict += f" The simplest is kept where no other is better by {100 * CLEARLY:.0f} points."
    return kept, verdict
