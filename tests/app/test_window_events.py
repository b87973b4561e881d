"""Events in the window: real videos, files and programs; a model that tells bright from dark."""

import csv
import json
import os
import resource
import stat
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.events import notifier
from lrcn_desktop.app.events.log import COLUMNS, MOST_WAITING, EventLog, Row, append_rows, check_log
from lrcn_desktop.app.events.notifier import Notifier
from lrcn_desktop.app.events.program import MOST_AT_ONCE, Programs
from lrcn_desktop.app.events.rule import RULES, Rule, read_rules, write_rules
from lrcn_desktop.app.events.sound import Sound
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.class_colors import color_numbers
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import build_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.recognition.events import Event
from lrcn_desktop.video.frame import Image

CLASSES = ("Waiting", "ShadowBoxing")  # dark, bright
TWO_PUNCHES = ((0.6, False), (1.2, True), (1.4, False), (1.2, True), (0.4, False))
WriteVideo = Callable[..., Path]
OpenWindow = Callable[..., MainWindow]
ROW: Row = ("2026-11-22T10:00:00+00:00", "a.mp4", "Punch", 1.0, 2.5, 0.75, 1)
ARGUMENTS = "import sys, json; print(json.dumps(sys.argv[2:]), file=open(sys.argv[1], 'a'))"


