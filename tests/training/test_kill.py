"""A training that is killed at any moment, and resumed, ends as if nothing had happened."""

import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tiny_training import Start, asked, check_files, told  # type: ignore[import-not-found]

from lrcn_desktop.cli import main
from lrcn_desktop.model.model import load_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


STAGES = ("begin", "scan", "features", "fit", "test")


def fits(run: Path) -> set[tuple[str, int]]:
    """Return the epochs that were reported."""
    if not (run / "progress.jsonl").exists():
        return set()
    return {(e["fit"], e["epoch"]) for e in told(run)[0] if e["event"] == "epoch"}


def same_end(run: Path, expected: Path) -> None:
    """Check that a run's model and report are those of an undisturbed one, to the byte."""
    for name in ("model.safetensors", "model.run/report.html"):
        assert (run / name).read_bytes() == (expected / name).read_bytes(), name
    assert not list((run / "model.run").rglob("*.part"))
    assert not (run / "model.run" / "fits").exists()


@pytest.mark.slow
def test_three_kills(features: Path, undisturbed: Path, start: Start, tmp_path: Path) -> None:
    run = tmp_path / "model.run"
    training = start(*asked(features, tmp_path))
    for fit, epoch in (
        ("fold 1 of 2, LSTM", 1),
        ("fold 2 of 2, LSTM", 2),
        ("all clips, LSTM", 1),
    ):
        training.until("epoch", fit=fit, epoch=epoch)
        training.kill()
        check_files(tmp_path)
        if not fit.startswith("all"):
            training = start("--resume", run)
    assert main(["train", "--resume", str(run)]) == 0
    same_end(tmp_path, undisturbed)
    events, torn = told(run)
    assert torn <= 3
    assert [event["resumed"] for event in events if event["event"] == "run"][1:] == [True] * 3


@pytest.fixture
def videos(tmp_path: Path, write_video) -> Path:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Two activities, five clips of two frames each."""
    data = tmp_path / "data"
    for label, grey in (("bright", 200), ("dark", 20)):
        (data / label).mkdir(parents=True)
        for number in range(5):
            picture = np.full((48, 64, 3), grey + 10 * number, np.uint8)
            path = write_video(
                frames=2, rate=5.0, size=(64, 48), draw=lambda _, __, picture=picture: picture
            )
            shutil.move(path, data / label / f"v_{label}_g0{number + 1}_c01.avi")
    return data


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [0, 1])
def test_twenty_kills_at_random_moments(
    videos: Path, start: Start, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the first moment to the last: while it looks, extracts, fits, tests and writes."""

    def command(folder: Path) -> list[str]:
        folder.mkdir()
        out, cache = folder / "model.safetensors", folder / "cache"
        more = ["--epochs", "12", "--folds", "2", "--cache", str(cache)]
        return [str(videos), "--out", str(out), *more]

    expected = tmp_path / "undisturbed"
    undisturbed = start(*command(expected))
    assert undisturbed.end()[0] == 0
    rng = random.Random(seed)
    # The stage in which it dies, and after how many steps of the stage, and how much later.
    moments = [("scan", rng.randint(0, 4), 0.0) for _ in range(3)]
    moments += [("begin", 0, rng.uniform(0.2, 3.0)) for _ in range(3)]
    moments += [("features", rng.randint(0, 1), rng.uniform(0, 0.3)) for _ in range(5)]
    moments += [("fit", rng.randint(0, 5), rng.uniform(0, 0.05)) for _ in range(9)]
    moments += [("test", 0, later) for later in (0.0, 0.02, 0.04, 0.06)]

    folder = tmp_path / "killed"
    first, run = command(folder), folder / "model.run"
    died: Counter[str] = Counter()
    for stage, steps, later in moments:
        if (run / "done.json").exists():  # the end was faster than its last killers
            break
        known = fits(run)
        training = start("--resume", run) if (run / "run.json").exists() else start(*first)
        reached, fresh = STAGES[0], 0
        while stage != STAGES[0] and (event := training.next()) is not None:
            if event["event"] == "stage":
                reached, fresh = event["stage"], 0
            elif event["event"] == "epoch":
                fresh += (event["fit"], event["epoch"]) not in known
            elif event["event"] == "progress" and reached != "fit":
                fresh += 1
            past = STAGES.index(reached) > STAGES.index(stage)
            if past or (reached == stage and fresh >= steps):
                break
        time.sleep(later)
        died[reached] += training.process.poll() is None
        training.kill()
        check_files(folder)
    assert died.total() >= 20
    assert set(died) == set(STAGES), died
    done = (run / "done.json").exists()
    assert start("--resume", run).end()[0] == (2 if done else 0)
    same_end(folder, expected)
    assert told(run)[1] <= len(moments)
    assert load_model(folder / "model.safetensors").info.classes == ("bright", "dark")
    caches = [sorted(p.name for p in (f / "cache").rglob("*.npy")) for f in (expected, folder)]
    assert caches[0] == caches[1]
    assert len(caches[0]) == 10
    with capsys.disabled():
        print(f"\nkills by stage: {dict(died)}")
