"""What is open: the source, its capture, the model and its live recognition, without widgets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.loading import load_recognizer, open_for_playing
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.model.defaults import default_model, is_demo
from lrcn_desktop.video.capture import Capture, Captured
from lrcn_desktop.video.open import camera_index
from lrcn_desktop.video.source import Source

if TYPE_CHECKING:  # loaded by a worker, so that the window need not wait
    from lrcn_desktop.recognition.automatic import Choice
    from lrcn_desktop.recognition.engines.open import Device
    from lrcn_desktop.recognition.live import Listener, LiveRecognition
    from lrcn_desktop.recognition.rates import StepRate
    from lrcn_desktop.recognition.recognizer import Recognizer


LONGEST_HOLD = 2.0  # seconds that a model waits for a picture, which may never come


class Session(QObject):
    """Opens and closes, off the window's thread, and keeps what it had when something fails.

    Attributes:
        address: What the source was opened from, "" when none is open.
        capture: Plays the source, or None.
        recognizer: The loaded model, or None.
        live: Recognizes what `capture` plays, or None while no model is ready.
        loading: The model that is being loaded, or "".
        every_frame: Whether files wait for the recognizer.
        rate: How often steps are to be taken, where the model leaves a choice.
        listeners: Receive what each further `live` recognizes, on its thread.
        frame_listeners: Are given every frame, on the capture's thread; they must return at once.
    """

    recognizing = Signal()  # a recognition is about to begin: the moment to set `listeners`
    source_changed = Signal()  # another source plays, or none
    model_changed = Signal()  # a model is being loaded, was loaded, or could not be
    opening = Signal(str)  # the address that is being opened; "" when that is over
    failed = Signal(str)  # one sentence

    def __init__(self, device: Device, model: str | None, parent: QObject | None = None) -> None:
        """Use `device`, and `model` for every source; None: what is chosen, or suits the source."""
        super().__init__(parent)
        self.address = ""
        self.capture: Capture | None = None
        self.recognizer: Recognizer | None = None
        self.live: LiveRecognition | None = None
        self.loading = ""
        self.every_frame = False
        self.rate: StepRate = "auto"
        self.listeners: tuple[Listener, ...] = ()
        self._frame_listeners: tuple[Callable[[Captured], None], ...] = ()
        self._device, self._loaded = device, ""
        self._models = _Models(given=model)
        self._automatic: Choice | None = None  # for the source that is open
        self._worker = Worker(self)
        self._request = 0  # the newest call to `open`; outcomes of older ones are dropped
        self._retiring = 0  # recognitions and captures that are being stopped
        self._reported: Exception | None = None
        self._held: Callable[[], None] | None = None  # starts a load that lets the picture go first
        self._held_until = 0.0
        self._unseen = False  # the source has played while its model was being loaded

    @property
    def model(self) -> str:
        """The model that is in use or will be, by name or path."""
        return self.loading or self._loaded or self.model_for(self.address)

    @property
    def chosen(self) -> str | None:
        """The model that was chosen for what is open; None: the automatic one."""
        return self._models.of(self.address)

    @property
    def why(self) -> str:
        """Why the model in use is the automatic one, in one sentence; "" where it was chosen."""
        automatic = self._automatic
        return automatic.why if self.chosen is None and automatic is not None else ""

    @property
    def device(self) -> Device:
        """Where the models run."""
        return self._device

    @property
    def frame_listeners(self) -> tuple[Callable[[Captured], None], ...]:
        """Who is given every frame of this and every further source."""
        return self._frame_listeners

    @frame_listeners.setter
    def frame_listeners(self, listeners: tuple[Callable[[Captured], None], ...]) -> None:
        self._frame_listeners = listeners
        if self.capture is not None:
            self.capture.listeners = listeners

    def open(self, address: str) -> None:
        """Open a source in place of the one that plays, which goes on until it succeeds."""
        self._request += 1
        self.opening.emit(address)
        busy = None
        if self.capture is not None and self.capture.source.live and self._is_open(address):
            busy, self.capture, self.address = self.capture, None, ""
            self._stop_recognition()
        self._worker.run(
            partial(open_for_playing, address, busy, self._device),
            partial(self._opened, self._request, address),
            partial(self._open_failed, self._request),
            "open source",
        )

    def _is_open(self, address: str) -> bool:
        """Whether what plays is the same, be it the same camera at another resolution."""
        camera = camera_index(address)
        return address == self.address or (
            camera is not None and camera == camera_index(self.address)
        )

    def cancel(self) -> None:
        """Give up what `open` began."""
        self._request += 1
        self.opening.emit("")

    def set_chosen(self, name: str | None) -> None:
        """Remember what was chosen earlier, for every source but the demo; None: what suits."""
        self._models = replace(self._models, chosen=name)

    def choose_model(self, name: str | None) -> None:
        """Load a model, by name or path, for this and every further source; None: what suits.

        The demo keeps its own; while it is open, the choice holds for it too, until it is left.
        """
        before = self._models
        demo = name if is_demo(self.address) else None
        self._models = _Models(chosen=name, demo=demo)
        wanted = self.model_for(self.address)
        if wanted != (self.loading or self._loaded):
            self._load(wanted, instead_of=before)
        else:
            self.model_changed.emit()

    def model_for(self, address: str) -> str:
        """Return the model that a source is or would be recognized by, by name or path."""
        automatic = self._automatic.name if self._automatic is not None else default_model(address)
        return self._models.of(address) or automatic

    def use(self, name: str, recognizer: Recognizer) -> None:
        """Recognize this and every further source by a model that is there already.

        Args:
            name: The file that it is kept in.
            recognizer: Must not be in use elsewhere.
        """
        self._models, self.loading, self._held = _Models(given=name), "", None
        self._loaded, self.recognizer = name, recognizer
        self._stop_recognition()
        self._recognize()
        self.model_changed.emit()

    def set_device(self, device: Device) -> None:
        """Run the model on another device, from now on."""
        changed, self._device = device != self._device, device
        if changed and (self.loading or self.recognizer is not None):
            self._load(self.model, instead_of=self._models)

    def reset(self) -> None:
        """Forget what was seen."""
        if self.live is not None:
            self.live.reset()

    def set_every_frame(self, every_frame: bool) -> None:
        """Choose between recognizing every frame of a file and keeping up with its pace."""
        self.every_frame = every_frame
        if self.capture is not None:
            # Without a recognizer nobody would take the frames that the capture waits for.
            self.capture.every_frame = every_frame and self.live is not None

    def set_rate(self, rate: StepRate) -> None:
        """Take steps at another rate, from now on."""
        self.rate = rate
        if self.live is not None:
            self.live.set_rate(rate)

    def picture_shown(self) -> None:
        """Begin to load the model: the source's first picture is on the screen."""
        held, self._held = self._held, None
        if held is not None:
            held()

    def check(self) -> None:
        """Report, once, that the source or the recognition broke off; call now and then."""
        if self._held is not None and time.monotonic() > self._held_until:
            self.picture_shown()
        for part in (self.capture, self.live):
            if part is not None and part.error is not None and part.error is not self._reported:
                self._reported = part.error
                self.failed.emit(str(part.error))

    def close(self, seconds: float) -> bool:
        """Stop everything; say whether it all stopped within `seconds`."""
        self._request += 1
        self.loading, self._held = "", None
        self._retire()
        return self._worker.finish(seconds)

    def _opened(self, request: int, address: str, opened: tuple[Source, Choice]) -> None:
        source, automatic = opened
        if request != self._request:
            self._worker.run(source.close, lambda _: None, self.failed.emit, "close source")
            return
        self._retire()
        self.address, self._automatic = address, automatic
        self._models = replace(self._models, demo=None)
        self.capture = Capture(source)
        self.capture.listeners = self._frame_listeners
        self.capture.start()
        wanted = self.model_for(address)
        if wanted == self._loaded and self.loading:
            self.loading, self._held = "", None
            self.model_changed.emit()
        elif wanted not in (self._loaded, self.loading):
            self._load(wanted, instead_of=self._models, hold=True)
        self._unseen = bool(self.loading)
        self._recognize()
        self.opening.emit("")
        self.source_changed.emit()

    def _open_failed(self, request: int, sentence: str) -> None:
        if request == self._request:
            self.opening.emit("")
            self.failed.emit(sentence)
            if self.capture is None:
                self.source_changed.emit()

    def _load(self, name: str, *, instead_of: _Models, hold: bool = False) -> None:
        """Load a model, now or (`hold`) once the source's first picture is on the screen.

        PyTorch's import takes turns with every other thread, for seconds.
        """
        self.loading = name
        self.model_changed.emit()
        self._held = partial(
            self._worker.run,
            partial(load_recognizer, name, self._device),
            partial(self._model_loaded, name),
            partial(self._load_failed, name, instead_of),
            "load model",
        )
        self._held_until = time.monotonic() + LONGEST_HOLD
        if not hold:
            self.picture_shown()

    def _model_loaded(self, name: str, recognizer: Recognizer) -> None:
        if name != self.loading:
            return
        self.loading = ""
        self._loaded, self.recognizer = name, recognizer
        self._stop_recognition()
        self._recognize()
        self.model_changed.emit()

    def _load_failed(self, name: str, before: _Models, sentence: str) -> None:
        if name == self.loading:
            self._models, self.loading = before, ""
            self.failed.emit(sentence)
            given = self.chosen is not None and self.model_for(self.address) == name
            if given and not self._loaded:
                self.choose_model(None)  # what was chosen at another start is no longer there
                return
            self._recognize()
            self.model_changed.emit()

    def _recognize(self) -> None:
        """Start recognition as soon as all that it needs is there."""
        if self.capture is None or self.recognizer is None or self.live is not None:
            return
        if self.loading or self._retiring:
            return
        from lrcn_desktop.recognition.live import LiveRecognition

        self.recognizing.emit()
        self.live = LiveRecognition(self.capture, self.recognizer, self.listeners, self.rate)
        self.live.start()
        self.set_every_frame(self.every_frame)
        captured = self.capture.latest.peek()
        untouched = captured is None or captured.generation == 0
        if self._unseen and untouched and not self.capture.paused:
            self.capture.seek(0.0)  # a short clip may be over before the model is there
        self._unseen = False

    def _stop_recognition(self) -> None:
        live, self.live = self.live, None
        if live is not None:
            live.capture.every_frame = False
            self._stop(live.stop)

    def _retire(self) -> None:
        """Stop what plays; the recognizer is free again when that is done."""
        self._stop_recognition()
        capture, self.capture = self.capture, None
        self.address = ""
        if capture is not None:
            self._stop(capture.stop)

    def _stop(self, stop: Callable[[], None]) -> None:
        self._retiring += 1
        self._worker.run(stop, self._stopped, self._stop_failed, "stop")

    def _stopped(self, _: object) -> None:
        self._retiring -= 1
        self._recognize()

    def _stop_failed(self, sentence: str) -> None:
        self.failed.emit(sentence)
        self._stopped(None)


@dataclass(frozen=True, slots=True)
class _Models:
    """Which models were chosen, by name or path; None: what suits.

    Attributes:
        given: For every source, by who started the program.
        chosen: For every source but the demo.
        demo: For the demo, while it is open.
    """

    given: str | None = None
    chosen: str | None = None
    demo: str | None = None

    def of(self, address: str) -> str | None:
        """Return what was chosen for a source."""
        return self.given or (self.demo if is_demo(address) else self.chosen)
