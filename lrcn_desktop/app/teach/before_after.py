"""Before and after: what the model before said of this timeline, beside what the new one says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lrcn_desktop.app.document.document import Document
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.model.pooling import Pooling

if TYPE_CHECKING:  # slow: not at the window's start
    from lrcn_desktop.model.model_file import ModelFile
    from lrcn_desktop.recognition.prediction import Prediction
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.recognition.teaching.trace import Trace

_LEAST = 1.0  # seconds that count as a change
_MOST = 2  # activities that are named


class BeforeAfter(QObject):
    """Lets each new model say what it would have said of the last minute."""

    changed = Signal(str)  # one sentence

    def __init__(self, document: Document, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._worker = document, worker
        self._trace: Trace | None = None
        self._of: object | None = None  # the capture
        self._by: Recognizer | None = None  # the model that is compared
        self._begun: Recognizer | None = None  # the one that recognizes
        self._said: list[Prediction] = []
        document.listen(self._begin)

    def show(self, *, wanted: bool) -> None:
        """Keep what is watched from now on, or no longer."""
        from lrcn_desktop.recognition.teaching.trace import Trace

        self._trace = Trace() if wanted else None
        self._document.set_before(())

    def compare(self, recognizer: Recognizer, model: ModelFile) -> None:
        """Let a model that is about to be used say what it would have said."""
        trace = self._trace
        if trace is not None:
            self._by, self._said = recognizer, []
            self._worker.run(
                partial(trace.replay, model),
                partial(self._take, recognizer),
                lambda _: None,  # nothing is lost by it
                "replay",
            )

    def _take(self, recognizer: Recognizer, said: list[Prediction]) -> None:
        if recognizer is self._by:
            self._said = said
            self._show()

    def _show(self) -> None:
        """Put what it said into the history, once recognition by it has begun there."""
        from lrcn_desktop.recognition.teaching.trace import seconds_shown

        document, history, said = self._document, self._document.history, self._said
        if not said or history is None or self._by is not self._begun:
            return
        self._said = []
        start, end = said[0].time, said[-1].time
        before = history.segments()
        writer = history.writer(self._by)
        for prediction in said:
            writer.push(prediction)
        writer.finish()
        document.set_before([s for s in before if s.end > start and s.start < end])
        were, are = seconds_shown(before, start, end), seconds_shown(history.segments(), start, end)
        self.changed.emit(self._sentence(were, are, end - start))

    def _sentence(self, were: dict[str, float], are: dict[str, float], seconds: float) -> str:
        other = {label: are.get(label, 0.0) - were.get(label, 0.0) for label in {*were, *are}}
        most = sorted(other, key=lambda label: -abs(other[label]))[:_MOST]
        parts = [
            self.tr("{0} {1:.0f} s, before {2:.0f} s").format(
                label, are.get(label, 0.0), were.get(label, 0.0)
            )
            for label in most
            if abs(other[label]) >= _LEAST
        ]
        said = "; ".join(parts) if parts else self.tr("as before")
        return self.tr("The last {0:.0f} s of this timeline: {1}.").format(seconds, said)

    def _begin(self, recognizer: Recognizer) -> _Keeper:
        if self._trace is not None and self._document.capture is not self._of:
            self._trace.clear()
            self._said = []
        self._of, self._begun = self._document.capture, recognizer
        self._show()
        return _Keeper(self._trace, recognizer)


class _Keeper:
    """A listener: hands the features of each step to the trace, on the recognition's thread."""

    def __init__(self, trace: Trace | None, recognizer: Recognizer) -> None:
        from lrcn_desktop.recognition.teaching.features import BACKBONE, POOL

        info = recognizer.info
        same = (info.backbone, info.head.pool) == (BACKBONE, POOL)
        self._trace, self._recognizer = trace if same else None, recognizer
        self._pool = Pooling(POOL, BACKBONE.shape)

    def forget(self) -> None:
        """Keep what was watched: a gap in the times says it all."""

    def push(self, prediction: Prediction) -> None:
        """Take the step that was taken last."""
        features = self._recognizer.features
        if self._trace is not None and features is not None:
            self._trace.push(prediction.time, self._pool(features[None])[0])
