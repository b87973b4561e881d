"""Network streams, over RTSP and HTTP, decoded by FFmpeg in a process of its own."""

import socket
import threading
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from lrcn_desktop import clock
from lrcn_desktop.errors import UserError
from lrcn_desktop.video.decoding.decoder import DecoderFailedError, MediaDecoder
from lrcn_desktop.video.frame import Frame
from lrcn_desktop.video.loss import SourceLostError
from lrcn_desktop.video.names import printable
from lrcn_desktop.video.source import Source

PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
RESOLVE_TIMEOUT = 3.0  # seconds; FFmpeg's own time-out does not cover the look-up of a name
CONNECT_TIMEOUT = 2.0
OPEN_TIMEOUT = 4.0
READ_TIMEOUT = 4.0


class StreamSource(Source):
    """A stream, or a video file that a web server hands out, which then is not `live`.

    Frames carry the stream's time stamps. Motion JPEG over HTTP has none (FFmpeg makes them up,
    at 25 a second), so there, and where a stream's stamps do not rise, it is the time of arrival.

    Raises:
        UserError: Nothing answers at the address, or what answers is no video.
    """

    seekable = False

    def __init__(self, address: str) -> None:
        parts = _split(address)
        self._address, self._parts = address, parts
        self.name = _without_password(parts)
        _check_host(parts, self.name)
        try:
            self._decoder = MediaDecoder(address, (OPEN_TIMEOUT, READ_TIMEOUT))
        except DecoderFailedError as error:
            raise UserError(self._sentence(error)) from error
        self.rate, self.size = self._decoder.rate, self._decoder.size
        self.duration = self._decoder.duration
        self.live = self.duration is None
        motion_jpeg = self._decoder.codec == "mjpeg"
        self._stamped = not (motion_jpeg and parts.scheme.startswith("http") and self.live)
        self._count = 0
        self._last = 0.0
        self._origin = 0.0  # the position, or the clock, that is time 0

    @property
    def pid(self) -> int:
        """The number of the process that decodes it."""
        return self._decoder.pid

    def read(self) -> Frame | None:
        """Wait for the next frame; None once closed, or at the end of a video file.

        Raises:
            UserError: The stream ended or stalled; SourceLostError where it is live.
        """
        try:
            frame = self._decoder.read()
        except DecoderFailedError as error:
            if self._decoder.closed:
                return None
            raise self._failure(error) from error
        self.lost = self._decoder.lost
        if frame is None:
            if not self._decoder.closed:
                self._check_end()
            return None
        return self._placed(frame)

    def reopen(self) -> Source:
        """Connect again.

        Raises:
            UserError: It cannot be reached yet.
        """
        if not getproxies():
            _check_answers(self._parts, self.name)
        return StreamSource(self._address)

    def close(self) -> None:
        """Disconnect; a read under way ends with its time-out."""
        self._decoder.close()

    def _placed(self, frame: Frame) -> Frame:
        """Return a frame with its time in the stream, by its stamp or by its arrival."""
        position = frame.time
        moment = position if self._stamped else clock.now()
        if self._count == 0:
            self._origin = moment
        elif self._stamped and position - self._origin <= self._last:
            self._stamped = False
            moment = clock.now()
            self._origin = moment - self._last - 1 / self.rate
        self._last = max(moment - self._origin, self._last + 1e-6 if self._count else 0.0)
        placed = Frame(frame.image, self._last, self._count)
        self._count += 1
        return placed

    def _check_end(self) -> None:
        if self.live:
            raise SourceLostError(
                "ended", f"{self.name} has ended: open it again once it is running."
            )
        if self.duration is not None and self._last < 0.9 * self.duration - 1:
            raise UserError(
                f"{self.name} broke off after {self._last:.1f} of {self.duration:.1f} seconds: "
                "check the connection and open it again."
            )

    def _failure(self, error: DecoderFailedError) -> UserError:
        """Say why nothing comes any more; a live stream may come back."""
        if error.kind == "time-out":
            sentence = (
                f"{self.name} has sent no picture for {READ_TIMEOUT:.0f} seconds: "
                "check the connection and open it again."
            )
            return SourceLostError("silent", sentence) if self.live else UserError(sentence)
        sentence = f"{self.name} cannot be decoded any more: open it again."
        return SourceLostError("ended", sentence) if self.live else UserError(sentence)

    def _sentence(self, error: DecoderFailedError) -> str:
        """Say why it cannot be opened."""
        return {
            "time-out": f"{self.name} does not answer: check the address and that it is running.",
            "codec": f"{self.name} cannot be decoded, as the codec {error.detail!r} is not known "
            "here: choose another one in the camera's settings.",
            "picture": f"{self.name} answers, but sends no picture: check that it is running.",
            "memory": f"{self.name} needs more memory to decode than it may have: choose a smaller "
            "picture in the camera's settings.",
        }.get(
            error.kind,
            f"There is no video at {self.name}: check the address and that it is running.",
        )


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in PORTS and bool(parts.hostname)
        parts.port  # noqa: B018  # raises ValueError where it is no number
    except ValueError:
        usable = False
    if not usable:
        raise UserError(
            f"{printable(address)!r} is no stream's address: it begins with rtsp:// or http(s)://."
        )
    return parts


def _without_password(parts: SplitResult) -> str:
    return printable(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())


def _check_host(parts: SplitResult, name: str) -> None:
    """Look the host's name up, on a thread of its own: the system may take a minute over it.

    A look-up that still runs is waited for by the next one of the same name, so that they do not
    pile up where a network is down for hours.
    """
    host = parts.hostname or ""
    with _look_ups_lock:
        look_up = _look_ups.get(host)
        if look_up is None:
            look_up = _look_ups[host] = _LookUp(host)
            look_up.start()
    look_up.join(RESOLVE_TIMEOUT)
    if look_up.is_alive() or look_up.failure is not None:
        raise UserError(
            f"The host of {name} cannot be found: check the address and the network."
        ) from look_up.failure


def _check_answers(parts: SplitResult, name: str) -> None:
    """Check that something listens at the address.

    FFmpeg would find out too, but a process is not to be started for it every few seconds.
    """
    _check_host(parts, name)
    port = parts.port or PORTS[parts.scheme]
    try:
        socket.create_connection((parts.hostname, port), CONNECT_TIMEOUT).close()
    except OSError as error:
        raise UserError(
            f"{name} does not answer: check the address and that it is running."
        ) from error


class _LookUp(threading.Thread):
    """Asks the system for a host's addresses; `failure` is why there are none."""

    def __init__(self, host: str) -> None:
        super().__init__(name=f"look up {host}", daemon=True)
        self._host = host
        self.failure: OSError | UnicodeError | None = None

    def run(self) -> None:
        """Ask once."""
        try:
            socket.getaddrinfo(self._host, None)
        except (OSError, UnicodeError) as error:  # it may not even be a name
            self.failure = error
        with _look_ups_lock:
            del _look_ups[self._host]


_look_ups: dict[str, _LookUp] = {}  # those that run
_look_ups_lock = threading.Lock()
