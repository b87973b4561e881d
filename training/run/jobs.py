"""The fits of a run, one after another: its rounds, and the final one on all clips."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.fitting.example import Example
from training.fitting.inputs import limited
from training.run.negatives import deal
from training.run.networks import Recipe, plain
from training.split import Split

ALL_CLIPS = "all clips"


@dataclass(frozen=True, slots=True)
class Job:
    """One fit of a preset's networks.

    Attributes:
        name: For a person, and for the checkpoints.
        train: The clips that it is fitted to.
        validation: Clips that it is judged by.
        indices: The numbers of these clips in the data set.
        others: Clips that show none of the activities, which it is fitted to.
        kept: Such clips that it is judged by.
    """

    name: str
    train: list[Example]
    validation: list[Example]
    indices: tuple[int, ...]
    others: list[Example]
    kept: list[Example]

    @property
    def is_final(self) -> bool:
        """Whether it is the one on all clips, which no clip judges."""
        return self.name == ALL_CLIPS

    @property
    def file_name(self) -> str:
        """Its name as a file's."""
        return plain(self.name)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does once its features are there.

    Attributes:
        recipe: What is common to all fits.
        jobs: The fits, the rounds first.
        test: Clips that no fit sees.
    """

    recipe: Recipe
    jobs: list[Job]
    test: list[Example]


def plan(
    recipe: Recipe,
    split: Split,
    examples: Sequence[Example],
    mirrored: Sequence[Example] | None,
    others: Sequence[Example],
) -> Plan:
    """Return what a run does.

    Args:
        recipe: What is common to all fits.
        split: How its clips are divided.
        examples: The clips.
        mirrored: The same of mirrored frames, where they are trained on too.
        others: Clips that show none of the activities; without any there is no rejection.
    """
    if not others:
        recipe = replace(recipe, info=replace(recipe.info, rejection=None))
    frames = split.frames or (None, None, None)

    def learn(indices: Sequence[int]) -> list[Example]:
        chosen = [examples[i] for i in indices]
        if mirrored is not None:
            chosen += [mirrored[i] for i in indices]
        return limited(chosen, frames[0])

    count, jobs = len(split.rounds), []
    for number, (side, (fit, kept)) in enumerate(
        zip(split.rounds, deal(others, count), strict=True), start=1
    ):
        name = f"fold {number} of {count}" if count > 1 else "choosing epochs"
        validation = limited([examples[i] for i in side.validation], frames[1])
        jobs.append(Job(name, learn(side.train), validation, side.validation, fit, kept))
    if not recipe.info.backbone.trained:  # a CNN of its own takes too long to be fitted again
        jobs.append(Job(ALL_CLIPS, learn(trained_on(recipe, split)), [], (), list(others), []))
    return Plan(recipe, jobs, limited([examples[i] for i in split.test], frames[2]))


def trained_on(recipe: Recipe, split: Split) -> list[int]:
    """Return the numbers of the clips that a run's model is fitted to."""
    if recipe.info.backbone.trained:
        return sorted(split.rounds[0].train)
    return sorted({i for side in split.rounds for i in (*side.train, *side.validation)})
