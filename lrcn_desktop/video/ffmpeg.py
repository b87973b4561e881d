"""FFmpeg's program: where it is, which of its encoders works here, what it is asked to do."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lrcn_desktop.video import raw_matroska

TRIAL_SIZE, TRIAL_FRAMES = (320, 240), 3  # hardware encoders refuse much smaller pictures
TRIAL_RATE = 25.0
TRIAL_TIMEOUT = 20.0  # seconds
PROBE_TIMEOUT = 20.0  # seconds

# In order of preference. What is listed after libx264 is made by the graphics card or the system.
ENCODERS = (
    *("libx264", "h264_videotoolbox", "h264_mf", "h264_nvenc", "h264_qsv", "libopenh264"),
    "mpeg4",
)
COPIED_SOUND = {
    ".mp4": {"aac", "mp3", "ac3", "eac3", "alac"},
    ".mkv": {"aac", "mp3", "ac3", "eac3", "alac", "opus", "vorbis", "flac", "pcm_s16le"},
}


@dataclass(frozen=True, slots=True)
class FFmpeg:
    """A program and the best of its encoders that works on this machine.

    Attributes:
        program: Its path.
        encoder: The encoder, as FFmpeg calls it.
        codec: What a person calls what it makes.
    """

    program: str
    encoder: str

    @property
    def codec(self) -> str:
        """What a person calls what the encoder makes."""
        return "MPEG-4" if self.encoder == "mpeg4" else "H.264"

    def command(
        self,
        path: Path | None,
        size: tuple[int, int],
        rate: float,
        sound: Path | None = None,
        sound_seconds: float | None = None,
    ) -> list[str]:
        """Return the command that encodes frames of BT.601 from its standard input.

        They come as `raw_matroska` packs them.

        Args:
            path: The file, .mp4 or .mkv; None: Matroska to the standard output.
            size: (width, height) of the frames, both even.
            rate: Frames a second, where none is left out.
            sound: The file whose first audio track goes along.
            sound_seconds: How much of it. None: up to the last frame, and a shorter track ends
                the video too.
        """
        width, height = size
        words = [self.program, "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
        # The head says it all: FFmpeg need not gather pictures to find out.
        words += ["-probesize", "32", "-fpsprobesize", "0", "-f", "matroska", "-i", "pipe:0"]
        if sound is not None:
            words += [] if sound_seconds is None else ["-t", f"{sound_seconds:.3f}"]
            words += ["-i", f"file:{sound.absolute()}"]
        words += ["-map", "0:v:0", "-vf", _TAGS, "-c:v", self.encoder]
        words += self._quality(path, width * height * rate)
        words += ["-g", str(max(1, round(2 * rate)))]
        if sound is not None and path is not None:
            copied = sound_codec(self.program, sound) in COPIED_SOUND[path.suffix]
            words += ["-map", "1:a:0", "-c:a", *(["copy"] if copied else _AAC)]
            words += ["-shortest"] if sound_seconds is None else []
        if path is not None and path.suffix == ".mp4":
            words += ["-movflags", "+faststart", "-f", "mp4"]
        else:
            # Short clusters, each on the disk as soon as it is whole: a cut costs half a second.
            words += ["-flush_packets", "1", "-cluster_time_limit", "500", "-f", "matroska"]
        words += ["pipe:1" if path is None else f"file:{path.absolute()}"]
        return [*words, *(_USE_THE_PICTURE if sound is not None else [])]

    def works(self) -> bool:
        """Try to encode a few frames."""
        length = TRIAL_SIZE[0] * TRIAL_SIZE[1] * 3 // 2
        pictures = [raw_matroska.header(TRIAL_SIZE, TRIAL_RATE)]
        for place in range(TRIAL_FRAMES):
            pictures += [raw_matroska.before_picture(place, TRIAL_RATE, length), bytes(length)]
        try:
            done = subprocess.run(
                self.command(None, TRIAL_SIZE, TRIAL_RATE),
                input=b"".join(pictures),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TRIAL_TIMEOUT,
                creationflags=creation_flags(),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    def _quality(self, path: Path | None, pixels: float) -> list[str]:
        """Return the encoder's options for good quality at `pixels` a second."""
        if self.encoder == "libx264":
            return _THOROUGH if path is not None and path.suffix == ".mp4" else _LIVE
        if self.encoder == "mpeg4":
            return ["-q:v", "3"]
        return ["-b:v", str(max(1_000_000, round(0.12 * pixels)))]


# The beginning of a broadcast is that of the first of the tracks that are used: so the picture is
# used too, for nothing.
_USE_THE_PICTURE = ["-map", "1:V:0?", "-c", "copy", "-f", "null", "-"]
# Frames that are said to be what they are, or players take HD for BT.709 and show other greens.
_TAGS = "setparams=colorspace=smpte170m:range=tv"
_THOROUGH = ["-preset", "veryfast", "-crf", "20"]
# A third of the time, beside a recognition that uses every core; and no frame is held back.
_LIVE = ["-preset", "ultrafast", "-crf", "22", "-tune", "zerolatency"]
_AAC = ["aac", "-b:a", "160k"]


@cache
def find_ffmpeg() -> FFmpeg | None:
    """Return the best encoder of the programs here, tried out; None where there is no program.

    The system's own program comes first, then the one that imageio-ffmpeg brings. The first call
    takes a moment.
    """
    programs = list(_programs())
    every = (FFmpeg(program, encoder) for encoder in ENCODERS for program in programs)
    return next((ffmpeg for ffmpeg in every if ffmpeg.works()), None)


def sound_codec(program: str, path: Path) -> str | None:
    """Return FFmpeg's name for the codec of a file's first audio track, None without one."""
    try:
        said = subprocess.run(
            [program, "-nostdin", "-hide_banner", "-i", f"file:{path.absolute()}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_TIMEOUT,
            creationflags=creation_flags(),
            check=False,
        ).stderr.decode(errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"^\s*Stream #\d+:\d+.*?: Audio: (\w+)", said, re.MULTILINE)
    return found[1] if found else None


def creation_flags() -> int:
    """Return the flags for Windows: no console, and Ctrl-C is not for this process."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _programs() -> Iterator[str]:
    installed = shutil.which("ffmpeg")
    if installed:
        yield installed
    try:
        import imageio_ffmpeg  # here, as a system with FFmpeg can do without

        yield imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):  # it brings no program for this system
        return
