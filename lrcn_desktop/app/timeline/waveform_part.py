"""The waveform of what is open, under the timeline."""

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.timeline.waveform import WaveformLane
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.waveform import Waveform

_LOOK = 0.3  # seconds between looks at what was found


class WaveformPart(Part):
    """Has the waveform of each file found in the background, and shows it as far as it is known.

    Attributes:
        lane: Shows it; hidden where there is no sound.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._capture: Capture | None = None
        self._waveform: Waveform | None = None
        panel = host.places.timeline
        self.lane = WaveformLane(panel.view)
        self.lane.sought.connect(host.document.seek)
        panel.add_lane(self.lane)
        host.document.source_changed.connect(self._show_source)
        host.ticker.every(0, self.lane.refresh)
        host.ticker.every(_LOOK, self._look)
        self._show_source()

    def close(self) -> None:
        """Stop looking for more."""
        waveform, self._waveform = self._waveform, None
        if waveform is not None:
            waveform.stop()

    def _show_source(self) -> None:
        capture = self._host.document.capture
        if capture is not self._capture:
            self.close()
            self._capture = capture
            source = capture.source if capture is not None else None
            if source is not None and source.has_sound and source.file is not None:
                self._waveform = Waveform(source.file)
                self.lane.show_peaks(self._waveform.peaks)
        self.lane.setVisible(self._waveform is not None)

    def _look(self) -> None:
        if self._waveform is None or self._capture is None:
            return
        if self._waveform.ident is None and self._capture.latest.peek() is not None:
            self._waveform.start()  # not before the first picture
        self.lane.show_peaks(self._waveform.peaks)
