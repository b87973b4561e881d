"""What a person asked of a run, as data and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from lrcn_desktop.guard import guarded, read_json
from lrcn_desktop.model.presets import PRESETS

_MOST = 100_000  # of folds and epochs


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a run is made from; two runs with the same settings give the same model.

    Attributes:
        out: The model file.
        data: A data set's folder, "demo", or None where `features` is all there is.
        features: A feature folder.
        other: Folders and files of negatives beside those of the data.
        preset: Which network.
        activities: Which activities; None: the default; ("all",): all.
        rate: Steps a second.
        rates: The lowest and highest that sequences are resampled to at random; None: `rate`.
        folds: Of the cross-validation; None: what suits the clips.
        epochs: Passes over the clips; None: the preset's own.
        seed: Of everything random.
        split: Which of UCF-101's official splits.
        protocol: "all" clips, or the "slides" way: 8, 10 and 10 an activity.
        stream: "rgb", or "flow", optical flow.
        end_to_end: Whether what the preset holds frozen of its own is trained too.
        flips: Whether mirrored frames are trained on too.
        cache: Where features are kept.
        device: "auto", "cpu", "cuda" or "mps".
        compare: A model that is judged on the same test clips.
    """

    out: str
    data: str | None = None
    features: str | None = None
    other: tuple[str, ...] = ()
    preset: str = "default"
    activities: tuple[str, ...] | None = None
    rate: float = 5.0
    rates: tuple[float, float] | None = None
    folds: int | None = None
    epochs: int | None = None
    seed: int = 0
    split: int = 1
    protocol: Literal["all", "slides"] = "all"
    stream: Literal["rgb", "flow"] = "rgb"
    end_to_end: bool = False
    flips: bool = False
    cache: str = ""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    compare: str | None = None

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `to_json` made.

        Raises:
            UserError: It is not that.
        """
        fault = "does not describe a run", "begin a new one"
        settings = read_json(path, cls, *fault)
        with guarded(path, *fault):
            settings._check()
        return settings

    def _check(self) -> None:
        """Raise ValueError where a value is none that the command would have taken."""
        low, high = self.rates or (self.rate, self.rate)
        paths = (self.out, self.data, self.features, self.cache, self.compare, *self.other)
        checks = {
            "preset": self.preset in PRESETS,
            "rate": all(0 < rate <= 1000 for rate in (self.rate, low, high)) and low <= high,
            "folds": self.folds is None or 1 <= self.folds <= _MOST,
            "epochs": self.epochs is None or 1 <= self.epochs <= _MOST,
            "seed": abs(self.seed) < 2**63,
            "split": self.split in (1, 2, 3),
            "paths": not any("\0" in path for path in paths if path is not None),
        }
        if wrong := [name for name, right in checks.items() if not right]:
            raise ValueError(f"what it says of {wrong[0]} cannot be")
