"""What is read from a model file's test figures: files of any age, and of strangers."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcn_desktop.model.claims import CLIPS, INTERVAL, STEPS, headline, read_claim

PLAIN = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=3), PLAIN, max_size=2)


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ([0.79, 0.952], "87.9 % (79 to 95)"),
        (None, "87.9 %"),
        ([0.79], "87.9 %"),
        ([0.95, 0.79], "87.9 %"),
        (["a", "b"], "87.9 %"),
        ([-1, 2], "87.9 %"),
    ],
)
def test_a_share_stands_with_its_interval_where_there_is_a_sound_one(
    bounds: object, text: str
) -> None:
    assert str(read_claim({CLIPS: 0.879, f"{CLIPS}{INTERVAL}": bounds}, CLIPS)) == text


def test_the_headline_is_of_clips_or_else_of_steps() -> None:
    figures = {CLIPS: 0.5, STEPS: 0.25}
    assert [found[0] for found in (headline(figures), headline({STEPS: 0.25})) if found] == [
        CLIPS,
        STEPS,
    ]
    assert headline({}) is None


@given(share=JSON, bounds=JSON)
@settings(deadline=None)
def test_whatever_a_file_says_a_claim_is_a_share(share: object, bounds: object) -> None:
    claim = read_claim({CLIPS: share, f"{CLIPS}{INTERVAL}": bounds}, CLIPS)
    if claim is not None:
        assert 0 <= claim.share <= 1
        assert claim.interval is None or 0 <= claim.interval[0] <= claim.interval[1] <= 1
        assert json.loads(json.dumps(str(claim)))
