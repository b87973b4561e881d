"""What is seen, drawn into the picture as the window shows it: the label and the bars."""

from functools import lru_cache

import numpy as np
from PIL import Image as Pictures

from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.drawing.class_style import CLASS_COLORS, color_numbers, readable
from lrcn_desktop.recognition.drawing.lettering import rounded_mask, text_mask
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.frame import Image

MOST_ROWS = 4
# Lengths in pixels of a picture of 700x600; they grow with the picture.
_PICTURE = (700, 600)
_WIDTH, _LEAST_WIDTH = 280, 220
_MARGIN, _PAD, _RADIUS = 12, 16, 12
_HEAD, _ROW = 64, 36
_LETTERS = 13
_JUST = 0.5  # seconds
_MOST_COVERED = 0.2  # of a picture, by the panel: a small one has the headline alone
_SMALLEST = 0.8  # letters of 10 pixels can just be read

_TEXT, _MUTED, _PANEL = (244, 246, 250), (174, 183, 198), (13, 16, 22)
_PANEL_OPACITY, _TRACK_OPACITY = 200, 34


def annotate(
    image: Image,
    classes: tuple[str, ...],
    prediction: Prediction | None,
    shown: Shown | None = None,
) -> Image:
    """Return a copy of a picture with a panel of what is seen at its top left.

    Args:
        image: uint8 (H, W, 3), RGB.
        classes: The model's classes, in the order of the probabilities.
        prediction: None: nothing is known of this moment, and the picture itself is returned.
        shown: What the window's headline says; None: the prediction's own label.
    """
    if prediction is None:
        return image
    height, width = image.shape[:2]
    shown = shown or Shown(prediction.label, sure=True)
    lasting = None if shown.since is None else prediction.time - shown.since
    annotator = _annotator(classes, (width, height))
    return annotator.draw(image, prediction, shown.label, lasting, sure=shown.sure)


@lru_cache(maxsize=4)
def _annotator(classes: tuple[str, ...], size: tuple[int, int]) -> "Annotator":
    return Annotator(classes, size)


class Annotator:
    """Draws into pictures of one size; a panel takes a few milliseconds at 1080p.

    Args:
        classes: The model's classes, in the order of the probabilities.
        size: (width, height) of the pictures.
    """

    def __init__(self, classes: tuple[str, ...], size: tuple[int, int]) -> None:
        width, height = size
        scale = max(_SMALLEST, min(width / _PICTURE[0], height / _PICTURE[1]))
        self._scale = min(scale, width / 220, height / 100)
        room = height / self._scale - 2 * _MARGIN
        fitting = (int(room * 0.62) - _HEAD) // _ROW
        self._rows = max(0, min(MOST_ROWS, len(classes), fitting))
        wide = max(0.38 * width, min(self._px(_LEAST_WIDTH), 0.55 * width))
        self._width = int(min(self._px(_WIDTH), wide))
        while (
            self._rows and self._width * self._height(self._rows) > _MOST_COVERED * width * height
        ):
            self._rows -= 1
        self._classes = classes
        self._names = tuple(readable(label) for label in classes)

    def draw(
        self,
        image: Image,
        prediction: Prediction | None,
        label: str | None,
        lasting: float | None,
        *,
        sure: bool = True,
    ) -> Image:
        """Return a copy of `image` with the panel.

        Args:
            image: uint8 (H, W, 3) RGB, of this annotator's size.
            prediction: What the bars show; None: no bars.
            label: The headline; None: no activity.
            lasting: For how many seconds that has been so, None where it is too new to say.
            sure: Whether the headline is above the threshold.
        """
        rows = self._rows if prediction is not None else 0
        at = self._px(_MARGIN)
        tall = self._height(rows)
        region = (slice(at, at + tall), slice(at, at + self._width))
        annotated = image.copy()
        panel = Pictures.fromarray(annotated[region])
        back = rounded_mask(panel.width, panel.height, self._px(_RADIUS), _PANEL_OPACITY)
        panel.paste(_PANEL, (0, 0), back)
        known = prediction is None or prediction.label is not None
        self._draw_head(panel, label, lasting, known=known, sure=sure)
        if prediction is not None:
            values = prediction.probabilities
            for row, index in enumerate(np.argsort(-values, kind="stable")[:rows]):
                self._draw_row(panel, row, int(index), float(values[index]), label)
        annotated[region] = np.asarray(panel)
        return annotated

    def _height(self, rows: int) -> int:
        return self._px(_HEAD + rows * _ROW + (14 if rows else 6))

    def _px(self, length: float) -> int:
        return max(1, round(length * self._scale))

    def _draw_head(
        self,
        panel: Pictures.Image,
        label: str | None,
        lasting: float | None,
        *,
        known: bool,
        sure: bool,
    ) -> None:
        if label is not None:
            headline, detail = readable(label), "Just now"
            if not sure:
                headline = f"Probably {headline[:1].lower()}{headline[1:]}"
                detail = "Below the threshold"
            elif lasting is not None and lasting >= _JUST:
                detail = f"For {lasting:.0f} s"
        else:
            headline = "No activity" if known else "Unknown"
            detail = "" if known else "No activity above the threshold"
        long = len(headline) * 0.7 * self._px(1.45 * _LETTERS) > panel.width - 2 * self._px(_PAD)
        scale, color = 1.15 if long else 1.45, _MUTED if label is None else _TEXT
        self._write(panel, headline, 30, color, scale=scale, bold=True)
        self._write(panel, detail, 49, _MUTED, scale=0.9)

    def _draw_row(
        self, panel: Pictures.Image, row: int, index: int, value: float, label: str | None
    ) -> None:
        leads = label is not None and self._classes[index] == label
        base = _HEAD + row * _ROW + 13
        color = _TEXT if leads else _MUTED
        share = self._write(panel, f"{100 * value:.0f} %", base, color, bold=leads, right=True)
        self._write(panel, self._names[index], base, color, bold=leads, beside=share)
        thick = self._px(8 if leads else 5)
        corner = (self._px(_PAD), self._px(base + 11) - thick // 2)
        full = max(1, panel.width - 2 * self._px(_PAD))
        radius = thick // 2
        panel.paste((255, 255, 255), corner, rounded_mask(full, thick, radius, _TRACK_OPACITY))
        opacity = 255 if leads else 191 if label is not None else 115
        filled = rounded_mask(max(thick, round(full * value)), thick, radius, opacity)
        panel.paste(
            CLASS_COLORS[color_numbers(self._classes)[index] % len(CLASS_COLORS)], corner, filled
        )

    def _write(
        self,
        panel: Pictures.Image,
        text: str,
        base: int,
        color: tuple[int, int, int],
        *,
        scale: float = 1.0,
        bold: bool = False,
        right: bool = False,
        beside: int = 0,
    ) -> int:
        """Write a line with its base line at `base` and return its width in pixels.

        Args:
            panel: Drawn into.
            text: Cut off where there is no room.
            base: Below the panel's top, in the lengths above.
            color: RGB.
            scale: Of the letters.
            bold: Whether it stands out.
            right: At the right edge rather than the left.
            beside: Pixels at the right that are taken.
        """
        pad = self._px(_PAD)
        room = max(1, panel.width - 2 * pad - beside - (self._px(8) if beside else 0))
        mask, above = text_mask(text, self._px(_LETTERS * scale), bold, room)
        left = panel.width - pad - mask.width if right else pad
        panel.paste(color, (left, self._px(base) - above), mask)
        return mask.width
