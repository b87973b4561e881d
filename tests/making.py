"""Small files of every kind, made with FFmpeg's program, and what that program shows of them."""

import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

from lrcn_desktop.video.frame import Image

PROGRAM = imageio_ffmpeg.get_ffmpeg_exe()
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
INTERLACED = ("-flags", "+ilme+ildct")


def pictures(size: str = "160x120", rate: int = 25, seconds: float = 1) -> tuple[str, ...]:
    """Return the input of a moving test picture."""
    return ("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}")


def ffmpeg(*words: str) -> bytes:
    """Run the program; return what it writes to its standard output."""
    command = [PROGRAM, "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *words]
    return subprocess.run(command, capture_output=True, check=True, timeout=100).stdout


@dataclass(frozen=True, slots=True)
class Shown:
    """What FFmpeg shows of a file.

    Attributes:
        times: Seconds of each picture.
        images: uint8 (N, H, W, 3) RGB.
    """

    times: list[float]
    images: Image


def shown(path: Path, sound: bool = False) -> Shown:
    """Decode a file with FFmpeg's program: deinterlaced, turned, with square pixels.

    Args:
        path: The file.
        sound: Whether it has any.
    """
    filters = "bwdif=mode=send_frame:deint=interlaced,scale=round(iw*sar):ih,setsar=1,showinfo"
    command = [PROGRAM, "-nostdin", "-hide_banner", "-loglevel", "info", "-i", f"file:{path}"]
    command += ["-map", "0:V:0", "-vf", filters, "-fps_mode", "passthrough"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    if sound:  # a broadcast begins with the first of the tracks that are used
        command += ["-map", "0:a", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=100)
    said = done.stderr.decode(errors="replace")
    times = [float(t) for t in re.findall(r"showinfo.*? n: *\d+ pts: *\S+ pts_time:(\S+)", said)]
    width, height = map(int, re.findall(r"showinfo.*? s:(\d+)x(\d+) ", said)[0])
    images = np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 3)
    return Shown(times, images)


def damaged(path: Path, packets: range) -> None:
    """Overwrite some of a file's packets with noise."""
    noise = np.random.default_rng(1)
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        found = [p for p in container.demux(container.streams.video[0]) if p.size]
        places = [(p.pos, p.size) for p in (found[n] for n in packets)]
    for start, size in places:
        assert start is not None
        data[start : start + size] = noise.bytes(size)
    path.write_bytes(data)


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Give an MP4 a display matrix."""
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 44
    values = (a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 0x4000 << 16)
    data[place : place + 36] = struct.pack(">9i", *values)
    path.write_bytes(data)
