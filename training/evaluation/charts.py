"""Charts as inline SVG, colored by the report's style sheet."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from training.evaluation.metrics import Bin

Point = tuple[float, float]

_WIDTH, _HEIGHT = 440, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart.

    Attributes:
        name: What it shows, told where the mouse rests on it.
        points: From left to right.
        style: Its classes in the style sheet, such as "ours" or "theirs thin".
        mark: A point to mark, or None.
        dots: Whether each point is shown.
    """

    name: str
    points: Sequence[Point]
    style: str
    mark: Point | None = None
    dots: bool = False


def as_percent(share: float) -> str:
    """Return a share as an axis names it: "80 %"."""
    return f"{100 * share:.0f} %"


def line_chart(
    lines: Sequence[Line],
    *,
    title: str,
    x_label: str,
    y_range: Point,
    name: Callable[[float], str] = as_percent,
    begin: float = 0.0,
) -> str:
    """Return lines over a grid.

    Args:
        lines: What to draw, the most important last.
        title: For who cannot see it.
        x_label: Under the horizontal axis.
        y_range: The lowest and the highest value shown; lines are cut there.
        name: Names a value of the vertical axis.
        begin: The horizontal axis' first value.
    """
    end = max((x for line in lines for x, _ in line.points), default=begin + 1)
    low, high = y_range

    def place(point: Point) -> Point:
        x = (point[0] - begin) / ((end - begin) or 1)
        y = (min(max(point[1], low), high) - low) / ((high - low) or 1)
        return (
            _LEFT + x * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - y * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = [_grid_line(place((begin, y))[1], name(y)) for y in _ticks(low, high)]
    for x in _ticks(begin, end):
        at = place((x, low))[0]
        parts.append(_text(at, _HEIGHT - _BOTTOM + 16, f"{x:g}", "tick middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, x_label, "tick middle"))
    parts += [_line(line, place) for line in lines if line.points]
    return _svg(_WIDTH, _HEIGHT, title, parts)


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Return how often steps are right against how sure they are; honest ones lie on the line."""
    steps = sum(b.steps for b in bins)

    def place(point: Point) -> Point:
        return (
            _LEFT + point[0] * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - point[1] * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = [_grid_line(place((0, y))[1], as_percent(y)) for y in _ticks(0, 1)]
    for x in _ticks(0, 1):
        parts.append(_text(place((x, 0))[0], _HEIGHT - _BOTTOM + 16, as_percent(x), "tick middle"))
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(_text(middle, _HEIGHT - 6, "confidence", "tick middle"))
    (x1, y1), (x2, y2) = place((0, 0)), place((1, 1))
    parts.append(f'<path class="diagonal" d="M{x1:.1f},{y1:.1f}L{x2:.1f},{y2:.1f}"/>')
    for b in bins:
        (x, honest), (_, y) = place((b.confidence, b.confidence)), place((b.confidence, b.accuracy))
        radius = 2.5 + 11 * math.sqrt(b.steps / steps)
        text = f"{b.steps:,} steps: {as_percent(b.confidence)} sure, {as_percent(b.accuracy)} right"
        parts.append(f'<path class="gap" d="M{x:.1f},{honest:.1f}V{y:.1f}"/>')
        parts.append(
            f'<circle class="bubble" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
            f"<title>{text}</title></circle>"
        )
    return _svg(_WIDTH, _HEIGHT, "Share of right steps against confidence", parts)


def _grid_line(y: float, name: str) -> str:
    path = f'<path class="grid" d="M{_LEFT},{y:.1f}H{_WIDTH - _RIGHT}"/>'
    return path + _text(_LEFT - 7, y + 4, name, "tick end")


def _line(line: Line, place: Callable[[Point], Point]) -> str:
    points = [place(point) for point in line.points]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    shapes = f'<path class="line {line.style}" d="{path}"/>'
    dotted = points if line.dots or len(points) == 1 else []
    for x, y in dotted:
        shapes += f'<circle class="dot {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    if line.mark is not None:
        x, y = place(line.mark)
        shapes += f'<circle class="mark {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    return f"<g><title>{escape(line.name)}</title>{shapes}</g>"


def _ticks(low: float, high: float) -> list[float]:
    """Return about five round values from `low` to `high`."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return [low]
    magnitude = 10.0 ** math.floor(math.log10(span / 4))
    step = next(m * magnitude for m in (1, 2, 5, 10) if span / (m * magnitude) <= 5.001)
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + number) * step, 10) for number in range(count)]


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
