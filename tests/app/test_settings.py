"""What is remembered between starts: by key, of the default's type, whatever the file holds."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.settings import Settings

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
    Settings(path).set("group/key", value)
    found = Settings(path).get("group/key", type(value)())
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "damaged",
    ["[group]\nkey=12", '[group]\nkey="{"', "\0\1\2", "", f"[group]\nkey={'[' * 100_000}"],
)
def test_a_value_of_another_kind_or_damaged_counts_as_missing(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(damaged, "utf-8")
    assert Settings(path).get("group/key", "default") == "default"


@pytest.mark.parametrize(
    "damaged", ["9" * 400, "9" * 5000, "NaN", "-Infinity", "1e999", "[" * 100_000]
)
def test_a_damaged_number_counts_as_missing_is_kept_aside_and_logged(
    tmp_path: Path, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.ini"
    text = f"[recording]\nseconds={damaged}\n"
    path.write_text(text, "utf-8")
    store = Settings(path)
    assert store.get("recording/seconds", 30.0) == 30.0
    assert store.get("recording/seconds", 30.0) == 30.0
    assert len(caplog.records) == 1
    assert "recording/seconds" in caplog.text
    store.set("recording/seconds", 20.0)
    assert Settings(path).get("recording/seconds", 30.0) == 20.0
    assert path.with_name("settings.ini.damaged").read_text("utf-8") == text


def test_a_change_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    store = Settings(tmp_path / "settings.ini")
    with qtbot.waitSignal(store.changed) as told:
        store.set("group/key", 1)
    assert told.args == ["group/key"]
    with qtbot.assertNotEmitted(store.changed):
        store.set("group/key", 1)
