"""The smaller parts: bars, plot, transport, status, worker, and the colors' promise."""

import itertools
import logging
import threading
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from lrcn_desktop.app.pace_words import pace_words
from lrcn_desktop.app.widgets import status
from lrcn_desktop.app.widgets.bar_parts import View
from lrcn_desktop.app.widgets.class_colors import CLASS_COLORS, readable
from lrcn_desktop.app.widgets.overlay import ProbabilityOverlay
from lrcn_desktop.app.widgets.plot import MOST_CURVES, ProbabilityPlot
from lrcn_desktop.app.widgets.status import Figures, StatusBar
from lrcn_desktop.app.widgets.theme import DARK, LIGHT
from lrcn_desktop.app.widgets.transport import SeekSlider, TransportBar, clock
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.display_state import Shown
from lrcn_desktop.recognition.prediction import Prediction
from lrcn_desktop.recognition.rates import Pace

CLASSES = ("ApplyEyeMakeup", "sitting down", "YoYo")


def prediction(*probabilities: float, label: str | None) -> Prediction:
    return Prediction(1.0, np.array(probabilities, np.float32), label)


def predictions(start: float, probabilities: NDArray[np.float32]) -> list[Prediction]:
    """Return ten predictions per second from `start` seconds on; probabilities (N, C)."""
    return [Prediction(start + i / 10.0, row, None) for i, row in enumerate(probabilities)]


def test_the_bars_say_what_is_seen_and_that_it_is_unknown(qtbot: QtBot) -> None:
    overlay = ProbabilityOverlay()
    qtbot.addWidget(overlay)
    overlay.fit(QRect(0, 0, 800, 600))
    overlay.show_message("Loading model demo ...")
    assert overlay.accessibleDescription() == "Loading model demo ..."
    seen = prediction(0.7, 0.2, 0.1, label="ApplyEyeMakeup")
    overlay.show_view(View(CLASSES, 0.5, False, seen, Shown("ApplyEyeMakeup", True, 0.0), ""))
    overlay.grab()
    assert overlay.accessibleDescription() == "Apply Eye Makeup 70 %"
    unknown = prediction(0.4, 0.3, 0.3, label=None)
    overlay.show_view(View(CLASSES, 0.5, False, unknown, Shown(), ""))
    overlay.grab()
    assert overlay.accessibleDescription().startswith("Unknown")


def test_the_plot_draws_the_few_classes_that_were_likely(qtbot: QtBot) -> None:
    plot = ProbabilityPlot()
    qtbot.addWidget(plot)
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(101, 0.1), 150).astype(np.float32)
    names = tuple(f"class {number}" for number in range(101))
    plot.show_predictions(names, predictions(0.0, probabilities))
    plot.grab()
    assert len(plot.shown) == MOST_CURVES
    assert int(probabilities.max(axis=0).argmax()) in plot.shown
    calm = np.tile(np.array([0.0, 1.0, 0.0], np.float32), (50, 1))
    plot.show_predictions(("a", "b", "c"), predictions(20.0, calm))
    assert plot.shown == [1]  # what was never likely has no line and no name
    assert plot.legend == "B"
    plot.clear()
    assert plot.shown == []


def test_a_click_on_the_slider_seeks_there(qtbot: QtBot) -> None:
    slider = SeekSlider()
    qtbot.addWidget(slider)
    slider.resize(400, 24)
    slider.setMaximum(1000)
    with qtbot.waitSignal(slider.sought) as sought:
        QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(300, 12))
    assert sought.args[0] == pytest.approx(7.5, abs=0.2)


def test_the_transport_shows_what_a_source_can(qtbot: QtBot) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.set_source(65.0, seekable=True, live=False)
    bar.show_state(5.0, paused=False, ended=False)
    assert bar.time_text == "0:05 / 1:05"
    bar.set_source(None, seekable=False, live=True)
    bar.show_state(5.0, paused=True, ended=False)
    assert "Live" in bar.time_text
    assert clock(3725) == "1:02:05"


def figures(steps: float | None, settled: bool = True) -> Figures:
    return Figures(30.0, 29.9, steps, 10.0, 0.12, 3, 31.0, settled)


