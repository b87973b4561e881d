"""The confusion matrix as a heat map in inline SVG."""

from collections.abc import Sequence
from html import escape

from training.evaluation.columns import shortened

_NUMBERS_UP_TO = 30  # activities; the cells of a larger matrix are too small for numbers
_LABEL = 26  # characters of a label that are shown


def heat_map(confusion: Sequence[Sequence[int]], classes: Sequence[str]) -> str:
    """Return the matrix: a row a truth, its shares as shades, its counts as numbers."""
    count = len(classes)
    small = count > _NUMBERS_UP_TO
    cell = 12 if small else 34 if count > 12 else 46
    font = 8.5 if small else 11.5
    faint = 0.3 if small else 0.12  # of the fewest cases: without a number, the shade is all
    names = [shortened(label, _LABEL) for label in classes]
    # A slanted name takes its width along the diagonal; 0.62 of the font's size is a letter.
    longest = max(map(len, names)) * font * 0.62 + 8
    left, top = longest, longest * 0.72 + 6
    width, height = left + count * cell + longest * 0.72, top + count * cell + 4
    parts = [
        f'<rect class="field" x="{left:.1f}" y="{top:.1f}" width="{count * cell}" '
        f'height="{count * cell}" rx="4"/>'
    ]
    for number, name in enumerate(names):
        y = top + (number + 0.5) * cell
        parts.append(
            f'<text class="name end" x="{left - 7:.1f}" y="{y + font * 0.35:.1f}">'
            f"{escape(name)}</text>"
        )
        x = left + (number + 0.5) * cell
        parts.append(
            f'<text class="name" transform="translate({x + 3:.1f} {top - 6:.1f}) rotate(-45)">'
            f"{escape(name)}</text>"
        )
    for truth, row in enumerate(confusion):
        total = sum(row) or 1
        for said, cases in enumerate(row):
            if cases:
                x, y = left + said * cell, top + truth * cell
                place = f'x="{x + 0.5:.1f}" y="{y + 0.5:.1f}"'
                kind = "hit" if truth == said else "miss"
                what = f"{classes[truth]} taken for {classes[said]}: {cases} of {total}"
                share = cases / total
                parts.append(
                    f"<g><title>{escape(what)}</title>"
                    f'<rect class="{kind}" {place} width="{cell - 1}" height="{cell - 1}" rx="2" '
                    f'fill-opacity="{faint + (1 - faint) * share:.2f}"/>'
                )
                if not small:
                    strong = " strong" if share > 0.5 else ""
                    parts.append(
                        f'<text class="count middle{strong}" x="{x + cell / 2:.1f}" '
                        f'y="{y + cell / 2 + 4:.1f}">{cases}</text>'
                    )
                parts.append("</g>")
    return (
        f'<svg class="matrix" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'style="font-size:{font}px;max-width:{width:.0f}px;'
        f'min-width:{width if small else min(width, 340):.0f}px">'
        f"<title>Confusion matrix</title>{''.join(parts)}</svg>"
    )
