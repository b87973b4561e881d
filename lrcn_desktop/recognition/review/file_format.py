"""A review as a JSON file, written whole or not at all, and believed only after a check."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.names import cleaned
from lrcn_desktop.recognition.review.annotations import Annotation, Annotations, ordered
from lrcn_desktop.recognition.review.intervals import Interval, united
from lrcn_desktop.recognition.review.review import ModelSegments, ReviewSnapshot
from lrcn_desktop.recognition.segments import Origin, Segment

T = TypeVar("T")
FORMAT, VERSION = "lrcn-desktop review", 2
_READ = (1, 2)  # in version 1, a confidence of 1 marked what the user had set
MOST_BYTES = 16 * 2**20
_MOST = 200_000  # entries of a list
_LATEST = 1e8  # seconds: three years
_LATEST_SAVE = 1e11  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a file holds.

    Attributes:
        source: The source's name.
        digest: Of the source's content; "" where there is none (a live session).
        saved: When it was written, in seconds since 1970.
        snapshot: The review.
    """

    source: str
    digest: str
    saved: float
    snapshot: ReviewSnapshot


def stored(snapshot: ReviewSnapshot) -> ReviewSnapshot:
    """Return a review as it comes back from a file, to the last digit."""
    result, state = snapshot.result, snapshot.state
    segments = tuple(map(_rounded, result.segments))
    covered = _read_spans(_spans(result.covered))
    result = replace(result, segments=segments, covered=covered, others=_others(result))
    if state is not None:
        items = ordered(replace(item, segment=_rounded(item.segment)) for item in state.items)
        taken, decided = (_read_spans(_spans(spans)) for spans in (state.taken, state.decided))
        state = replace(state, items=items, taken=taken, decided=decided)
    return ReviewSnapshot(result, state)


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Write or replace `path`.

    Raises:
        UserError: It cannot be written.
    """
    result, state = sidecar.snapshot.result, sidecar.snapshot.state
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "saved": sidecar.saved,
        "source": {"name": sidecar.source, "digest": sidecar.digest},
        "model": {
            "name": result.model,
            "classes": list(result.classes),
            "covered": _spans(result.covered),
            "segments": [_segment(segment) for segment in result.segments],
            "others": _others(result),
        },
        "review": None,
    }
    if state is not None:
        document["review"] = {
            "corrections": state.corrections,
            "taken": _spans(state.taken),
            "decided": _spans(state.decided),
            "segments": [{**_segment(i.segment), "checked": i.checked} for i in state.items],
        }
    with atomic_write(path, "w") as file:
        json.dump(document, file, allow_nan=False, separators=(",", ":"))
        file.write("\n")


def read_sidecar(path: Path) -> Sidecar:
    """Read what `write_sidecar` wrote, or the user changed.

    Raises:
        UserError: It cannot be read, is too large, of another kind or version, or damaged.
    """
    try:
        if not path.is_file():  # reading a pipe would wait for its writer
            raise _WrongError("it is no file")
        if path.stat().st_size > MOST_BYTES:
            raise _WrongError(f"it is larger than {MOST_BYTES // 2**20} MB")
        text = path.read_bytes().decode()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        reason = error if isinstance(error, _WrongError) else "it is no text"
        raise UserError(f"{path.name} is no review: {reason}.") from error
    try:
        return _sidecar(json.loads(text, parse_constant=_no_number))
    except _WrongError as error:
        raise UserError(f"{path.name} is no review that can be used: {error}.") from error
    except Exception as error:  # of the parser, which fails in ways that nobody can list
        raise UserError(f"{path.name} is no review: it is damaged or of another kind.") from error


class _WrongError(ValueError):
    """What is wrong with the file, as the end of a sentence."""


def _no_number(text: str) -> NoReturn:
    raise _WrongError(f"{text} is no number")


def _spans(spans: tuple[Interval, ...]) -> list[list[float]]:
    rounded = ([round(start, 6), round(end, 6)] for start, end in spans)
    return [[start, end] for start, end in rounded if start < end]


def _others(result: ModelSegments) -> tuple[tuple[float, float, str], ...]:
    rounded = ((round(start, 6), round(end, 6), model) for start, end, model in result.others)
    return tuple((start, end, model) for start, end, model in rounded if start < end)


def _read_spans(spans: list[list[float]]) -> tuple[Interval, ...]:
    return united((start, end) for start, end in spans)


def _rounded(segment: Segment) -> Segment:
    return replace(
        segment,
        start=round(segment.start, 6),
        end=round(segment.end, 6),
        confidence=None if segment.confidence is None else round(segment.confidence, 6),
    )


def _segment(segment: Segment) -> dict[str, Any]:
    return asdict(_rounded(segment))


def _sidecar(document: object) -> Sidecar:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _WrongError("it is of another kind")
    if document.get("version") not in _READ:
        raise _WrongError("it is of another version of this program")
    source, model = _get(document, "source", dict), _get(document, "model", dict)
    result = ModelSegments(
        cleaned(_get(model, "name", str)),
        tuple(_list(model, "classes", _label)),
        _read_segments(model),
        united(_list(model, "covered", _read_span)),
        tuple(_list(model, "others", _read_other)) if "others" in model else (),
    )
    no_review = document.get("review", "") is None
    state = None if no_review else _state(_get(document, "review", dict))
    name, digest = _get(source, "name", str), _get(source, "digest", str)
    return Sidecar(
        name, digest, _number(document.get("saved"), _LATEST_SAVE), ReviewSnapshot(result, state)
    )


def _state(review: dict[str, Any]) -> Annotations:
    checked = _list(review, "segments", lambda entry: _get(entry, "checked", bool))
    corrections = _get(review, "corrections", int)
    if not 0 <= corrections < 10**9:
        raise _WrongError("its number of corrections cannot be")
    segments = map(_by_person, _list(review, "segments", _read_segment), checked)
    items = ordered(map(Annotation, segments, checked))
    for label in {item.segment.label for item in items}:
        alike = [item.segment for item in items if item.segment.label == label]
        if any(one.end > other.start for one, other in pairwise(alike)):
            raise _WrongError(f"segments of {label!r} overlap")
    taken, decided = (united(_list(review, key, _read_span)) for key in ("taken", "decided"))
    return Annotations(items, taken, decided, corrections)


def _read_segments(model: dict[str, Any]) -> tuple[Segment, ...]:
    return tuple(sorted(_list(model, "segments", _read_segment), key=lambda s: (s.start, s.end)))


def _read_segment(entry: object) -> Segment:
    if not isinstance(entry, dict):
        raise _WrongError("a segment is none")
    start, end = _read_span([entry.get("start"), entry.get("end")])
    origin, confidence = entry.get("origin", "model"), entry.get("confidence")
    if origin not in get_args(Origin):
        raise _WrongError("a segment is of nobody")
    measured = None if origin == "person" else _number(confidence, 1.0)
    return Segment(start, end, _label(entry.get("label")), measured, origin)


def _by_person(segment: Segment, checked: bool) -> Segment:
    """Return a segment as the user's where version 1 marks it so."""
    if checked and segment.confidence == 1.0:
        return replace(segment, confidence=None, origin="person")
    return segment


def _read_other(entry: object) -> tuple[float, float, str]:
    if not isinstance(entry, list) or len(entry) != 3:
        raise _WrongError("the times of another model are wrong")
    return (*_read_span(entry[:2]), _label(entry[2]))


def _read_span(entry: object) -> Interval:
    if not isinstance(entry, list) or len(entry) != 2:
        raise _WrongError("a span is no pair of times")
    start, end = _number(entry[0], _LATEST), _number(entry[1], _LATEST)
    if not start < end:
        raise _WrongError("something ends before it begins")
    return start, end


def _number(value: object, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _WrongError("a number is missing")
    if not 0 <= value <= most:  # also false for NaN
        raise _WrongError("a number is out of its range")
    return float(value)


def _label(value: object) -> str:
    label = cleaned(value) if isinstance(value, str) else ""
    if not label:
        raise _WrongError("an activity has no name that can be used")
    return label


def _get(holder: object, key: str, kind: type[T]) -> T:
    value = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _WrongError(f"its {key!r} is missing or wrong")
    return value


def _list(holder: object, key: str, read: Callable[[object], T]) -> list[T]:
    values = _get(holder, key, list)
    if len(values) > _MOST:
        raise _WrongError(f"its {key!r} is too long")
    return [read(value) for value in values]
