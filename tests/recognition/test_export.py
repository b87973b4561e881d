"""What `analyze` writes, read back as another program would."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.recognition.analyze import Analysis
from lrcn_desktop.recognition.export.csv_tables import write_csv
from lrcn_desktop.recognition.export.formats import check_output
from lrcn_desktop.recognition.export.steps_json import write_json
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.segments import Segment

RESULT = Analysis(
    source="Straße, 1.avi",
    model="demo",
    classes=("sitting down", 'standing "up", again'),
    step_rate=10.0,
    predictions=[
        Prediction(0.0, np.array([1 / 3, 2 / 3], np.float32), 'standing "up", again'),
        Prediction(0.1, np.array([0.5, 0.5], np.float32), None),
    ],
    segments=[Segment(0.0, 0.2, 'standing "up", again', 0.58)],
    summary_label='standing "up", again',
    summary_confidence=0.583,
    timing={"frames": 2, "seconds": 0.25},
)


def test_json_has_exactly_the_documented_keys(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", RESULT)
    assert json.loads((tmp_path / "r.json").read_text("utf-8")) == {
        "source": "Straße, 1.avi",
        "model": "demo",
        "classes": ["sitting down", 'standing "up", again'],
        "step_rate": 10.0,
        "steps": [
            {
                "time": 0.0,
                "label": 'standing "up", again',
                "known": 0.666667,
                "probabilities": [0.333333, 0.666667],
            },
            {"time": 0.1, "label": None, "known": 0.5, "probabilities": [0.5, 0.5]},
        ],
        "segments": [
            {
                "start": 0.0,
                "end": 0.2,
                "label": 'standing "up", again',
                "confidence": 0.58,
                "origin": "model",
            }
        ],
        "summary": {"label": 'standing "up", again', "confidence": 0.583},
        "timing": {"frames": 2, "seconds": 0.25},
    }


def test_json_has_the_truth_where_it_is_known(tmp_path: Path) -> None:
    known = replace(RESULT, truth=[(0.0, 0.2, "sitting down")], step_rate=None)
    write_json(tmp_path / "r.json", known)
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert document["truth"] == [{"start": 0.0, "end": 0.2, "label": "sitting down"}]
    assert document["step_rate"] is None


def test_json_that_would_not_be_json_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("before")
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, replace(RESULT, summary_confidence=float("nan")))
    assert [p.read_text() for p in tmp_path.iterdir()] == ["before"]


def test_json_says_what_was_analyzed_and_who_corrected_it(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", replace(RESULT, covered=[(0.0, 0.2)], corrected=True))
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert document["covered"] == [{"start": 0.0, "end": 0.2}]
    assert document["corrected"] is True


def test_names_that_are_no_utf_8_and_labels_that_are_formulas(tmp_path: Path) -> None:
    """A file name of other bytes; a class that a spreadsheet would run."""
    odd = replace(RESULT, source="caf\udce9.avi", classes=("=1+1", "\ud800 half"))
    write_json(tmp_path / "r.json", odd)
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert document["source"] == "caf\ufffd.avi"
    assert document["classes"] == ["=1+1", "\ufffd half"]
    write_csv(tmp_path / "r.csv", odd)
    header = (tmp_path / "r.csv").read_text("utf-8").splitlines()[0]
    assert header == "time,label,confidence,'=1+1,\ufffd half"


def test_csv_has_a_row_for_each_step(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", RESULT)
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["time", "label", "confidence", "sitting down", 'standing "up", again'],
        ["0.0", 'standing "up", again', "0.666667", "0.333333", "0.666667"],
        ["0.1", "", "0.5", "0.5", "0.5"],
    ]


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_an_unwritable_path_is_one_sentence(tmp_path: Path, write: object) -> None:
    assert callable(write)
    for path, reason in ((tmp_path, "folder"), (tmp_path / "no" / "r", "does not exist")):
        for act in (lambda p: write(p, RESULT), check_writable):
            with pytest.raises(UserError, match=reason) as caught:
                act(path)
            assert str(path) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    video, link = tmp_path / "clip.mp4", tmp_path / "link.csv"
    video.touch()
    link.symlink_to(video)
    for path in (video, link):
        with pytest.raises(UserError, match="it is the recording itself"):
            check_output(path, video)
    check_output(tmp_path / "other.csv", video)
    check_output(video, None)
