"""`lrcn-desktop bench`, whole: every figure is there, and the bars that hold on any machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lrcn_desktop.cli import main
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model import Model
from lrcn_desktop.recognition.bench import bench

KEYS = {
    "analyze", "batch_features_per_s", "cores", "device", "eager_ms", "features_ms", "floor",
    "floor_ms", "frame", "growth", "live", "model", "peak_rss_mb", "peer_step_ms",
    "peer_window_ms", "ratios", "start_up", "step_ms", "training",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_measures_everything_and_the_ratios_are_of_its_own_figures(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    command = [sys.executable, "-m", "lrcn_desktop", "bench", "--device", "cpu", "--json", file]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(done.stdout)
    found = json.loads(file.read_text("utf-8"))
    assert found.keys() == KEYS
    step, ratios = found["step_ms"], found["ratios"]
    assert step["p99"] >= step["p50"] > 0
    assert ratios["peer_vs_step"] == found["peer_step_ms"]["p50"] / step["p50"]
    assert ratios["window_vs_step"] == found["peer_window_ms"]["p50"] / step["p50"]
    fastest = min(found["features_ms"].values())
    assert ratios["features_vs_eager"] == pytest.approx(fastest / found["eager_ms"], rel=0.1)
    # The bars of the issue, where they are ratios of one run, with room for a noisy machine.
    assert ratios["features_vs_eager"] <= 0.45
    assert ratios["step_vs_features"] <= 1.15
    assert ratios["peer_vs_step"] > 1.5
    assert ratios["window_vs_step"] > 20
    growth = found["growth"]
    assert growth["100000"]["ms"] < 1.5 * growth["1000"]["ms"]
    assert growth["100000"]["rss_mb"] - growth["1000"]["rss_mb"] < 10
    for at in found["training"].values():
        assert at["second_epoch_s"] < 0.05 * at["first_epoch_s"]
    assert found["live"].keys() == {"ucf101-7", "ucf101-7-light"}
    for name, at in found["live"].items():
        assert at["steps_per_s"] > 0.9 * at["wanted_per_s"], name


def test_a_model_on_vgg16_is_measured_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(model: Model, _: str) -> None:
        raise UserError(f"would measure {model.info.name}")

    monkeypatch.setattr(bench, "open_engine", stop)
    assert main(["bench"]) == 2
    assert "would measure ucf101-7\n" in capsys.readouterr().err


def test_a_model_that_is_not_on_vgg16_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--model", "ucf101-7-light"]) == 2
    assert "not on VGG-16" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "--json", str(tmp_path / "no" / "bench.json")]) == 2
    assert "bench.json" in capsys.readouterr().err
