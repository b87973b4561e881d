"""The figures of an evaluation's JSON that the window shows."""

from collections.abc import Mapping
from typing import Any

from lrcn_desktop.app.retrain.events import Matrix, to_matrix


def figure(evaluation: Mapping[str, Any] | None, *path: str) -> float | None:
    """Return a number somewhere in an evaluation, or None where there is none."""
    value: Any = evaluation
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def confusion(evaluation: Mapping[str, Any]) -> tuple[tuple[str, ...], Matrix | None]:
    """Return an evaluation's classes and confusion matrix."""
    classes = evaluation.get("classes", [])
    names = tuple(map(str, classes)) if isinstance(classes, list) else ()
    return names, to_matrix(evaluation.get("confusion"))
