"""The fastest of a processor's engines: measured at the first start, remembered for the machine."""

import json
import logging
import math
import platform
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import Self

import numpy as np
import psutil

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import atomic_write, make_private, put_aside
from lrcn_desktop.guard import read_json
from lrcn_desktop.paths import cache_dir
from lrcn_desktop.recognition.engines.engine import CORES, Engine

_FRAMES = 6  # that each engine is timed on at least, after one that does not count
SECONDS = 1.5  # that it goes on for: where frames take little, more of them are needed
_LOOK = 0.15  # seconds of a look at how busy the machine is
_REST = 0.03  # seconds before each: the other engines' threads go on turning for a while
_MARGIN = 0.9  # of the first candidate's time that another one must not exceed: noise decides less

# Of a core, used meanwhile: more makes the measurement worth nothing.
_BUSY = 0.25  # by other processes
_BUSY_HERE = 0.75  # by this one's other threads: a video may play, but not be recognized

_log = logging.getLogger(__name__)

Build = Callable[[], Engine]


def fastest(network: str, candidates: Mapping[str, Build], memory: Path | None = None) -> Engine:
    """Return the fastest of `candidates`; nothing is measured where the answer is known.

    What a frame takes on it is remembered too, as its `seconds`; None after a start beside other
    programs, which leave nothing to measure.

    Args:
        network: What they all compute, such as "vgg16 224".
        candidates: By name, in the order of preference. What one raises counts as "does not work".
        memory: The file that answers are kept in; None: in the user's cache folder.

    Raises:
        ImportError, RuntimeError: None of them works.
    """
    memory = memory or cache_dir() / "engines.json"
    known, key = _read(memory), f"{network}, {_machine()}"
    remembered = _Answer.of(known.get(key))
    if remembered is not None and remembered.engine in candidates:
        try:
            engine = candidates[remembered.engine]()
            engine.seconds = remembered.seconds
            return engine
        except (ImportError, RuntimeError) as error:  # it worked when it was measured
            _log.warning("%s: %s does not work any more: %s", network, remembered.engine, error)
    # Who else is at work would decide too much: then the first one is taken, and another start will
    # tell. A look before saves a busy machine from measuring at every start.
    load = _Load()
    time.sleep(_LOOK)
    if load.is_high():
        return _first_that_works(candidates)
    load = _Load()
    built, taken = _measure(candidates)
    first = next(iter(taken))
    if load.is_high():
        return built[first]
    best = min(taken, key=lambda name: taken[name])
    choice = best if taken[best] <= _MARGIN * taken[first] else first
    _log.info("%s: %s of %s", network, choice, {name: round(s, 4) for name, s in taken.items()})
    _write(memory, known | {key: asdict(_Answer(choice, taken[choice]))})
    engine = built[choice]
    engine.seconds = taken[choice]
    return engine


@dataclass(frozen=True, slots=True)
class _Answer:
    """Which engine is the fastest, and the seconds that a frame takes on it."""

    engine: str
    seconds: float

    @classmethod
    def of(cls, value: object) -> Self | None:
        """Return the answer that the memory holds, None where it is none (an older version's)."""
        if not isinstance(value, dict):
            return None
        engine, seconds = value.get("engine"), value.get("seconds")
        if not isinstance(engine, str) or not isinstance(seconds, float):
            return None
        return cls(engine, seconds) if 0 < seconds < math.inf else None


def _first_that_works(candidates: Mapping[str, Build]) -> Engine:
    failure: Exception | None = None
    for build in candidates.values():
        try:
            return build()
        except (ImportError, RuntimeError) as error:
            failure = error
    raise failure or RuntimeError("there is no engine to choose from")


def _measure(candidates: Mapping[str, Build]) -> tuple[dict[str, Engine], dict[str, float]]:
    built: dict[str, Engine] = {}
    failure: Exception | None = None
    for name, build in candidates.items():
        try:
            built[name] = build()
        except (ImportError, RuntimeError) as error:
            failure = error
    if not built:
        raise failure or RuntimeError("there is no engine to choose from")
    frame = np.random.default_rng(0).integers(0, 256, (1, 240, 320, 3), np.uint8)
    seconds: dict[str, list[float]] = {name: [] for name in built}
    end = time.perf_counter() + SECONDS
    for number in count():  # in turns, as others may be busy on this machine
        if number > _FRAMES and time.perf_counter() > end:
            break
        for name, engine in built.items():
            time.sleep(_REST)
            began = time.perf_counter()
            engine.features(frame)
            if number:
                seconds[name].append(time.perf_counter() - began)
    # The least, not the median: a machine that is busy now will not be so for ever.
    return built, {name: min(times) for name, times in seconds.items()}


class _Load:
    """What else has used the processor since this was made."""

    def __init__(self) -> None:
        self._began, self._others, self._threads = (
            time.perf_counter(),
            others_used(),
            threads_used(),
        )

    def is_high(self) -> bool:
        """Whether it is too much for a measurement to mean anything."""
        seconds = time.perf_counter() - self._began
        before = self._threads
        here = sum(
            used - before[number] for number, used in threads_used().items() if number in before
        )
        return others_used() - self._others > _BUSY * seconds or here > _BUSY_HERE * seconds


def others_used() -> float:
    """Return the processor seconds that all other processes have used since the system's start."""
    every, own = psutil.cpu_times(), psutil.Process().cpu_times()
    nice = getattr(every, "nice", 0.0)  # of those that give way, which others know nothing of
    return float(every.user + nice + every.system) - (own.user + own.system)


def threads_used() -> dict[int, float]:
    """Return the processor seconds of each of this process's threads but the one that asks."""
    found = {t.id: t.user_time + t.system_time for t in psutil.Process().threads()}
    found.pop(threading.get_native_id(), None)
    return found


def _machine() -> str:
    """Return what an answer depends on: processor, cores and the engines' versions."""
    versions = []
    for package in ("ncnn", "torch"):
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"no {package}")
    return ", ".join([_processor(), f"{CORES} cores", *versions])


def _processor() -> str:
    """Return the processor's name, which on Linux only its own file tells."""
    if sys.platform == "linux":
        with suppress(OSError):
            lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
            names = (line.partition(":")[2].strip() for line in lines if "model name" in line)
            return next(names, platform.machine())
    return platform.processor() or platform.machine()


def _read(memory: Path) -> dict[str, object]:
    """Return what was measured before; a damaged file is put aside, and it is measured again."""
    if not memory.exists():
        return {}
    try:
        return read_json(memory, dict[str, object], "is damaged")
    except UserError as error:
        _log.warning("%s", error)
        put_aside(memory)
        return {}


def _write(memory: Path, known: Mapping[str, object]) -> None:
    try:
        make_private(memory.parent)
        with atomic_write(memory, "w") as file:
            json.dump(known, file, indent=1)
    except (OSError, UserError) as error:  # a cache that cannot be written costs a second a start
        _log.warning("The choice of the engine cannot be kept: %s", error)
