"""How often the headline changes, by the shipped models: on the demo, and on clips in a row."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lrcn_desktop import load_recognizer, open_source
from lrcn_desktop.recognition.display_state import DisplayState
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.frame import Frame

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
MOST = 1.3  # changes per real change
SECONDS = 120.0  # of the demo


def changes(model: str, frames: Iterable[Frame], rate: float) -> int:
    """Count how often another activity is said, or the same with another certainty."""
    recognizer = load_recognizer(model)
    recognizer.set_frame_rate(rate)
    display = DisplayState(recognizer.classes, recognizer.info.threshold)
    said = []
    for frame in frames:
        if recognizer.is_due(frame.time):
            display.push(recognizer.step(frame))
            said.append((display.shown.label, display.shown.sure))
    return sum(before != after for before, after in itertools.pairwise(said))


def test_on_the_demo() -> None:
    with DemoSource() as source:
        real = len(source.truth_segments(SECONDS)) - 1
        frames = itertools.takewhile(lambda frame: frame.time <= SECONDS, source)
        found = changes("demo", frames, source.rate)
    print(f"{found} changes of the headline, {real} real ones: {found / real:.2f}")
    assert real > 20
    assert 0.5 * real <= found <= MOST * real


@pytest.mark.parametrize("model", ["ucf101-7", "ucf101-7-light"])
def test_on_clips_in_a_row(model: str, ucf101: Path) -> None:
    folders = sorted(folder for folder in ucf101.iterdir() if folder.is_dir())
    clips = [sorted(folder.glob("*.avi"))[number] for number in (0, -1) for folder in folders]

    def spliced() -> Iterator[Frame]:
        begin = 0.0
        for clip in clips:
            with open_source(str(clip)) as source:
                for frame in source:
                    yield replace(frame, time=begin + frame.time)
            begin += frame.time + 1 / source.rate

    found, real = changes(model, spliced(), 25.0), len(clips) - 1
    print(f"{found} changes of the headline, {real} real ones: {found / real:.2f}")
    assert 0.4 * real <= found <= MOST * real
