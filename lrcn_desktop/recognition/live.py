"""Recognition on its own thread, always on the newest frame."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.display_state import DisplayState, Shown
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.priority import LIVE, lower_priority
from lrcn_desktop.recognition.rates import StepRate, nearest_rate
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video.capture import Capture

_RATE_WINDOW = 2.0  # seconds over which the recognition rate is measured
_SLOW_WINDOW, _FEWEST = 10.0, 4  # seconds, where the other would have fewer steps than this
_POLL = 0.1  # seconds: how soon a stop is noticed
_HELD = 0.9  # of the wanted rate: below it, the machine does not hold it
_BUSY = 0.8  # of the time, spent on steps: above it, more of them cannot be had
PATIENCE = 4.0  # seconds before an automatic rate is lowered

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveStats:
    """How recognition keeps up.

    Attributes:
        rate: Steps per second really done over the last two seconds, or over the last four steps of
            a slow machine; 0 before anything is known.
        latency: Seconds from a frame's arrival to its prediction, median of the latest.
        dropped: Steps of the model's clock that passed without a frame of their own, since start.
        step_time: Seconds that a step takes, median of the latest.
    """

    rate: float = 0.0
    latency: float = 0.0
    dropped: int = 0
    step_time: float = 0.0


class Listener(Protocol):
    """Is told, on the recognition's thread, what was recognized; must return at once."""

    def forget(self) -> None:
        """Restart: a seek, a restart, a reset or another source comes before the next step."""

    def push(self, prediction: Prediction) -> None:
        """Take the next prediction."""


class LiveRecognition(threading.Thread):
    """Takes the newest frame of a capture, again and again, and reports what it recognizes.

    The capture never waits for it (but where it was asked for every frame), and it waits for
    nobody who looks at its results.

    Attributes:
        latest: The newest prediction, None before the first and after a reset.
        settled: Whether what was recognized since the last seek or gap is more than a glance.
        segment: The activity that is going on, None while what is seen is unknown.
        shown: What the headline says of what is going on.
    """

    def __init__(
        self,
        capture: Capture,
        recognizer: Recognizer,
        listeners: Sequence[Listener] = (),
        rate: StepRate | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Recognize what `capture` delivers and tell the `listeners`; `start` begins.

        Args:
            capture: Delivers the frames.
            recognizer: Is this thread's alone until it ends.
            listeners: Receive what was recognized.
            rate: How often to take a step, see `set_rate`; None: as the recognizer does.
            patience: Seconds before an automatic rate that is not held is lowered.
        """
        super().__init__(name="recognition", daemon=True)
        self.capture, self.recognizer = capture, recognizer
        self._listeners = tuple(listeners)
        self.error: UserError | None = None
        self._stopping, self._resetting = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._display = DisplayState(recognizer.classes, recognizer.info.threshold)
        self.shown = Shown()
        self.latest: Prediction | None = None
        self.settled = False
        self._done: deque[float] = deque(maxlen=512)
        self._latencies: deque[float] = deque(maxlen=15)
        self._step_times: deque[float] = deque(maxlen=15)
        self._dropped = 0
        self.segment: Segment | None = None
        self._rate = rate  # that was asked for and not taken on yet
        self._late_since: float | None = None
        self._patience = patience

    @property
    def stats(self) -> LiveStats:
        """How recognition keeps up, now."""
        now = time.monotonic()
        with self._lock:
            return LiveStats(
                rate=rate_of(_counted(self._done, now), now),
                latency=median(self._latencies) if self._latencies else 0.0,
                dropped=self._dropped,
                step_time=median(self._step_times) if self._step_times else 0.0,
            )

    def set_rate(self, rate: StepRate) -> None:
        """Take steps at `rate` from now on, or at the nearest that the model allows.

        What was seen is not forgotten.
        """
        self._rate = rate

    def reset(self) -> None:
        """Forget what was seen, before the next frame and at most a moment from now."""
        self._resetting.set()

    def stop(self) -> None:
        """End the thread; safe to call twice."""
        self._stopping.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()

    def run(self) -> None:
        """Recognize until stopped."""
        lower_priority(LIVE)
        try:
            self._loop()
        except UserError as error:
            self.error = error
        except Exception as error:
            _log.exception("Recognition stopped")
            self.error = UserError(f"Recognition stopped by an unexpected error: {error}.")

    def _loop(self) -> None:
        generation = None
        self.recognizer.set_frame_rate(self.capture.source.rate)
        while not self._stopping.is_set():
            self._take_on_rate()
            captured = self.capture.latest.take(_POLL)
            if self._resetting.is_set():  # at once, also while no frame comes
                self._resetting.clear()
                self._forget()
            if captured is None:
                if self.capture.latest.closed:
                    self._stopping.wait(_POLL)
                continue
            if captured.generation != generation:
                generation = captured.generation
                self._forget()
            if not self.recognizer.is_due(captured.frame.time):
                continue
            began = time.monotonic()
            prediction = self.recognizer.step(captured.frame)
            self._report(prediction, began, captured.arrived)
            self._judge_rate()

    def _take_on_rate(self) -> None:
        rate, self._rate = self._rate, None
        if rate is not None:
            self.recognizer.set_rate(nearest_rate(self.recognizer.info, rate))

    def _judge_rate(self) -> None:
        """Lower an automatic rate that this machine has not held for some seconds.

        Only where the steps themselves take the time: a source may give less than it says.
        """
        pace, capture, now = self.recognizer.pace, self.capture, time.monotonic()
        wanted = (pace.rate or capture.source.rate) * capture.speed
        stats = self.stats
        late = stats.rate < _HELD * wanted and stats.rate * stats.step_time > _BUSY
        if pace.asked != "auto" or not late or capture.every_frame or capture.speed > 1:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = now
        elif now - self._late_since > self._patience:
            self._late_since = None
            if self.recognizer.slow_down(stats.rate):
                _log.info("%g of %g steps/s: now %s", stats.rate, wanted, self.recognizer.pace)

    def _forget(self) -> None:
        self.recognizer.reset()
        self._display = DisplayState(self.recognizer.classes, self.recognizer.info.threshold)
        with self._lock:
            self.latest, self.segment, self.shown = None, None, Shown()
            self.settled = False
        for listener in self._listeners:
            listener.forget()

    def _report(self, prediction: Prediction, began: float, arrived: float) -> None:
        now = time.monotonic()
        self._display.push(prediction)
        with self._lock:
            self.latest, self.settled = prediction, self._display.settled
            self._done.append(now)
            self._latencies.append(now - arrived)
            self._step_times.append(now - began)
            self._dropped += prediction.steps - 1
            self.segment, self.shown = self._display.segment, self._display.shown
        for listener in self._listeners:
            listener.push(prediction)


def _counted(done: Sequence[float], now: float) -> list[float]:
    """Return the times of the steps that the rate is measured over, of all that were `done`."""
    recent = [t for t in done if now - t <= _RATE_WINDOW]
    if len(recent) >= _FEWEST:
        return recent
    return [t for t in list(done)[-_FEWEST:] if now - t <= _SLOW_WINDOW]


def rate_of(times: Sequence[float], now: float) -> float:
    """Return how many a second there are of what happened at `times` seconds, rising, up to `now`.

    The intervals between them are counted; the one that has not ended yet, once it is the longer.
    """
    if len(times) < 2:
        return 0.0
    counted = (len(times) - 1) / max(times[-1] - times[0], 1e-9)
    return min(counted, len(times) / max(now - times[0], 1e-9))
