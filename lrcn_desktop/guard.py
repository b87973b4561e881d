"""The guard around other people's parsers: whatever they raise becomes one sentence."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from lrcn_desktop.errors import UserError
from lrcn_desktop.names import cleaned

T = TypeVar("T")
_LONGEST = 200  # bytes of a parser's own words


@contextmanager
def guarded(path: Path | str, fault: str, advice: str = "") -> Iterator[None]:
    """Turn whatever the block raises into a UserError that names the file.

    Damaged and hostile files make parsers fail in ways that nobody can list, so none is listed. A
    UserError of the block's own passes.

    Args:
        path: The file that the block reads.
        fault: What the sentence says of it: "is no table that can be read".
        advice: What to do, behind a colon.

    Raises:
        UserError: The block has failed, for whatever reason.
    """
    behind = f": {advice}." if advice else "."
    try:
        yield
    except UserError:
        raise
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}){behind}") from error
    except Exception as error:
        raise UserError(f"{path} {fault} ({reason(error)}){behind}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, of a bug in a parser
            raise
        raise UserError(f"{path} {fault} ({reason(error)}){behind}") from error


def reason(error: BaseException) -> str:
    """Return what an error says, as one line of bounded length that ends a clause."""
    said = getattr(error, "strerror", None) or str(error)
    if isinstance(error, KeyError):
        said = f"{said} is missing"
    return cleaned(str(said), _LONGEST).rstrip(".") or type(error).__name__


def read_json(path: Path, kind: type[T], fault: str, advice: str = "") -> T:
    """Read a JSON file of a known shape; NaN and infinity are no JSON.

    Args:
        path: The file.
        kind: A type that `msgspec.convert` checks against: a dataclass, a struct, dict[str, int].
        fault, advice: See `guarded`.

    Raises:
        UserError: It cannot be read, or is of another shape.
    """
    with guarded(path, fault, advice):
        return msgspec.convert(parse_json(path.read_bytes()), kind)


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return what JSON says; NaN and numbers too large for a float are refused, not infinite.

    Raises:
        ValueError, RecursionError: It is no JSON.
    """
    return json.loads(text, parse_constant=_number, parse_float=_number)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is no number that can be used")
    return value