def test_the_status_says_so_when_the_machine_is_too_slow(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "PATIENCE", -1.0)
    bar = StatusBar()
    qtbot.addWidget(bar)
    qtbot.addWidget(bar.notes)
    bar.show_figures(figures(None))
    bar.show_figures(figures(2.0, settled=False))
    assert bar.notice == ""
    bar.show_figures(figures(7.4))
    assert "7.4 of the 10 steps" in bar.notice
    assert bar.notes.action.text() == ""
    bar.set_lighter("small", " (98 % of clips right)")
    bar.show_figures(figures(7.4))
    assert bar.notes.action.text() == "Use small"
    assert "98 % of clips right" in bar.notice
    with qtbot.waitSignal(bar.lighter_wanted) as wanted:
        bar.notes.action.click()
    assert wanted.args == ["small"]
    bar.notes.close_button.click()
    bar.show_figures(figures(7.1))
    assert bar.notice == ""  # the user has read it
    bar.show_figures(figures(9.8))
    assert bar.notice == ""
    bar.show_figures(replace(figures(0.0, settled=False), playing=False))
    texts = {label.text() for label in bar.findChildren(QLabel)}
    assert "Paused" in texts
    assert not any("0.0 of" in text for text in texts)  # nothing is late that does not play
    bar.show_figures(None)


def test_the_status_says_how_much_of_any_rate_is_held_and_why(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    qtbot.addWidget(bar.notes)
    held = replace(figures(9.9), limit=30.0, why="10 steps per second: automatic")
    bar.show_figures(held)
    assert bar.notice == ""  # nothing better is to be had
    bar.set_lighter("small", "")
    bar.show_figures(held)
    assert bar.notice.startswith("This model holds 10 of 30 steps per second here.")
    assert bar.notes.action.text() == "Use small"
    bar.set_lighter("", "")
    bar.show_figures(replace(held, slowed=True))
    assert bar.notice == "This model holds 10 of 30 steps per second here."
    tips = [label.toolTip() for label in bar.findChildren(QLabel)]
    assert "10 steps per second: automatic" in tips
    bar.show_figures(replace(held, limit=10.0))
    assert bar.notice == ""


PACES = [
    (Pace(5.0, False, "model", 5.0), "5 steps per second: the model's own rate"),
    (Pace(None, True, "model", None), "Every frame is a step: the model's own rate"),
    (Pace(25.0, False, 25.0, 30.0), "25 steps per second: chosen in the preferences"),
    (Pace(25.0, True, "every frame", 25.0), "Every frame is a step: chosen in the preferences"),
    (Pace(29.97, True, "auto", 29.97), "Every frame is a step: automatic"),
    (Pace(30.0, False, "auto", 30.0), "30 steps per second: automatic"),
    (
        Pace(10.0, False, "auto", 30.0),
        "10 steps per second: automatic, the highest of up to 30 that this computer holds",
    ),
    (
        Pace(10.0, False, "auto", 30.0, slowed=True),
        "10 steps per second: automatic, lowered as this computer did not hold more",
    ),
]


@pytest.mark.parametrize(("pace", "words"), PACES)
def test_a_pace_in_words(pace: Pace, words: str) -> None:
    assert pace_words(pace) == words


def test_a_worker_delivers_results_and_errors_on_this_thread(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker()
    got: list[tuple[object, bool]] = []

    def fail(error: Exception) -> None:
        raise error

    def deliver(outcome: object) -> None:
        got.append((outcome, threading.current_thread() is threading.main_thread()))

    worker.run(lambda: 42, deliver, deliver, "works")
    worker.run(lambda: fail(UserError("No such thing.")), deliver, deliver, "fails")
    with caplog.at_level(logging.CRITICAL):
        worker.run(lambda: fail(KeyError("bug")), deliver, deliver, "is broken")
        qtbot.waitUntil(lambda: len(got) == 3)
    assert (42, True) in got
    assert ("No such thing.", True) in got
    assert all(on_main for _, on_main in got)
    assert any("bug" in str(outcome) for outcome, _ in got)
    assert worker.finish(1.0)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("ApplyEyeMakeup", "Apply Eye Makeup"),
        ("YoYo", "Yo Yo"),
        ("sitting down", "Sitting down"),
        ("jumping_jacks", "Jumping jacks"),
    ],
)
def test_class_names_read_as_words(label: str, text: str) -> None:
    assert readable(label) == text


# Machado, Oliveira and Fernandes (2009), severity 1: on linear RGB.
SIGHT = {
    "ordinary": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(color: str) -> NDArray[np.float64]:
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x = xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_class_colors_can_be_told_apart(sight: str) -> None:
    seen = [lab(np.array(SIGHT[sight]) @ linear(color)) for color in CLASS_COLORS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 15.0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_class_colors_stand_out_in_both_themes(theme: object) -> None:
    luminance = np.array([0.2126, 0.7152, 0.0722])
    back = float(linear(theme.panel) @ luminance)  # type: ignore[attr-defined]
    for color in CLASS_COLORS:
        dark, light = sorted((float(linear(color) @ luminance), back))
        assert (light + 0.05) / (dark + 0.05) >= 2.8
