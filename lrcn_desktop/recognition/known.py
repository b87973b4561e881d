"""Whether a step shows one of the activities, or something unknown."""

import numpy as np
from numpy.typing import NDArray

from lrcn_desktop.model.model_info import ModelInfo


def decide(
    probabilities: NDArray[np.float32], score: float | None, info: ModelInfo
) -> tuple[str | None, float]:
    """Return the label of a step, None where it is unknown, and how known it is, 0..1.

    Args:
        probabilities: (C,), calibrated.
        score: What the model's rejection score gives, 0..1; None: it has none, and the highest
            probability stands in for it.
        info: The model's description, with the threshold.
    """
    best = int(probabilities.argmax())
    known = float(probabilities[best]) if score is None else score
    return (info.classes[best] if known >= info.threshold else None), known
