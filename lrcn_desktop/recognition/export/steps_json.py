"""Every step and segment as one JSON object."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrcn_desktop.files import atomic_write
from lrcn_desktop.recognition.export.csv_tables import rounded
from lrcn_desktop.recognition.export.text import storable

if TYPE_CHECKING:
    from lrcn_desktop.recognition.analyze import Analysis


def write_json(path: Path | str, result: "Analysis") -> None:
    """Write `result` as one JSON object; the guide describes its keys.

    Raises:
        UserError: `path` cannot be written.
        ValueError: A number is NaN or infinite, which JSON does not know.
    """
    document: dict[str, Any] = {
        "source": result.source,
        "model": result.model,
        "classes": list(result.classes),
        "step_rate": result.step_rate,
        "steps": [
            {
                "time": p.time,
                "label": p.label,
                "known": round(p.known, 6),
                "probabilities": rounded(p),
            }
            for p in result.predictions
        ],
        "segments": [
            {
                "start": s.start,
                "end": s.end,
                "label": s.label,
                "confidence": s.confidence,
                "origin": s.origin,
            }
            for s in result.segments
        ],
        "summary": {"label": result.summary_label, "confidence": result.summary_confidence},
        "timing": result.timing,
    }
    if result.lost:
        document["lost"] = result.lost
    if result.covered is not None:
        document["covered"] = [{"start": start, "end": end} for start, end in result.covered]
    if result.corrected is not None:
        document["corrected"] = result.corrected
    if result.truth is not None:
        document["truth"] = [
            {"start": start, "end": end, "label": label} for start, end, label in result.truth
        ]
    with atomic_write(path, "w") as file:
        file.write(storable(json.dumps(document, allow_nan=False, ensure_ascii=False)))
        file.write("\n")
