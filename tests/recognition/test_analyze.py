"""A whole source at once: every step, nothing dropped, and what is said of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.analyze import analyze
from lrcn_desktop.recognition.recognizer import Recognizer
from lrcn_desktop.recognition.summary import clock, describe, step_accuracy
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.open import open_source

MakeRecognizer = Callable[..., Recognizer]
WriteVideo = Callable[..., Path]


def test_a_file_is_recognized_to_its_end(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    told: list[float] = []
    with open_source(write_video(frames=76)) as source:
        result = analyze(source, make_recognizer(), progress=told.append)
    assert (result.source, result.model, result.step_rate) == ("clip.avi", "tiny", 5.0)
    assert [p.time for p in result.predictions] == pytest.approx([k / 5 for k in range(16)])
    assert result.timing["frames"] == 76
    assert result.timing["steps"] == 16
    assert result.timing["video_seconds"] == pytest.approx(76 / 25)
    assert result.timing["steps_per_second"] == pytest.approx(16 / result.timing["seconds"])
    assert len(told) == 76
    assert told == sorted(told)
    mean = np.mean([p.probabilities for p in result.predictions], axis=0)
    assert result.summary_label == result.classes[int(mean.argmax())]
    assert result.summary_confidence == pytest.approx(mean.max(), abs=1e-6)
    assert all(0 <= s.start < s.end <= 76 / 25 + 1e-9 for s in result.segments)
    assert result.truth is None
    assert step_accuracy(result) is None


def test_it_gives_the_same_twice_and_whatever_came_before(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    path, recognizer = write_video(frames=50), make_recognizer()
    results = []
    for _ in range(2):
        with open_source(path) as source:
            results.append(analyze(source, recognizer))
    for one, other in zip(results[0].predictions, results[1].predictions, strict=True):
        np.testing.assert_array_equal(one.probabilities, other.probabilities)
    assert results[0].segments == results[1].segments


def test_the_demo_is_recognized_for_some_seconds_and_its_truth_told(
    make_recognizer: MakeRecognizer,
) -> None:
    with DemoSource(size=(160, 120)) as source:
        result = analyze(source, make_recognizer(), seconds=8.0)
    assert len(result.predictions) == 40
    assert result.predictions[-1].time < 8
    assert result.truth is not None
    assert result.truth[0][0] == 0
    assert result.truth[-1][1] == pytest.approx(8.0)
    accuracy = step_accuracy(result)
    assert accuracy is not None
    assert 0 <= accuracy <= 1
    assert "The truth is known here" in describe(result, "CPU")


def test_a_source_slower_than_the_model_counts_each_frame_for_its_steps(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    with open_source(write_video(frames=6, rate=2.0)) as source:
        result = analyze(source, make_recognizer(step_rate=4.0))
    assert [p.steps for p in result.predictions] == [1, 2, 2, 2, 2, 2]
    weights = [p.steps for p in result.predictions]
    mean = np.average([p.probabilities for p in result.predictions], axis=0, weights=weights)
    assert result.summary_confidence == pytest.approx(mean.max(), abs=1e-6)


def test_a_source_that_breaks_off_is_told(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    path = write_video(frames=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with FileSource(path) as source, pytest.raises(UserError, match="breaks off"):
        analyze(source, make_recognizer())


def test_a_source_at_its_end_has_nothing(
    make_recognizer: MakeRecognizer, write_video: WriteVideo
) -> None:
    with open_source(write_video(frames=3)) as source:
        list(source)
        with pytest.raises(UserError, match=r"clip\.avi has no frame to analyze"):
            analyze(source, make_recognizer())


class Interrupted(DemoSource):
    """The demo, with Ctrl-C at two seconds."""

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None and frame.time >= 2:
            raise KeyboardInterrupt
        return frame


def test_ctrl_c_ends_an_endless_source_and_breaks_any_other(
    make_recognizer: MakeRecognizer,
) -> None:
    with Interrupted(size=(160, 120)) as source:
        result = analyze(source, make_recognizer(), until_interrupted=True)
    assert len(result.predictions) == 10
    with Interrupted(size=(160, 120)) as source, pytest.raises(KeyboardInterrupt):
        analyze(source, make_recognizer())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00.0"),
        (9.94, "0:09.9"),
        (59.96, "1:00.0"),
        (61.5, "1:01.5"),
        (3599.99, "1:00:00.0"),
        (36_000, "10:00:00.0"),
    ],
)
def test_a_time_is_read_as_on_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
