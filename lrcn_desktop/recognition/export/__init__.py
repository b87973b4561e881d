"""What was recognized, as files for other programs; every one written whole or not at all."""

from lrcn_desktop.files import check_writable
from lrcn_desktop.recognition.export.boris import write_boris
from lrcn_desktop.recognition.export.elan import write_eaf
from lrcn_desktop.recognition.export.media import Media
from lrcn_desktop.recognition.export.segment_table import write_segments
from lrcn_desktop.recognition.export.step_table import write_csv
from lrcn_desktop.recognition.export.steps_json import write_json
from lrcn_desktop.recognition.export.subtitles import write_srt, write_vtt

__all__ = [
    "Media",
    "check_writable",
    "write_boris",
    "write_csv",
    "write_eaf",
    "write_json",
    "write_segments",
    "write_srt",
    "write_vtt",
]
