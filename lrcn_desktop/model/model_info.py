"""What a model file says of itself, as data and as JSON."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from lrcn_desktop.model.presets import BackboneConfig, HeadConfig
from lrcn_desktop.model.vgg16 import SCALINGS

FORMAT = 1
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
        step_rate: Steps a second that it was trained for; None: a step on every frame.
        scaling: The key in `SCALINGS` of the backbone's input scaling.
        backbone_digest: `weights_digest` of the frozen VGG-16; None where the file has its own CNN.
        temperature: Logits are divided by it (calibration), above 0.
        threshold: Below this highest probability, 0..1, nothing known is seen.
        training: Figures of the training data and of the fit.
        test: Figures on the held-out test.
    """

    name: str
    classes: tuple[str, ...]
    preset: str
    backbone: BackboneConfig
    head: HeadConfig
    step_rate: float | None
    scaling: str = "caffe"
    backbone_digest: str | None = None
    temperature: float = 1.0
    threshold: float = 0.0
    training: dict[str, Any] = field(default_factory=dict)
    test: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every value, since a file may come from a stranger."""
        sizes = (self.backbone.size, len(self.classes), *self.head.fc, *self.head.hidden)
        side = self.backbone.size // 32
        checks = {
            "name": isinstance(self.name, str) and self.name != "",
            "classes": all(isinstance(c, str) and c for c in self.classes)
            and len(set(self.classes)) == len(self.classes) >= 2,
            "backbone": self.backbone.kind in ("vgg16", "cnn") and 96 <= self.backbone.size <= 1024,
            "sizes": all(type(s) is int and 0 < s <= _LARGEST for s in sizes),
            "layers": len(self.head.fc) <= 8 and len(self.head.hidden) <= 8,
            "grid": self.head.grid is None or self.head.grid in range(1, side + 1),
            "cell": self.head.cell in ("lstm", "gru"),
            "dropout": 0 <= self.head.dropout < 1,
            "step_rate": self.step_rate is None or 0 < self.step_rate <= 1000,
            "scaling": self.scaling in SCALINGS,
            "backbone_digest": (self.backbone_digest is None) == (self.backbone.kind == "cnn"),
            "temperature": math.isfinite(self.temperature) and self.temperature > 0,
            "threshold": 0 <= self.threshold <= 1,
            "figures": isinstance(self.training, dict) and isinstance(self.test, dict),
        }
        if wrong := [name for name, right in checks.items() if not right]:
            raise ValueError(f"its {wrong[0]} make no sense")

    def to_json(self) -> str:
        """Return it as JSON text, with the format's version."""
        return json.dumps({"format": FORMAT, **asdict(self)}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: It is not that.
        """
        data = json.loads(text)
        if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
            raise ValueError("its format is not one that this version knows")
        data["classes"] = tuple(data["classes"])
        data["backbone"] = BackboneConfig(**data["backbone"])
        head = data["head"]
        data["head"] = HeadConfig(**head | {k: tuple(head[k]) for k in ("fc", "hidden")})
        return cls(**data)
