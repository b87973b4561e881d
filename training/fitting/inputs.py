"""What a network is fitted to: made once of the features, kept on disk while the run lasts."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from lrcn_desktop.arrays import save_array
from lrcn_desktop.model.head import Head
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind
from training.fitting.distributed import ProcessGroup
from training.fitting.example import OTHER, Example
from training.fitting.network import Network

_FRAMES = 64  # that go through a CNN at once


def examples_of(features: FeatureSet) -> list[Example]:
    """Return every clip with its labels as numbers, in the set's order."""
    number = {label: index for index, label in enumerate(features.classes)}
    return [
        Example(
            clip.name,
            clip.path,
            torch.tensor([number[label] for label in clip.step_labels]),
            clip.rate,
            group=clip.group,
        )
        for clip in features.clips
    ]


def negatives_of(features: FeatureSet) -> list[Example]:
    """Return every negative, each of its steps labeled `OTHER`, in the set's order."""
    return [
        Example(
            clip.name,
            clip.path,
            torch.full((len(clip.load()),), OTHER),
            clip.rate,
            group=clip.group,
        )
        for clip in features.negatives
    ]


def pooled(
    examples: Sequence[Example],
    kind: FeatureKind,
    head: Head,
    folder: Path,
    processes: ProcessGroup,
    done: Callable[[], None] = lambda: None,
) -> list[Example]:
    """Return the clips, of `kind`, as `head` sees them; what pooling makes is kept in `folder`.

    Where the features are pooled, or the head takes whole ones, they are the ones given.
    """
    if kind.pool or head.config.pool == "flatten":
        return list(examples)
    return _mapped(examples, lambda e: head.pool(e.read().float()), folder, processes, done)


def convolved(
    examples: Sequence[Example],
    network: Network,
    folder: Path,
    processes: ProcessGroup,
    device: torch.device,
    done: Callable[[], None] = lambda: None,
) -> list[Example]:
    """Return the clips, given as pixels, as the features of a network's CNN, now frozen."""

    @torch.inference_mode()
    def features(example: Example) -> Tensor:
        parts = [
            network.features(example.read(start, start + _FRAMES).to(device).float()[None])[0].cpu()
            for start in range(0, len(example), _FRAMES)
        ]
        return torch.cat(parts)

    return _mapped(examples, features, folder, processes, done)


def _mapped(
    examples: Sequence[Example],
    function: Callable[[Example], Tensor],
    folder: Path,
    processes: ProcessGroup,
    done: Callable[[], None],
) -> list[Example]:
    made = [replace(example, path=folder / _name(example)) for example in examples]
    share = processes.share(len(examples))
    for example, result in zip(examples[share], made[share], strict=True):
        if not result.path.exists():
            save_array(result.path, function(example).half().numpy())
            done()
    processes.barrier()
    return made


def _name(example: Example) -> str:
    """Return a file's name that is the same in a session to come, whatever else is there then."""
    return hashlib.sha256(str(example.path).encode("utf-8", "surrogateescape")).hexdigest() + ".npy"


def limited(examples: Sequence[Example], frames: int | None) -> list[Example]:
    """Return no more than `frames` frames of each clip, counted at the slides' 30 a second."""
    if frames is None:
        return list(examples)
    return [replace(e, labels=e.labels[: max(1, round(frames * e.rate / 30))]) for e in examples]
