"""The clips that show none of the activities, as a run fits and judges with them."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from lrcn_desktop.arrays import save_array
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.shipped_negatives import shipped_negatives
from training.fitting.distributed import ProcessGroup
from training.fitting.example import OTHER, Example
from training.run.folder import RunFolder

ENOUGH = 30  # clips of one's own; with fewer, those that ship are added
_FOLDS = 5  # that sources are dealt into where clips are not


def shipped_examples(
    info: ModelInfo,
    folder: RunFolder,
    processes: ProcessGroup,
    check: Callable[[], None] = lambda: None,
) -> list[Example]:
    """Return the negatives that ship for a model, as clips of pooled features; [] without any.

    Raises:
        UserError: The shipped file is damaged.
    """
    shipped = shipped_negatives(info)
    if shipped is None:
        return []
    found = []
    for number in np.unique(shipped.clip).tolist():
        steps = shipped.clip == number
        path = folder.inputs("shipped") / f"{number}.npy"
        if processes.is_main and not path.exists():
            save_array(path, shipped.features[steps].astype(np.float16))
            check()
        times = shipped.time[steps]
        rate = 1 / float(np.diff(times).mean()) if len(times) > 1 else 1.0
        source = shipped.origin.sources[int(shipped.source[steps][0])]
        labels = torch.full((int(steps.sum()),), OTHER)
        found.append(Example(f"shipped {number}", path, labels, rate, group=f"shipped {source}"))
    processes.barrier()
    return found


def deal(others: Sequence[Example], rounds: int) -> list[tuple[list[Example], list[Example]]]:
    """Return, for each round, the negatives to fit with and those held back, by whole sources.

    Clips of one source are alike, so that only another source tells how well "unknown" works.
    """
    sources: dict[str, int] = {}
    for example in others:
        sources[example.group] = sources.get(example.group, 0) + 1
    count = rounds if rounds > 1 else _FOLDS
    sizes = [0] * count
    fold: dict[str, int] = {}
    for source in sorted(sources, key=lambda source: (-sources[source], source)):
        fold[source] = min(range(count), key=lambda number: sizes[number])
        sizes[fold[source]] += sources[source]
    result = []
    for number in range(rounds):
        held = [example for example in others if fold[example.group] == number]
        fit = [example for example in others if fold[example.group] != number]
        result.append((fit, held) if fit else (held, []))
    return result
