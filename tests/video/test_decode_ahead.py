"""Frames that are decoded ahead are the source's own, in order, and reading ends with the block."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decode_ahead import decode_ahead
from lrcn_desktop.video.demo import DemoSource
from lrcn_desktop.video.file import FileSource

WriteVideo = Callable[..., Path]


def test_every_frame_comes_once_and_in_order(write_video: WriteVideo) -> None:
    path = write_video(frames=60)
    with FileSource(path) as plain, FileSource(path) as source, decode_ahead(source, 3) as frames:
        for expected, found in zip(plain, frames, strict=True):
            assert (found.index, found.time) == (expected.index, expected.time)
            np.testing.assert_array_equal(found.image, expected.image)


def test_an_endless_source_is_left_alone_after_the_block() -> None:
    with DemoSource(0) as source:
        with decode_ahead(source, 2) as frames:
            first = next(frames)
        after = source.read()
    assert after is not None
    assert first.index < after.index <= first.index + 4  # two waited, one was on its way
    assert not [t for t in threading.enumerate() if t.name.startswith("decode")]


def test_what_breaks_the_source_comes_after_the_frames_before_it(write_video: WriteVideo) -> None:
    path = write_video(frames=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    seen: list[int] = []
    with FileSource(path) as source, decode_ahead(source) as frames:  # noqa: SIM117
        with pytest.raises(UserError, match="breaks off"):
            seen.extend(frame.index for frame in frames)
    assert seen == list(range(len(seen)))
    assert 30 < len(seen) < 70
