"""Uncompressed pictures with their times, as a Matroska stream that FFmpeg reads from a pipe.

Raw video on a pipe has a constant rate: a picture that is left out would shift all that follow.
https://www.matroska.org/technical/elements.html
"""

_SCALE = 1000  # nanoseconds of a time stamp's unit: microseconds
_UNKNOWN = b"\x01" + 7 * b"\xff"  # the size of what has no end yet


def header(size: tuple[int, int], rate: float) -> bytes:
    """Return what the stream begins with.

    Args:
        size: (width, height) of the pictures, which are 4:2:0 (I420) of even sides.
        rate: Pictures per second, where none is left out.
    """
    ebml = _element("1a45dfa3", _text("4282", "matroska"), _number("4287", 4), _number("4285", 2))
    info = _element("1549a966", _number("2ad7b1", _SCALE))
    video = _element("e0", _number("b0", size[0]), _number("ba", size[1]), _text("2eb524", "I420"))
    track = _element(
        "ae",
        *(
            _number("d7", 1),
            _number("73c5", 1),
            _number("83", 1),
        ),  # its number, and that it is video
        *(_text("86", "V_UNCOMPRESSED"), _number("23e383", round(1e9 / rate)), video),
    )
    return ebml + bytes.fromhex("18538067") + _UNKNOWN + info + _element("1654ae6b", track)


def before_picture(place: int, rate: float, length: int) -> bytes:
    """Return what stands before the `length` bytes of the picture at `place`, counted from 0."""
    stamp = _number("e7", round(place * 1e6 / rate))
    block = bytes.fromhex("a3") + _length(4 + length) + b"\x81\0\0\x80"  # track 1, a key picture
    return bytes.fromhex("1f43b675") + _length(len(stamp) + len(block) + length) + stamp + block


def _element(identity: str, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes.fromhex(identity) + _length(len(content)) + content


def _number(identity: str, value: int) -> bytes:
    return _element(identity, value.to_bytes(8, "big"))


def _text(identity: str, text: str) -> bytes:
    return _element(identity, text.encode())


def _length(value: int) -> bytes:
    return (value | 1 << 56).to_bytes(8, "big")
