"""The page of how fast this computer is: measured beside the window, cancelled, shown as bars."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from shared_names import PATIENCE

from lrcn_desktop.app.bench.bench_part import BenchPart
from lrcn_desktop.app.bench.bench_window import BenchWindow
from lrcn_desktop.app.bench.groups import BenchFile, groups
from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.retrain import child
from lrcn_desktop.app.widgets.theme import current_theme
from lrcn_desktop.guard import read_json

LIVE = {"at_best_per_s": 80.0, "steps_per_s": 25.0, "wanted_per_s": 25.0, "latency_ms": 31.0}
FIGURES = {
    "device": "CPU (ncnn, 2 threads)",
    "model": "ucf101-7",
    "cores": 2,
    "features_ms": {"ncnn": 60.0, "ncnn 1": 120.0, "cpu": 150.0},
    "eager_ms": 160.0,
    "step_ms": {"p50": 61.0, "p99": 70.0, "runs": 8},
    "peer_step_ms": {"p50": 180.0, "p99": 200.0, "runs": 8},
    "peer_window_ms": {"p50": 2900.0, "p99": 3000.0, "runs": 2, "frames": 16},
    "live": {"ucf101-7-light": LIVE | {"peak_rss_mb": 240.0}},
    "start_up": {"help_s": 0.05, "window_s": 0.6, "picture_s": 0.9, "first_prediction_s": 1.2},
    "analyze": {"times_real_time": 3.2},
    "growth": {},
}
BENCH = """
import json, sys, time
mode, figures, file = sys.argv[1], sys.argv[2], sys.argv[sys.argv.index("--json") + 1]
print("measuring (1 of 2): features", file=sys.stderr, flush=True)
if mode == "fails":
    print("lrcn-desktop: The disk is full: make room.", file=sys.stderr)
    sys.exit(2)
if mode == "waits":
    time.sleep(600)
open(file, "w").write(figures)
"""


@pytest.fixture
def page(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> BenchWindow:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return next(part for part in open_window().parts if isinstance(part, BenchPart)).open()


def measure(page: BenchWindow, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    command = [sys.executable, "-c", BENCH, mode, json.dumps(FIGURES)]
    monkeypatch.setattr(child, "COMMAND", command)
    page.action.click()
    assert page.action.text() == "&Cancel"


def ended(page: BenchWindow) -> bool:
    return page.action.text() == "&Measure" and not page.bar.isVisible()


def test_what_is_measured_is_drawn_and_drawn_again_at_the_next_opening(
    page: BenchWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    assert "two minutes" in page.text
    measure(page, monkeypatch, "well")
    qtbot.waitUntil(lambda: "CPU (ncnn, 2 threads)" in page.text, timeout=PATIENCE)
    assert ended(page)
    assert "Common scripts 180 ms" in page.chart.accessibleDescription()
    page.show_result(None)
    assert page.chart.accessibleDescription() == ""
    page.close()
    part = page.parent().parts  # type: ignore[union-attr]
    next(p for p in part if isinstance(p, BenchPart)).open()
    qtbot.waitUntil(lambda: "ncnn" in page.chart.accessibleDescription(), timeout=PATIENCE)
    (tmp_path / "cache" / "lrcn-desktop" / "bench.json").write_text("{}")
    next(p for p in part if isinstance(p, BenchPart)).open()
    qtbot.waitUntil(lambda: "not what bench writes" in page.errors.text, timeout=PATIENCE)


def test_a_measurement_is_cancelled_and_one_that_fails_says_why(
    page: BenchWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    measure(page, monkeypatch, "waits")
    qtbot.waitUntil(lambda: page.part.text() == "Part 1 of 2", timeout=PATIENCE)
    page.action.click()
    qtbot.waitUntil(lambda: ended(page), timeout=PATIENCE)
    assert not page.errors.isVisible()
    measure(page, monkeypatch, "fails")
    qtbot.waitUntil(lambda: ended(page), timeout=PATIENCE)
    assert page.errors.text == "The disk is full: make room."
    measure(page, monkeypatch, "waits")  # and the window closes all the same


def test_bars_are_as_long_as_what_they_stand_for(page: BenchWindow, tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    file.write_text(json.dumps(FIGURES))
    found = read_json(file, BenchFile, "is damaged")
    page.chart.show_groups(groups(found)[:1])
    page.chart.resize(page.chart.sizeHint())
    image, row = page.chart.grab().toImage(), page.chart.fontMetrics().height() + 12
    accent, border = QColor(current_theme().accent), QColor(current_theme().border)
    lengths = []
    for place in range(1, 5):
        y = round((place + 0.5) * row)
        colors = [image.pixelColor(x, y) for x in range(image.width())]
        lengths.append(sum(color in (accent, border) for color in colors))
    assert lengths[0] == pytest.approx(lengths[3] * 60 / 160, abs=4)
    assert lengths[2] == pytest.approx(lengths[3] * 150 / 160, abs=4)
    assert lengths[3] > 100
