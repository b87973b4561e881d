"""The report's section on streams: sound, harmless, and true to the figures."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lrcn_desktop.recognition.drawing.class_style import CLASS_COLORS, color_numbers
from lrcn_desktop.recognition.segments import Segment
from training.evaluation.clip_steps import ClipSteps
from training.evaluation.segmental import Matches
from training.evaluation.stream_bands import bands
from training.evaluation.stream_figures import StreamEvaluation, StreamFigures, Timeline
from training.evaluation.stream_report import streams_section

EVIL = "<script>alert(1)</script>\" onload='x' &amp;"
CLASSES = (EVIL, "walk")
TIMELINES = (
    Timeline(
        100.0,
        ((0.0, 50.0, "walk"), (50.0, 75.0, None), (75.0, 100.0, EVIL)),
        (Segment(10.0, 60.0, "walk", 0.9),),
    ),
    Timeline(50.0, ((0.0, 50.0, EVIL),), ()),
)


def picture(html: str) -> ElementTree.Element:
    """Return what stands in a section as one tree; it is XML as it is."""
    return ElementTree.fromstring(f"<div>{html}</div>")


@pytest.fixture
def rectangles() -> list[dict[str, str]]:
    tree = picture(bands(TIMELINES, CLASSES))
    drawing = next(svg for svg in tree.iter("svg") if svg.get("class") == "bands")
    return [dict(rectangle.attrib) for rectangle in drawing.iter("rect")]


def test_a_band_is_as_long_as_what_it_shows(rectangles: list[dict[str, str]]) -> None:
    walk, unknown, evil, nothing, said = rectangles[:5]
    first, second = (CLASS_COLORS[number] for number in color_numbers(CLASSES)[:2])
    assert (walk["fill"], evil["fill"]) == (second, first)
    assert unknown["class"] == nothing["class"] == "none"
    assert said["fill"] == walk["fill"]
    assert float(said["width"]) == pytest.approx(float(walk["width"]))
    assert float(nothing["width"]) == pytest.approx(2 * float(walk["width"]), abs=0.02)
    shift = float(said["x"]) - float(walk["x"])
    assert shift == pytest.approx(float(walk["width"]) / 5, abs=0.02)


def test_the_truth_stands_above_and_streams_share_one_scale(
    rectangles: list[dict[str, str]],
) -> None:
    tops = [float(rectangle["y"]) for rectangle in rectangles]
    assert tops[0] == tops[1] == tops[2] < tops[3] == tops[4] < tops[5] < tops[6]
    assert float(rectangles[5]["width"]) == pytest.approx(float(rectangles[0]["width"]))


def test_the_section_is_sound_and_runs_nothing() -> None:
    counted = StreamFigures(
        (ClipSteps("g", 8, 6),), 4, 2, 1, 1.0, 1, (Matches(1, 0, 1),) * 3, (0.5,), (0.5, None),
        np.ones(8, np.float32), np.zeros(2, np.float32),
    )  # fmt: skip
    whole = StreamEvaluation(CLASSES, 5.0, 4, {"model": counted, "reset": counted}, TIMELINES)
    tree = picture(streams_section(whole))
    tags = {element.tag for element in tree.iter()}
    assert not tags & {"script", "a", "img", "link"}
    assert not [key for element in tree.iter() for key in element.attrib if key.startswith("on")]
    words = " ".join(tree.itertext())
    assert EVIL in words
    for figure in ("75.0 %", "50.0 %", "1 of 2", "0.5 s", "60.0", "1.000", "reset at cuts"):
        assert figure in words
    assert "frame network" not in words


def test_the_style_of_the_report_knows_the_bands() -> None:
    style = Path(__file__).parents[2] / "training" / "evaluation" / "report.css"
    assert ".bands .none" in style.read_text("utf-8")
