"""`lrcn-desktop teach` and `lrcn.teach`, on clips whose features are there already."""

import json
from pathlib import Path

import numpy as np
import pytest
from teaching import changing, make_project, pooled

import lrcn_desktop as lrcn
from lrcn_desktop.cli import main
from lrcn_desktop.model.head_arrays import HeadArrays
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import load_model, save_model
from lrcn_desktop.model.model_file import read_info, read_model
from lrcn_desktop.recognition.teaching.features import BACKBONE, RATE
from lrcn_desktop.recognition.teaching.outlines import unpacked
from lrcn_desktop.recognition.teaching.sample import UNKNOWN, Sample
from lrcn_desktop.recognition.teaching.teacher import Material
from training.teach.refine import FOLDS, refine


def test_a_folder_of_examples_becomes_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path / "mine", ("dark", "bright"))
    out = tmp_path / "out.safetensors"
    assert main(["teach", str(tmp_path / "mine"), "--out", str(out), "--quick"]) == 0
    assert "dark, bright" in capsys.readouterr().out
    info = read_info(out)
    assert info.name == "out"
    assert info.classes == ("dark", "bright")
    assert info.training["clips per activity"] == {"dark": 3, "bright": 3}
    assert info.test["accuracy of clips by the mean"] == 1.0
    outlines = info.training["outlines"]
    assert isinstance(outlines, dict)
    assert [unpacked(text) is not None for text in outlines.values()] == [True, True]


def test_programs_are_told_in_lines_of_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path / "mine", ("dark",))
    out = tmp_path / "out.safetensors"
    given = ["teach", str(tmp_path / "mine"), "--out", str(out), "--progress", "json"]
    assert main(given) == 2
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["event"] == "error"
    assert "Only dark has a clip: record one of a second activity" in events[-1]["message"]
    assert not out.exists()


def test_python_teaches_as_the_command_does(tmp_path: Path) -> None:
    make_project(tmp_path / "mine", ("dark", "bright"), clips=1)
    lesson = lrcn.teach(tmp_path / "mine", tmp_path / "out.safetensors")
    assert lesson.info.classes == ("dark", "bright")
    assert lesson.verdict == "Recognized by class means."
    assert "There is only one clip of dark: record four more." in lesson.advice


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_no_folder_is_a_sentence(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(lrcn.UserError, match="is not a folder: give one"):
        lrcn.teach(tmp_path / folder, tmp_path / "out.safetensors")


@pytest.mark.slow
def test_refining_leaves_every_clip_out_once_and_knows_the_order(tmp_path: Path) -> None:
    samples = [Sample(int(b), changing(n, backwards=b)) for b in (False, True) for n in range(4)]
    samples.append(Sample(UNKNOWN, pooled(60, 0)))
    material = Material(("forth", "back"), (), tuple(samples), ())
    done: list[int] = []
    found = refine("x", material, epochs=1, advance=done.append)
    assert done == list(range(1, FOLDS + 2))
    assert set(found.left_out) == set(range(8))
    assert found.opposite == {0: 1, 1: 0}
    assert found.model.info.training["fit"] == "memory"
    assert found.model.info.rejection is not None
    save_model(tmp_path / "x.safetensors", found.model)
    assert load_model(tmp_path / "x.safetensors").info == found.model.info


def test_activities_are_added_to_a_shipped_model_and_its_own_stay(tmp_path: Path) -> None:
    make_project(tmp_path / "mine", ("greeting",))
    out = tmp_path / "out.safetensors"
    lrcn.teach(tmp_path / "mine", out, add_to="ucf101-7-light")
    before, after = read_model(find_model("ucf101-7-light")), read_model(out)
    assert after.info.classes == (*before.info.classes, "greeting")
    features, count = pooled(5, 0), len(before.info.classes)
    said = []
    for model in (before, after):
        head = HeadArrays(model.info.head, BACKBONE.shape, model.head_arrays(), RATE)
        rows, _ = head.project(features, head.initial_state()[-1])
        said.append(head.classify(rows, head.initial_state()).logits)
    np.testing.assert_allclose(said[1][:, :count], said[0], atol=1e-3)
    kind = sum(map(ord, "greeting")) % 97
    rows, _ = head.project(pooled(kind, 9), head.initial_state()[-1])
    assert (head.classify(rows, head.initial_state()).logits.argmax(-1) == count).mean() > 0.9


@pytest.mark.parametrize(
    ("activity", "base", "sentence"),
    [
        ("YoYo", "ucf101-7-light", "knows YoYo already: rename the folder"),
        ("greeting", "demo", "Nothing can be added to the model 'demo'"),
    ],
)
def test_what_cannot_be_added_is_a_sentence(
    tmp_path: Path, activity: str, base: str, sentence: str
) -> None:
    make_project(tmp_path / "mine", (activity,), clips=1)
    with pytest.raises(lrcn.UserError, match=sentence):
        lrcn.teach(tmp_path / "mine", tmp_path / "out.safetensors", add_to=base)
