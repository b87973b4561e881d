"""Whole clips of like length side by side: a call for many costs little more than for one."""

from collections.abc import Callable, Iterator, Sequence

from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from training.fitting.example import Example

_NUMBERS = 4_000_000  # that are read at once: 16 MB


def together(
    examples: Sequence[Example], check: Callable[[], None] = lambda: None
) -> Iterator[tuple[list[int], Tensor]]:
    """Read clips, the longest first.

    Args:
        examples: The clips.
        check: Called between batches; it may raise KeyboardInterrupt to stop.

    Yields:
        The numbers of some clips, and what was read of them, float32 (B, T, P), zeros at the end.
    """
    by_length = sorted(range(len(examples)), key=lambda number: len(examples[number]))
    while by_length:
        first = examples[by_length[-1]].read()
        fitting = max(1, _NUMBERS // max(1, first.numel()))
        numbers = by_length[-fitting:][::-1]
        del by_length[-fitting:]
        read = [first, *(examples[number].read() for number in numbers[1:])]
        yield numbers, pad_sequence([inputs.float() for inputs in read], batch_first=True)
        check()
