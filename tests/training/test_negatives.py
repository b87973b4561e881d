"""Negatives: clips that show none of the activities, from a folder to what a fit is given."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_info
from training.data.clip import OTHER
from training.data.dataset import DataSet
from training.data.folder import list_clips, list_negatives
from training.data.load import load_data
from training.data.negatives import load_negatives, with_negatives
from training.features.folder import INDEX, read_feature_folder
from training.fitting import example
from training.fitting.example import Example
from training.fitting.inputs import examples_of, negatives_of
from training.run import fits
from training.run.networks import Fitted, Recipe, fit_networks
from training.run.settings import Settings

WriteVideo = Callable[..., Path]
AddClips = Callable[..., Path]
KNOWN = ("A/v_A_g01_c01.avi", "A/v_A_g02_c01.avi", "B/v_B_g01_c01.avi", "B/v_B_g02_c01.avi")


@pytest.fixture
def add(tmp_path: Path, write_video: WriteVideo) -> AddClips:
    """Return a function that adds clips, each of a content of its own, to a folder."""
    video = write_video(frames=3, rate=5.0, size=(32, 24))

    def add(*names: str, to: str = "data") -> Path:
        folder = tmp_path / to
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(video.read_bytes() + name.encode())  # which no decoder minds
        return folder

    return add


def load(data: Path, activities: list[str] | None = None) -> DataSet:
    return load_data(str(data), activities=activities, rate=5.0, record=data.parent / "records")[0]


def groups(data: DataSet) -> dict[str, str]:
    return {clip.name: clip.group for clip in data.negatives}


def test_a_folder_named_other_is_no_activity(add: AddClips) -> None:
    data = load(add(*KNOWN, "_other/street/1.avi", "_other/2.avi"))
    assert data.classes == ("A", "B")
    assert {clip.label for clip in data.clips} == {"A", "B"}
    assert [clip.name for clip in data.negatives] == ["_other/2", "_other/street/1"]
    assert {clip.label for clip in data.negatives} == {OTHER}
    assert all(clip.frames == 3 for clip in data.negatives), "they are decoded once, too"
    with pytest.raises(UserError, match="no clips of '_other'"):
        load(add(), ["A", "_other"])


def test_names_that_are_only_like_it_are_activities(add: AddClips) -> None:
    names = [f"{label}/v_x_g0{g}_c01.avi" for label in ("_Other", "_others", "other") for g in "12"]
    data = load(add(*names))
    assert data.classes == ("_Other", "_others", "other")
    assert not data.negatives


def test_the_group_of_a_negative_is_its_source(add: AddClips) -> None:
    data = add(
        *KNOWN,
        "_other/faces/v_Archery_g08_c01.avi",
        "_other/faces/deep/3.avi",
        "_other/v_Archery_g08_c02.avi",
        "_other/v_Archery_g09_c01.avi",
        "_other/v_Rowing_g08_c01.avi",
        "_other/1.avi",
        "_other/signing/2.avi",
    )
    (data / "groups.csv").write_text("file,group\n_other/signing/2.avi,anna\n")
    assert groups(load(data)) == {
        "_other/1": "_other/1.avi",
        "_other/faces/deep/3": "faces",
        "_other/faces/v_Archery_g08_c01": "faces",
        "_other/signing/2": "anna",
        "_other/v_Archery_g08_c02": "Archery/g08",
        "_other/v_Archery_g09_c01": "Archery/g09",
        "_other/v_Rowing_g08_c01": "Rowing/g08",
    }


def test_sources_with_names_of_ucf101s_kind_are_not_taken_for_the_data_set(add: AddClips) -> None:
    data = add("cut/ann/1.avi", "cut/ben/1.avi", "stir/ann/1.avi", "stir/ben/1.avi")
    add("_other/Archery/v_Archery_g08_c01.avi")
    assert load(data).classes == ("cut", "stir")


def test_a_clip_of_an_activity_is_refused_as_a_negative(add: AddClips) -> None:
    data = add(*KNOWN, "_other/1.avi", "_other/2.avi")
    shutil.copy(data / KNOWN[0], data / "_other" / "3.avi")
    shutil.copy(data / "_other" / "1.avi", data / "_other" / "again.avi")
    found = load(data)
    assert [clip.name for clip in found.negatives] == ["_other/1", "_other/2"]
    (note,) = [note for note in found.notes if "_other/3" in note]
    assert "A/v_A_g01_c01" in note
    assert len(found.clips) == len(KNOWN)


def test_activities_that_are_not_chosen_are_not_negatives(add: AddClips) -> None:
    data = load(add(*KNOWN, "C/v_C_g01_c01.avi"), ["A", "B"])
    assert data.negatives == ()


def test_negatives_from_elsewhere_in_whatever_layout(add: AddClips, tmp_path: Path) -> None:
    data = load(add(*KNOWN, "_other/1.avi"))
    other = add("top.avi", "street/1.avi", "street/x/y.avi", "seq/1.png", to="elsewhere")
    (other / "seq/1.png").unlink()
    shutil.copy(tmp_path / "data" / KNOWN[1], other / "street" / "known.avi")
    shutil.copy(tmp_path / "data" / "_other/1.avi", other / "same.avi")
    (other / "broken.avi").write_bytes(b"no video")
    more = load_negatives([other], record=tmp_path / "records", known=data.clips)
    assert {clip.name: clip.group for clip in more.clips} == {
        "_other:elsewhere/same": "same.avi",
        "_other:elsewhere/top": "top.avi",
        "_other:elsewhere/street/1": "street",
        "_other:elsewhere/street/x/y": "street",
    }
    assert [item.path.name for item in more.quarantined] == ["broken.avi"]
    assert "street/known is not taken" in more.notes[0]
    both = with_negatives(data, more)
    names = [clip.name for clip in both.negatives]
    assert names[0] == "_other/1"
    assert "_other:elsewhere/same" not in names, "it is the same clip once more"
    assert len(names) == len(set(names)) == 4


def test_a_folder_of_images_is_a_negative(tmp_path: Path, add: AddClips) -> None:
    other = add("street/walk/1.png", "street/walk/2.png", to="elsewhere")
    (clip,) = list_negatives(other).negatives
    assert (clip.name, clip.group) == ("_other:elsewhere/street/walk", "street")
    (listed,) = list_clips(add("_other/walk/1.png", "A/1.avi")).negatives
    assert (listed.name, listed.group) == ("_other/walk", "_other/walk")


def test_single_files_and_folders_of_one_name(add: AddClips, tmp_path: Path) -> None:
    one, two = add("1.avi", "2.avi", to="a/street"), add("1.avi", "deep/3.avi", to="b/street")
    (two / "1.avi").write_bytes((one / "1.avi").read_bytes() + b"another")
    counts: list[tuple[int, int]] = []
    found = load_negatives(
        [two, one / "1.avi"],
        record=tmp_path / "records",
        progress=lambda done, total: counts.append((done, total)),
    )
    names = [clip.name for clip in found.clips]
    assert len(set(names)) == 3, "each clip has a name of its own"
    assert sum(name.startswith("_other:street/1 ") for name in names) == 2
    assert not any("2" in name.split()[0] for name in names), "a file that was not given"
    assert counts[-1] == (3, 3)
    assert [done for done, _ in counts] == sorted(done for done, _ in counts)


@pytest.mark.parametrize("names", [(), ("notes.txt",), ("broken.avi",)])
def test_a_folder_without_negatives_is_told(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"no video")
    with pytest.raises(UserError, match="no clip that can be decoded"):
        load_negatives([folder], record=tmp_path / "records")
    with pytest.raises(UserError, match="is not a folder"):
        load_negatives([tmp_path / "none"], record=tmp_path / "records")


def test_scan_lists_them(add: AddClips, capsys: pytest.CaptureFixture[str]) -> None:
    data = add(*KNOWN, "_other/street/1.avi", "_other/street/2.avi", "_other/3.avi")
    asked = ["dataset", "scan", str(data), "--cache", str(data.parent / "records")]
    assert main(asked) == 0
    assert "_other: 3 clips of 2 sources, shown as Unknown\n" in capsys.readouterr().out
    assert main([*asked, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["other"] == {"clips": 3, "sources": 2, "seconds": 1.8}
    assert set(found["classes"]) == {"A", "B"}


@pytest.fixture
def feature_folder(features: Path, tmp_path: Path) -> Path:
    """Return a feature folder of 24 clips and of three negatives, one a copy of a clip."""
    folder = tmp_path / "features"
    shutil.copytree(features, folder)
    rng = np.random.default_rng(1)
    with (folder / INDEX).open("a", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        for number, source in enumerate(("street", "street", "copy")):
            array = rng.normal(size=(7 + number, 256)).astype(np.float16)
            np.save(folder / f"other{number}.npy", array)
            rows.writerow((f"o{number}", OTHER, source, "", 5, f"other{number}.npy"))
    shutil.copy(folder / "0.npy", folder / "other2.npy")
    return folder


@pytest.mark.parametrize("activities", [None, ("run", "walk")])
def test_rows_of_other_are_negatives(
    feature_folder: Path, activities: tuple[str, ...] | None
) -> None:
    found = read_feature_folder(feature_folder, activities)
    assert found.classes == (activities or ("jump", "run", "walk"))
    refused = activities is None  # the copied clip shows a jump
    assert [clip.name for clip in found.negatives] == ["o0", "o1"] + ([] if refused else ["o2"])
    assert any("o2 first" in note for note in found.notes) == refused
    with pytest.raises(UserError, match="no clips of '_other'"):
        read_feature_folder(feature_folder, ("run", OTHER))


def test_negatives_reach_the_fit_and_the_models_figures(
    feature_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[Recipe, list[str]]] = []

    def watched(recipe: Recipe, *more: Any, others: Sequence[Example]) -> Fitted:  # noqa: ANN401
        given.append((recipe, [other.name for other in others]))
        return fit_networks(recipe, *more, others=others)

    monkeypatch.setattr(fits, "fit_networks", watched)
    out = tmp_path / "model.safetensors"
    asked = ["--features", str(feature_folder), "--out", str(out), "--epochs", "1", "--folds", "2"]
    assert main(["train", *asked]) == 0
    assert len(given) == 3
    for recipe, others in given:
        assert others == ["o0", "o1"]  # of one source, which no round can hold back
        assert recipe.info.classes == ("jump", "run", "walk")
    info = read_info(out)
    assert info.classes == ("jump", "run", "walk")
    assert info.training["clips"] == 24
    figures = info.training["negatives"]
    assert (figures["clips"], figures["sources"], len(figures["clips_sha256"])) == (2, 1, 2)
    assert not set(figures["clips_sha256"]) & set(info.training["clips_sha256"])
    assert info.test["clips"] == 24


def test_as_examples_every_step_is_labelled_other(feature_folder: Path) -> None:
    found = read_feature_folder(feature_folder)
    negatives = negatives_of(found)
    assert [len(negative) for negative in negatives] == [7, 8]
    assert all((negative.labels == example.OTHER).all() for negative in negatives)
    assert all(int(clip.labels.min()) >= 0 for clip in examples_of(found))


def test_a_real_training_with_both_kinds_of_negatives(
    add: AddClips, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = add(*KNOWN, "_other/1.avi")
    other = add("street/1.avi", "street/2.avi", to="elsewhere")
    out = tmp_path / "model.safetensors"
    asked = ["train", str(data), "--other", str(other), "--out", str(out), "--preset", "light"]
    asked += ["--epochs", "1", "--cache", str(tmp_path / "cache"), "--progress", "json"]
    assert main([*asked, "--device", "cpu"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (told,) = [event for event in events if event["event"] == "data"]
    assert (told["other"]["clips"], told["other"]["sources"]) == (3, 2)
    assert set(told["classes"]) == {"A", "B"}
    assert read_info(out).training["negatives"]["clips"] == 3
    settings = Settings.read(tmp_path / "model.run" / "run.json")
    assert settings.other == (str(other),)
    (index,) = (tmp_path / "cache").glob("lite0-*/index.csv")
    rows = list(csv.DictReader(index.read_text("utf-8").splitlines()))
    assert sum(row["label"] == OTHER for row in rows) == 3
    kept = json.loads((tmp_path / "model.run" / "clips.json").read_text("utf-8"))
    assert len(kept["negatives"]) == 3


def test_other_needs_clips(features: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "model.safetensors")
    assert main(["train", "--features", str(features), "--other", "x", "--out", out]) == 2
    assert main(["train", "demo", "--other", str(tmp_path / "none"), "--out", out]) == 2
    with pytest.raises(UserError):
        find_model(out)


def test_a_run_of_an_earlier_version_has_no_negatives(tmp_path: Path) -> None:
    said = json.loads(Settings(out="m.safetensors", data="clips").to_json())
    del said["other"]
    (tmp_path / "run.json").write_text(json.dumps(said))
    assert Settings.read(tmp_path / "run.json").other == ()
