"""A CSV table with one row per step."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.prediction import Prediction

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
            writer.writerow([prediction.time, label, max(probabilities), *probabilities])


def rounded(prediction: Prediction) -> list[float]:
    """Return the probabilities to six decimal places: float32 has no more to say."""
    return [round(float(p), 6) for p in prediction.probabilities]
