"""What is said to be going on right now: calm, and the same wherever it is shown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, SETTLED, Segment, Segmenter

PROBABLE = 0.7
"""Of the model's threshold: from there up to the threshold an activity is probable, not sure."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the headline says.

    Attributes:
        label: The activity, None where nothing known is seen.
        sure: Whether it is above the model's threshold: the activity of a segment.
        since: When it began, in seconds of the source; None where nothing known is seen.
    """

    label: str | None = None
    sure: bool = False
    since: float | None = None


class DisplayState:
    """Follows predictions, and says what is going on.

    What is sure is the open segment of the `Segmenter` that makes all segments, so the headline
    says what the timeline, the events and the exports say. Where there is none, an activity that
    lasts as long between the thresholds is probable.

    Args:
        classes: The activities, in the order of the probabilities.
        threshold: The model's, 0..1.
    """

    def __init__(self, classes: Sequence[str], threshold: float) -> None:
        self._classes = tuple(classes)
        self._lower = PROBABLE * threshold
        self._sure, self._probable = Segmenter(classes), Segmenter(classes)
        self._began = self._last = -math.inf  # of the predictions since the last gap, in seconds

    @property
    def segment(self) -> Segment | None:
        """The activity that is going on, None while what is seen is unknown."""
        return self._sure.current

    @property
    def settled(self) -> bool:
        """Whether it follows predictions without a gap for longer than a glance."""
        return self._last - self._began >= SETTLED

    @property
    def shown(self) -> Shown:
        """What the headline says."""
        if (current := self._sure.current) is not None:
            return Shown(current.label, sure=True, since=current.start)
        if (current := self._probable.current) is not None:
            return Shown(current.label, since=current.start)
        return Shown()

    def push(self, prediction: Prediction) -> None:
        """Take the next prediction."""
        if prediction.time - self._last > MAX_GAP:
            self._began = prediction.time
        self._last = prediction.time
        self._sure.push(prediction)
        best = self._classes[int(prediction.probabilities.argmax())]
        label = best if prediction.known >= self._lower else None
        self._probable.push(replace(prediction, label=label))
