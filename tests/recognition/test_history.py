"""What was recognized so far: stretches that replace each other, in bounded memory."""

import itertools
import threading

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.history import history as history_module
from lrcn_desktop.recognition.history.history import History
from lrcn_desktop.recognition.history.writer import HistoryWriter
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment, segments

CLASSES = ("sit", "stand", "wave")


def prediction(time: float, label: str | None, sure: float = 0.8) -> Prediction:
    probabilities = np.full(len(CLASSES), (1 - sure) / 2, np.float32)
    probabilities[CLASSES.index(label or "sit")] = sure
    return Prediction(time, probabilities, label)


def play(writer: HistoryWriter, start: float, end: float, label: str | None) -> None:
    """Push ten predictions a second of one label from `start` up to `end`."""
    for tick in range(round(start * 10), round(end * 10)):
        writer.push(prediction(tick / 10, label))


def empty(duration: float | None = 60.0) -> History:
    return History(CLASSES, model="m", step_rate=10.0, duration=duration)


def spans(history: History) -> list[tuple[float, float, str]]:
    return [(round(s.start, 3), round(s.end, 3), s.label) for s in history.segments()]


def covered(history: History) -> list[tuple[float, float]]:
    return [(round(start, 3), round(end, 3)) for start, end in history.covered()]


def test_a_track_gives_the_segments_that_an_analysis_would() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(rng.integers(0, 4, 200), rng.integers(1, 40, 200))
    gaps = np.cumsum(rng.choice((0.0, 2.5), len(labels), p=(0.98, 0.02)))
    told = [
        prediction(n / 10 + gaps[n], None if k == 3 else CLASSES[k], float(rng.uniform(0.4, 1.0)))
        for n, k in enumerate(labels)
    ]
    end = told[-1].time + 0.1
    history = empty(None)
    writer = history.writer(final=True)
    for each in told:
        writer.push(each)
    writer.finish(end, complete=True)
    assert history.segments() == segments(told, CLASSES, end)
    assert history.complete
    assert len(history.covered()) == 1 + (np.diff(gaps) > 0).sum() > 10
    assert history.covered()[-1][1] == pytest.approx(end)
    kept = history.predictions()
    assert [(p.time, p.label, p.steps) for p in kept] == [(p.time, p.label, 1) for p in told]
    got, wanted = (np.array([p.probabilities for p in ps]) for ps in (kept, told))
    assert np.abs(got - wanted).max() < 2.5e-4
    assert [p.time for p in history.predictions(20, 30)] == [
        p.time for p in told if 20 <= p.time < 30
    ]


def test_the_open_segment_grows() -> None:
    history = empty()
    writer = history.writer()
    play(writer, 0, 3, "sit")
    before = history.version
    assert spans(history) == [(0.0, 2.9, "sit")]
    play(writer, 3, 4, "sit")
    assert spans(history) == [(0.0, 3.9, "sit")]
    assert history.version > before


def test_a_seek_leaves_a_hole_and_a_later_stretch_replaces_an_earlier_one() -> None:
    history = empty()
    writer = history.writer()
    play(writer, 0, 10, "sit")
    writer.forget()
    play(writer, 20, 25, "stand")
    assert covered(history) == [(0.0, 10.0), (20.0, 25.0)]
    assert spans(history) == [(0.0, 10.0, "sit"), (20.0, 24.9, "stand")]
    writer.forget()
    play(writer, 4, 8, "wave")
    assert spans(history) == [
        (0.0, 4.0, "sit"),
        (4.0, 7.9, "wave"),
        (8.0, 10.0, "sit"),
        (20.0, 25.0, "stand"),
    ]
    assert covered(history) == [(0.0, 10.0), (20.0, 25.0)]
    assert [p.label for p in history.predictions(3.8, 4.2)] == ["sit", "sit", "wave", "wave"]
    play(writer, 8, 21, "wave")
    assert spans(history)[1:] == [(4.0, 20.9, "wave"), (21.0, 25.0, "stand")]


