"""Several processes at one training give what one gives, also when one of them dies."""

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import torch
import torch.distributed as dist
from safetensors.torch import load_file
from tiny_training import (  # type: ignore[import-not-found]
    ENVIRONMENT,
    Start,
    Training,
    asked,
    check_files,
    told,
)
from torch import nn

from lrcn_desktop.cli import main
from lrcn_desktop.model.model_file import read_info
from training.fitting.distributed import ProcessGroup, SharedBatchNorm

TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
pytestmark = [
    pytest.mark.skipif(not dist.is_available(), reason="this PyTorch has no torch.distributed"),
    pytest.mark.skipif(sys.platform == "win32", reason="torchrun's Gloo on Windows needs libuv"),
]


def check_same(folder: Path, expected: Path) -> None:
    """Check that two runs made the same model: weights within 1e-4, the same figures."""
    ours, theirs = (load_file(path / "model.safetensors") for path in (folder, expected))
    assert ours.keys() == theirs.keys()
    furthest = max(float((ours[name] - theirs[name]).abs().max()) for name in ours)
    assert furthest <= 1e-4
    mine, other = (read_info(path / "model.safetensors") for path in (folder, expected))
    assert mine.training == other.training
    assert mine.test.keys() == other.test.keys()
    for name, figure in mine.test.items():
        near = isinstance(figure, float) and abs(figure - other.test[name]) <= 1e-4
        assert near or figure == other.test[name], name
    assert mine.temperature == pytest.approx(other.temperature, rel=1e-3)
    check_files(folder)
    assert not list(folder.rglob("*.part"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.timeout(300)
def test_two_processes_give_the_model_of_one(
    features: Path,
    undisturbed: Path,
    start: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As `torchrun` starts them, without its seconds: one of them, and this one."""
    common = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    arguments = asked(features, tmp_path)
    first = start(*arguments, environment={**common, "RANK": "0", "LOCAL_RANK": "0"})
    others = {**ENVIRONMENT, **common, "RANK": "1", "LOCAL_RANK": "1"}
    with monkeypatch.context() as patch:
        for name, value in others.items():
            patch.setenv(name, value)
        assert main(["train", *arguments, "--progress", "json"]) == 0
    assert capsys.readouterr() == ("", "")  # one of them speaks
    assert first.end() == (0, "")
    assert first.events[-1]["event"] == "done"
    check_same(tmp_path, undisturbed)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_torchrun_shares_the_extraction_too(
    tmp_path: Path,
    start: Start,
    write_video,  # type: ignore[no-untyped-def]  # noqa: ANN001
) -> None:
    data = tmp_path / "data"
    for label, grey in (("bright", 200), ("dark", 20)):
        (data / label).mkdir(parents=True)
        for number in range(3):
            clip = write_video(frames=2 + number, rate=5.0, size=(64, 48 + grey // 10))
            clip.rename(data / label / f"v_{label}_g0{number + 1}_c01.avi")
    seen = {}
    for name, launcher in (("one", ()), ("two", TORCHRUN)):
        (tmp_path / name).mkdir()
        out, cache = tmp_path / name / "model.safetensors", tmp_path / name / "cache"
        more = ["--epochs", "4", "--folds", "2", "--cache", cache]
        training = start(data, "--out", out, *more, launcher=launcher)
        status, errors = training.end()
        assert status == 0, errors
        seen[name] = {path.name: path.read_bytes() for path in cache.rglob("*.npy")}
        done = [e["done"] for e in training.events if e.get("stage") == "features" and "done" in e]
        assert done == ([1, 2, 3, 4, 5, 6] if name == "one" else [2, 4, 6])  # a clip each a time
    assert seen["one"] == seen["two"]
    check_same(tmp_path / "two", tmp_path / "one")


def worker(training: Training, rank: int) -> psutil.Process:
    """Return a process that torchrun has started."""
    for process in psutil.Process(training.process.pid).children(recursive=True):
        if process.environ().get("RANK") == str(rank):
            return process
    raise AssertionError(f"there is no process of rank {rank}")


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("rank", [1, 0])
def test_a_killed_worker_is_started_again_and_the_run_goes_on(
    features: Path, undisturbed: Path, start: Start, tmp_path: Path, rank: int
) -> None:
    fits = tmp_path / "model.run" / "fits"
    training = start(*asked(features, tmp_path), launcher=(*TORCHRUN, "--max-restarts", "3"))
    for kill, fit in enumerate(("fold 2 of 2, LSTM", "all clips, LSTM"), start=1):
        training.until("epoch", fit=fit, epoch=2)
        worker(training, rank).kill()
        training.until("run", resumed=True)
        kept = {p: p.stat().st_mtime_ns for p in fits.iterdir() if p.suffix == ".safetensors"}
        assert len(kept) == kill + 1
        training.until("epoch", fit=fit, epoch=3)
        done = sorted(kept, key=kept.__getitem__)[:-1]  # the last one is the unfinished fit's
        assert {p: p.stat().st_mtime_ns for p in done} == {p: kept[p] for p in done}
    status, errors = training.end()
    assert status == 0, errors
    assert training.events[-1]["event"] == "done"
    check_same(tmp_path, undisturbed)
    resumed = [event["resumed"] for event in told(tmp_path / "model.run")[0] if "resumed" in event]
    assert resumed == [False, True, True]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_torchrun_goes_on_with_a_run_that_died_with_it(
    features: Path, undisturbed: Path, start: Start, tmp_path: Path
) -> None:
    """The same job again, as a cluster queues it, continues; another one is refused."""
    training = start(*asked(features, tmp_path), launcher=TORCHRUN)
    training.until("epoch", fit="fold 2 of 2, LSTM", epoch=2)
    workers = psutil.Process(training.process.pid).children(recursive=True)
    training.process.kill()
    for process in workers:
        process.kill()
    training.end()
    once = (*TORCHRUN[:-1], "1", "--max-restarts", "1")
    refused = start(*asked(features, tmp_path), "--seed", "9", launcher=once)
    status, errors = refused.end()
    assert status == 1
    assert errors.count("holds an unfinished run: continue with") == 2  # it was tried again
    again = start(*asked(features, tmp_path), launcher=TORCHRUN)
    assert again.end()[0] == 0
    assert again.events[0]["resumed"] is True
    check_same(tmp_path, undisturbed)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_one_process_finds_wrong_ends_all(
    features: Path, start: Start, tmp_path: Path
) -> None:
    array = tmp_path / "model.run"
    array.write_bytes(b"in the way")
    begun = time.monotonic()
    training = start(*asked(features, tmp_path), launcher=TORCHRUN)
    status, errors = training.end()
    assert status == 1
    assert f"Cannot make the folder {tmp_path}/model.run: Not a directory." in errors
    assert "Process 1 ends because another of this training has ended" in errors
    assert time.monotonic() - begun < 90


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[None]:
    """Join a process group of one."""
    store = dist.FileStore(str(tmp_path / "store"), 1)
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    dist.destroy_process_group()


@pytest.mark.usefixtures("alone")
def test_a_shared_batch_norm_is_a_batch_norm() -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.BatchNorm2d(5, momentum=0.3))
    nn.init.uniform_(plain[0].weight)  # type: ignore[arg-type]
    shared = nn.Sequential(nn.BatchNorm2d(5, momentum=0.3))
    shared.load_state_dict(plain.state_dict())
    (norm,) = ProcessGroup(0, 2).share_norms(shared)
    assert isinstance(norm, SharedBatchNorm)
    assert shared.state_dict().keys() == plain.state_dict().keys()
    for _ in range(2):
        ours = (3 + 2 * torch.randn(4, 5, 3, 3)).requires_grad_()
        theirs = ours.detach().clone().requires_grad_()
        weights = torch.randn(4, 5, 3, 3)
        for network, given in ((shared, ours), (plain, theirs)):
            (network(given) * weights).sum().backward()
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(shared.state_dict(), plain.state_dict(), rtol=1e-4, atol=1e-5)
    for a, b in zip(shared.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(shared.eval()(ours), plain.eval()(theirs), rtol=1e-4, atol=1e-5)


def test_shares_are_whole_and_even() -> None:
    for size in (1, 2, 3, 7):
        for count in (0, 1, 2, 6, 20):
            shares = [ProcessGroup(rank, size).share(count) for rank in range(size)]
            numbers = [n for share in shares for n in range(count)[share]]
            assert numbers == list(range(count))
            lengths = [share.stop - share.start for share in shares]
            assert max(lengths) - min(lengths) <= 1
