"""What a model file says of itself, as data and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from lrcn_desktop.guard import parse_json
from lrcn_desktop.model.backbones.weights import SCALINGS
from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.model.rejection import RejectionConfig
from lrcn_desktop.names import is_one_line

FORMAT = 1
_GREATEST = 1e300  # of any figure: larger ones, and NaN, cannot be written as JSON again
_DEEPEST = 16  # levels of lists and objects in the figures
_LARGEST = 65_536  # of any size that metadata may ask for: nothing that is built here comes near


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model knows, how it is built, how it was made and how good it is.

    Attributes:
        name: What a person calls it.
        classes: The activities, in the order of the probabilities.
        preset: The preset that it was built from.
        backbone: The convolutional part.
        head: The trained part.
        step_rate: Steps per second at which it runs unless another rate is chosen; None: a step on
            every frame.
        stream: What the frames are: "rgb" pictures, or "flow", optical flow as pictures.
        baseline: What the file holds of the same network without memory, fitted to the same clips:
            "none" that is not part of the head, its "head" (on the model's own convolutional
            part), or the whole "network".
        scaling: The key in `SCALINGS` of the backbone's input scaling.
        backbone_digest: `weights_digest` of the frozen backbone; None where the file has its own
            CNN, or features from elsewhere are all that it knows.
        temperature: Logits are divided by it (calibration), above 0.
        rejection: How activities are distinguished from what the model does not know; None: by
            the highest probability alone.
        threshold: Below this an activity is unknown, 0..1: of how surely one is known, or of the
            highest probability.
        training: Figures of the training data and of the fit.
        test: Figures on the held-out test.
        rates: The lowest and the highest steps per second that it was trained for; None: only
            `step_rate`.
    """

    name: str
    classes: tuple[str, ...]
    preset: str
    backbone: BackboneConfig
    head: HeadConfig
    step_rate: float | None
    stream: Literal["rgb", "flow"] = "rgb"
    baseline: Literal["none", "head", "network"] = "none"
    scaling: str = "caffe"
    backbone_digest: str | None = None
    temperature: float = 1.0
    rejection: RejectionConfig | None = None
    threshold: float = 0.0
    training: dict[str, Any] = field(default_factory=dict)
    test: dict[str, Any] = field(default_factory=dict)
    rates: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Check every value, since a file may come from a stranger."""
        sizes = (self.backbone.size, len(self.classes), *self.head.fc, *self.head.hidden)
        switches = (self.backbone.batch_norm, self.backbone.last_pool, self.head.frames)
        checks = {
            "name": _is_text(self.name),
            "classes": all(_is_text(c) for c in self.classes)
            and len(set(self.classes)) == len(self.classes) >= 2,
            "preset": _is_text(self.preset),
            "sizes": all(type(s) is int and 0 < s <= _LARGEST for s in sizes),
            "switches": all(isinstance(s, bool) for s in switches),
            "backbone": self.backbone.size in self.backbone.sizes,
            "dim": self.backbone.dim > 0,
            "layers": len(self.head.fc) <= 8 and len(self.head.hidden) <= 8,
            "pooling": self.head.pool in ("flatten", "norm", "average", "statistics"),
            "cell": self.head.cell in ("lstm", "gru"),
            "dropout": _is_number(self.head.dropout) and 0 <= self.head.dropout < 1,
            "projection": all(
                type(s) is int and 0 <= s <= _LARGEST for s in (self.head.project, self.head.motion)
            )
            and not (self.head.motion and not self.head.project)
            and not (self.head.project and self.head.pool == "flatten"),
            "movement": _is_number(self.head.movement)
            and 0 <= self.head.movement <= 60
            and not (self.head.movement and not (self.head.motion and self.head.frames)),
            "cut": _is_number(self.head.cut) and -1 <= self.head.cut <= 1,
            "step_rate": self.step_rate is None or _is_rate(self.step_rate),
            "rates": self.rates is None or _is_range(self.rates, self.step_rate),
            "stream": self.stream in ("rgb", "flow"),
            "baseline": self.baseline in ("none", "head", "network"),
            "scaling": self.scaling in SCALINGS,
            "backbone_digest": self.backbone_digest is None
            if self.backbone.frozen is None
            else _is_text(self.backbone_digest),
            "temperature": _is_number(self.temperature) and 1e-3 <= self.temperature <= 1e3,
            "rejection": self.rejection is None
            or (
                type(self.rejection.components) is int
                and 0 < self.rejection.components <= self.head.project
                and _is_number(self.rejection.seconds)
                and 0 < self.rejection.seconds <= 60
            ),
            "threshold": _is_number(self.threshold) and 0 <= self.threshold <= 1,
            "figures": isinstance(self.training, dict)
            and isinstance(self.test, dict)
            and all(_is_figure(value) for value in _values([self.training, self.test])),
        }
        if wrong := [name for name, right in checks.items() if not right]:
            raise ValueError(f"what it says of {wrong[0]!r} makes no sense")

    def to_json(self) -> str:
        """Return it as JSON text, with the format's version."""
        return json.dumps({"format": FORMAT, **asdict(self)}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            Exception: It is not that; of whatever kind.
        """
        data = parse_json(text)
        if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
            raise ValueError("its format is not one that this version knows")
        head = data["head"]
        data["classes"] = _tuple(data["classes"])
        data["backbone"] = BackboneConfig(**data["backbone"])
        if data.get("rejection") is not None:
            data["rejection"] = RejectionConfig(**data["rejection"])
        data["head"] = HeadConfig(**head | {key: _tuple(head[key]) for key in ("fc", "hidden")})
        if data.get("rates") is not None:  # files of before have none
            data["rates"] = _tuple(data["rates"])
        return cls(**data)


def _is_text(value: object) -> bool:
    """Whether it is a text that can be shown on one line: no line ends, no terminal's commands."""
    return isinstance(value, str) and value != "" and is_one_line(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_rate(value: object) -> bool:
    """Whether it is a number of steps per second that any model may be trained for."""
    return _is_number(value) and 0.01 <= value <= 1000  # type: ignore[operator]


def _is_range(rates: tuple[float, float], around: float | None) -> bool:
    """Whether `rates` are a lower and an upper rate, with `around` between them."""
    if len(rates) != 2 or not all(map(_is_rate, rates)):
        return False
    return rates[0] <= rates[1] and (
        around is None or (_is_rate(around) and rates[0] <= around <= rates[1])
    )


def _is_figure(value: object) -> bool:
    """Whether it can be shown, and written as JSON once more: no NaN, and nothing endless."""
    if isinstance(value, int | float):
        return -_GREATEST <= value <= _GREATEST  # False for NaN
    return value is None or _is_text(value)


def _values(value: object, depth: int = 0) -> Iterator[object]:
    """Yield every text, number, truth value and key of nested JSON."""
    if depth > _DEEPEST:
        raise ValueError("its figures are nested too deeply")
    if isinstance(value, dict):
        yield from value
        yield from _values(list(value.values()), depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(item, depth + 1)
    else:
        yield value


def _tuple(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return tuple(value)
