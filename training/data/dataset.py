"""A data set: clips and the activities that they show."""

from dataclasses import dataclass

from training.data.clip import Clip

__all__ = ["Clip", "DataSet"]


@dataclass(frozen=True, slots=True)
class DataSet:
    """Clips and the activities that they show, in a fixed order.

    Attributes:
        name: What a person calls it.
        classes: The activities.
        clips: The clips.
        order_pairs: Activities that are the same frames in opposite order, where there are such.
        notes: Plain sentences for the person: how groups were found, what was left out and why.
        negatives: Clips that show none of the activities, their label `OTHER`: not among `clips`,
            nor is `OTHER` among `classes`.
    """

    name: str
    classes: tuple[str, ...]
    clips: tuple[Clip, ...]
    order_pairs: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    negatives: tuple[Clip, ...] = ()