@pytest.fixture(scope="session")
def light_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model whose classifier was set to tell a bright frame from a dark one."""
    preset = PRESETS["cnn-lstm"]
    info = ModelInfo(
        name="light",
        classes=CLASSES,
        preset="cnn-lstm",
        backbone=replace(preset.backbone, size=96),
        head=replace(preset.head, fc=(), hidden=()),
        step_rate=5.0,
    )
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        model = build_model(info)
        assert model.cnn is not None
        frames = torch.stack([torch.full((3, 96, 96), value) for value in (-1.0, 1.0)])
        dark, bright = model.head.pool(model.cnn.eval()(frames).flatten(1)[None])[0]
        way = (bright - dark) / (bright - dark).square().sum()
        middle = way @ (bright + dark) / 2
        model.head.classifier.weight.copy_(10 * torch.stack([-way, way]))
        model.head.classifier.bias.copy_(10 * torch.stack([middle, -middle]))
    path = tmp_path_factory.mktemp("models") / "light.safetensors"
    save_model(path, model)
    return str(path)


@pytest.fixture
def window(open_window: OpenWindow, light_model: str) -> MainWindow:
    return open_window(light_model)


@pytest.fixture
def blink(write_video: WriteVideo) -> Callable[..., Path]:
    """Return a function that writes a video of bright and dark stretches (seconds, bright)."""

    def write(name: str, stretches: tuple[tuple[float, bool], ...] = TWO_PUNCHES) -> Path:
        lit = [on for seconds, on in stretches for _ in range(round(10 * seconds))]

        def draw(number: int, size: tuple[int, int]) -> Image:
            return np.full((size[1], size[0], 3), 255 if lit[number] else 0, np.uint8)

        return write_video(name, frames=len(lit), rate=10.0, draw=draw)

    return write


@pytest.fixture
def worker(qtbot: QtBot) -> Worker:
    return Worker()


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def all_ended(programs: Programs) -> bool:
    programs.check()
    return not programs.running


def play_to_end(window: MainWindow, address: Path, qtbot: QtBot) -> None:
    """Open a file, recognize every frame of it at four times its speed, and let it end."""
    window.session.set_every_frame(True)
    with qtbot.waitSignal(window.session.source_changed, timeout=PATIENCE):
        window.open(str(address))
    play_on(window, qtbot)


def play_on(window: MainWindow, qtbot: QtBot) -> None:
    capture = window.session.capture
    assert capture is not None
    capture.set_speed(4.0)
    qtbot.waitUntil(lambda: window.session.live is not None, timeout=PATIENCE)
    window.session.set_every_frame(True)
    qtbot.waitUntil(lambda: capture.ended, timeout=PATIENCE)


def test_two_punches_are_two_events_whatever_is_sought(
    window: MainWindow, blink: Callable[..., Path], tmp_path: Path, qtbot: QtBot
) -> None:
    log, ran = tmp_path / "events.csv", tmp_path / "ran.txt"
    arguments = ("{label}", "{start}", "{end}", "{time}", "{source}", "a b; $(exit) {x}")
    program = (sys.executable, "-SEc", ARGUMENTS, str(ran), *arguments)
    rule = Rule("shadow boxing", count=True, notify=True, log=str(log), program=program)
    write_rules(window.settings, [rule])
    happened: list[Event] = []
    window.events.happened.connect(happened.append)
    video = blink("two.avi")
    play_to_end(window, video, qtbot)
    qtbot.waitUntil(lambda: len(rows_of(log)) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: ran.exists() and len(ran.read_text().splitlines()) == 2, timeout=5000)
    assert [(e.label, e.number, e.end) for e in happened] == [
        ("ShadowBoxing", 1, None),
        ("ShadowBoxing", 2, None),
    ]
    (count,) = window.events.strip.counts
    color = color_numbers(CLASSES)[1]  # that of its bar and of its row in the timeline
    assert (count.label, count.index, count.count) == ("ShadowBoxing", color, 2)
    assert not window.events.strip.isHidden()
    assert window.events.note in ("Shadow Boxing at 0:00", "Shadow Boxing at 0:03")
    for number, (row, start) in enumerate(zip(rows_of(log), (0.6, 3.2), strict=True), start=1):
        assert (row["source"], row["label"]) == (str(video), "ShadowBoxing")
        assert float(row["start"]) == pytest.approx(start, abs=0.25)
        assert row["number"] == str(number)
        assert float(row["end"]) == pytest.approx(start + 1.2, abs=0.25)
        assert float(row["confidence"]) > 0.9
        assert row["time"][:2] == "20"
    first, row = json.loads(ran.read_text().splitlines()[0]), rows_of(log)[0]
    wanted = [row[name] for name in ("label", "start", "end", "time", "source")]
    assert first == [*wanted, "a b; $(exit) {x}"]

    window.document.seek(0.0)
    assert window.session.capture is not None
    window.session.capture.play()
    play_on(window, qtbot)
    window.session.reset()
    qtbot.wait(300)
    assert len(happened) == len(rows_of(log)) == 2
    qtbot.waitUntil(lambda: all_ended(window.events.programs), timeout=PATIENCE)
    window.events.strip.findChildren(QPushButton)[0].click()
    assert window.events.strip.counts[0].count == 0


def test_without_rules_nothing_happens_and_nothing_shows(
    window: MainWindow, blink: Callable[..., Path], qtbot: QtBot
) -> None:
    happened: list[Event] = []
    window.events.happened.connect(happened.append)
    play_to_end(window, blink("short.avi", ((0.5, False), (1.5, True))), qtbot)
    qtbot.wait(200)
    assert not happened
    assert window.events.strip.isHidden()


def test_what_goes_on_at_the_end_is_written_and_another_source_counts_from_one(
    window: MainWindow, blink: Callable[..., Path], tmp_path: Path, qtbot: QtBot
) -> None:
    log = tmp_path / "events.csv"
    write_rules(window.settings, [Rule("ShadowBoxing", count=True, log=str(log))])
    one, other = (blink(name, ((0.5, False), (1.5, True))) for name in ("one.avi", "other.avi"))
    play_to_end(window, one, qtbot)
    qtbot.waitUntil(lambda: len(rows_of(log)) == 1, timeout=PATIENCE)
    play_to_end(window, other, qtbot)
    qtbot.waitUntil(lambda: window.events.strip.counts[0].count == 1, timeout=PATIENCE)
    window.close()  # before the event was ended by the source's end
    found = [(Path(row["source"]).name, row["number"]) for row in rows_of(log)]
    assert found == [("one.avi", "1"), ("other.avi", "1")]


def test_a_full_disk_leaves_no_half_line_and_is_told_once(
    worker: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    path, limits = tmp_path / "events.csv", resource.getrlimit(resource.RLIMIT_FSIZE)
    log, told = EventLog(worker), list[str]()
    log.failed.connect(told.append)
    append_rows(path, [ROW])
    before = path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limits[1]))
    try:
        for _ in range(3):
            log.add(str(path), ROW)
            qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
        assert path.read_bytes() == before
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    (sentence,) = told
    assert str(path) in sentence
    log.add(str(path), ROW)
    qtbot.waitUntil(lambda: len(rows_of(path)) == 5, timeout=PATIENCE)
    assert log.dropped == 0


def test_a_storm_of_events_is_written_in_bulk_and_bounded(
    worker: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "events.csv"
    log = EventLog(worker)
    for number in range(3 * MOST_WAITING):
        log.add(str(path), (*ROW[:6], number))
    assert worker.finish(30.0)
    qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
    assert len(rows_of(path)) + log.dropped == 3 * MOST_WAITING
    assert log.dropped >= MOST_WAITING
    assert rows_of(path)[-1]["number"] == str(3 * MOST_WAITING - 1)


def test_lines_are_added_to_a_list_of_events_and_to_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a" / "events.csv"
    for check in (check_log, lambda path: append_rows(path, [ROW])):
        with pytest.raises(UserError, match=r"events\.csv"):
            check(path)
    path.parent.mkdir()
    check_log(path)
    assert not path.exists()
    path.write_bytes(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\ncut off")
    append_rows(path, [(*ROW[:2], '=1+1,"x"\n', *ROW[3:])])
    assert [row["label"] for row in rows_of(path)[1:]] == ['\'=1+1,"x"']
    other = tmp_path / "table.csv"
    for content in (b"name,age\r\n", b"\n", b"time"):
        other.write_bytes(content)
        for check in (check_log, lambda path: append_rows(path, [ROW])):
            with pytest.raises(UserError, match="something else"):
                check(other)
        assert other.read_bytes() == content


@pytest.mark.skipif(sys.platform != "linux", reason="/proc can be written by nobody")
def test_a_read_only_target_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/proc/self/events.csv")):
        with pytest.raises(UserError, match="cannot be written to"):
            append_rows(path, [ROW])


def test_programs_never_see_a_shell_and_are_told_of_once(
    worker: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    programs, told = Programs(worker), list[str]()
    programs.failed.connect(told.append)
    ran = tmp_path / "ran.txt"
    values = {"label": "$(touch x); {source} --f", "source": "{label}", "time": "", "start": ""}
    programs.run((sys.executable, "-SEc", ARGUMENTS, str(ran), "{label}|{source}"), values)
    qtbot.waitUntil(lambda: bool(ran.exists() and ran.read_text()), timeout=PATIENCE)
    assert json.loads(ran.read_text()) == ["$(touch x); {source} --f|{label}"]
    for _ in range(2):
        for program in (("/no/such/program",), ("run.bat",), (sys.executable, "-c", "exit(3)")):
            programs.run(program, values)
            qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
            qtbot.waitUntil(lambda: all_ended(programs), timeout=PATIENCE)
    assert len(told) == 3
    for sentence, words in zip(told, ("cannot be found", "batch file", "status 3"), strict=True):
        assert words in sentence


def test_only_so_many_programs_run_at_once(worker: Worker, tmp_path: Path, qtbot: QtBot) -> None:
    programs, told = Programs(worker), list[str]()
    programs.failed.connect(told.append)
    go = tmp_path / "go"
    waits = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)"
    for _ in range(MOST_AT_ONCE + 20):
        programs.run((sys.executable, "-SEc", waits), {})
    qtbot.waitUntil(lambda: programs.running == MOST_AT_ONCE, timeout=PATIENCE)
    assert programs.dropped == 20
    assert len(told) == 1
    go.touch()
    qtbot.waitUntil(lambda: all_ended(programs), timeout=PATIENCE)
    assert len(told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows plays sounds by itself")
def test_the_sound_is_played_by_the_first_player_that_can(
    worker: Worker, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    played = tmp_path / "played"
    for name, line in (("pw-play", "exit 1"), ("aplay", f'echo "$1" "$2" >> {played}')):
        script = tmp_path / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    chime = Sound(worker)
    for _ in range(50):  # one at a time: the others are dropped
        chime.play()
    qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
    (line,) = played.read_text().splitlines()
    option, _, path = line.partition(" ")
    assert option == "-q"
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert file.getnframes() / file.getframerate() < 1.0
    assert 5000 < np.abs(samples).max() < 32767
    assert abs(int(samples[0])) < 50
    assert abs(int(samples[-1])) < 50


def test_without_a_player_or_a_cache_the_system_beeps(
    worker: Worker, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "file").touch()
    for cache in (tmp_path / "cache", tmp_path / "file" / "cache"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
        Sound(worker).play()
        qtbot.waitUntil(lambda: not worker.busy, timeout=PATIENCE)
    assert list((tmp_path / "cache").rglob("*.wav"))


def test_notes_come_no_faster_than_they_can_be_read(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "PAUSE", 0.2)
    notes, shown = Notifier(), list[str]()
    notes.noted.connect(shown.append)
    notes.set_wanted(True)  # without a tray: in the window
    for number in range(6):
        notes.notify(f"Punch {number}")
    assert shown == ["Punch 0"]

    def second_shown() -> bool:
        notes.check()
        return len(shown) == 2

    qtbot.waitUntil(second_shown, timeout=PATIENCE)
    assert shown[1] == "Punch 5 (4 more before it)"
    qtbot.wait(250)
    notes.check()
    assert len(shown) == 2


def test_the_dialog_sets_what_happens_and_says_what_cannot(
    window: MainWindow, blink: Callable[..., Path], tmp_path: Path, qtbot: QtBot
) -> None:
    play_to_end(window, blink("short.avi", ((0.5, False), (1.5, True))), qtbot)
    dialog = window.events.choose()
    save = dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Save)
    assert not dialog.rules
    QTest.keyClick(dialog.activities, Qt.Key.Key_Down)
    for box in (dialog.form.count, dialog.form.log):
        QTest.keyClick(box, Qt.Key.Key_Space)
    save.click()
    assert "Choose the CSV file" in dialog.error
    QTest.keyClicks(dialog.form.log_path, str(tmp_path / "nowhere" / "events.csv"))
    assert dialog.error == ""
    save.click()
    assert "cannot be found" in dialog.error
    assert dialog.isVisible()
    dialog.form.log_path.clear()
    QTest.keyClicks(dialog.form.log_path, str(tmp_path / "events.csv"))
    dialog.form.least.setValue(1.5)
    QTest.keyClicks(dialog.other, "yo-yo")
    QTest.keyClick(dialog.other, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.form.program, Qt.Key.Key_Space)
    QTest.keyClicks(dialog.form.program_path, sys.executable)
    dialog.form.arguments.setPlainText("-c\npass\n\n{label} and {end}")
    save.click()
    wanted = [
        Rule("ShadowBoxing", least=1.5, count=True, log=str(tmp_path / "events.csv")),
        Rule("yo-yo", program=(sys.executable, "-c", "pass", "{label} and {end}")),
    ]
    assert window.events.rules == read_rules(window.settings) == wanted
    assert [count.label for count in window.events.strip.counts] == ["ShadowBoxing"]
    assert not (tmp_path / "events.csv").exists()

    again = window.events.choose()
    assert again.rules == wanted
    QTest.keyClick(again.form.count, Qt.Key.Key_Space)
    again.reject()
    assert window.events.rules == wanted
    again = window.events.choose()
    for box in (again.form.count, again.form.log):
        QTest.keyClick(box, Qt.Key.Key_Space)
    again.accept()
    assert window.events.rules == wanted[1:]
    assert window.events.strip.isHidden()


def test_damaged_rules_are_left_out(window: MainWindow) -> None:
    good = {"label": "Punch", "count": True, "least": 1, "log": "", "program": ["/bin/true", "x"]}
    damaged: list[object] = [
        "Punch",
        {"count": True},
        {"label": "", "count": True},
        {"label": "Punch"},  # does nothing
        *({**good, name: value} for name, value in (("least", -1), ("least", "1"), ("count", 1))),
        {**good, "program": "rm"},
        {**good, "pause": True},
    ]
    window.settings.set(RULES, [*damaged, good])
    assert window.events.rules == [
        Rule("Punch", least=1, count=True, program=("/bin/true", "x")),
    ]
    window.settings.set(Setting(RULES.key, ""), "Punch")
    assert window.events.rules == []


def test_what_is_started_finds_its_libraries_where_the_system_has_them() -> None:
    code = "import os; before = os.environ.get('LD_LIBRARY_PATH')\n"
    code += "import lrcn_desktop.video.opencv; assert os.environ.get('LD_LIBRARY_PATH') == before"
    for libraries in ({}, {"LD_LIBRARY_PATH": "/opt/lib"}):
        without = {n: v for n, v in os.environ.items() if n != "LD_LIBRARY_PATH"}
        command = [sys.executable, "-c", code]
        subprocess.run(command, env={**without, **libraries}, check=True, timeout=60)
