"""Text from outside, and names that every system can have."""

import csv
import io
import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.app.events.program import fill
from lrcn_desktop.names import LONGEST_BYTES, cleaned, file_name, free_name, is_name, is_one_line
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.video.recording import new_file

HOSTILE = (
    st.text(st.sampled_from("=+-@＝＋－＠﹦﹣\t\r\n\v\x00\x85\u2028\u202e\ufeff \"',;ab/.\ud800"))
    | st.text()
)
FAMILY = "👨‍👩‍👧‍👦"


def test_names_that_a_system_refuses_are_none() -> None:
    for good in ("sitting down", "Händewaschen", "a.b", "console", "x" * 60, "手を洗う", FAMILY):
        assert is_name(good)
    bad = ["", " x", "x ", "a/b", "..", ".x", "x.", "-x", "a\nb", "a\u202eb", "x" * 61, "\ud800"]
    for text in (*bad, 'a"b', "CON", "nul", "com1", "LPT9.txt", "😀" * 31, "a\tb", "a\x85b"):
        assert not is_name(text), ascii(text)


def test_what_is_hidden_in_a_text_becomes_a_space() -> None:
    assert cleaned("\r=1+1\n") == "=1+1"
    assert cleaned("a\tb\x00c\u202ed\u2028e\ufefff\ud800g") == "a b c d e f g"
    assert cleaned(f" a  b {FAMILY}") == f"a  b {FAMILY}"
    assert cleaned("😀" * 30, 10) == "😀😀"


@settings(deadline=None)
@given(text=HOSTILE)
def test_cleaned_text_is_clean_and_stays_so(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once == once.strip()
    assert is_one_line(once)
    assert len(once.encode()) <= 1000


@settings(deadline=None)
@given(text=HOSTILE)
def test_every_text_gives_a_name_for_a_file(text: str) -> None:
    name = file_name(text, "x")
    assert is_name(name)
    assert file_name(name, "x") == name
    assert len(os.fsencode(name)) <= LONGEST_BYTES
    assert is_name(free_name(text, ()))


def test_a_label_is_no_option_of_an_events_program() -> None:
    assert fill("{label}", {"label": "--delete=/"}) == "delete=/"
    assert fill("--label={label}", {"label": "-x"}) == "--label=-x"
    assert fill("{start}", {"start": "1.5"}) == "1.5"


@settings(deadline=None)
@given(text=HOSTILE)
def test_a_cell_is_no_formula_and_its_row_stays_one(text: str) -> None:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow([cell(text), "next"])
    found = list(csv.reader(io.StringIO(row.getvalue(), newline="")))
    assert found == [[cell(text), "next"]]
    first = cell(text).lstrip()[:1]
    assert not first or first not in "=+-@＝＋－＠﹦﹣"


@pytest.mark.parametrize("name", ["😀" * 60, "CON", "a/b\\c:d", "\r=1+1", "x" * 300, "..."])
def test_a_recording_is_made_whatever_its_source_is_called(tmp_path: Path, name: str) -> None:
    path = new_file(tmp_path, datetime(2026, 1, 2, 3, 4, 5), name)
    assert path.parent == tmp_path
    assert path.name.startswith("2026-01-02 03-04-05")
    assert path.is_file()
