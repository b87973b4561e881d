"""A decoder's process as its owner sees it: with processes that only talk, or do not."""

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lrcn_desktop.video.decoding import process
from lrcn_desktop.video.decoding.limits import OUT_OF_MEMORY
from lrcn_desktop.video.decoding.messages import Message
from lrcn_desktop.video.decoding.process import DecoderDiedError, DecoderProcess, niceness

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets that are inherited")
READY = '["ready"]\n'
SPOKEN = f'{READY}["a"]\n'
# What stands at the beginning of every such process: `line` is its end of the line.
_BEGINNING = "import os,signal,socket,sys,time;line=socket.socket(fileno=int(sys.argv[1]));"
Start = Callable[..., DecoderProcess]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Return a function that starts a process: what it says first, then what it does."""
    started: list[DecoderProcess] = []

    def make(says: str = READY, does: str = "line.recv(9)") -> DecoderProcess:
        code = f"{_BEGINNING}line.sendall({says.encode()!r});{does}"
        monkeypatch.setattr(process, "command", lambda: [sys.executable, "-ISc", code])
        started.append(DecoderProcess())
        return started[-1]

    yield make
    for one in started:
        one.end()


def receive(owner: DecoderProcess, count: int) -> list[Message]:
    """Return the next messages."""
    found: list[Message] = []
    while len(found) < count:
        found += owner.receive(60)
    return found


def test_it_is_spoken_to_and_answers(start: Start) -> None:
    owner = start(does="line.sendall(line.recv(99)+b'[\"b\"]\\n');line.recv(9)")
    owner.send("a", 1, [None])
    assert receive(owner, 2) == [["a", 1, [None]], ["b"]]
    assert owner.alive
    assert psutil.pid_exists(owner.pid)


def test_what_it_says_at_once_is_not_lost(start: Start) -> None:
    """Only its first message is that it is there."""
    assert receive(start(f'{READY}["a"]\n["ready"]\n'), 2) == [["a"], ["ready"]]


def test_it_shares_the_memory_and_nothing_else(start: Start) -> None:
    sent = "import json,mmap;m=mmap.mmap(int(sys.argv[2]),9);m[:2]=b'hi';"
    does = sent + (
        "line.sendall(json.dumps([str(os.getsid(0)==os.getpid()),"
        "[os.readlink(f'/proc/self/fd/{n}') for n in range(3)] if sys.platform=='linux' else [],"
        "sorted(map(int,os.listdir('/dev/fd')))]).encode()+b'\\n');line.recv(9)"
    )
    owner = start(does=does)
    ((own_session, standard, descriptors),) = receive(owner, 1)
    assert owner.ring.slot(0, (1, 1)).tobytes()[:2] == b"hi"
    assert own_session == "True"  # the terminal's Ctrl-C is not for it
    assert set(standard) <= {"/dev/null"}
    assert len(descriptors) <= 7  # three, the line, the memory, its mapping, and the listing's own
    assert owner.ring.inherited == ()


def test_it_has_the_priority_of_who_starts_it(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start().niceness == niceness() == os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.parametrize(
    ("does", "reason", "lasting"),
    [
        (f"os._exit({OUT_OF_MEMORY})", "needs more memory than a decoder may have", True),
        ("os.kill(os.getpid(),signal.SIGKILL)", "the process that decodes it was killed", False),
        ("os.kill(os.getpid(),signal.SIGTERM)", "the process that decodes it was killed", False),
        ("os.kill(os.getpid(),signal.SIGABRT)", "crashes its decoder (SIGABRT)", True),
        ("os._exit(3)", "crashes its decoder (status 3)", True),
    ],
)
@pytest.mark.parametrize("says", ["", SPOKEN])
def test_how_it_died_is_said(
    start: Start, says: str, does: str, reason: str, lasting: bool
) -> None:
    owner = start(says, does)
    if says:
        assert receive(owner, 1) == [["a"]]
    with pytest.raises(DecoderDiedError) as caught:
        owner.receive(60)
    assert (caught.value.reason, caught.value.lasting) == (reason, lasting)
    assert str(caught.value) == reason
    assert not owner.alive
    owner.send("what it does not hear")


def test_one_that_only_hangs_up_was_killed_as_far_as_is_known(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "END", 0.2)
    owner = start(does="line.shutdown(2);time.sleep(60)")
    with pytest.raises(DecoderDiedError, match="was killed"):
        owner.receive(60)
    assert owner.alive
    owner.end()
    assert not owner.alive


def test_nonsense_is_said(start: Start) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        receive(start(f"{READY}hm\n"), 1)


@pytest.mark.parametrize("lenient", [True, False])
def test_one_that_is_silent_and_waits_hangs(
    start: Start, monkeypatch: pytest.MonkeyPatch, lenient: bool
) -> None:
    monkeypatch.setattr(process, "LOOK", 0.3)
    monkeypatch.setattr(process, "SLICE", 0.05)
    owner = start()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        owner.receive(0.2, lenient=lenient)
    passed = time.monotonic() - began
    assert passed >= (0.5 if lenient else 0.2)
    assert passed < 10


@pytest.fixture
def silent(start: Start, monkeypatch: pytest.MonkeyPatch) -> tuple[DecoderProcess, list[float]]:
    """Return one whose silence nobody waits for, and the list of the waits."""
    waits: list[float] = []
    owner = start(SPOKEN)
    assert receive(owner, 1) == [["a"]]

    def listen(seconds: float) -> list[Message]:
        waits.append(seconds)
        return [["late"]] if len(waits) == 8 else []

    monkeypatch.setattr(owner, "listen", listen)
    return owner, waits


LOOK = process.LOOK


def looks(
    owner: DecoderProcess, monkeypatch: pytest.MonkeyPatch, share: float, wants: bool
) -> None:
    """Let it use a share of a core's time between two looks, and want more or not."""
    seen = iter(range(1000))
    monkeypatch.setattr(owner, "activity", lambda: (next(seen) * share * LOOK, wants))


