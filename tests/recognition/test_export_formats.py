"""Subtitles, BORIS's table and ELAN's file, each read back by a real reader of its format."""

import csv
import html
import os
import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import imageio_ffmpeg
import numpy as np
import pytest
import webvtt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrcn_desktop.recognition.drawing.class_style import readable
from lrcn_desktop.recognition.export.boris import write_boris
from lrcn_desktop.recognition.export.csv_tables import write_segments
from lrcn_desktop.recognition.export.elan import write_eaf
from lrcn_desktop.recognition.export.subtitles import write_srt, write_vtt
from lrcn_desktop.recognition.export.text import Media
from lrcn_desktop.recognition.segments import Segment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # invalid escapes in pympi's own doc strings
    import pympi

NASTY = (
    "sit & stand",
    "a <b>bold</b> claim",
    "left --> right",
    'say "hello", then go',
    "=HYPERLINK(0)",
    "two\nlines",
    "座る",
    "يجلس",
    "садиться",
    "tab\tand\x00nul",
    "lone \udcff surrogate",
)
SEGMENTS = [
    Segment(0.0, 1.5, "walking", 0.9),
    Segment(1.0, 2.25, "walking", 0.8),  # overlaps the one before
    Segment(1.2, 1.2004, "waving", 0.5),  # shorter than a millisecond
    Segment(360_000.0, 360_001.25, "waving", 1.0),  # after a hundred hours
]
MEDIA = Media("clip.mp4", Path("/videos/clip.mp4"), 25.0, 360_002.0)
TEXTS = st.text(st.characters(), min_size=1, max_size=12)
SPANS = st.lists(
    st.builds(
        lambda start, length, label: Segment(start, start + length, label, 0.5),
        st.integers(0, 400_000_000).map(lambda ms: ms / 1000),
        st.integers(1, 10_000_000).map(lambda ms: ms / 1000),
        TEXTS,
    ),
    max_size=6,
)
ROUND_TRIP = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def shown(label: str) -> str:
    """Return what a subtitle says for a label: its words, without what no line can hold."""
    words = "".join(" " if c.isspace() or (c < " ") or c == "\x7f" else c for c in readable(label))
    for gone in "\ufffe\uffff":
        words = words.replace(gone, " ")
    text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in words)
    return " ".join(text.split()) or "-"


def in_order(segments: list[Segment]) -> list[Segment]:
    return sorted(segments, key=lambda s: (s.start, s.end))


