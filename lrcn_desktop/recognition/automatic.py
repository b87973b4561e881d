"""Which model suits a source here, and why: by figures that hold, and by this machine's speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.claims import STEPS, STREAM_STEPS, Claim, read_claim
from lrcn_desktop.model.defaults import FAMILY, default_model, is_demo
from lrcn_desktop.recognition.rates import HEADROOM
from lrcn_desktop.recognition.speed import known_speed

if TYPE_CHECKING:
    from lrcn_desktop.model.model_info import ModelInfo
    from lrcn_desktop.recognition.engines.open import Device


@dataclass(frozen=True, slots=True)
class Choice:
    """A model.

    Attributes:
        name: Its name.
        why: Why it was chosen, in one sentence.
    """

    name: str
    why: str


def automatic_model(address: str, device: Device = "auto") -> Choice:
    """Return the best model for a source's address that holds its rate on this machine.

    A model that needs more time takes the place of a lighter one where it is clearly better, that
    is above the lighter one's 95 % interval, and where its measured speed is known to hold the
    rate. Nothing is measured here.
    """
    if is_demo(address):
        return Choice(default_model(address), "The demo scene has a model of its own.")
    found = [(name, info) for name in FAMILY if (info := info_of(name)) is not None]
    if not found:
        return Choice(default_model(address), "It is the only one.")
    name, info = found[0]
    why = f"{name} is the only model for this that can be read."
    for other, heavier in found[1:]:
        claims = _claims(info, heavier)
        if claims is None:
            why = f"{name} needs the least time; how good the others are is not known."
            continue
        ours, theirs = claims
        both = f"{name}: {ours} of steps right; {other}: {theirs}"
        least = ours.interval[1] if ours.interval is not None else ours.share
        if theirs.share <= least:
            low = ours.interval[0] if ours.interval is not None else ours.share
            better = "it is better" if low > theirs.share else "none is clearly better"
            why = f"{name}, as {better} and it needs less time ({both})."
        elif not _holds(heavier, device):
            why = f"{name}, as this computer is not known to hold the rate of {other} ({both})."
        else:
            why = f"{other}, as it is better and this computer holds its rate ({both})."
            name, info = other, heavier
    return Choice(name, why)


def info_of(name: str) -> ModelInfo | None:
    """Return what is known of a shipped model, None where it cannot be read."""
    from lrcn_desktop.model.library import find_model  # not at the window's start
    from lrcn_desktop.model.model_file import read_info

    try:
        return read_info(find_model(name))
    except UserError:
        return None


def _claims(info: ModelInfo, other: ModelInfo) -> tuple[Claim, Claim] | None:
    """Return the share of steps right of both, of streams where that was measured of both."""
    for key in (STREAM_STEPS, STEPS):
        ours, theirs = read_claim(info.test, key), read_claim(other.test, key)
        if ours is not None and theirs is not None:
            return ours, theirs
    return None


def _holds(info: ModelInfo, device: Device) -> bool:
    speed = known_speed(info.backbone, device)
    return speed is not None and HEADROOM * speed >= (info.step_rate or 30.0)
