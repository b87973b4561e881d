"""A run's folder: whose it is, what may go on from it, and what may take its place."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny_training import asked, told  # type: ignore[import-not-found]

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from training.progress import JsonLines
from training.run import folder as module
from training.run import networks
from training.run.folder import RunFolder
from training.run.settings import Settings

SETTINGS = Settings(out="model.safetensors", data="data")


@pytest.fixture(scope="module")
def broken_off(features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with features and a run of them, interrupted after its first fold."""
    folder = tmp_path_factory.mktemp("broken-off")
    mine = Path(shutil.copytree(features, folder / "features"))
    real = networks.fit_networks

    def once(*given: object, **others: object) -> object:
        if "fold 2 of 2" in given:
            raise KeyboardInterrupt
        return real(*given, **others)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.run.fits.fit_networks", once)
        assert main(["train", *asked(mine, folder)]) == 130
    return folder


def copied(folder: Path, to: Path) -> Path:
    """Copy a folder with a run to where a test may change it; return the run's folder."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    settings = to / "model.run" / "run.json"
    settings.write_text(settings.read_text().replace(str(folder), str(to)))
    return to / "model.run"


@pytest.fixture
def half_done(broken_off: Path, tmp_path: Path) -> Path:
    """Return the folder of a run that was interrupted after its first fold."""
    return copied(broken_off, tmp_path)


@pytest.fixture
def mine(features: Path, tmp_path: Path) -> Path:
    """Return a copy of the features, those of `half_done`, that a test may change."""
    folder = tmp_path / "features"
    return folder if folder.exists() else Path(shutil.copytree(features, folder))


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run `train` with what it must refuse, and return its one sentence."""
    capsys.readouterr()
    assert main(["train", *map(str, arguments)]) == 2
    sentence = capsys.readouterr().err
    assert sentence.startswith("lrcn-desktop: ")
    assert sentence.count("\n") == 1
    return sentence


