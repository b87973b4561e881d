"""An analysis as JSON or CSV, written whole or not at all."""

import csv
import json
from pathlib import Path
from typing import Any

from lrcn_desktop.files import atomic_write, check_writable
from lrcn_desktop.recognition.analyze import Analysis
from lrcn_desktop.recognition.prediction import Prediction

__all__ = ["check_writable", "write_csv", "write_json"]


def write_json(path: Path | str, result: Analysis) -> None:
    """Write `result` as one JSON object; the README describes its keys.

    Raises:
        UserError: `path` cannot be written.
        ValueError: A number is NaN or infinite, which JSON does not know.
    """
    document: dict[str, Any] = {
        "source": result.source,
        "model": result.model,
        "classes": list(result.classes),
        "step_rate": result.step_rate,
        "steps": [{"time": p.time, "probabilities": _rounded(p)} for p in result.predictions],
        "segments": [
            {"start": s.start, "end": s.end, "label": s.label, "confidence": s.confidence}
            for s in result.segments
        ],
        "summary": {"label": result.summary_label, "confidence": result.summary_confidence},
        "timing": result.timing,
    }
    if result.truth is not None:
        document["truth"] = [
            {"start": start, "end": end, "label": label} for start, end, label in result.truth
        ]
    with atomic_write(path, "w") as file:
        json.dump(document, file, allow_nan=False, ensure_ascii=False)
        file.write("\n")


def write_csv(path: Path | str, result: Analysis) -> None:
    """Write a row for each step: time, label (empty where nothing known), confidence, classes.

    Raises:
        UserError: `path` cannot be written.
    """
    with atomic_write(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time", "label", "confidence", *result.classes])
        for prediction in result.predictions:
            probabilities = _rounded(prediction)
            confidence = max(probabilities)
            writer.writerow([prediction.time, prediction.label or "", confidence, *probabilities])


def _rounded(prediction: Prediction) -> list[float]:
    """Return the probabilities to six decimal places: float32 has no more to say."""
    return [round(float(p), 6) for p in prediction.probabilities]
