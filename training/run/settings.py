"""What a person asked of a run, as data and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from lrcn_desktop.errors import UserError


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
        flips: Whether mirrored frames are learnt from too.
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
        try:
            values = json.loads(path.read_text("utf-8"))
            for name in ("activities", "rates", "other"):
                if values.get(name) is not None:
                    values[name] = tuple(values[name])
            return cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"{path} does not describe a run ({error}): begin a new one."
            ) from error
