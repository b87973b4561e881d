"""A live source that sends no picture any more: how that is raised, and how it is reported."""

from dataclasses import dataclass
from typing import Literal

from lrcn_desktop import clock
from lrcn_desktop.errors import UserError

LossKind = Literal["unplugged", "silent", "ended"]
"""The camera is not there; the source is there, but sends nothing; the stream broke off."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A live source from which nothing comes just now, though it may again.

    Attributes:
        kind: What is known about it.
        since: `clock.now()` of the last picture.
    """

    kind: LossKind
    since: float

    @property
    def seconds(self) -> float:
        """How long nothing has come."""
        return clock.now() - self.since


class SourceLostError(UserError):
    """A live source sends nothing more; opening it again may help."""

    def __init__(self, kind: LossKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
