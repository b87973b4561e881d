"""The model that is chosen where nobody chose one: by figures that hold, and this machine."""

from dataclasses import replace

import pytest

from lrcn_desktop.model.claims import INTERVAL, STEPS, STREAM_STEPS
from lrcn_desktop.model.defaults import FAMILY, lighter_model
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_info
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.recognition import automatic, speed
from lrcn_desktop.recognition.automatic import automatic_model

LIGHT, HEAVY = FAMILY


def offer(
    monkeypatch: pytest.MonkeyPatch, light: float, heavy: float, fast: float | None, key: str
) -> None:
    """Let the models be this good, 0..1, and the heavier one this fast, in steps per second."""
    whole = read_info(find_model(LIGHT))

    def known(name: str) -> ModelInfo:
        share = {LIGHT: light, HEAVY: heavy}[name]
        span = [max(share - 0.03, 0.0), min(share + 0.03, 1.0)]
        return replace(whole, name=name, test={key: share, key + INTERVAL: span})

    monkeypatch.setattr(automatic, "info_of", known)
    monkeypatch.setattr(automatic, "known_speed", lambda _backbone, _device: fast)


@pytest.mark.parametrize(
    ("light", "heavy", "fast", "name", "why"),
    [
        (0.94, 0.88, 99.0, LIGHT, "as it is better and it needs less time"),
        (0.94, 0.93, 99.0, LIGHT, "none is clearly better"),
        (0.92, 0.94, 99.0, LIGHT, "none is clearly better"),
        (0.85, 0.94, 99.0, HEAVY, "holds its rate"),
        (0.85, 0.94, 6.0, LIGHT, "not known to hold"),
        (0.85, 0.94, None, LIGHT, "not known to hold"),
    ],
)
@pytest.mark.parametrize("key", [STEPS, STREAM_STEPS])
def test_a_slower_model_must_be_clearly_better_and_hold_its_rate(
    light: float,
    heavy: float,
    fast: float | None,
    name: str,
    why: str,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, light, heavy, fast, key)
    choice = automatic_model("holiday.mp4")
    assert choice.name == name
    assert why in choice.why
    assert f"{100 * light:.1f} %" in choice.why
    assert choice.why.endswith(".")


def test_steps_on_streams_are_compared_with_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, 0.94, 0.93, 99.0, STEPS)
    known = automatic.info_of

    def read(name: str) -> ModelInfo | None:
        info = known(name)
        assert info is not None
        more = {STREAM_STEPS: 0.6, STREAM_STEPS + INTERVAL: [0.5, 0.7]} if name == LIGHT else {}
        return replace(info, test={**info.test, **more})

    monkeypatch.setattr(automatic, "info_of", read)
    choice = automatic_model("holiday.mp4")
    assert choice.name == LIGHT
    assert "94.0 %" in choice.why


def test_the_demo_has_its_own_and_the_shipped_models_give_a_choice() -> None:
    assert automatic_model("demo").name == "demo"
    assert automatic_model("demo:3").name == "demo"
    assert automatic_model("holiday.mp4").name in FAMILY
    assert lighter_model(HEAVY) == LIGHT
    assert lighter_model(LIGHT) == lighter_model("my own") == ""


def test_the_best_speed_is_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(speed, "memory", lambda: tmp_path / "kept" / "speeds.json")  # type: ignore[operator]
    backbone = read_info(find_model(LIGHT)).backbone
    assert speed.known_speed(backbone, "cpu") is None
    for measured in (12.0, 20.0, 9.0):
        speed.remember(backbone, "cpu", measured)
    assert speed.known_speed(backbone, "cpu") == 20.0
    assert speed.known_speed(backbone, "cuda") is None
    speed.memory().write_text("{broken")
    assert speed.known_speed(backbone, "cpu") is None
