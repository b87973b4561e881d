"""An analysis as the user reads it in a terminal."""

from lrcn_desktop.recognition.analyze import Analysis


def describe(result: Analysis, device: str) -> str:
    """Return the segments as a table, the summary, the speed, and the truth where it is known."""
    lines = [f"{'start':>9} {'end':>9}  {'confidence':>10}  activity"]
    lines += [
        f"{clock(s.start):>9} {clock(s.end):>9}  {s.confidence or 0.0:>10.0%}  {s.label}"
        for s in result.segments
    ]
    if not result.segments:
        lines.append("unknown: none of the model's activities was seen for long enough")
    timing = result.timing
    lines += [
        "",
        f"Over all: {result.summary_label} ({result.summary_confidence:.0%})",
        f"{timing['steps']} steps of {timing['video_seconds']:.1f} s of video in "
        f"{timing['seconds']:.1f} s: {timing['steps_per_second']:.1f} steps/s on {device}, "
        f"model {result.model} at {_pace(result.step_rate)}",
    ]
    if (accuracy := step_accuracy(result)) is not None:
        lines.append(f"The truth is known here: {accuracy:.1%} of the steps are right")
    return "\n".join(lines)


def _pace(step_rate: float | None) -> str:
    return "every frame" if step_rate is None else f"{step_rate:g} steps per second"


def step_accuracy(result: Analysis) -> float | None:
    """Return the share of steps whose most likely class is the truth; None where none is known."""
    if not result.truth:
        return None
    right = seen = 0
    spans = iter(result.truth)
    _, end, label = next(spans)
    for prediction in result.predictions:
        while prediction.time >= end:
            _, end, label = next(spans)
        right += result.classes[int(prediction.probabilities.argmax())] == label
        seen += 1
    return right / seen


def clock(seconds: float) -> str:
    """Return seconds as h:mm:ss.t, without the hours where there are none."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = (
        f"{minutes:02}:{rest // 10:02}.{rest % 10}"
        if hours
        else (f"{minutes}:{rest // 10:02}.{rest % 10}")
    )
    return f"{hours}:{text}" if hours else text