def test_a_jump_without_a_word_is_a_new_stretch_too() -> None:
    history = empty()
    writer = history.writer()
    play(writer, 0, 3, "sit")
    play(writer, 30, 33, "sit")
    assert spans(history) == [(0.0, 2.9, "sit"), (30.0, 32.9, "sit")]


def test_a_glance_does_not_undo_what_was_seen_in_full() -> None:
    history = empty()
    writer = history.writer()
    play(writer, 0, 20, "sit")
    for time in (5.0, 6.0, 7.0, 12.3):
        writer.forget()
        play(writer, time, time + 0.4, "wave")
    writer.forget()
    assert spans(history) == [(0.0, 20.0, "sit")]
    play(writer, 30.0, 30.4, None)  # but where nothing is known, it counts
    assert covered(history) == [(0.0, 20.0), (30.0, 30.4)]


def test_one_activity_seen_in_two_stretches_is_one_segment() -> None:
    history = empty()
    writer = history.writer()
    play(writer, 10, 20, "sit")
    writer.forget()
    play(writer, 0, 15, "sit")
    assert spans(history) == [(0.0, 14.9, "sit"), (15.0, 20.0, "sit")]
    writer.forget()
    assert spans(history) == [(0.0, 20.0, "sit")]
    assert history.segments()[0].confidence == pytest.approx(0.8, abs=1e-3)


def test_what_the_analysis_says_wins_for_good() -> None:
    history = empty()
    live, ahead = history.writer(), history.writer(final=True)
    play(live, 3, 8, "sit")
    play(ahead, 0, 5, "wave")
    assert spans(history) == [(0.0, 4.9, "wave"), (5.0, 7.9, "sit")]
    play(live, 8, 9, "sit")  # the same stretch goes on where the analysis has not been
    assert spans(history)[1] == (5.0, 8.9, "sit")
    live.forget()
    version = history.version
    play(live, 1, 4, "stand")
    assert history.version == version
    play(live, 4, 7, "stand")  # out of what was analyzed into the open
    assert spans(history) == [(0.0, 4.9, "wave"), (5.0, 6.9, "stand"), (7.0, 9.0, "sit")]
    play(ahead, 5, 30, "wave")
    play(live, 7, 29, "stand")
    assert spans(history) == [(0.0, 29.9, "wave")]
    play(live, 29, 31, "stand")
    ahead.finish(30.0)
    assert spans(history) == [(0.0, 30.0, "wave"), (30.0, 30.9, "stand")]


def test_an_analysis_that_is_made_again_replaces_the_one_before() -> None:
    history = empty()
    first = history.writer(final=True)
    play(first, 0, 10, "sit")
    first.finish()
    play(history.writer(final=True), 0, 4, "wave")
    assert spans(history) == [(0.0, 3.9, "wave"), (4.0, 10.0, "sit")]


def test_memory_is_bounded_and_the_segments_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST_BYTES", 100_000)
    history = empty(None)
    writer = history.writer()
    for minute in range(20):
        play(writer, 60 * minute, 60 * minute + 60, CLASSES[minute % 3])
    assert len(history.segments()) == 20
    kept = history.predictions()
    assert 2000 < len(kept) < 100_000 / 20
    assert kept[-1].time == pytest.approx(1199.9)
    assert covered(history) == [(0.0, 1200.0)]


def test_what_was_replaced_takes_no_memory() -> None:
    history = empty(600.0)
    writer = history.writer()
    for _ in range(5):
        writer.forget()
        play(writer, 0, 300, "sit")
    row = 2 * len(history.classes) + 16
    assert history.stored_bytes <= (3000 + 2 * 1024) * row
    for number in range(200):
        writer.forget()
        play(writer, number % 100, number % 100 + 0.3, "wave")
    assert history.stored_bytes <= (3000 + 2 * 1024 + 2 * 16) * row  # of one short run, or two
    for begin in range(0, 100, 5):  # as each newer model that is taught replays the last minute
        writer.forget()
        for start in range(begin, begin + 60, 4):
            play(writer, start, start + 2, "sit")
            play(writer, start + 2, start + 4, "stand")
    assert history.stored_segments < 2 * len(spans(history))


