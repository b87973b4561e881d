"""The figures of an evaluation's JSON that the window shows."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from lrcn_desktop.training_events import Matrix, to_matrix


def figure(evaluation: Mapping[str, Any] | None, *path: str) -> float | None:
    """Return a number somewhere in an evaluation, or None where there is none."""
    value = _find(evaluation, path)
    return value if _is_number(value) else None


def text(evaluation: Mapping[str, Any] | None, *path: str) -> str:
    """Return a text somewhere in an evaluation, "" where there is none."""
    value = _find(evaluation, path)
    return value if isinstance(value, str) else ""


def numbers(evaluation: Mapping[str, Any] | None, *path: str) -> list[float]:
    """Return a list of numbers somewhere in an evaluation, empty where there is none."""
    values = _find(evaluation, path)
    told = values if isinstance(values, list) else []
    found = [float(value) for value in told if _is_number(value)]
    return found if len(found) == len(told) else []


def interval(evaluation: Mapping[str, Any] | None, *path: str) -> tuple[float, float] | None:
    """Return the interval of a share somewhere in an evaluation, or None where there is none."""
    bounds = numbers(evaluation, *path)
    return (bounds[0], bounds[1]) if len(bounds) == 2 and 0 <= bounds[0] <= bounds[1] <= 1 else None


def confusion(evaluation: Mapping[str, Any]) -> tuple[tuple[str, ...], Matrix | None]:
    """Return an evaluation's classes and confusion matrix."""
    classes = evaluation.get("classes")
    names = tuple(map(str, classes)) if isinstance(classes, list | tuple) else ()
    return names, to_matrix(evaluation.get("confusion"))


def _find(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
