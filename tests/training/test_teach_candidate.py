"""Which of a lesson's fits is kept."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import ModelFile, read_info
from lrcn_desktop.recognition.teaching.sample import LeftOut
from training.teach.candidate import CLEARLY, Candidate, choose, right_and_shown

WORDS = ("by class means", "by class means of varied clips", "with memory")


@pytest.mark.parametrize(
    ("rights", "kept"),
    [
        ((0.80, 0.80 + CLEARLY / 2, 0.5), 0),  # hardly better: chance
        ((0.80, 0.81 + CLEARLY, 0.5), 1),
        ((0.80, 0.82 + CLEARLY, 0.9), 2),
        ((0.80, 0.7, 0.7), 0),
    ],
)
def test_the_simplest_is_kept_unless_another_is_clearly_better(
    rights: tuple[float, ...], kept: int
) -> None:
    model = cast(ModelFile, None)  # which decides nothing
    fits = [Candidate(words, right, model, {}) for words, right in zip(WORDS, rights, strict=True)]
    found, verdict = choose(fits)
    assert found is fits[kept]
    assert verdict.startswith(f"Recognized {WORDS[kept]}: {100 * rights[kept]:.0f} %")
    assert ("The simplest is kept" in verdict) == (max(rights) > rights[kept])


def test_what_is_compared_is_what_a_user_would_see() -> None:
    info = read_info(find_model("ucf101-7-light"))
    assert info.rejection is not None
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2]], np.float32)
    known = np.array([info.threshold + 0.01, info.threshold - 0.01], np.float32)
    left_out = {0: LeftOut(0, probabilities, known)}
    assert right_and_shown(info, left_out) == 0.5
    assert right_and_shown(replace(info, rejection=None), left_out) == 1.0
