"""Whether a video file's container proves that a part of the video is missing.

A claimed length is not enough: in Matroska it may be that of the longest track, sound included.
"""

import struct
from pathlib import Path
from typing import BinaryIO

EBML = b"\x1a\x45\xdf\xa3"
SEGMENT = b"\x18\x53\x80\x67"


def proves_shortfall(path: Path) -> bool:
    """Tell whether fewer frames than the container claims mean a cut-off or damaged file.

    True for AVI, whose count is the video's own, and for MP4 and Matroska whose outermost boxes
    run past the end of the file, and for a file that is gone (an unplugged drive); False for
    every other container.
    """
    try:
        length = path.stat().st_size
        file = path.open("rb")
    except OSError:
        return True
    with file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"AVI ":
            return True
        if head[4:8] == b"ftyp":
            return _boxes_end(file) > length
        if head[:4] == EBML:
            return _segment_end(file) > length
    return False


def _boxes_end(file: BinaryIO) -> int:
    """Return where the last top-level box of an MP4 says that it ends."""
    end = 0
    while True:
        file.seek(end)
        header = file.read(16)
        if len(header) < 8:
            return end
        size = int.from_bytes(header[:4], "big")
        if size == 1 and len(header) == 16:
            (size,) = struct.unpack(">Q", header[8:])
        if size < 8:  # 0: to the end of the file; 2 to 7: nonsense
            return end
        end += size


def _segment_end(file: BinaryIO) -> int:
    """Return where a Matroska file's segment says that it ends, 0 where it does not say."""
    file.seek(0)
    head = file.read(4096)
    at = head.find(SEGMENT) + len(SEGMENT)
    if at < len(SEGMENT) or at >= len(head) or head[at] == 0:
        return 0
    width = 9 - head[at].bit_length()  # the first set bit tells how many bytes the size takes
    size = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    unknown = (1 << 7 * width) - 1
    return 0 if size == unknown else at + width + size
