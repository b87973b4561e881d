"""How networks are fitted, as data: the slides' ways, the paper's, and this project's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How a network is fitted.

    Attributes:
        epochs: Passes over the clips, at the most.
        patience: Epochs without a better validation loss after which it stops; 0: never.
        batch: Sequences in a batch.
        length: Steps in a sequence; a window of streams has as many seconds at any rate, and so
            more steps than this at a higher one.
        truncate: Steps that a gradient reaches back; longer sequences hand on their state alone.
        rates: Steps a second that sequences are resampled to at random; None: the clips' own.
        optimizer: "adam" (AdamW: Adam where nothing decays) or "sgd" with momentum 0.9.
        learning_rate: The highest one.
        decay: Keras' time-based decay, rate / (1 + decay * step); None: one cycle, up and down
            (Smith and Topin 2018); 0: constant.
        weight_decay: Of the weights.
        label_smoothing: Of the cross-entropy.
        clip: The largest norm of a gradient.
        keep: Which epoch's weights: the "best" by the validation loss, or the "last", so that the
            validation clips choose nothing and may judge.
        streams: Sequences are windows of endless streams (see `StreamSampler`), and the parts of a
            head are fitted at once; else sequences are windows of single clips.
    """

    epochs: int = 40
    patience: int = 0
    batch: int = 16
    length: int = 32
    truncate: int = 64
    rates: tuple[float, float] | None = None
    optimizer: Literal["adam", "sgd"] = "adam"
    learning_rate: float = 1e-3
    decay: float | None = None
    weight_decay: float = 1e-2
    label_smoothing: float = 0.05
    clip: float = 5.0
    keep: Literal["best", "last"] = "best"
    streams: bool = False


@dataclass(frozen=True, slots=True)
class Fits:
    """The stages of a preset: single frames, and then sequences where it has a memory.

    One that is fitted to streams has one stage, `sequences`.
    """

    frames: FitConfig
    sequences: FitConfig

    def of(self, epochs: Sequence[int]) -> "Fits":
        """Return the same stages with so many epochs each, frames first; () leaves them."""
        if not epochs:
            return self
        return Fits(
            replace(self.frames, epochs=epochs[0]), replace(self.sequences, epochs=epochs[-1])
        )


OWN = FitConfig(
    epochs=40, batch=32, length=32, truncate=256, rates=(5.0, 30.0), keep="last", streams=True
)

SLIDES = FitConfig(
    epochs=40,
    patience=8,
    batch=128,
    length=1,
    learning_rate=1e-4,
    decay=1e-2,
    weight_decay=0.0,
    label_smoothing=0.0,
)

# A CNN's epochs are what two cores do with 400 clips in 25 minutes; a GPU has time for more.
CNN = replace(SLIDES, epochs=25)

PAPER = replace(
    SLIDES,
    epochs=20,
    optimizer="sgd",
    learning_rate=1e-3,
    decay=0.0,
    weight_decay=5e-3,
)
