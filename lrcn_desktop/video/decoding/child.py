"""The process that decodes: it does what its owner says, and ends with it."""

import gc
import os
import signal
import socket
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import av

from lrcn_desktop.video.decoding.images import ImageConverter, ImageFolder, ImagePicture
from lrcn_desktop.video.decoding.limits import OUT_OF_MEMORY, has_room, limit_memory
from lrcn_desktop.video.decoding.media import Media, Picture
from lrcn_desktop.video.decoding.messages import Lines, Message, packed
from lrcn_desktop.video.decoding.opening import UnusableError
from lrcn_desktop.video.decoding.picture import Converter
from lrcn_desktop.video.decoding.ring import Ring, slots

_FLUSH_AFTER = 0.001  # seconds: where pictures come fast, several are reported at once
_HEARTBEAT = 0.5  # seconds
_AHEAD_BYTES = 48 << 20  # of decoded pictures that wait for a decision
_MOST_AHEAD = 12
_SPARE_TIME = 10  # the niceness of what nobody waits for


def main() -> None:
    """Serve the owner at the other end of the socket that the arguments name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's
    limit_memory()
    av.logging.set_level(av.logging.PANIC)
    Server(_connect(sys.argv[1]), Ring(sys.argv[2])).run()


def _connect(key: str) -> socket.socket:
    if sys.platform == "win32":  # it could be shared only when this process was there
        return socket.fromshare(bytes.fromhex(sys.stdin.readline()))
    return socket.socket(fileno=int(key))


class _SupersededError(Exception):
    """The owner has thought of something else meanwhile."""


@dataclass(slots=True)
class _Waiting:
    """A picture about which the owner has not decided yet, or for which there was no slot."""

    picture: Picture | ImagePicture
    number: int
    wanted: bool | None


class Server:
    """Opens, decodes and seeks as told."""

    def __init__(self, connection: socket.socket, ring: Ring) -> None:
        self._connection, self._ring = connection, ring
        self._commands: deque[Message] = deque()
        self._told = threading.Condition()
        self._unsent = b""
        self._sent_at = 0.0
        self._media: Media | ImageFolder | None = None
        self._converter: Any = None  # the one of `_media`
        self._speaker: Any = None  # a Speaker, where sound is wanted
        self._playing = False
        self._slots = 1
        self._set_run(0, "all")

    def run(self) -> None:
        """Serve until the connection ends."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._say("ready")
        while True:
            try:
                for command in self._take_commands():
                    self._obey(*command)
                if self._playing:
                    self._work()
            except _SupersededError:
                continue
            except UnusableError as error:
                self._fail(error.kind, error.detail)
            except TimeoutError:
                self._fail("time-out")
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            except (av.error.FFmpegError, OSError, ValueError) as error:
                self._fail("damaged", str(error)[:200])

    def _listen(self) -> None:
        """Receive commands; end the process, out of whatever it does, once the owner is gone."""
        lines = Lines()
        with suppress(OSError):
            while data := self._connection.recv(1 << 16):
                commands = lines.feed(data)
                with self._told:
                    self._commands.extend(commands)
                    self._told.notify()
        os._exit(0)

    def _take_commands(self) -> list[Message]:
        with self._told:
            if not self._commands and not self._can_work():
                self._flush()
                self._told.wait_for(lambda: self._commands)
            commands = list(self._commands)
            self._commands.clear()
        return commands

    def _obey(self, name: str, *arguments: object) -> None:
        getattr(self, f"_do_{name}")(*arguments)

    def _do_open(self, address: str, timeouts: list[float] | None) -> None:
        self._close()
        media: Media | ImageFolder
        if timeouts is None and os.path.isdir(address):  # noqa: PTH112  # any bytes
            media, self._converter = ImageFolder(address), ImageConverter()
        else:
            limits = (timeouts[0], timeouts[1]) if timeouts else None
            media = Media(address, timeouts=limits, tick=self._tick)
            self._converter = Converter(media.size)
        self._media = media
        self._slots = slots(media.size)
        self._say("opened", *media.size, media.rate, media.duration, media.codec, media.has_sound)

    def _do_play(self, run: int, mode: str) -> None:
        """Decode from here on; `mode`: convert "all", "none", or "ask" which."""
        self._set_run(run, mode)
        self._playing = True

    def _do_seek(self, run: int, mode: str, seconds: float) -> None:
        assert self._media is not None
        self._set_run(run, mode)
        self._playing = True
        try:
            self._media.seek(seconds)
        except _SupersededError:
            self._playing = False
            raise

    def _do_free(self, run: int, count: int) -> None:
        """Note that the owner has taken `count` pictures out of the ring."""
        if run == self._run:
            self._free += count

    def _do_pick(self, run: int, numbers: list[int], upto: int) -> None:
        """Note which of the pictures up to number `upto` are wanted."""
        if run == self._run:
            for waiting in self._waiting:
                if waiting.wanted is None and waiting.number <= upto:
                    waiting.wanted = waiting.number in numbers

    def _do_sound(self, address: str) -> None:
        """Play a file's sound, silent at first."""
        from lrcn_desktop.video.decoding.speaker import Speaker  # here, as pictures do without

        self._speaker = Speaker(address)
        self._speaker.start()

    def _do_clock(self, moment: float | None, time: float) -> None:
        """Let the sound be at `time` seconds at a moment of `time.monotonic()`; None: silent."""
        assert self._speaker is not None
        self._speaker.follow(None if moment is None else (moment, time))

    def _do_peaks(self, address: str) -> None:
        """Tell how loud a file is from its start to its end, in the machine's spare time."""
        from lrcn_desktop.video.decoding.sound import peaks

        if hasattr(os, "nice"):
            os.nice(_SPARE_TIME)
        for found in peaks(address, self._tick):
            self._say("peaks", found)
            self._flush()
        self._say("end")

    def _do_close(self) -> None:
        self._close()
        self._say("closed", has_room())

    def _set_run(self, run: int, mode: str) -> None:
        self._run, self._mode = run, mode
        self._waiting: deque[_Waiting] = deque()
        self._number = 0
        self._ended = False
        self._free, self._slot = self._slots, 0

    def _close(self) -> None:
        media, self._media, self._converter = self._media, None, None
        self._playing = False
        self._waiting.clear()
        if media is not None:
            media.close()

    def _can_work(self) -> bool:
        if not self._playing or self._media is None:
            return False
        return self._has_ready() or self._may_decode()

    def _has_ready(self) -> bool:
        """Whether the first picture that waits can leave the queue."""
        if not self._waiting or self._waiting[0].wanted is None:
            return False
        return not self._waiting[0].wanted or self._free > 0

    def _may_decode(self) -> bool:
        if self._ended or self._media is None:
            return False
        width, height = self._media.size
        most = max(1, min(_MOST_AHEAD, _AHEAD_BYTES // (2 * width * height)))
        return len(self._waiting) < (most if self._mode == "ask" else 1)

    def _work(self) -> None:
        """Hand over what is ready, and decode one more picture where there is room."""
        assert self._media is not None
        while self._has_ready():
            self._hand_over(self._waiting.popleft())
        if not self._may_decode():
            return
        lost = self._media.lost
        picture = self._media.next()
        if self._media.lost != lost:
            self._say("lost", self._run, self._media.lost)
        if picture is None:
            self._ended = True
            self._say("end", self._run)
            return
        wanted = {"all": True, "none": False, "ask": None}[self._mode]
        if wanted is None:
            self._say("time", self._run, picture.index, picture.time)
        self._waiting.append(_Waiting(picture, self._number, wanted))
        self._number += 1

    def _hand_over(self, waiting: _Waiting) -> None:
        assert self._media is not None
        picture = waiting.picture
        slot = -1
        if waiting.wanted:
            slot, self._slot = self._slot, (self._slot + 1) % self._slots
            self._free -= 1
            self._converter.write(picture.frame, self._ring.slot(slot, self._media.size))
        elif self._mode == "ask":
            return  # the owner knows its time
        self._say("picture", self._run, picture.index, picture.time, slot)

    def _tick(self) -> None:
        """Be alive, and leave off where the owner has another wish."""
        now = time.monotonic()
        if now - self._sent_at > _HEARTBEAT:
            self._say("alive")
        if any(command[0] in ("seek", "close", "open") for command in list(self._commands)):
            raise _SupersededError

    def _fail(self, kind: str, detail: str = "") -> None:
        self._playing = False
        if self._media is None:
            gc.collect()  # what was half open may take much memory
        self._say("failed", kind, detail)

    def _say(self, *fields: object) -> None:
        self._unsent += packed(*fields)
        if time.monotonic() - self._sent_at > _FLUSH_AFTER or len(self._unsent) > 1 << 14:
            self._flush()

    def _flush(self) -> None:
        unsent, self._unsent = self._unsent, b""
        self._sent_at = time.monotonic()
        if unsent:
            try:
                self._connection.sendall(unsent)
            except OSError:
                os._exit(0)
