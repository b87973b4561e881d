"""How loud a file is, at the right times, found in a process of its own."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from making import X264, ffmpeg, pictures
from waiting import until

from lrcn_desktop.video.decoding.sound import peaks
from lrcn_desktop.video.waveform import PEAKS, Waveform

# Loud from 1 to 2 seconds, half as loud from 3 to 4, of 5.
TONE = "(between(t,1,2)+0.5*between(t,3,4))*0.8*sin(2*PI*440*t)"
SOUND = f"aevalsrc='{TONE}|{TONE}':s=22050:d=5"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("waveform") / "film.mkv"
    picture = pictures("64x48", seconds=2)
    ffmpeg(*picture, "-f", "lavfi", "-i", SOUND, *X264, "-c:a", "flac", str(path))
    return path


def test_the_peaks_are_at_their_times(film: Path) -> None:
    waveform = Waveform(film)
    waveform.start()
    waveform.join(30)
    found = waveform.peaks
    assert found.dtype == np.uint8
    assert len(found) == pytest.approx(5 * PEAKS, abs=1)
    assert found[11:20].tolist() == pytest.approx([0.8 * 255] * 9, abs=4)
    assert found[31:40].tolist() == pytest.approx([0.4 * 255] * 9, abs=4)
    assert max(*found[:10], *found[21:30], *found[41:]) < 3


def test_silence_before_a_late_sound_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    words = ("-itsoffset", "2", "-f", "lavfi", "-i", "sine=d=1", *X264, "-c:a", "flac")
    ffmpeg(*pictures("64x48", seconds=3), *words, str(path))
    found = [peak for some in peaks(str(path), lambda: None) for peak in some]
    assert max(found[:20]) == 0
    assert min(found[20:30]) > 20


def test_a_file_without_sound_has_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "mute.mkv"
    ffmpeg(*pictures("64x48"), *X264, str(path))
    waveform = Waveform(path)
    waveform.start()
    waveform.join(30)
    assert len(waveform.peaks) == 0
    assert not caplog.records


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", ["stop", "crash"])
def test_it_ends_when_it_is_stopped_or_crashes(
    film: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    waveform = Waveform(film)
    waveform.start()
    until(lambda: waveform.process)
    assert waveform.process is not None
    if how == "stop":
        waveform.stop()
    else:
        os.kill(waveform.process.pid, signal.SIGSEGV)
    waveform.join(10)
    assert not waveform.is_alive()
    assert len(caplog.records) == (how == "crash")