@pytest.mark.parametrize(("share", "wants"), [(0.0, True), (0.1, True), (0.1, False), (0.5, True)])
def test_one_that_others_leave_no_time_is_waited_for(
    silent: tuple[DecoderProcess, list[float]],
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    wants: bool,
) -> None:
    owner, waits = silent
    looks(owner, monkeypatch, share, wants)
    assert owner.receive(6.0) == [["late"]]
    assert waits == [6.0, *[LOOK] * 7]


@pytest.mark.parametrize(("share", "wants"), [(0.51, True), (0.9, False), (0.0, False)])
def test_one_that_has_the_time_and_says_nothing_hangs(
    silent: tuple[DecoderProcess, list[float]],
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    wants: bool,
) -> None:
    owner, waits = silent
    looks(owner, monkeypatch, share, wants)
    with pytest.raises(TimeoutError):
        owner.receive(6.0)
    assert waits == [6.0, LOOK]


def test_nobody_is_waited_for_for_ever(
    silent: tuple[DecoderProcess, list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, waits = silent
    looks(owner, monkeypatch, 0.1, True)
    monkeypatch.setattr(process, "MOST_LOOKS", 5)
    with pytest.raises(TimeoutError):
        owner.receive(6.0)
    assert len(waits) == 1 + 5


def test_only_the_start_may_take_long(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = start()
    waits: list[float] = []
    said: Iterator[list[Message]] = iter([[], [["ready"]], [["a"]], [["b"]], [["c"]]])
    monkeypatch.setattr(owner, "listen", lambda s: (waits.append(s), next(said))[1])
    with pytest.raises(TimeoutError):
        owner.receive(6.0, lenient=False)
    # What is late is still the word that it is there, and no answer is taken for it.
    assert [owner.receive(6.0, lenient=False) for _ in range(3)] == [[["a"]], [["b"]], [["c"]]]
    assert waits == [process.START, process.START, 6.0, 6.0, 6.0]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_its_activity_is_measured(start: Start) -> None:
    waiting = start(does="line.recv(9)")
    busy = start(does="\nwhile 1: pass")
    for owner in (waiting, busy):
        assert owner.listen(60) == [["ready"]]
    before = busy.activity()[0]
    deadline = time.monotonic() + 60
    while busy.activity()[0] <= before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert busy.activity()[1]
    while waiting.activity()[1]:  # on its way into the wait
        assert time.monotonic() < deadline
        time.sleep(0.02)
    waiting.end()
    assert waiting.activity() == (0.0, False)


def test_a_thread_that_waits_for_a_disk_wants_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "Path", lambda path: tmp_path / path.rpartition("/")[2])
    for number, state in enumerate(("S", "D", "gone")):
        folder = tmp_path / "task" / str(number)
        folder.mkdir(parents=True)
        if state == "gone":  # meanwhile
            (folder / "stat").mkdir()
        else:
            (folder / "stat").write_text(f"{number} (a) Z) {state} 1 2 3")
    assert process.thread_states(7) == {"S", "R"}


def test_who_waits_for_it_is_hung_up_on(start: Start) -> None:
    owner = start(SPOKEN)
    caught: list[BaseException] = []
    heard = threading.Event()

    def wait() -> None:
        try:
            receive(owner, 1)
            heard.set()
            owner.receive(60)
        except DecoderDiedError as error:
            caught.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert heard.wait(60)
    owner.hang_up()
    owner.hang_up()
    waiting.join(20)
    assert len(caught) == 1


def test_its_end_is_the_end(start: Start) -> None:
    deaf = "signal.signal(signal.SIGTERM,signal.SIG_IGN);"
    owner = start(does=f"{deaf}line.sendall(b'[\"deaf\"]\\n');time.sleep(60)")
    assert receive(owner, 1) == [["deaf"]]
    descriptors = psutil.Process().num_fds()
    owner.end()
    assert not owner.alive
    assert psutil.Process().num_fds() == descriptors - 1
    owner.end()
    owner.hang_up()
    owner.send("what nobody hears")
    with pytest.raises(DecoderDiedError, match="was killed"):
        owner.receive(60)


def test_one_that_cannot_be_started_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def start() -> None:
        with pytest.raises(OSError, match="none"):
            DecoderProcess()

    monkeypatch.setattr(process, "command", lambda: ["/there/is/none"])
    start()
    gc.collect()  # also what other tests have left
    descriptors = psutil.Process().num_fds()
    start()
    gc.collect()
    assert psutil.Process().num_fds() == descriptors


def test_the_command_is_this_python_or_the_standalone_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    python, safe, _, code = process.command()
    root = str(Path(process.__file__).parents[3])
    assert (python, safe) == (sys.executable, "-P")
    assert f"sys.path.append({root!r})" in code
    done = subprocess.run(process.command(), capture_output=True, timeout=60, check=False)
    assert b"decoding/child.py" in done.stderr  # which was not given a line
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert process.command() == [sys.executable, "decode-for"]


def test_a_line_that_is_full_holds_nobody_up(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "END", 0.2)
    owner = start(SPOKEN, "time.sleep(60)")
    assert receive(owner, 1) == [["a"]]
    began = time.monotonic()
    for _ in range(3):
        owner.send("x" * 4_000_000)  # more than the system holds for it
    assert 0.5 < time.monotonic() - began < 20