def check_times(captions: list[webvtt.Caption], segments: list[Segment]) -> None:
    read = [(seconds(c.start), seconds(c.end)) for c in captions]
    expected = np.array([(s.start, s.end) for s in in_order(segments)]).reshape(-1, 2)
    assert np.abs(np.array(read).reshape(-1, 2) - expected).max(initial=0) < 1e-6


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.replace(",", ".").split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def by_ffmpeg(path: Path) -> str:
    """Return FFmpeg's own reading of subtitles, as WebVTT."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "webvtt", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


@ROUND_TRIP
@given(segments=SPANS)
def test_webvtt_comes_back(tmp_path: Path, segments: list[Segment]) -> None:
    write_vtt(tmp_path / "r.vtt", segments)
    captions = webvtt.read(tmp_path / "r.vtt").captions
    check_times(captions, segments)
    texts = [html.unescape(c.text) for c in captions]  # webvtt-py leaves that to its callers
    assert texts == [shown(s.label) for s in in_order(segments)]


@ROUND_TRIP
@given(segments=SPANS)
def test_srt_comes_back(tmp_path: Path, segments: list[Segment]) -> None:
    write_srt(tmp_path / "r.srt", segments)
    captions = webvtt.from_srt(tmp_path / "r.srt").captions if segments else []
    check_times(captions, segments)
    texts = [shown(s.label).replace("-->", "→") for s in in_order(segments)]
    assert [c.text for c in captions] == [re.sub("<([^>]*)>", r"‹\1›", text) for text in texts]


@pytest.mark.parametrize("write", [write_vtt, write_srt])
def test_ffmpeg_reads_the_subtitles(tmp_path: Path, write: object) -> None:
    assert callable(write)
    path = tmp_path / ("r.vtt" if write is write_vtt else "r.srt")
    write(path, [Segment(k, k + 1.0, label, 0.5) for k, label in enumerate(NASTY)])
    read = by_ffmpeg(path)
    for word in ("Sit & stand", "座る", "يجلس", "Садиться", 'Say "hello", then go', "Two lines"):
        assert word in html.unescape(read)
    assert read.count(".000 --> ") == len(NASTY)
    write(path, SEGMENTS)
    assert "100:00:00.000 --> 100:00:01.250" in by_ffmpeg(path)


def test_no_segment_is_a_file_too(tmp_path: Path) -> None:
    write_vtt(tmp_path / "r.vtt", [])
    assert webvtt.read(tmp_path / "r.vtt").captions == []
    write_srt(tmp_path / "r.srt", [])
    assert (tmp_path / "r.srt").read_text() == ""
    write_segments(tmp_path / "r.csv", [])
    assert (tmp_path / "r.csv").read_text().count("\n") == 1
    write_boris(tmp_path / "b.tsv", [], MEDIA)
    assert (tmp_path / "b.tsv").read_text().startswith("Observation id\tObservation date\t")
    write_eaf(tmp_path / "r.eaf", [], ("walking", "waving"), MEDIA)
    assert read_eaf(tmp_path / "r.eaf").get_tier_names() == {"walking", "waving"}


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def test_the_table_of_segments(tmp_path: Path) -> None:
    by_person = Segment(3, 4, "walking", None, "person")
    write_segments(tmp_path / "r.csv", [*SEGMENTS[:1], Segment(2, 3, "=1+1", 0.25), by_person])
    assert rows(tmp_path / "r.csv") == [
        {"start": "0.000", "end": "1.500", "duration": "1.500", "label": "walking",
         "confidence": "0.9000", "origin": "model"},
        {"start": "2.000", "end": "3.000", "duration": "1.000", "label": "'=1+1",
         "confidence": "0.2500", "origin": "model"},
        {"start": "3.000", "end": "4.000", "duration": "1.000", "label": "walking",
         "confidence": "", "origin": "person"},
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".tsv", ".csv"])
def test_boris_table(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"b{suffix}"
    write_boris(path, SEGMENTS, MEDIA)
    first, second, *_, last = rows(path, "\t" if suffix == ".tsv" else ",")
    del first["Observation date"]
    # Columns and words as BORIS 8.27 exports aggregated events of one recording.
    assert first == {
        "Observation id": "clip",
        "Description": "LRCN Desktop",
        "Observation type": "Media file",
        "Source": "player #1:/videos/clip.mp4",
        "Time offset (s)": "0",
        "Coding duration": "360002.000",
        "Media duration (s)": "360002.000",
        "FPS (frame/s)": "25.000",
        "Subject": "No focal subject",
        "Observation duration by subject by observation": "4.000",
        "Behavior": "walking",
        "Behavioral category": "Not defined",
        "Behavior type": "STATE",
        "Start (s)": "0.000",
        "Stop (s)": "1.500",
        "Duration (s)": "1.500",
        "Media file name": "/videos/clip.mp4",
        "Image index start": "0",
        "Image index stop": "38",
        "Image file path start": "NA",
        "Image file path stop": "NA",
        "Comment start": "confidence 0.90",
        "Comment stop": "",
    }
    assert (second["Start (s)"], last["Start (s)"]) == ("1.000", "360000.000")


def test_boris_table_states_no_confidence_that_nobody_measured(tmp_path: Path) -> None:
    write_boris(tmp_path / "b.tsv", [Segment(0, 1, "walking", None, "person")], MEDIA)
    (row,) = rows(tmp_path / "b.tsv", "\t")
    assert row["Comment start"] == "set by the user"


def test_boris_table_without_a_file_and_with_any_label(tmp_path: Path) -> None:
    segments = [Segment(k, k + 1.0, label, 0.5) for k, label in enumerate(NASTY)]
    write_boris(tmp_path / "b.tsv", segments, Media("Camera 0", None, 30.0, 20.0))
    table = rows(tmp_path / "b.tsv", "\t")
    assert len(table) == len(NASTY)
    assert {row["Observation type"] for row in table} == {"Live observation"}
    assert table[4]["Behavior"] == "'=HYPERLINK(0)"
    assert table[5]["Behavior"] == "two lines"
    assert table[6]["Behavior"] == "座る"


def read_eaf(path: Path) -> "pympi.Eaf":
    """Read a file as pympi does, after a look at its structure."""
    check_eaf(ET.parse(path).getroot())
    return pympi.Eaf(str(path))


CHILDREN = {
    "ANNOTATION_DOCUMENT": ("HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"),
    "HEADER": ("MEDIA_DESCRIPTOR", "PROPERTY"),
    "TIME_ORDER": ("TIME_SLOT",),
    "TIER": ("ANNOTATION",),
    "ANNOTATION": ("ALIGNABLE_ANNOTATION",),
    "ALIGNABLE_ANNOTATION": ("ANNOTATION_VALUE",),
}
REQUIRED = {
    "ANNOTATION_DOCUMENT": {"DATE", "AUTHOR", "VERSION"},
    "MEDIA_DESCRIPTOR": {"MEDIA_URL", "MIME_TYPE"},
    "TIME_SLOT": {"TIME_SLOT_ID"},
    "TIER": {"TIER_ID", "LINGUISTIC_TYPE_REF"},
    "ALIGNABLE_ANNOTATION": {"ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2"},
    "LINGUISTIC_TYPE": {"LINGUISTIC_TYPE_ID"},
}


def check_eaf(root: ET.Element) -> None:
    """Check what the schema of EAF 3.0 demands of the elements that are used here."""
    assert root.tag == "ANNOTATION_DOCUMENT"
    for element in root.iter():
        order = CHILDREN.get(element.tag, ())
        places = [order.index(child.tag) for child in element]
        assert places == sorted(places)
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib)
    times = {e.get("TIME_SLOT_ID"): int(e.get("TIME_VALUE", "")) for e in root.iter("TIME_SLOT")}
    assert list(times.values()) == sorted(times.values())
    ids = [*times, *(e.get("ANNOTATION_ID") for e in root.iter("ALIGNABLE_ANNOTATION"))]
    assert len(set(ids)) == len(ids)
    assert len({t.get("TIER_ID") for t in root.iter("TIER")}) == len(list(root.iter("TIER")))
    kinds = {e.get("LINGUISTIC_TYPE_ID") for e in root.iter("LINGUISTIC_TYPE")}
    for tier in root.iter("TIER"):
        assert tier.get("LINGUISTIC_TYPE_REF") in kinds
        last = 0
        for start, end in spans(tier, times):
            assert last <= start < end  # no overlap within a tier
            last = end


def spans(tier: ET.Element, times: dict[str | None, int]) -> Iterator[tuple[int, int]]:
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        yield times[annotation.get("TIME_SLOT_REF1")], times[annotation.get("TIME_SLOT_REF2")]


def test_elan_has_a_tier_for_each_activity(tmp_path: Path) -> None:
    media = Media("a & b #1.mp4", tmp_path / "a & b #1.mp4", 25.0, 10.0)
    write_eaf(tmp_path / "r.eaf", SEGMENTS, ("walking", "waving", "sitting"), media)
    read = read_eaf(tmp_path / "r.eaf")
    assert read.get_tier_names() == {"walking", "walking (2)", "waving", "sitting"}
    assert read.get_annotation_data_for_tier("walking") == [(0, 1500, "walking")]
    assert read.get_annotation_data_for_tier("walking (2)") == [(1000, 2250, "walking")]
    assert read.get_annotation_data_for_tier("waving") == [
        (1200, 1201, "waving"), (360_000_000, 360_001_250, "waving"),
    ]  # fmt: skip
    assert read.get_annotation_data_for_tier("sitting") == []
    (linked,) = read.get_linked_files()
    assert linked["MEDIA_URL"] == (tmp_path / "a & b #1.mp4").as_uri()
    assert linked["RELATIVE_MEDIA_URL"] == "./a%20%26%20b%20%231.mp4"
    assert linked["MIME_TYPE"] == "video/mp4"


@ROUND_TRIP
@given(segments=SPANS)
def test_elan_comes_back(tmp_path: Path, segments: list[Segment]) -> None:
    write_eaf(tmp_path / "r.eaf", segments, ("walking", *NASTY, "a", "a (2)"), MEDIA)
    read = read_eaf(tmp_path / "r.eaf")
    found = [a for tier in read.get_tier_names() for a in read.get_annotation_data_for_tier(tier)]
    expected = [(round(1000 * s.start), round(1000 * s.end)) for s in segments]
    assert sorted((start, end) for start, end, *_ in found) == sorted(expected)


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes only there")
def test_a_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    media = Media(path.name, path, 25.0, 3.0)
    write_boris(tmp_path / "b.tsv", SEGMENTS[:1], media)
    assert "caf\ufffd.mp4" in rows(tmp_path / "b.tsv", "\t")[0]["Source"]
    write_eaf(tmp_path / "r.eaf", SEGMENTS[:1], ("walking",), media)
    (linked,) = read_eaf(tmp_path / "r.eaf").get_linked_files()
    assert linked["RELATIVE_MEDIA_URL"] == "./caf%E9.mp4"
