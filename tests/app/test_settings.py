"""What is remembered between starts: by key, of the default's type, whatever the file holds."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

import lrcn_desktop.app
from lrcn_desktop.app.settings import Setting, Settings

APP = Path(lrcn_desktop.app.__file__).parent
Value = str | int | float | bool | list[str]
VALUES = st.one_of(
    st.text(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.lists(st.text()),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(value=VALUES)
def test_a_value_comes_back_as_it_was_after_a_restart(tmp_path: Path, value: Value) -> None:
    path = tmp_path / "settings.ini"
    Settings(path).set(Setting("group/key", type(value)()), value)
    found = Settings(path).get(Setting("group/key", type(value)()))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "damaged",
    ["[group]\nkey=12", '[group]\nkey="{"', "\0\1\2", "", f"[group]\nkey={'[' * 100_000}"],
)
def test_a_value_of_another_kind_or_damaged_counts_as_missing(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(damaged, "utf-8")
    assert Settings(path).get(Setting("group/key", "default")) == "default"


@pytest.mark.parametrize(
    "damaged", ["9" * 400, "9" * 5000, "NaN", "-Infinity", "1e999", "[" * 100_000]
)
def test_a_damaged_number_counts_as_missing_is_kept_aside_and_logged(
    tmp_path: Path, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.ini"
    text = f"[recording]\nseconds={damaged}\n"
    path.write_text(text, "utf-8")
    store, seconds = Settings(path), Setting("recording/seconds", 30.0)
    assert store.get(seconds) == 30.0
    assert store.get(seconds) == 30.0
    assert len(caplog.records) == 1
    assert "recording/seconds" in caplog.text
    store.set(seconds, 20.0)
    assert Settings(path).get(seconds) == 20.0
    assert path.with_name("settings.ini.damaged").read_text("utf-8") == text


def test_a_change_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    store, setting = Settings(tmp_path / "settings.ini"), Setting("group/key", 0)
    with qtbot.waitSignal(store.changed) as told:
        store.set(setting, 1)
    assert told.args == [setting]
    with qtbot.assertNotEmitted(store.changed):
        store.set(setting, 1)


def test_a_lock_of_a_process_that_was_killed_as_it_made_it_keeps_nobody_waiting(
    tmp_path: Path,
) -> None:
    store, setting = Settings(tmp_path / "settings.ini"), Setting("group/key", 0)
    lock = tmp_path / "settings.ini.lock"
    lock.touch()
    os.utime(lock, (time.time() - 2, time.time() - 2))
    began = time.monotonic()
    store.set(setting, 1)
    assert time.monotonic() - began < 10  # Qt waits 30
    assert Settings(tmp_path / "settings.ini").get(setting) == 1
    assert not lock.exists()


def test_every_setting_is_declared_once() -> None:
    texts = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py"))
    keys = re.findall(r"\bSetting\(\s*\"([^\"]+)\"", texts)
    assert len(keys) > 15
    assert len(keys) == len(set(keys))
    assert not re.findall(r"settings\.(?:get|set)\(\s*\"", texts)
