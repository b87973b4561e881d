"""The command's lists, its help, and how it leaves."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lrcn_desktop import __version__
from lrcn_desktop.cli import main
from lrcn_desktop.model.model import load_model, save_model

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python ARGUMENTS` at the root of the checkout."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=100
    )


def test_presets_prints_the_published_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert {"cnn", "cnn-lstm", "vgg16", "vgg16-lstm", "lrcn-fc6", "default"} < lines.keys()
    assert "6,424,583" in lines["vgg16"]
    assert "+0.0%" in lines["vgg16"]
    assert "45,543" in lines["vgg16-lstm"]
    assert "21,183,015" in lines["vgg16-lstm"]
    assert "48,326,343" in lines["cnn"]
    assert "46,687,815" in lines["cnn"]
    assert "-3.4%" in lines["cnn"]


def test_presets_for_other_numbers_of_activities(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "--classes", "101"]) == 0
    out = capsys.readouterr().out
    assert f"{25088 * 256 + 256 + 256 * 101 + 101:,}" in out
    assert "6,424,583" not in out


def test_models_lists_each_with_its_figures_and_what_is_wrong_with_a_bad_one(
    capsys: pytest.CaptureFixture[str], own_models: Path, tiny_model: Path
) -> None:
    own_models.mkdir()
    model, test = (
        load_model(tiny_model),
        {"clip_accuracy": 0.5, "clip_accuracy, interval": [0.4, 0.6]},
    )
    save_model(own_models / "mine.safetensors", replace(model, info=replace(model.info, test=test)))
    (own_models / "broken.safetensors").write_bytes(tiny_model.read_bytes()[:500])
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert "tiny  (default, 5 steps/s" in out
    assert str(own_models / "mine.safetensors") in out
    assert "3 activities: sitting down, standing up, waving" in out
    assert "clip_accuracy: 50.0 % (40 to 60)" in out
    assert "[0.4" not in out
    assert "broken.safetensors is no model file" in out


def test_cameras_lists_them_or_says_that_there_is_none(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cameras"]) == 0
    out, err = capfd.readouterr()
    assert out.strip()
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--help"], "lrcn-desktop analyze SOURCE"),
        (["analyze", "--help"], "--json FILE"),
        (["models", "--help"], "List the models"),
        (["presets", "--help"], "--classes"),
        (["cameras", "--help"], "List the cameras"),
        (["--version"], __version__),
    ],
)
def test_help_and_version(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyze"], "required: SOURCE"),
        (["analyze", "demo", "--seconds", "soon"], "'soon' is not a number of seconds above 0"),
        (["analyze", "demo", "--seconds", "nan"], "'nan' is not a number of seconds"),
        (["analyze", "demo", "--seconds", "-1"], "'-1' is not a number of seconds"),
        (["analyze", "demo", "--device", "tpu"], "invalid choice"),
        (["presets", "--classes", "1"], "'1' is not a number of activities"),
        (["presets", "--classes", "x"], "'x' is not a number of activities"),
        (["clip.avi", "--demo"], "not both"),
        (["clip.avi", "--seconds", "3"], "give --screenshot FILE too"),
        (["models", "more"], "unrecognized arguments"),
    ],
)
def test_a_wrong_option_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert says in capsys.readouterr().err


def test_the_module_runs_as_the_command() -> None:
    done = run("-m", "lrcn_desktop", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{__version__}\n", "")


def test_importing_the_command_costs_nothing() -> None:
    code = "import sys, lrcn_desktop.cli; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in run("-c", code).stdout.split()}
    assert "lrcn_desktop" in loaded
    assert not loaded & {"torch", "numpy", "cv2", "PySide6", "pyqtgraph", "tqdm", "ncnn"}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_leaves_early_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lrcn_desktop", "presets"],
            cwd=ROOT,
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=100,
        )
    finally:
        os.close(write)
    assert done.stderr == b""
