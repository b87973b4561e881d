"""Reviews on disk: beside the video or not, moved, damaged, foreign, and cut into clips."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.csv_tables import write_segments
from lrcn_desktop.recognition.export.text import cell
from lrcn_desktop.recognition.review import clips
from lrcn_desktop.recognition.review.clips import corrections_dir, cut_clips
from lrcn_desktop.recognition.review.file_format import read_sidecar
from lrcn_desktop.recognition.review.review import ModelSegments, Review, ReviewSnapshot
from lrcn_desktop.recognition.review.store import ENDING, ReviewFile, reviews_dir
from lrcn_desktop.recognition.segments import Segment
from lrcn_desktop.video.file import FileSource
from lrcn_desktop.video.frame import Image
from training.data.folder import list_clips

WriteVideo = Callable[..., Path]
WALK, WAVE = Segment(0.0, 1.0, "walking", 0.9), Segment(1.0, 2.0, "waving", 0.8)


def corrected() -> ReviewSnapshot:
    review = Review(4.0)
    model = ModelSegments("demo", ("walking", "waving"), (WALK, WAVE), ((0.0, 2.0),))
    review.follow(model)
    review.relabel(WALK, "jumping")
    review.add(2.5, 3.25, "waving")
    return review.snapshot


@pytest.fixture
def video(write_video: WriteVideo) -> Path:
    return write_video("talk.mp4", frames=100)


def test_a_review_is_found_beside_its_video_and_moves_with_it(video: Path, tmp_path: Path) -> None:
    kept = corrected()
    assert ReviewFile.of_video(video).load().snapshot is None
    path = ReviewFile.of_video(video).save(kept).path
    assert path == tmp_path / "talk.mp4.lrcn.json"
    found = ReviewFile.of_video(video).load()
    assert (found.snapshot, found.path, found.error) == (kept, path, "")
    other = tmp_path / "elsewhere"
    other.mkdir()
    for file in (video, path):
        file.rename(other / file.name)
    assert ReviewFile.of_video(other / "talk.mp4").load().snapshot == kept


def test_a_review_that_an_earlier_version_wrote_still_opens(video: Path) -> None:
    """Version 1 had no origin: a confidence of 1 marked what a person had set."""
    file = ReviewFile.of_video(video)
    path = file.save(corrected()).path
    document = json.loads(path.read_text("utf-8"))
    document["version"] = 1
    del document["model"]["others"]
    for segment in (*document["model"]["segments"], *document["review"]["segments"]):
        del segment["origin"]
        segment["confidence"] = 1.0 if segment["confidence"] is None else segment["confidence"]
    path.write_text(json.dumps(document), "utf-8")
    assert read_sidecar(path).snapshot == corrected()


def test_where_nothing_can_be_written_it_is_kept_in_the_data_folder(
    video: Path, tmp_path: Path
) -> None:
    long = video.rename(tmp_path / f"{'x' * 246}.mp4")  # the sidecar's name would be too long
    path = ReviewFile.of_video(long).save(corrected()).path
    assert path.parent == reviews_dir()
    assert ReviewFile.of_video(long).load().snapshot == corrected()
    renamed = long.rename(tmp_path / "other.mp4")
    assert ReviewFile.of_video(renamed).load().snapshot == corrected()


def test_of_two_reviews_the_newer_one_counts(video: Path) -> None:
    file = ReviewFile.of_video(video)
    file.save(ReviewSnapshot())
    ReviewFile(file.source, file.digest, file.places[1:]).save(corrected())
    assert ReviewFile.of_video(video).load().path == file.places[1]
    file.save(ReviewSnapshot())
    assert ReviewFile.of_video(video).load().path == file.places[0]


def test_a_live_sessions_review_is_kept_under_its_start(tmp_path: Path) -> None:
    path = ReviewFile.of_session("rtsp://x/y?z", 0.0).save(corrected()).path
    assert path.parent == reviews_dir()
    assert path.name.startswith("rtsp-x-y-z 19")
    assert read_sidecar(path).snapshot == corrected()


def whole(path: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads(path.read_text("utf-8"))
    return read


BAD: dict[str, Callable[[str], bytes]] = {
    "empty": lambda good: b"",
    "cut off": lambda good: good[: len(good) // 2].encode(),
    "junk": lambda good: os.urandom(10_000_000),
    "large": lambda good: b"[" * 20_000_000,
    "deep": lambda good: b"[" * 1_000_000,
    "foreign": lambda good: b'{"type": "FeatureCollection"}',
    "newer": lambda good: good.replace('"version":2', '"version":3').encode(),
    "other video": lambda good: good.replace('"digest":"', '"digest":"0').encode(),
    "not a number": lambda good: good.replace("0.9", "NaN").encode(),
    "absurd number": lambda good: good.replace("0.9", "9" * 400).encode(),
    "too late": lambda good: good.replace("3.25", "1e300").encode(),
    "backwards": lambda good: good.replace("3.25", "0.5").encode(),
    "overlapping": lambda good: good.replace('"start":2.5', '"start":1.5').encode(),
    "of nobody": lambda good: good.replace('"origin":"person"', '"origin":"dog"').encode(),
    "no model": lambda good: good.replace('"others":[', '"others":[[0, 1],').encode(),
    "no name": lambda good: good.replace('"jumping"', '""').encode(),
    "half a letter": lambda good: good.replace('"jumping"', '"\\ud800"').encode(),
    "text for a truth": lambda good: good.replace("true", '"true"').encode(),
    "list for an object": lambda good: good.replace('"review":{', '"review":[{').encode(),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_in_a_sentence_and_kept_under_another_name(
    video: Path, kind: str
) -> None:
    path = ReviewFile.of_video(video).save(corrected()).path
    bad = BAD[kind](path.read_text("utf-8"))
    path.write_bytes(bad)
    file = ReviewFile.of_video(video)
    found = file.load()
    assert found.snapshot is None
    assert found.error.startswith("talk.mp4.lrcn.json is ")
    assert found.error.endswith(".")
    assert "\n" not in found.error
    assert path.read_bytes() == bad
    assert file.save(corrected()).path == path
    assert ReviewFile.of_video(video).load().snapshot == corrected()
    assert path.with_name("talk.mp4.lrcn.json.unusable-1").read_bytes() == bad


@pytest.mark.parametrize(
    ("label", "becomes"),
    [("\\r=1+1", "=1+1"), ("\\t=1+1", "=1+1"), (" x ", "x"), ("a\\u202eb\\u2028c", "a b c")],
)
def test_a_strangers_label_is_cleaned_at_the_door(video: Path, label: str, becomes: str) -> None:
    path = ReviewFile.of_video(video).save(corrected()).path
    path.write_text(path.read_text("utf-8").replace("jumping", label), "utf-8")
    kept = ReviewFile.of_video(video).load().snapshot
    assert kept is not None
    table = video.with_name("seen.csv")
    segments = Review(4.0, kept).segments
    write_segments(table, segments)
    assert segments[0].label == becomes
    with table.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    assert [row[3] for row in rows] == [cell(segment.label) for segment in segments]


def test_a_pipe_or_folder_in_its_place_stops_nothing(video: Path) -> None:
    path = video.with_name(f"{video.name}{ENDING}")
    os.mkfifo(path)
    file = ReviewFile.of_video(video)
    assert "no file" in file.load().error
    assert file.save(corrected()).path == path


def test_segments_become_clips_of_one_group(video: Path, number_in: Callable[[Image], int]) -> None:
    folder = corrections_dir()
    parts: list[float] = []
    segments = [WALK, WAVE, Segment(2.5, 3.25, "waving", 1.0), Segment(8.0, 9.0, "walking", 1.0)]
    assert cut_clips(video, segments, folder, parts.append) == 3
    listing = list_clips(folder)
    assert {label: len(found) for label, found in listing.clips.items()} == {
        "walking": 1,
        "waving": 2,
    }
    groups = {clip.group for found in listing.clips.values() for clip in found}
    assert len(groups) == 1
    assert groups.pop().startswith("talk-")
    with FileSource(listing.clips["waving"][1].path) as clip:
        numbers = [number_in(frame.image) for frame in clip]
    assert numbers == [62 + n for n in range(19)]
    assert parts == sorted(parts)
    assert 0.0 <= parts[0] < parts[-1] <= 1.0


def test_done_again_it_replaces_the_clips_of_that_video_only(
    video: Path, write_video: WriteVideo
) -> None:
    folder = corrections_dir()
    other = write_video("other.mp4", frames=50)
    cut_clips(other, [WALK], folder)
    cut_clips(video, [WALK, WAVE], folder)
    video = video.rename(video.with_name("renamed.mp4"))
    cut_clips(video, [Segment(0.0, 1.0, "a/b", 1.0)], folder)
    assert sorted(p.relative_to(folder).parts[0] for p in folder.rglob("*.mp4")) == [
        "a_b",
        "walking",
    ]
    assert not (folder / "waving").exists()


def test_cancelled_or_failed_it_leaves_what_was_there(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corrections_dir()
    cut_clips(video, [WALK], folder)
    before = sorted(folder.rglob("*"))
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 5

    assert cut_clips(video, [WAVE], folder, cancelled=cancelled) == 0
    assert sorted(folder.rglob("*")) == before
    with pytest.raises(UserError, match="no frame"):
        cut_clips(video, [Segment(50.0, 60.0, "waving", 1.0)], folder)
    assert sorted(folder.rglob("*")) == before
    assert clips.HIGHEST_RATE >= 120
