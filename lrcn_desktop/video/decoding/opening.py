"""Opening a file or stream with FFmpeg: only what is allowed, and the tracks that are used."""

import re
from time import monotonic
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from lrcn_desktop.video.decoding.ring import MOST_PIXELS

DEFAULT_RATE = 30.0  # where nothing is known
PLAUSIBLE_RATE = 480.0  # what is faster has to be confirmed: some containers give their time base
_FEW_PIXELS = 640 * 480  # up to which threads cost more than they bring
_MANY_PIXELS = 4096 * 2304  # from which on each thread's pictures take too much memory
_MAKE_UP_STAMPS = 1  # AVFMT_FLAG_GENPTS, which PyAV sets, and FFmpeg's program does not

# What opens other files or devices, and what draws texts.
_REFUSED = frozenset(
    {"adf", "alsa", "bin", "concat", "dash", "fbdev", "hls", "idf", "imf", "kmsgrab", "lavfi"}
    | {"rtp", "rtsp", "sap", "sdp", "tty", "video4linux2,v4l2", "vobsub", "webm_dash_manifest"}
    | {"x11grab", "xbin"}
)
_NETWORK = frozenset({"hls", "rtsp"})  # these are chosen by their address
_FILE_PROTOCOLS = "file"
_NETWORK_PROTOCOLS = "http,https,httpproxy,rtsp,rtsps,rtp,srtp,tcp,tls,udp,crypto"


class UnusableError(Exception):
    """There is nothing to decode.

    Attributes:
        kind: "damaged", "other" (it opens other files, or is a text), "sound", "cover", "codec",
            "picture" (none can be decoded), "memory", or "sentence".
        detail: The codec's name, where that is what is missing, or the sentence.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


def open_container(address: str, timeouts: tuple[float, float] | None) -> InputContainer:
    """Open a file, or a stream, for which there are `timeouts`.

    Raises:
        UnusableError: It is none, or one that is not allowed.
        TimeoutError: The network did not answer.
    """
    network = timeouts is not None
    allowed = set(av.formats_available) - (_REFUSED - (_NETWORK if network else set()))
    options = {
        "format_whitelist": ",".join(sorted(allowed)),
        "protocol_whitelist": _NETWORK_PROTOCOLS if network else _FILE_PROTOCOLS,
        "max_pixels": str(MOST_PIXELS),
        "pattern_type": "none",  # a "%03d" in the name of an image is no pattern
        "rtsp_transport": "tcp",
    }
    began = monotonic()
    try:
        container: InputContainer = av.open(
            address if network else f"file:{address}",
            options=options,
            metadata_errors="replace",
            timeout=timeouts,
        )
    except (av.error.ExitError, av.error.TimeoutError) as error:
        raise TimeoutError from error
    except (av.error.ArgumentError, av.error.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, MemoryError):
            raise UnusableError("memory") from error
        if timeouts and monotonic() - began > timeouts[0] - 0.5:
            raise TimeoutError from error  # RTSP has another name for it
        refused = isinstance(error, av.error.ArgumentError)
        raise UnusableError("other" if refused else "damaged") from error
    container.flags &= ~_MAKE_UP_STAMPS
    return container


def choose_stream(container: InputContainer, *, live: bool) -> VideoStream:
    """Return the video stream that FFmpeg's program would take, and set it up."""
    streams = list(container.streams.video)
    still = Disposition.attached_pic | Disposition.timed_thumbnails
    videos = [s for s in streams if not s.disposition & still]
    if not videos:
        container.close()
        raise UnusableError("cover" if streams else "sound")
    decodable = [s for s in videos if s.codec_context is not None]
    if not decodable:
        name = _codec_name(container, videos[0].index)
        container.close()
        raise UnusableError("codec", name)
    stream = max(decodable, key=_score)
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    context = stream.codec_context
    pixels = context.width * context.height
    context.options = {"max_pixels": str(MOST_PIXELS)}
    context.thread_type = "SLICE" if live else "AUTO"  # no frame is held back
    context.thread_count = 0 if _FEW_PIXELS < pixels < _MANY_PIXELS else 1
    return stream


def choose_sound(container: InputContainer) -> AudioStream | None:
    """Return the track that is played: the default one, else the first; None without any."""
    known = [s for s in container.streams.audio if s.codec_context is not None]
    defaults = [s for s in known if s.disposition & Disposition.default]
    return next(iter(defaults or known), None)


def _score(stream: VideoStream) -> int:
    pixels: int = stream.codec_context.width * stream.codec_context.height
    return pixels + (5_000_000 if stream.disposition & Disposition.default else 0)


def claimed_rate(stream: VideoStream) -> float:
    """Return pictures per second as the container claims them."""
    claims = [float(r) for r in (stream.average_rate, stream.guessed_rate) if r]
    likely = [rate for rate in claims if 0 < rate <= PLAUSIBLE_RATE]
    return next(iter([*likely, *(rate for rate in claims[::-1] if 0 < rate < 1e5)]), DEFAULT_RATE)


def _codec_name(container: Any, index: int) -> str:  # noqa: ANN401  # PyAV's stubs lack the call
    """Return how FFmpeg names the codec of a stream that it cannot decode."""
    av.logging.set_level(av.logging.INFO)  # what it would log is the only place that says so
    dump = container.dumps_format()
    av.logging.set_level(av.logging.PANIC)
    found = re.search(rf"Stream #0:{index}\b.*?: Video: (\w+)(?: \((\S+) /)?", dump)
    if found is None:
        return "unknown"
    return found[1] if found[1] != "none" else found[2] or "unknown"