def test_two_processes_at_one_run(
    half_done: Path, mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT", 0.1)
    with RunFolder.resume(half_done):
        assert "Another process uses the run" in refused(capsys, "--resume", half_done)
        assert "Another process" in refused(capsys, *asked(mine, half_done.parent))
    with RunFolder.resume(half_done):  # which was released
        pass


def test_a_new_run_is_kept_to_its_process_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT", 0.1)
    with RunFolder.begin(tmp_path / "run", SETTINGS), pytest.raises(UserError, match="Another"):
        RunFolder.begin(tmp_path / "run", SETTINGS)
    with RunFolder.begin(tmp_path / "run", SETTINGS):  # which had fitted nothing
        pass


def test_an_unfinished_run_is_not_overwritten(
    half_done: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in half_done.rglob("*") if path.is_file()}
    folder = half_done.parent
    sentence = refused(capsys, *asked(mine, folder))
    assert f"continue with `lrcn-desktop train --resume {half_done}`" in sentence
    sentence = refused(capsys, *asked(mine, folder), "--run", half_done)
    assert "unfinished" in sentence
    assert {path: path.read_bytes() for path in half_done.rglob("*") if path.is_file()} == before


def test_a_finished_run_is_not_resumed_and_gives_way(
    undisturbed: Path, mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = copied(undisturbed, tmp_path)
    model = tmp_path / "model.safetensors"
    assert f"is done: its model is {model}" in refused(capsys, "--resume", run)
    report = (run / "report.html").read_bytes()
    assert "gone" in refused(capsys, "gone", *asked(mine, tmp_path)[2:])
    assert (run / "report.html").read_bytes() == report  # as long as the model is the old one
    assert main(["train", *asked(mine, tmp_path), "--epochs", "1"]) == 0
    assert (run / "report.html").read_bytes() != report


def test_a_run_that_could_not_begin_is_not_in_the_way(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, "--features", tmp_path / "typo", *asked(mine, tmp_path)[2:])
    assert main(["train", *asked(mine, tmp_path), "--epochs", "1"]) == 0


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_is_no_run_is_left_alone(
    tmp_path: Path, mine: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "holiday"
    if what == "folder":
        path.mkdir()
        (path / "picture.jpg").write_bytes(b"dear")
    else:
        path.write_bytes(b"dear")
    assert str(path) in refused(capsys, *asked(mine, tmp_path), "--run", path)
    assert "is no run's folder" in refused(capsys, "--resume", path)
    assert (path / "picture.jpg" if what == "folder" else path).read_bytes() == b"dear"
    if what == "folder":
        assert [item.name for item in path.iterdir()] == ["picture.jpg"]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--epochs", "5"], "--epochs is 3"),
        (["--folds", "3"], "--folds is 2"),
        (["--seed", "1"], "--seed is 0"),
        (["--flips"], "--flips is not given"),
        (["--activities", "run,walk"], "--activities is not given"),
        (["--out", "other.safetensors"], "--out is "),
        (["demo"], "DATA is not given"),
        (["--run", "other"], "--run and --resume name two folders"),
    ],
)
def test_options_that_contradict_the_run_are_told(
    half_done: Path, more: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert what in refused(capsys, "--resume", half_done, *more)


def test_options_that_agree_with_the_run_do_no_harm(half_done: Path, mine: Path) -> None:
    again = asked(mine, half_done.parent)
    assert main(["train", *again, "--run", str(half_done), "--resume", str(half_done)]) == 0


def change_array(folder: Path) -> None:
    np.save(folder / "3.npy", np.load(folder / "3.npy") + 1)


def remove_row(folder: Path) -> None:
    rows = (folder / "index.csv").read_text().splitlines()
    (folder / "index.csv").write_text(
        "\n".join(row for row in rows if not row.startswith("clip 3,"))
    )


def change_label(folder: Path) -> None:
    text = (folder / "index.csv").read_text()
    (folder / "index.csv").write_text(text.replace("clip 3,jump", "clip 3,run"))


@pytest.mark.parametrize(
    ("change", "what"),
    [(change_array, "has changed"), (remove_row, "is gone"), (change_label, "has changed")],
)
def test_a_run_does_not_go_on_with_other_clips(
    half_done: Path,
    mine: Path,
    change,  # type: ignore[no-untyped-def]  # noqa: ANN001
    what: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(mine)
    assert f"The clip clip 3 {what} since" in refused(capsys, "--resume", half_done)


def test_clips_and_activities_that_were_added_wait_for_the_next_run(
    half_done: Path, mine: Path, undisturbed: Path
) -> None:
    np.save(mine / "new.npy", np.load(mine / "3.npy") + 1)
    text = (mine / "index.csv").read_text().replace("clip 5,walk,1", "clip 5,walk,7")
    header, rows = text.split("\n", 1)
    (mine / "index.csv").write_text(f"{header}\nclip a,added,9,,5,new.npy\n{rows}")
    assert main(["train", "--resume", str(half_done)]) == 0
    expected = (undisturbed / "model.safetensors").read_bytes()
    assert (half_done.parent / "model.safetensors").read_bytes() == expected
    events, _ = told(half_done)
    assert "1 clip was added" in str([e for e in events if e["event"] == "note"])


def test_what_follows_a_torn_line_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "progress.jsonl").write_text('{"event": "note"}\n{"event": "ep')
    reporter = JsonLines()
    reporter.also_to(tmp_path / "progress.jsonl")
    reporter.note("Hello.")
    reporter.close()
    events, torn = told(tmp_path)
    assert ([event["event"] for event in events], torn) == (["note", "note"], 1)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"out": 1'])
def test_damaged_settings_are_named(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text(content)
    assert "run.json does not describe a run" in refused(capsys, "--resume", tmp_path)


def test_half_written_files_of_a_killed_session_are_removed(half_done: Path) -> None:
    left = half_done / "fits" / ".0123456789abcdef.part"
    left.write_bytes(b"half")
    with RunFolder.resume(half_done):
        assert not left.exists()
    assert json.loads((half_done / "run.json").read_text())["epochs"] == 3
