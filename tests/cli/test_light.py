"""Commands of an installation without PyTorch: what they cannot do is one sentence."""

from pathlib import Path

import pytest

from lrcn_desktop.cli import main


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("train", "demo", "--out", "m"), "The command train"),
        (("evaluate", "demo", "demo"), "The command evaluate"),
        (("bench",), "The command bench"),
        (("analyze", "demo", "--device", "cuda", "--seconds", "1"), "--device cuda"),
    ],
)
def test_what_needs_pytorch_says_so(
    arguments: tuple[str, ...],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("lrcn_desktop.light.find_spec", lambda _: None)
    assert main(arguments) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"lrcn-desktop: {what} needs PyTorch")
    assert not Path("m").exists()
