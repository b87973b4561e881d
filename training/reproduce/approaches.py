"""Training every approach on the same clips and the same sides, each in a run of its own."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write
from lrcn_desktop.model.presets import PRESETS
from training.evaluation.verdict import counted, percent
from training.fitting.distributed import ProcessGroup
from training.progress import Reporter
from training.reproduce.published import BEGINS_WITH, OURS, PUBLISHED
from training.reproduce.result import Result
from training.run.control import Control
from training.run.folder import RunFolder
from training.run.pipeline import run_training
from training.run.prepare import load_clips
from training.run.settings import Settings
from training.split import Protocols, plan_split

_APPROACHES = (*PUBLISHED, OURS)
_RESULT, _KEPT = "result.json", "fits"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        data: The data set's folder.
        out: The folder for everything that is made.
        protocol: None: the slides' where the clips suffice, else all.
    """

    data: Path
    out: Path
    activities: tuple[str, ...] | None
    rate: float
    split: int
    epochs: int | None
    seed: int
    protocol: Literal["slides", "all"] | None
    cache: Path
    device: Literal["auto", "cpu", "cuda", "mps"]


class _Approach(RunFolder):
    """The run of one approach; it is over only when what it came to has been kept."""

    def finish(self) -> None:
        """Wait for `conclude`."""

    def conclude(self, result: Result, kept: Path) -> None:
        """Keep the figures, and in the folder `kept` the fits that another approach begins with."""
        result.write(self.path / _RESULT)
        if result.preset in BEGINS_WITH.values():
            kept.mkdir(parents=True, exist_ok=True)
            for fit in (self.path / "fits").glob("*frames.safetensors"):
                _copy(fit, kept / fit.name)
        super().finish()


def run_approaches(request: Request, reporter: Reporter, control: Control | None) -> list[Result]:
    """Train what is not trained yet, going on where an earlier session ended.

    Raises:
        UserError: The data or the folder are at fault, or the disk is full.
        KeyboardInterrupt: It was interrupted; called again, it goes on.
    """
    protocol = _protocol(request, reporter)
    asked = {preset: _settings(request, preset, protocol) for preset in _APPROACHES}
    _check_same(request.out, asked)
    results = []
    for number, preset in enumerate(_APPROACHES, start=1):
        path = _folder(request.out, preset)
        if not (path / _RESULT).exists() or RunFolder.unfinished(path):
            reporter.note(f"{preset}, {number} of {len(_APPROACHES)}:")
            _train(asked[preset], request.out, reporter, control)
        result = Result.read(path / _RESULT)
        share, clips = percent(result.clip_mean), counted(result.clips, "test clip")
        reporter.note(f"{preset}: {share} of {clips} right by the mean over the clip.")
        results.append(result)
    shutil.rmtree(request.out / _KEPT, ignore_errors=True)
    return results


def _protocol(request: Request, reporter: Reporter) -> Protocols:
    """Return the slides' protocol if it is possible, or was asked for."""
    data, _ = load_clips(
        str(request.data),
        activities=request.activities,
        rate=request.rate,
        split=request.split,
        cache=request.cache,
        reporter=reporter,
        processes=ProcessGroup(),
    )
    try:
        if request.protocol != "all":
            plan_split(data.clips, folds=1, seed=request.seed, protocol="slides")
            return "slides"
    except UserError as error:
        if request.protocol == "slides":
            raise
        reporter.note(f"All clips are used, not the slides' numbers of them. {error}")
    plan_split(data.clips, folds=1, seed=request.seed, protocol="all")
    return "all"


def _settings(request: Request, preset: str, protocol: Protocols) -> Settings:
    return Settings(
        out=str((request.out / f"{preset}.safetensors").resolve()),
        data=str(request.data.resolve()),
        preset=preset,
        activities=request.activities,
        rate=request.rate,
        folds=1,
        epochs=request.epochs,
        seed=request.seed,
        split=request.split,
        protocol=protocol,
        cache=str(request.cache.resolve()),
        device=request.device,
    )


def _check_same(out: Path, asked: dict[str, Settings]) -> None:
    """Check that what is there already was made with the same settings."""
    for preset, settings in asked.items():
        path = _folder(out, preset)
        if not (path / "run.json").is_file():
            continue
        there = RunFolder.asked(path)
        if replace(there, cache=settings.cache, device=settings.device) != settings:
            raise UserError(
                f"{out} holds a reproduction of other clips or settings: name another folder with "
                "--out, or delete it."
            )


def _train(settings: Settings, out: Path, reporter: Reporter, control: Control | None) -> None:
    path = _folder(out, settings.preset)
    begun = RunFolder.unfinished(path)
    folder = _Approach.resume(path) if begun else _Approach.begin(path, settings)
    with folder:
        first = _folder(out, _APPROACHES[0]) / folder.clips.name
        if first.exists() and not folder.clips.exists():
            _copy(first, folder.clips)  # a clip may have been added since
        _begin_with(folder, out)
        reporter.also_to(path / "progress.jsonl")
        try:
            outcome = run_training(folder, reporter, ProcessGroup(), control)
        finally:
            reporter.close()
        folder.conclude(Result.of(outcome, folder.history()), out / _KEPT / settings.preset)


def _begin_with(folder: RunFolder, out: Path) -> None:
    """Take over the fits of single frames that another approach has made already."""
    preset = folder.settings.preset
    base = BEGINS_WITH.get(preset)
    if base is None or PRESETS[base].fits.frames != PRESETS[preset].fits.frames:
        return
    for fit in (out / _KEPT / base).glob("*.safetensors"):
        mine = folder.checkpoint(fit.stem)
        if not mine.exists():
            fit.replace(mine)


def _folder(out: Path, preset: str) -> Path:
    return out / f"{preset}.run"


def _copy(path: Path, to: Path) -> None:
    with path.open("rb") as source, atomic_write(to, "wb") as target:
        shutil.copyfileobj(source, target)
