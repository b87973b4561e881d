"""The label and the bars, drawn into a picture without a window."""

import time

import numpy as np
import pytest

from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.drawing.annotate import Annotator, annotate
from lrcn_desktop.recognition.drawing.class_style import CLASS_COLORS, color_numbers
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.video.frame import Image

CLASSES = ("sitting down", "ApplyEyeMakeup", "walking", "waving", "boxing")
SIZES = [(320, 240), (321, 241), (640, 480), (1080, 1920), (1920, 1080), (3840, 2160), (64, 48)]


def grey(size: tuple[int, int]) -> Image:
    return np.full((size[1], size[0], 3), 128, np.uint8)


def prediction(best: int, label: str | None = None, value: float = 0.6) -> Prediction:
    probabilities = np.full(len(CLASSES), (1 - value) / (len(CLASSES) - 1), np.float32)
    probabilities[best] = value
    return Prediction(3.0, probabilities, label or CLASSES[best])


def pixels_of(image: Image, color: str) -> int:
    rgb = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(image.astype(int) - rgb).max(axis=2) < 8).sum())


@pytest.mark.parametrize("size", SIZES)
def test_a_panel_at_the_top_left_of_a_copy(size: tuple[int, int]) -> None:
    image = grey(size)
    annotated = annotate(image, CLASSES, prediction(1), Shown(CLASSES[1], True, 1.0))
    assert (annotated.shape, annotated.dtype) == (image.shape, np.uint8)
    assert (image == 128).all()
    rows, columns = (annotated != 128).any(axis=2).nonzero()
    assert rows.size
    assert (np.ptp(rows) + 1) * (np.ptp(columns) + 1) < 0.4 * image[..., 0].size
    assert rows.max() < size[1]
    assert columns.max() < 0.7 * size[0]


@pytest.mark.parametrize("size", SIZES[2:-2])
def test_the_bar_is_as_long_as_the_class_is_likely_and_of_its_color(size: tuple[int, int]) -> None:
    short, long = (annotate(grey(size), CLASSES, prediction(1, value=v)) for v in (0.4, 0.8))
    colors = [CLASS_COLORS[number % len(CLASS_COLORS)] for number in color_numbers(CLASSES)]
    counts = [pixels_of(image, colors[1]) for image in (short, long)]
    assert counts[0] > 0
    assert counts[1] / counts[0] == pytest.approx(2, rel=0.1)
    others = set(CLASS_COLORS) - set(colors)
    assert all(pixels_of(long, color) == 0 for color in others)


def test_what_is_written_differs_with_what_is_seen() -> None:
    size = (640, 480)
    pictures = [
        annotate(grey(size), CLASSES, prediction(0), None),
        annotate(grey(size), CLASSES, prediction(2), None),
        annotate(grey(size), CLASSES, prediction(2), Shown(CLASSES[2], True, 1.0)),
        annotate(grey(size), CLASSES, Prediction(3.0, prediction(2).probabilities, None)),
        Annotator(CLASSES, size).draw(grey(size), prediction(2), None, None),
        Annotator(CLASSES, size).draw(grey(size), None, "walking", 2.0),
        grey(size),
    ]
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_without_a_prediction_the_picture_stays() -> None:
    image = grey((320, 240))
    assert annotate(image, CLASSES, None) is image


@pytest.mark.parametrize("label", ["座る", "يجلس", "x" * 300, " ", "a\nb", "lone \udcff", "=1+1"])
@pytest.mark.parametrize("size", [(320, 240), (16, 16), (5, 4000)])
def test_any_label_in_any_picture(label: str, size: tuple[int, int]) -> None:
    seen = Prediction(1.0, np.array([0.7, 0.3], np.float32), label)
    assert annotate(grey(size), (label, "other"), seen, Shown(label, True, 0.0)).shape == (
        size[1],
        size[0],
        3,
    )


def test_a_frame_of_1080p_takes_milliseconds() -> None:
    image, annotator = grey((1920, 1080)), Annotator(CLASSES, (1920, 1080))
    took = []
    for number in range(40):
        seen = prediction(number % 5, value=0.3 + number / 100)
        began = time.thread_time()  # of this thread alone, so that a busy machine does not count
        annotator.draw(image, seen, seen.label, float(number))
        took.append(time.thread_time() - began)
    assert sorted(took)[20] < 0.01


def test_a_small_picture_keeps_most_of_itself() -> None:
    image = grey((320, 240))
    annotated = annotate(image, CLASSES, prediction(1), Shown(CLASSES[1], True, 1.0))
    rows, columns = (annotated != image).any(axis=2).nonzero()
    assert (np.ptp(rows) + 1) * (np.ptp(columns) + 1) <= 0.2 * 320 * 240
