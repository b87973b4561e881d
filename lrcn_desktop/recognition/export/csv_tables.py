"""Tables for spreadsheets: one row per step, or one row per segment."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment

if TYPE_CHECKING:
    from lrcn_desktop.recognition.analyze import Analysis


def write_csv(path: Path | str, result: "Analysis") -> None:
    """Write one row per step: time, label (empty where unknown), confidence, classes.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time", "label", "confidence", *map(cell, result.classes)])
        for prediction in result.predictions:
            probabilities = rounded(prediction)
            label = cell(prediction.label or "")
            highest = max(p for p in probabilities if p is not None)
            writer.writerow([prediction.time, label, highest, *probabilities])


def rounded(prediction: Prediction) -> list[float | None]:
    """Return the probabilities to six decimal places: float32 has no more to say.

    None is of a class that the model did not know (see `History.predictions`).
    """
    return [None if np.isnan(p) else round(float(p), 6) for p in prediction.probabilities]


def write_segments(path: Path | str, segments: Iterable[Segment]) -> None:
    """Write a row for each segment: start, end, duration (seconds), label, confidence, origin.

    The confidence of what the user has set is empty: nobody measured it.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["start", "end", "duration", "label", "confidence", "origin"])
        for s in segments:
            times = (f"{seconds:.3f}" for seconds in (s.start, s.end, s.end - s.start))
            confidence = "" if s.confidence is None else f"{s.confidence:.4f}"
            writer.writerow([*times, cell(s.label), confidence, s.origin])
