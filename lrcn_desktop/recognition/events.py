"""Chosen activities as events: one a stay of the activity, however it flickers."""

import threading
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import MAX_GAP, Segment, Segmenter

MOST_WAITING = 256  # events that nobody has taken; more are dropped and counted
_KEPT_STAYS = 10_000  # so that what a seek leads back to does not count again
_BLUR = 0.5  # seconds by which two viewings may date the same stay apart


@dataclass(frozen=True, slots=True)
class Condition:
    """What a stay of an activity must meet to be an event.

    Attributes:
        least: Seconds that it must last; 0: none beyond what opens a segment.
        pause: Seconds after an event in which no other of its label begins.
    """

    least: float = 0.0
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """A chosen activity that is going on, or has ended.

    Attributes:
        label: The activity.
        start: When it began, in seconds of the source.
        number: Running number among events with this label, from 1.
        end: When it ended; None while it goes on.
        confidence: The mean of its probability, 0..1; None while it goes on.
    """

    label: str
    start: float
    number: int
    end: float | None = None
    confidence: float | None = None


@dataclass(slots=True)
class _Stay:
    """The open segment of some label.

    Attributes:
        label, start: The segment's.
        settled: Whether it is known if it is an event.
        event: The event that it is, if any.
    """

    label: str
    start: float
    settled: bool = False
    event: Event | None = None


class EventWatch:
    """A listener of a live recognition that keeps the events of one source for who takes them.

    An event begins when a segment of its label does (the same hysteresis), so one punch is one
    event, a flicker none, and what goes on is not counted again, neither after a reset or a seek
    in its midst, nor where a seek leads back to what was already counted.

    All methods may be called on any thread, and none waits.

    Args:
        classes: The activities, in the order of the probabilities.
        conditions: The chosen activities.
        counts: How many events there were of each label before.
    """

    def __init__(
        self,
        classes: Sequence[str],
        conditions: Mapping[str, Condition],
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._segmenter = Segmenter(classes)
        self._conditions = dict(conditions)
        self._counts = Counter(counts or {})
        self._waiting: deque[Event] = deque()
        self._dropped = 0
        self._closed = False
        self._stay: _Stay | None = None
        self._begin: float | None = None  # the first prediction's time since the last forgetting
        self._time = 0.0  # the last prediction's
        self._interrupted = ""  # the label that was going on, and settled, at the forgetting
        self._stays: deque[Segment] = deque(maxlen=_KEPT_STAYS)  # settled, since the forgetting
        self._earlier: deque[Segment] = deque(maxlen=_KEPT_STAYS)  # settled, before it
        self._last_end: dict[str, float] = {}  # the last event's, by label

    @property
    def counts(self) -> dict[str, int]:
        """How many events there were, by label."""
        with self._lock:
            return dict(self._counts)

    @property
    def dropped(self) -> int:
        """Events, begun or ended, that were dropped because nobody took them in time."""
        return self._dropped

    def choose(self, conditions: Mapping[str, Condition]) -> None:
        """Watch for other activities from now on."""
        with self._lock:
            self._conditions = dict(conditions)

    def take(self) -> list[Event]:
        """Return, once, what happened: each event when it begins and again when it has ended."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
        return taken

    def reset_counts(self) -> None:
        """Count from 1 again, also what was counted before; what goes on now is not."""
        with self._lock:
            self._counts.clear()
            self._stays.clear()
            self._earlier.clear()

    def push(self, prediction: Prediction) -> None:
        """Take the next prediction."""
        with self._lock:
            if self._closed:
                return
            if self._begin is None:
                self._begin = prediction.time
            for segment in self._segmenter.push(prediction):
                self._end(segment)
            self._time = prediction.time
            current = self._segmenter.current
            if current is not None:
                if self._stay is None:
                    seen = self._was_seen(current)
                    self._stay = _Stay(current.label, current.start, settled=seen)
                self._settle(self._stay)

    def forget(self) -> None:
        """End what goes on: a seek, a restart or a reset comes before the next prediction."""
        with self._lock:
            stay = self._stay
            self._interrupted = stay.label if stay is not None and stay.settled else ""
            for segment in self._segmenter.finish(self._time):
                self._end(segment)
            self._earlier.extend(self._stays)
            self._stays.clear()
            self._begin = None

    def close(self) -> None:
        """End what goes on, and take no more."""
        with self._lock:
            self.forget()
            self._closed = True

    def _was_seen(self, current: Segment) -> bool:
        """Whether a stay that opens is the interrupted one, or one that was watched before."""
        assert self._begin is not None
        if current.label == self._interrupted and current.start - self._begin <= MAX_GAP:
            return True
        return any(
            stay.label == current.label
            and stay.start - _BLUR < current.end
            and current.start < stay.end + _BLUR
            for stay in self._earlier
        )

    def _settle(self, stay: _Stay) -> None:
        condition = self._conditions.get(stay.label)
        if stay.settled or condition is None or self._segmenter.lasted < condition.least:
            return
        stay.settled = True
        last_end = self._last_end.get(stay.label)
        if last_end is None or not 0 <= stay.start - last_end < condition.pause:
            self._counts[stay.label] += 1
            stay.event = Event(stay.label, stay.start, self._counts[stay.label])
            self._tell(stay.event)

    def _end(self, segment: Segment) -> None:
        stay, self._stay = self._stay, None
        if stay is None or not stay.settled:
            return
        self._stays.append(segment)
        if stay.event is not None:
            self._last_end[stay.label] = segment.end
            self._tell(replace(stay.event, end=segment.end, confidence=segment.confidence))

    def _tell(self, event: Event) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(event)
        else:
            self._dropped += 1