def test_a_track_is_as_good_as_an_analysis_for_an_export() -> None:
    history = empty()
    with pytest.raises(UserError, match="clip"):
        history.analysis("clip.mp4")
    writer = history.writer()
    play(writer, 0, 4, "sit")
    play(writer, 4, 5, "wave")
    result = history.analysis("clip.mp4")
    assert (result.source, result.model, result.classes) == ("clip.mp4", "m", CLASSES)
    assert (result.summary_label, len(result.predictions)) == ("sit", 50)
    assert result.segments == history.segments()
    assert result.timing == {"steps": 50, "video_seconds": pytest.approx(5.0)}


def test_it_can_be_read_while_two_write() -> None:
    history = empty(600.0)
    stop = threading.Event()
    wrong: list[Segment] = []

    def look() -> None:
        while not stop.is_set():
            found = history.segments()
            wrong.extend(b for a, b in itertools.pairwise(found) if a.end > b.start)
            history.covered()
            history.predictions(0, 5)

    readers = [threading.Thread(target=look) for _ in range(2)]
    ahead = threading.Thread(target=play, args=(history.writer(final=True), 0, 200, "wave"))
    for thread in (*readers, ahead):
        thread.start()
    live = history.writer()
    for start in (100, 20, 250, 0):
        live.forget()
        play(live, start, start + 60, "sit")
    ahead.join()
    stop.set()
    for thread in readers:
        thread.join()
    assert not wrong
    assert spans(history)[0][:2] == (0.0, 199.9)


def test_another_model_goes_on_where_the_one_before_stays() -> None:
    history = empty()
    first = history.writer(final=True)
    play(first, 0, 20, "sit")
    first.finish(20.0, complete=True)
    assert history.complete
    history.use_model(("wave", "jump"), "other", None)
    assert not history.complete
    assert (history.model, history.step_rate) == ("other", None)
    assert history.classes == ("wave", "jump", "sit", "stand")
    writer = history.writer()
    for tick in range(50, 80):
        writer.push(Prediction(tick / 10, np.array((0.1, 0.9), np.float32), "jump"))
    assert spans(history) == [(0.0, 5.0, "sit"), (5.0, 7.9, "jump"), (7.933, 20.0, "sit")]
    seen = [(round(start, 1), round(end, 1), model) for start, end, model in history.seen_by()]
    assert seen == [(0.0, 5.0, "m"), (5.0, 7.9, "other"), (7.9, 20.0, "m")]
    assert covered(history) == [(0.0, 20.0)]
    before, after = history.predictions(4.9, 5.1)
    np.testing.assert_allclose(before.probabilities, [0.1, np.nan, 0.8, 0.1], atol=1e-3)
    np.testing.assert_allclose(after.probabilities, [0.1, 0.9, np.nan, np.nan], atol=1e-3)
    result = history.analysis("clip.mp4")
    assert (result.model, result.summary_label) == ("m, other", "sit")
    again = history.writer(final=True)
    for tick in range(250):
        again.push(Prediction(tick / 10, np.array((0.9, 0.1), np.float32), "wave"))
    again.finish(25.0, complete=True)
    assert spans(history) == [(0.0, 25.0, "wave")]
    assert history.classes == ("wave", "jump")
    assert history.complete


def test_what_was_said_of_a_moment_by_the_analysis_or_in_passing() -> None:
    history = empty()
    play(history.writer(), 0.0, 3.0, "sit")
    play(history.writer(), 1.5, 1.8, "wave")  # a glance after a seek replaces nothing
    assert history.analyzed_at(1.5) is None
    said = history.analyzed_at(1.5, passing=True)
    assert said is not None
    assert (said.label, said.time) == ("sit", 1.5)
    assert history.analyzed_at(9.0, passing=True) is None
    play(history.writer(final=True), 0.0, 5.0, "stand")
    for passing in (False, True):
        said = history.analyzed_at(1.5, passing=passing)
        assert said is not None
        assert said.label == "stand"
    history.use_model(CLASSES, "other", 10.0)
    assert history.analyzed_at(1.5, passing=True) is None
