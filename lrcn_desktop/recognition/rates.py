"""How often a model takes a step: what it allows, what was chosen, what this machine holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lrcn_desktop.errors import UserError

if TYPE_CHECKING:
    from lrcn_desktop.model.model_info import ModelInfo

StepRate = Literal["model", "auto", "every frame"] | float
"""What may be asked for: the model's own rate, the highest that this machine holds, a step on every
frame, or so many steps per second."""

USUAL_RATES = (5.0, 10.0, 15.0, 25.0, 30.0)
HEADROOM = 0.6
"""Of the time, that steps may take in "auto": decoding and the window need the rest."""

_NEARLY = 1.01  # cameras call 30.00003 frames per second what others call 30


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a recognizer takes a step.

    Attributes:
        rate: Steps per second; None where every frame of a source of unknown rate is a step.
        every_frame: Whether every frame of the source is a step.
        asked: What was chosen; "model" where the model leaves no choice.
        limit: The highest rate that the model and the source allow; None where unknown.
        slowed: Whether "auto" has lowered it because the rate before was not held.
    """

    rate: float | None
    every_frame: bool
    asked: StepRate
    limit: float | None
    slowed: bool = False


def find_pace(
    info: ModelInfo, asked: StepRate, frame_rate: float | None, capacity: Callable[[], float]
) -> Pace:
    """Return the pace of a model on a source.

    Args:
        info: The model's description.
        asked: What was chosen.
        frame_rate: The source's frames per second; None: unknown.
        capacity: Gives the steps per second that this machine can hold; called for "auto" only, and
            not where the model leaves no choice.

    Raises:
        UserError: The model was not trained for the rate.
    """
    check_rate(info, asked)
    own = info.step_rate
    if info.rates is None:
        limit = frame_rate if own is None else min(own, frame_rate or own)
        return Pace(own, own is None, "model", limit)
    limit = info.rates[1]
    if frame_rate is not None and frame_rate <= limit * _NEARLY:
        limit = max(frame_rate, info.rates[0])
    every_frame = _every_frame(info.rates, asked, frame_rate, limit)
    if isinstance(asked, int | float):
        return Pace(float(asked), False, asked, limit)
    if asked == "auto":
        return _automatic(info.rates, every_frame, capacity())
    if asked == "model" and own is not None:
        return Pace(own, False, asked, limit)
    return every_frame


def slower_pace(info: ModelInfo, pace: Pace, held: float) -> Pace:
    """Return the next lower pace of "auto" that asks for at most `held` steps per second.

    Where there is none, it is the lowest; `pace` itself where that is what it is.
    """
    if info.rates is None or pace.rate is None:
        return pace
    lower = [rate for rate in _candidates(info.rates) if rate < pace.rate]
    if not lower:
        return pace
    rate = max((rate for rate in lower if rate <= held), default=lower[0])
    return Pace(rate, False, pace.asked, pace.limit, slowed=True)


def held_rate(info: ModelInfo, steps_per_second: float) -> float | None:
    """Return the rate of "auto" where a model takes `steps_per_second` at best, None: no choice."""
    if info.rates is None:
        return None
    return find_pace(info, "auto", info.rates[1], lambda: HEADROOM * steps_per_second).rate


def check_rate(info: ModelInfo, asked: StepRate) -> None:
    """Check that a model may run as `asked`.

    Raises:
        UserError: It may not; one sentence says at which rates it may.
    """
    if allows(info, asked):
        return
    if info.rates is not None:
        raise UserError(
            f"The model {info.name!r} was trained for {info.rates[0]:g} to {info.rates[1]:g} steps "
            f"per second, not for {asked}: choose a rate in that range."
        )
    at = f"at {info.step_rate:g} steps per second" if info.step_rate else "for every frame"
    raise UserError(f"The model {info.name!r} was trained {at} only: leave the rate to the model.")


def allows(info: ModelInfo, asked: StepRate) -> bool:
    """Whether a model may run as `asked`."""
    if isinstance(asked, str):
        return asked != "every frame" or info.rates is not None or info.step_rate is None
    if info.rates is None:
        return asked == info.step_rate
    return info.rates[0] <= asked <= info.rates[1]


def nearest_rate(info: ModelInfo, asked: StepRate) -> StepRate:
    """Return what comes nearest to `asked`, a choice for all models, in what this one allows."""
    if allows(info, asked):
        return asked
    if info.rates is None or isinstance(asked, str):
        return "model"
    return min(max(asked, info.rates[0]), info.rates[1])


def parse_rate(text: str) -> StepRate:
    """Return the choice that `text` names: "model", "auto", "every frame" or a number.

    Raises:
        ValueError: It names none.
    """
    words = text.strip().lower().replace("-", " ")
    named: dict[str, StepRate] = {name: name for name in ("model", "auto", "every frame")}
    if words in named:
        return named[words]
    rate = float(text)
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError(f"{text!r} is not a number above 0")
    return rate


def _candidates(rates: tuple[float, float]) -> list[float]:
    """Return the rates that "auto" chooses among, rising: the usual ones and the range's ends."""
    lowest, highest = rates
    usual = {rate for rate in USUAL_RATES if lowest < rate < highest}
    return sorted(usual | {lowest, highest})


def _every_frame(
    rates: tuple[float, float], asked: StepRate, frame_rate: float | None, limit: float
) -> Pace:
    """Return a step on every frame, or the range's end that is nearest to it."""
    lowest, highest = rates
    if frame_rate is None:
        return Pace(None, True, asked, None)
    return Pace(limit, lowest <= frame_rate <= highest * _NEARLY, asked, limit)


def _automatic(rates: tuple[float, float], every_frame: Pace, capacity: float) -> Pace:
    """Return the highest pace that asks for at most `capacity` steps per second."""
    limit = rates[1] if every_frame.rate is None else every_frame.rate
    if capacity >= limit:
        return every_frame
    rate = max((rate for rate in _candidates(rates) if rate <= capacity), default=rates[0])
    return Pace(rate, False, "auto", limit)
