"""The fastest engine is found by measuring, once a machine, and what does not work is passed by."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lrcn_desktop.recognition.engines import fastest as module
from lrcn_desktop.recognition.engines.engine import Engine
from lrcn_desktop.recognition.engines.fastest import fastest


class Slow(Engine):
    """An engine of a known speed, which counts what it is asked."""

    def __init__(self, seconds: float) -> None:
        self.name, self.dim, self.asked, self._seconds = f"{seconds}", 1, 0, seconds

    def features(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += 1
        time.sleep(self._seconds)
        return np.zeros((len(frames), 1), np.float32)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no other process at work, which is not so where tests run side by side."""
    monkeypatch.setattr(module, "others_used", lambda: 0.0)
    monkeypatch.setattr(module, "SECONDS", 0.0)


def broken() -> Engine:
    raise ImportError("no such library here")


def candidates(**seconds: float) -> dict[str, Callable[[], Engine]]:
    return {name: (lambda s=s: Slow(s)) for name, s in seconds.items()}  # type: ignore[misc]


def test_the_fastest_is_measured_once_and_remembered(tmp_path: Path) -> None:
    memory, choices = tmp_path / "new" / "engines.json", candidates(first=0.05, second=0.005)
    found = fastest("net", choices, memory)
    assert found.name == "0.005"
    assert found.asked >= 7  # type: ignore[attr-defined]
    assert found.seconds is not None
    assert 0.005 <= found.seconds < 0.05
    again = fastest("net", choices, memory)
    assert (again.name, again.asked) == ("0.005", 0)  # type: ignore[attr-defined]
    assert again.seconds == found.seconds
    other = fastest("another net", choices, memory)
    assert other.asked >= 7  # type: ignore[attr-defined]


def test_the_first_is_kept_unless_another_is_clearly_faster(tmp_path: Path) -> None:
    found = fastest("net", candidates(first=0.1, second=0.099), tmp_path / "engines.json")
    assert found.name == "0.1"


def test_what_does_not_work_is_passed_by(tmp_path: Path) -> None:
    memory = tmp_path / "engines.json"
    found = fastest("net", {"broken": broken, **candidates(slow=0.01)}, memory)
    assert found.name == "0.01"
    with pytest.raises(ImportError):
        fastest("a net that nothing runs", {"broken": broken}, memory)


def test_nothing_is_measured_on_a_busy_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "others_used", time.perf_counter)  # a core, all the time
    memory = tmp_path / "engines.json"
    assert fastest("net", candidates(first=0.02, second=0.001), memory).name == "0.02"
    assert not memory.exists()


def test_nothing_is_measured_while_this_process_recognizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "threads_used", lambda: {1: time.perf_counter()})
    memory = tmp_path / "engines.json"
    assert fastest("net", candidates(first=0.02, second=0.001), memory).name == "0.02"
    assert not memory.exists()


def test_what_another_thread_uses_is_seen_and_what_this_one_uses_is_not() -> None:
    begun, worked, over = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.wait()
        use(0.2)
        worked.set()
        over.wait()

    other = threading.Thread(target=work)
    other.start()
    try:
        assert other.native_id is not None
        before = module.threads_used()
        begun.set()
        worked.wait()
        use(0.2)
        after = module.threads_used()
        assert after[other.native_id] - before[other.native_id] == pytest.approx(0.2, abs=0.1)
        assert threading.get_native_id() not in after
    finally:
        begun.set()
        over.set()
        other.join()


def use(seconds: float) -> None:
    """Use the processor for so long, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_remembered_one_that_works_no_more_stops_nothing(tmp_path: Path) -> None:
    memory = tmp_path / "engines.json"
    fastest("net", candidates(first=0.01), memory)
    found = fastest("net", {"first": broken, **candidates(second=0.005)}, memory)
    assert found.name == "0.005"
    assert [answer["engine"] for answer in json.loads(memory.read_text("utf-8")).values()] == [
        "second"
    ]


@pytest.mark.parametrize(
    "damaged", ["", "[1, 2]", '{"net": 7}', "\0", "[" * 100_000, '{"net": NaN}', "9" * 5000]
)
def test_a_damaged_memory_is_measured_anew(tmp_path: Path, damaged: str) -> None:
    memory = tmp_path / "engines.json"
    memory.write_text(damaged, "utf-8")
    assert fastest("net", candidates(only=0.0), memory).name == "0.0"
    (answer,) = (a for a in json.loads(memory.read_text("utf-8")).values() if isinstance(a, dict))
    assert answer["engine"] == "only"
    if damaged != '{"net": 7}':
        assert memory.with_name("engines.json.damaged").read_text("utf-8") == damaged


@pytest.mark.parametrize("older", ["only", {"engine": "only"}, {"engine": "only", "seconds": -1.0}])
def test_an_answer_without_the_seconds_is_measured_again(tmp_path: Path, older: object) -> None:
    memory = tmp_path / "engines.json"
    fastest("net", candidates(only=0.01), memory)
    (key,) = json.loads(memory.read_text("utf-8"))
    memory.write_text(json.dumps({key: older}), "utf-8")
    assert fastest("net", candidates(only=0.01), memory).seconds == pytest.approx(0.01, abs=0.02)
    assert json.loads(memory.read_text("utf-8"))[key]["engine"] == "only"
