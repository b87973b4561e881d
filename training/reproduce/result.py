"""What one approach came to."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from lrcn_desktop.errors import UserError
from lrcn_desktop.files import write_json
from lrcn_desktop.guard import read_json
from lrcn_desktop.model.parameters import count_parameters
from lrcn_desktop.training_events import Epoch
from training.reproduce.published import Sides
from training.run.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a finished run.

    Attributes:
        preset: The network.
        parameters: That were trained.
        loss: Cross-entropy of steps; in training with dropout, in the best epoch.
        accuracy: Share of steps that are right, 0..1; in training likewise.
        clips: Of the test.
        clip_mean: Share of them that are right by the mean over the clip.
        clip_last: Share that are right at the last step.
        frame_average: `clip_mean` of the same network without memory; None: it has no memory.
        data: What the set is called.
        classes: The activities.
        split: The sides, in a sentence.
    """

    preset: str
    parameters: int
    loss: Sides
    accuracy: Sides
    clips: int
    clip_mean: float
    clip_last: float
    frame_average: float | None
    data: str
    classes: tuple[str, ...]
    split: str

    @classmethod
    def of(cls, outcome: Outcome, history: Sequence[Epoch]) -> Self:
        """Return the figures of a run that has just ended; `history` are its epochs."""
        info, test = outcome.info, outcome.evaluation
        best = _best_epoch(history)
        mean, last = test.accuracy.clip_mean, test.accuracy.clip_last
        assert mean is not None  # a folder's clips show one activity each
        assert last is not None
        return cls(
            preset=info.preset,
            parameters=count_parameters(info.preset, len(info.classes)).trainable,
            loss=Sides(_known(best.loss), _known(best.validation_loss), test.loss),
            accuracy=Sides(
                _known(best.accuracy), _known(best.validation_accuracy), test.accuracy.frame
            ),
            clips=test.clips,
            clip_mean=mean,
            clip_last=last,
            frame_average=test.baseline.clip_mean if test.memory else None,
            data=info.training["data"],
            classes=info.classes,
            split=info.training["split"],
        )

    def write(self, path: Path) -> None:
        """Write it as JSON, atomically."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            UserError: It is damaged.
        """
        return read_json(path, cls, "is no result", f"delete {path.parent}, and start again")


def _known(figure: float | None) -> float:
    return math.nan if figure is None else figure


def _best_epoch(history: Sequence[Epoch]) -> Epoch:
    """Return the best epoch of the last network that was validated.

    Raises:
        UserError: None is known: the run's own record of it is damaged.
    """
    validated = [epoch for epoch in history if epoch.validation_loss is not None]
    if not any(epoch.best for epoch in validated):
        raise UserError("The run's progress.jsonl tells no best epoch: train once more.")
    last = validated[-1].fit
    return [epoch for epoch in validated if epoch.fit == last and epoch.best][-1]
