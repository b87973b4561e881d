"""A random choice among a few things."""

from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


def pick(rng: np.random.Generator, options: tuple[_T, ...]) -> _T:
    """Return one of the options, each as likely."""
    return options[int(rng.integers(len(options)))]
