"""What there is to export of what is open, as it stands at one moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.names import file_name
from lrcn_desktop.recognition.export.text import Media
from lrcn_desktop.recognition.segments import Segment

if TYPE_CHECKING:
    from lrcn_desktop.app.document.document import Document
    from lrcn_desktop.recognition.history.history import History

_ALL = 0.995  # the share of a video that counts as the whole


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen of a source, and corrected.

    Attributes:
        address: What the source was opened from.
        media: The recording.
        live: Whether its pictures are gone.
        bounded: Whether it has an end that can be reached.
        model: The model's name.
        classes: The activities.
        segments: The user's where there are corrections, else the model's.
        corrected: Whether they are the user's.
        covered: The (start, end) of which something is known, in seconds, in order.
        history: Holds the steps; None where nothing was recognized in this session.
    """

    address: str
    media: Media
    live: bool
    bounded: bool
    model: str
    classes: tuple[str, ...]
    segments: tuple[Segment, ...]
    corrected: bool
    covered: tuple[tuple[float, float], ...]
    history: History | None

    @property
    def known(self) -> float:
        """The seconds of which something is known."""
        return sum(end - start for start, end in self.covered)

    @property
    def has_steps(self) -> bool:
        """Whether the probabilities of steps are there."""
        return self.history is not None and bool(self.history.covered())

    @property
    def partial(self) -> bool:
        """Whether a part of the recording has not been analyzed."""
        return self.bounded and self.known < _ALL * self.media.duration

    def folder(self, last: str) -> Path:
        """Return a folder that is there: beside the video, where the `last` ones went, or home."""
        beside = [self.media.path.absolute().parent] if self.media.path is not None else []
        for folder in (*beside, *([Path(last)] if last else [])):
            if folder.is_dir() and os.access(folder, os.W_OK):
                return folder
        return Path.home()

    @property
    def base(self) -> str:
        """How its files may be called, without an ending."""
        name = self.media.name if self.media.path is None else self.media.path.stem
        return file_name(name, "export")


def current_result(document: Document) -> Result | None:
    """Return what there is to export now, None where nothing is open."""
    capture, history, review = document.capture, document.history, document.review
    if capture is None:
        return None
    source, covered = capture.source, document.covered
    model = review.result.model if review is not None else ""
    if history is not None:
        covered, model = covered or tuple(history.covered()), history.model or model
    end = max((end for _, end in covered), default=0.0)
    return Result(
        address=document.address,
        media=Media(source.name, source.file, source.rate, source.duration or end),
        live=source.live,
        bounded=not source.live and source.duration is not None,
        model=model,
        classes=document.classes,
        segments=document.segments,
        corrected=review is not None and review.begun,
        covered=covered,
        history=history,
    )
