"""What a model's file claims of how good it is: shares, their intervals, what they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

INTERVAL = ", interval"
"""Ends the key in a file's test figures under which the interval of a share stands."""

CLIPS, STEPS = "accuracy of clips by the mean", "accuracy of steps"
STREAM_STEPS = "accuracy of steps on streams"


@dataclass(frozen=True, slots=True)
class Claim:
    """A share of what was right on clips that were held out.

    Attributes:
        share: 0..1.
        interval: Its 95 % interval for other groups, lowest and highest, 0..1; None: an older file
            does not say.
    """

    share: float
    interval: tuple[float, float] | None

    def __str__(self) -> str:
        """Return "87.9 % (79 to 95)"."""
        return f"{100 * self.share:.1f} %{interval_text(self.interval)}"


def read_claim(test: Mapping[str, Any], key: str) -> Claim | None:
    """Return a claim of a model file's test figures; None where it makes none that makes sense."""
    share, bounds = test.get(key), test.get(f"{key}{INTERVAL}")
    if not _is_share(share):
        return None
    if not isinstance(bounds, list) or len(bounds) != 2:
        return Claim(share, None)
    low, high = bounds
    sound = _is_share(low) and _is_share(high) and low <= high
    return Claim(share, (low, high) if sound else None)


def headline(test: Mapping[str, Any]) -> tuple[str, Claim] | None:
    """Return what the model is to be remembered by, `CLIPS` or else `STEPS`, and its figures."""
    for key in (CLIPS, STEPS):
        claim = read_claim(test, key)
        if claim is not None:
            return key, claim
    return None


def interval_text(interval: tuple[float, float] | None) -> str:
    """Return shares as they follow another one: " (79 to 95)"; "" where there are none."""
    return "" if interval is None else f" ({100 * interval[0]:.0f} to {100 * interval[1]:.0f})"


def _is_share(value: object) -> TypeGuard[float]:
    return isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value <= 1
