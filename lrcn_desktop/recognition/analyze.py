"""A whole source, every step of the model's rate, nothing dropped."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.segments import Segment, segments
from lrcn_desktop.recognition.step_clock import want_steps_only
from lrcn_desktop.video.decode_ahead import decode_ahead
from lrcn_desktop.video.source import Source


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was seen in a source, and when.

    Attributes:
        source: The source's name.
        model: The model's name.
        classes: The activities, in the order of the probabilities.
        step_rate: Steps per second that were taken; None: a step on every frame, whatever their
            rate.
        predictions: One per step, in order.
        segments: Activities from start to end.
        summary_label: The class of the highest mean probability over the whole source.
        summary_confidence: That mean, 0..1.
        timing: What it took: "frames", "steps", "video_seconds", "seconds", "steps_per_second".
        truth: (start, end, label) where it is known (the demo).
        covered: The (start, end) that were analyzed, where that may be less than the whole.
        lost: Pictures of the source that were damaged.
        corrected: Whether the segments are the user's; None where nobody could have corrected them.
    """

    source: str
    model: str
    classes: tuple[str, ...]
    step_rate: float | None
    predictions: list[Prediction]
    segments: list[Segment]
    summary_label: str
    summary_confidence: float
    timing: dict[str, float] = field(default_factory=dict)
    truth: list[tuple[float, float, str]] | None = None
    covered: list[tuple[float, float]] | None = None
    corrected: bool | None = None
    lost: int = 0


def analyze(
    source: Source,
    recognizer: Recognizer,
    *,
    seconds: float | None = None,
    progress: Callable[[float], None] = lambda _: None,
    until_interrupted: bool = False,
) -> Analysis:
    """Recognize a source from where it stands to its end, or for its first `seconds`.

    Args:
        source: Read to the end, but not closed.
        recognizer: Reset first.
        seconds: Of the source's own time; None: all of it.
        progress: Called with the source's time in seconds after every frame.
        until_interrupted: Ctrl-C ends the source rather than the analysis (endless sources).

    Raises:
        UserError: The source breaks off or has no frame.
    """
    recognizer.set_frame_rate(source.rate)
    recognizer.reset()
    want_steps_only(source, recognizer.step_rate)
    predictions: list[Prediction] = []
    frames, end, began = 0, 0.0, time.perf_counter()
    try:
        with decode_ahead(source) as coming:
            for frame in coming:
                if seconds is not None and frame.time >= seconds:
                    break
                frames, end = frames + 1, frame.time  # first: Ctrl-C may end what comes next
                predictions += recognizer.feed(frame)
                progress(frame.time)
    except KeyboardInterrupt:
        if not until_interrupted or not frames:
            raise
    predictions += recognizer.flush()
    if not predictions:
        raise UserError(f"{source.name} has no frame to analyze.")
    took = time.perf_counter() - began
    end += 1 / source.rate
    weights = np.array([p.steps for p in predictions], np.float64)
    mean = np.average([p.probabilities for p in predictions], axis=0, weights=weights)
    return Analysis(
        source=source.name,
        model=recognizer.model_name,
        classes=recognizer.classes,
        step_rate=recognizer.step_rate,
        predictions=predictions,
        segments=segments(predictions, recognizer.classes, end),
        summary_label=recognizer.classes[int(mean.argmax())],
        summary_confidence=float(mean.max()),
        timing={
            "frames": frames,
            "steps": len(predictions),
            "video_seconds": end,
            "seconds": took,
            "steps_per_second": len(predictions) / took,
        },
        truth=source.truth_segments(end),
        lost=source.lost,
    )
