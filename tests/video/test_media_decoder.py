"""What an open video says to its process, and makes of what that says: with one that only plays."""

import threading
from typing import Any

import pytest
from played_process import Played, Said

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoding import decoder, pool
from lrcn_desktop.video.decoding.decoder import PATIENCE, DecoderFailedError, MediaDecoder
from lrcn_desktop.video.decoding.process import DecoderDiedError
from lrcn_desktop.video.decoding.ring import slots
from lrcn_desktop.video.frame import Frame

SIZE = (64, 48)
OPENED = ["opened", *SIZE, 25.0, 4.0, "h264", True]
CLOSED = ["closed", True]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Return a function: what a process says, call by call, to the decoder that it plays for."""
    played = Played()
    monkeypatch.setattr(pool, "acquire", lambda: played.process)
    monkeypatch.setattr(pool, "release", played.released.append)
    return played


def picture(index: int, slot: int, run: int = 1) -> list[Any]:
    return ["picture", run, index, index / 25, slot]


def time(index: int, run: int = 1) -> list[Any]:
    return ["time", run, index, index / 25]


def drawn(frame: Frame | None) -> tuple[int, float, int | None]:
    """Return a frame's index and time, and the slot that its picture came from."""
    assert frame is not None
    return frame.index, frame.time, int(frame.image[0, 0, 0]) if frame.image.size else None


def test_what_opens_says_what_it_is(play: Played) -> None:
    opened = play([["lost", 0, 3], OPENED])
    assert play.process.sent == [("open", "clip.mp4", None)]
    assert play.process.waits == [(PATIENCE, True)]
    assert (opened.size, opened.rate, opened.duration) == (SIZE, 25.0, 4.0)
    assert (opened.codec, opened.has_sound, opened.lost) == ("h264", True, 0)
    assert (opened.closed, opened.broken, opened.pid) == (False, False, 4711)
    stream = play([["opened", *SIZE, 12.5, None, "mjpeg", False]], timeouts=(20.0, 5.0))
    assert play.process.sent == [("open", "clip.mp4", (20.0, 5.0))]
    assert play.process.waits == [(PATIENCE + 20.0, True)]
    assert (stream.duration, stream.has_sound) == (None, False)


@pytest.mark.parametrize(
    "nonsense",
    [
        ["opened"],
        ["opened", *SIZE, 25.0, 4.0, "h264"],
        ["opened", 0, 48, 25.0, 4.0, "h264", True],
        ["opened", "wide", 48, 25.0, 4.0, "h264", True],
        ["opened", *SIZE, 0.0, 4.0, "h264", True],
        ["opened", *SIZE, float("inf"), 4.0, "h264", True],
        ["opened", *SIZE, float("nan"), 4.0, "h264", True],
        ["opened", *SIZE, 25.0, [], "h264", True],
        ["opened", float("inf"), 48, 25.0, 4.0, "h264", True],
        ["failed"],
    ],
)
def test_one_that_opens_and_talks_nonsense_is_ended(play: Played, nonsense: list[Any]) -> None:
    with pytest.raises(DecoderFailedError) as caught:
        play([nonsense])
    assert (caught.value.kind, caught.value.detail) == ("died", "talks nonsense")
    assert caught.value.lasting
    assert not play.process.alive
    assert play.released == []


def test_one_that_cannot_open_it_is_used_again(play: Played) -> None:
    with pytest.raises(DecoderFailedError) as caught:
        play([["failed", "codec", "vp12"]], [CLOSED])
    assert (caught.value.kind, caught.value.detail, caught.value.lasting) == ("codec", "vp12", True)
    assert caught.value.args == ("codec", "vp12")
    assert play.process.sent[-1] == ("close",)
    assert play.released == [play.process]
    assert play.process.ends == 0


LOST: list[tuple[Exception, tuple[str, str, bool]]] = [
    (TimeoutError(), ("hang", "", True)),
    (DecoderDiedError("was killed", False), ("died", "was killed", False)),
    (DecoderDiedError("crashes", True), ("died", "crashes", True)),
    (ValueError("{"), ("died", "talks nonsense", True)),
]


