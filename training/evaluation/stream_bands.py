"""Streams as pictures: two bands each, the truth above and what was recognized below."""

from collections.abc import Iterable, Sequence
from html import escape

from lrcn_desktop.recognition.drawing.class_style import CLASS_COLORS, color_numbers
from training.evaluation.stream_figures import Timeline

_WIDTH, _LEFT, _RIGHT = 1000, 26, 8
_BAND, _BETWEEN, _GAP = 15, 2, 14  # heights: of a band, between two, between two streams
_TICK = 30  # seconds

_Part = tuple[float, float, str | None]


def bands(timelines: Sequence[Timeline], classes: Sequence[str]) -> str:
    """Return the streams as inline SVG, one below the other on one scale of time, and a legend."""
    longest = max(timeline.seconds for timeline in timelines)
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    colors = {
        label: CLASS_COLORS[number % len(CLASS_COLORS)]
        for label, number in zip(classes, color_numbers(classes), strict=True)
    }
    row = 2 * _BAND + _BETWEEN + _GAP
    bottom = len(timelines) * row
    parts = [_tick(second, scale, bottom) for second in range(0, int(longest) + 1, _TICK)]
    for number, timeline in enumerate(timelines):
        top = number * row
        said: list[_Part] = [(s.start, s.end, s.label) for s in timeline.segments]
        # The background is what nothing is shown for.
        back = _rectangle(0, timeline.seconds, top + _BAND + _BETWEEN, scale, 'class="none"')
        parts += [
            f'<text class="tick end" x="{_LEFT - 8}" y="{top + _BAND + 5}">{number + 1}</text>',
            *_band(timeline.truth, "truth", top, scale, colors),
            back,
            *_band(said, "recognized", top + _BAND + _BETWEEN, scale, colors),
        ]
    label = "Truth and recognized activities of each stream"
    seen = {label for timeline in timelines for _, _, label in timeline.truth}
    seen |= {segment.label for timeline in timelines for segment in timeline.segments}
    return (
        f'<svg class="bands" viewBox="0 0 {_WIDTH} {bottom + 18}" role="img">'
        f"<title>{label}</title>{''.join(parts)}</svg>"
        f"{_legend([label for label in classes if label in seen], colors, None in seen)}"
    )


def _band(
    parts: Iterable[_Part], what: str, top: float, scale: float, colors: dict[str, str]
) -> Iterable[str]:
    for start, end, label in parts:
        look = 'class="none"' if label is None else f'fill="{colors[label]}"'
        name = f"{what}: {label or 'unknown'}, {start:.1f} to {end:.1f} s"
        yield _rectangle(start, end, top, scale, look, name)


def _rectangle(
    start: float, end: float, top: float, scale: float, look: str, name: str = ""
) -> str:
    x, width = _LEFT + start * scale, (end - start) * scale
    title = f"<title>{escape(name)}</title>" if name else ""
    place = f'x="{x:.2f}" y="{top:.0f}" width="{width:.2f}" height="{_BAND}"'
    return f"<rect {look} {place}>{title}</rect>"


def _tick(second: int, scale: float, bottom: float) -> str:
    x = _LEFT + second * scale
    return (
        f'<path class="grid" d="M{x:.1f},0V{bottom - _GAP / 2:.0f}"/>'
        f'<text class="tick middle" x="{x:.1f}" y="{bottom + 10}">{second // 60}:{second % 60:02}'
        "</text>"
    )


def _legend(labels: Sequence[str], colors: dict[str, str], unknown: bool) -> str:
    keys = [
        f'<span><svg viewBox="0 0 10 10"><rect fill="{colors[label]}" width="10" height="10"/>'
        f"</svg>{escape(label)}</span>"
        for label in labels
    ]
    if unknown:
        keys.append(
            '<span><svg viewBox="0 0 10 10"><rect class="none" width="10" height="10"/></svg>'
            "unknown, or nothing shown</span>"
        )
    return f'<p class="legend swatches">{"".join(keys)}</p>'
