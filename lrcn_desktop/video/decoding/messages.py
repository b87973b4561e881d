"""What a decoder's process and its owner say to each other: JSON, one message per line.

Nothing is pickled: a process that a crafted file has taken over must not take its owner over.
"""

import json
from typing import Any

Message = list[Any]
LONGEST = 1 << 16  # bytes of a message


def packed(*fields: object) -> bytes:
    """Return a message as it is sent: its name and what belongs to it."""
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


class Lines:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that `data` completes.

        Raises:
            ValueError: What came is no message.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise ValueError("a message without end")
        try:
            messages = [json.loads(line) for line in lines]
        except RecursionError as error:
            raise ValueError("a message too deep") from error
        if not all(isinstance(m, list) and m and isinstance(m[0], str) for m in messages):
            raise ValueError("a message without a name")
        return messages