@pytest.mark.parametrize(("error", "how"), LOST)
def test_one_that_is_lost_is_ended_and_said_how(
    play: Played, error: Exception, how: tuple[str, str, bool]
) -> None:
    with pytest.raises(DecoderFailedError) as caught:
        play([error])
    assert (caught.value.kind, caught.value.detail, caught.value.lasting) == how
    assert not play.process.alive
    opened = play([OPENED], [error])
    with pytest.raises(DecoderFailedError) as caught:
        opened.read()
    assert (caught.value.kind, caught.value.detail, caught.value.lasting) == how
    assert opened.broken
    assert not play.process.alive
    assert play.released == []
    opened.close()
    assert play.released == []  # nothing to give back


def test_a_process_that_cannot_be_started_is_told(
    play: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError("no memory")

    monkeypatch.setattr(pool, "acquire", refuse)
    with pytest.raises(UserError, match=r"^The process that decodes videos cannot be started: "):
        MediaDecoder("clip.mp4")


def test_frames_come_in_order_up_to_the_end(play: Played) -> None:
    opened = play(
        [OPENED],
        [picture(0, 3), picture(1, 4), picture(9, 9, run=0)],  # one of an earlier run
        [["lost", 1, 2], ["lost", 0, 9], ["what", 1], picture(3, -1), ["end", 1]],
        [["end", 1]],
    )
    assert drawn(opened.read()) == (0, 0.0, 3)
    assert play.process.sent[1:] == [("play", 1, "all")]
    assert drawn(opened.read()) == (1, 0.04, 4)
    assert drawn(opened.read()) == (3, 0.12, None)
    assert opened.lost == 2
    assert opened.read() is opened.read() is None
    assert len(play.process.sent) == 2  # it was asked to play once


def test_slots_are_given_back_when_half_of_them_are_taken(play: Played) -> None:
    half = slots(SIZE) // 2
    opened = play([OPENED], [picture(n, n % slots(SIZE)) for n in range(2 * half + 1)], [])
    for number in range(2 * half + 1):
        frame = opened.read()
        assert frame is not None
        assert frame.image.flags.owndata
        given = [sent for sent in play.process.sent if sent[0] == "free"]
        assert given == [("free", 1, half)] * ((number + 1) // half)


def test_a_seek_is_a_run_of_its_own(play: Played) -> None:
    opened = play(
        [OPENED],
        [["lost", 1, 5], picture(0, 0), picture(1, 1), ["failed", "picture", ""]],
        [picture(2, 2), ["end", 1], picture(50, 7, run=2)],
        [["end", 2]],
        [picture(0, 1, run=3)],
    )
    assert drawn(opened.read()) == (0, 0.0, 0)
    opened.seek(2.0)
    assert opened.lost == 5
    assert drawn(opened.read()) == (50, 2.0, 7)
    assert play.process.sent[2:] == [("seek", 2, "all", 2.0)]
    assert opened.lost == 0
    assert opened.read() is None
    opened.seek(0.0)
    opened.want(lambda _: True)
    assert drawn(opened.read()) == (0, 0.0, 1)
    assert play.process.sent[3:] == [("seek", 3, "ask", 0.0)]


def test_only_the_wanted_pictures_are_converted(play: Played) -> None:
    opened = play(
        [OPENED],
        [time(0), time(1), time(2), time(3)],
        [picture(0, 5), time(4)],
        [time(5), picture(2, 6), ["end", 1]],
        [picture(4, 7)],
    )
    asked: list[float] = []

    def wanted(moment: float) -> bool:
        asked.append(moment)
        return round(moment * 25) % 2 == 0

    opened.want(wanted)
    assert drawn(opened.read()) == (0, 0.0, 5)
    picks = [("pick", 1, [0, 2], 3), ("pick", 1, [4], 4)]
    assert play.process.sent[1:] == [("play", 1, "ask"), *picks]
    assert drawn(opened.read()) == (1, 0.04, None)  # at once: nobody waits for its picture
    assert drawn(opened.read()) == (2, 0.08, 6)
    assert play.process.sent[4:] == [("pick", 1, [], 5)]
    assert [drawn(opened.read()) for _ in range(3)] == [
        (3, 0.12, None),
        (4, 0.16, 7),
        (5, 0.2, None),
    ]
    assert opened.read() is None
    assert asked == [index / 25 for index in range(6)]


def test_a_wish_that_comes_later_holds_for_pictures_that_are_there(play: Played) -> None:
    opened = play([OPENED], [picture(0, 0)], [picture(1, 1), picture(2, 2)])
    assert drawn(opened.read()) == (0, 0.0, 0)
    opened.want(lambda moment: moment > 0.05)
    assert drawn(opened.read()) == (1, 0.04, None)
    assert drawn(opened.read()) == (2, 0.08, 2)


def test_one_that_gives_up_is_told_after_the_frames_before_it(play: Played) -> None:
    opened = play(
        [OPENED],
        [time(0), time(1), time(2), time(3)],
        [picture(0, 5), ["failed", "time-out", "5"]],  # of 2 there will be no picture
        [picture(0, 1, run=2)],
    )
    opened.want(lambda moment: round(moment * 25) % 2 == 0)
    assert [drawn(opened.read()) for _ in range(2)] == [(0, 0.0, 5), (1, 0.04, None)]
    with pytest.raises(DecoderFailedError) as caught:
        opened.read()
    assert (caught.value.kind, caught.value.detail) == ("time-out", "5")
    assert not opened.broken
    assert play.process.alive
    assert drawn(opened.read()) == (0, 0.0, 1)  # another read is another try
    assert play.process.sent[-1] == ("play", 2, "ask")


@pytest.mark.parametrize(
    "nonsense",
    [
        ["picture", 1, 0, 0.0, 999],
        ["picture", 1, 0, "early", 0],
        ["picture", 1, None, 0.0, 0],
        ["picture", 1],
        ["picture"],
        ["time", 1, 1e400, 0.0],
        ["lost", 1, {}],
        ["failed"],
        ["end"],
    ],
)
def test_one_that_talks_nonsense_while_it_plays_is_ended(play: Played, nonsense: list[Any]) -> None:
    opened = play([OPENED], [nonsense])
    with pytest.raises(DecoderFailedError) as caught:
        opened.read()
    assert (caught.value.kind, caught.value.detail) == ("died", "talks nonsense")
    assert caught.value.lasting
    assert opened.broken
    assert not play.process.alive


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ([CLOSED], True),
        ([picture(7, 7), ["failed", "picture", ""], CLOSED], True),  # said before it knew
        ([["closed", False]], False),
        ([["closed"]], False),
        ([["closed", True, True]], False),
        ([TimeoutError()], False),
        ([DecoderDiedError("was killed", False)], False),
    ],
)
def test_what_closes_is_kept_for_the_next_or_ended(
    play: Played, monkeypatch: pytest.MonkeyPatch, answer: list[Said], kept: bool
) -> None:
    monkeypatch.setattr(decoder, "CLOSING", 0.25)
    opened = play([OPENED], answer)
    process = play.process
    opened.close()
    opened.close()
    assert opened.closed
    assert process.sent[1:] == [("close",)]
    assert process.waits[1:] == [(0.25, False)]  # nobody waits long for it
    assert play.released == ([process] if kept else [])
    assert process.ends == (0 if kept else 1)
    assert opened.read() is None


def test_what_has_died_is_not_spoken_to(play: Played) -> None:
    opened = play([OPENED])
    play.process.alive = False
    opened.close()
    assert play.process.sent[1:] == []
    assert play.process.ends == 1
    assert play.released == []


def test_closing_ends_a_read_on_another_thread(play: Played) -> None:
    opened = play([OPENED], [picture(0, 0)])
    assert drawn(opened.read()) == (0, 0.0, 0)
    read: list[Frame | None] = []
    reader = threading.Thread(target=lambda: read.append(opened.read()))
    reader.start()
    while len(play.process.waits) < 3:
        assert reader.is_alive()
    opened.close()
    reader.join(10)
    assert read == [None]
    assert not play.process.alive
    assert play.released == []
    assert opened.read() is None
