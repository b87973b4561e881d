"""Events in the window: what was seen is counted, told, written and acted upon."""

from __future__ import annotations

import math
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from lrcn_desktop.app.events.dialog import EventsDialog
from lrcn_desktop.app.events.log import EventLog
from lrcn_desktop.app.events.notifier import Notifier
from lrcn_desktop.app.events.panel import EventsPanel
from lrcn_desktop.app.events.program import Programs, needs_end
from lrcn_desktop.app.events.rule import (
    RULES,
    Rule,
    read_rules,
    rule_for,
    same_activity,
    write_rules,
)
from lrcn_desktop.app.events.sound import Sound
from lrcn_desktop.app.events.strip import Count
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.app.widgets.class_colors import color_numbers, readable
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.recognition.events import Condition, Event, EventWatch

if TYPE_CHECKING:
    from lrcn_desktop.recognition.recognizer import Recognizer
    from lrcn_desktop.video.capture import Capture

_NOTE_SHOWN = 8.0  # seconds
_ENDED = 0.9  # seconds that a source has ended before what goes on in it has too


class EventsPart(Part):
    """Watches for the chosen activities and does what the user asked for.

    Attributes:
        rules: What the user asked for, an activity each.
        panel: The side's tab.
        strip: The line of counts.
        programs: The programs that run for events.
    """

    happened = Signal(object)  # an Event that begins

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document = document = host.document
        self.rules: list[Rule] = []
        self._watch: EventWatch | None = None
        self._classes: tuple[str, ...] = ()
        self._capture: Capture | None = None
        self._source = ""
        self._begun: dict[tuple[str, int], datetime] = {}
        self._ended: float | None = None  # since when the source has ended
        self._told_dropped = False
        self._noted = 0.0  # when the last note was shown
        self._log = EventLog(host.worker, self)
        self.programs = Programs(host.worker, self)
        self._sound = Sound(host.worker, self)
        self._notifier = Notifier(self)
        self.panel = EventsPanel()
        self.strip = self.panel.strip
        self._note = NoteBanner(calm=True)
        host.places.add_to_side(self.panel, self.tr("Events"))
        host.places.add_notice(self._note)
        self.panel.chosen.connect(self.choose)
        self.panel.activated.connect(document.seek)
        for action in (self._log, self.programs):
            action.failed.connect(host.show_error)
        self._notifier.noted.connect(self.show_note)
        self._notifier.clicked.connect(self._show_window)
        self.strip.reset_clicked.connect(self.reset_counts)
        document.listen(self._begin)
        document.source_changed.connect(self._show_source)
        document.model_changed.connect(self._show_counts)
        host.settings.changed.connect(self._settings_changed)
        host.ticker.every(0, self._look)
        host.menus.view.addSeparator()
        host.menus.add(host.menus.view, self.tr("&Events..."), self.choose)
        self._take_rules()

    @property
    def note(self) -> str:
        """The notification on show where the desktop shows none, or ""."""
        return self._note.text

    def choose(self) -> EventsDialog:
        """Ask the user what is to happen when."""
        recognizer = self._document.recognizer
        dialog = EventsDialog(
            self.rules,
            recognizer.classes if recognizer is not None else (),
            notes_in_window=not self._notifier.has_desktop(),
            parent=self._host.window,
        )
        dialog.sound_wanted.connect(self._sound.play)
        dialog.chosen.connect(lambda rules: write_rules(self._host.settings, rules))
        dialog.open()
        return dialog

    def reset_counts(self) -> None:
        """Count from 1 again."""
        if self._watch is not None:
            self._watch.reset_counts()
            self.panel.clear()
            self._show_counts()

    def close(self) -> None:
        """Write what went on until now."""
        self._end_watch()
        self._notifier.set_wanted(False)

    def _show_source(self) -> None:
        """End what went on in the source before; the counts are of one source."""
        if self._document.capture is not self._capture:
            self._end_watch()
            self._capture = self._document.capture
            self._watch = None
            self.panel.clear()
            self._show_counts()

    def _look(self) -> None:
        """Act upon what happened since the last look."""
        capture, now = self._capture, time.monotonic()
        if capture is None or not capture.ended:
            self._ended = None
        elif self._ended is None:
            self._ended = now
        if self._watch is not None:
            if self._ended is not None and now - self._ended >= _ENDED:
                self._ended = math.inf
                self._watch.forget()
            self._take(self._watch)
        if now - self._noted > _NOTE_SHOWN:
            self._note.hide()
        self.programs.check()
        self._notifier.check()

    def _begin(self, recognizer: Recognizer) -> EventWatch:
        """Watch the recognition that is about to begin."""
        capture = self._document.capture
        assert capture is not None
        self._end_watch()
        same = self._watch is not None and capture is self._capture
        counts = self._watch.counts if self._watch is not None and same else {}
        source = capture.source
        self._source = source.name if source.live else self._document.address
        self._capture, self._classes = capture, recognizer.classes
        self._watch = EventWatch(self._classes, self._conditions(), counts)
        self._show_counts()
        return self._watch

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._take(self._watch)
        self._begun.clear()

    def _take(self, watch: EventWatch) -> None:
        events = watch.take()
        for event in events:
            rule = rule_for(event.label, self.rules)
            self.panel.add(event)
            if event.end is None:
                self._begun[event.label, event.number] = datetime.now().astimezone()
                self.happened.emit(event)
            if rule is not None:
                self._act(rule, event)
            if event.end is not None:
                self._begun.pop((event.label, event.number), None)
        if events:
            self._show_counts()
        if watch.dropped and not self._told_dropped:
            self._told_dropped = True
            self._host.show_error(
                self.tr("More events arrived at once than could be handled: some were skipped.")
            )

    def _act(self, rule: Rule, event: Event) -> None:
        begun = self._begun.get((event.label, event.number), datetime.now().astimezone())
        moment = begun.isoformat(timespec="seconds")
        if event.end is None and rule.notify:
            self._notifier.notify(
                self.tr("{0} at {1}").format(readable(event.label), clock(event.start))
            )
        if event.end is None and rule.sound:
            self._sound.play()
        if event.end is not None and rule.log:
            row = (event.start, event.end, event.confidence or 0.0, event.number)
            self._log.add(rule.log, (moment, self._source, event.label, *row))
        if rule.program and needs_end(rule.program) == (event.end is not None):
            values = {
                "label": event.label,
                "start": f"{event.start:.3f}",
                "end": "" if event.end is None else f"{event.end:.3f}",
                "time": moment,
                "source": self._source,
            }
            self.programs.run(rule.program, values)

    def _conditions(self) -> dict[str, Condition]:
        found = ((label, rule_for(label, self.rules)) for label in self._classes)
        return {label: rule.condition for label, rule in found if rule is not None}

    def _settings_changed(self, setting: Setting[Any]) -> None:
        if setting == RULES:
            self._take_rules()

    def _take_rules(self) -> None:
        self.rules = read_rules(self._host.settings)
        self.panel.show_rules(len(self.rules))
        self.programs.forget_failures()
        self._notifier.set_wanted(any(rule.notify for rule in self.rules))
        if self._watch is not None:
            self._watch.choose(self._conditions())
        self._show_counts()

    def show_note(self, text: str) -> None:
        """Say over the picture what was detected."""
        self._noted = time.monotonic()
        self._note.show_note(text)

    def _show_counts(self) -> None:
        counts = self._watch.counts if self._watch is not None else {}
        shown = []
        for rule in self.rules:
            if rule.count and self._document.capture is not None:
                label = next((c for c in self._classes if same_activity(c, rule.label)), rule.label)
                at = self._classes.index(label) if label in self._classes else None
                index = None if at is None else color_numbers(self._classes)[at]
                shown.append(Count(label, index, counts.get(label, 0)))
        self.strip.show_counts(shown)

    def _show_window(self) -> None:
        window = self._host.window
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()
