"""Teaching in the window: a menu's entry, the cards beside the picture, and the number keys."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.teach.keys import NumberKeys
from lrcn_desktop.app.teach.lesson import Lesson
from lrcn_desktop.app.teach.offers import Offers
from lrcn_desktop.app.teach.panel import TeachPanel
from lrcn_desktop.app.teach.refining import Refining
from lrcn_desktop.app.teach.teach_settings import COUNTDOWN, FOLDER, project_folder
from lrcn_desktop.app.teach.thumbnail import Thumbnail, read_frames, small
from lrcn_desktop.app.widgets.class_colors import color_of
from lrcn_desktop.recognition.teaching.project import OTHER

if TYPE_CHECKING:
    from lrcn_desktop.recognition.teaching.teacher import Taught

COUNT, CLICK = 3.0, 3.0  # seconds of the countdown, and of what a click records
_PRESS = 0.35  # seconds: a shorter press is a click
_LOOK = 0.1


class TeachPart(Part):
    """Shows the cards while a project is open.

    Attributes:
        lesson: The project that is open, its examples and its model.
        panel: The cards.
        refining: The command that fits a memory.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.lesson = Lesson(host.document, host.worker, self)
        self.panel, self.refining = TeachPanel(), Refining(self)
        self._offers = Offers(host, self.lesson, self)
        self._side = host.places.workbench.side
        host.places.add_to_side(self.panel, self.tr("Teach"))
        self._side.setTabVisible(self._side.indexOf(self.panel), False)
        self._keys = NumberKeys(host.window)
        self._pressed = 0.0  # when the key or the button went down
        self._starts: float | None = None  # when the countdown ends
        self._ends: float | None = None  # when what a click records does
        self._unread: deque[Path] = deque()  # examples whose pictures are to be read
        self._wanted = ""  # the activity of the countdown
        self._fill_menu()
        self._connect()

    @property
    def open(self) -> bool:
        """Whether something is being taught."""
        return self.lesson.project is not None

    def toggle(self) -> None:
        """Begin to teach, or stop."""
        if self.open:
            self.stop()
        else:
            self.lesson.open(project_folder(self._host.settings))

    def stop(self) -> None:
        """Stop teaching; the model stays in use."""
        self.refining.stop()
        self._cancel()
        self.lesson.close()

    def close(self) -> None:
        """Stop what was begun; what was recorded is kept."""
        self._keys.switch(False)
        self.refining.finish(2.0)
        self.lesson.close()

    def press(self, activity: str) -> None:
        """The key or the button of an activity goes down."""
        if self.lesson.collecting.recording is not None or self._starts is not None:
            self._cancel()
            self.lesson.collecting.stop()
            return
        if not self.lesson.collecting.can_record:
            self._host.show_error(
                self.tr("There is nothing to record: open a camera, a video or the demo first.")
            )
            return
        self._pressed, self._ends, self._wanted = time.monotonic(), None, activity
        if self._host.settings.get(COUNTDOWN):
            self._starts = self._pressed + COUNT
            self._show_recording()
        else:
            self.lesson.collecting.record(activity)

    def release(self, activity: str) -> None:
        """It comes up again: what was held ends, and a click goes on for three seconds."""
        if self._starts is not None or self.lesson.collecting.recording is None:
            return
        if self._ends is None:
            if time.monotonic() - self._pressed < _PRESS:
                self._ends = self._pressed + CLICK
            else:
                self.lesson.collecting.stop()

    def _fill_menu(self) -> None:
        menus = self._host.menus
        self._entry = menus.add(
            menus.file,
            self.tr("&Teach activities"),
            self.toggle,
            "Ctrl+Shift+T",
            before=menus.opened,
        )
        self._entry.setCheckable(True)

    def _connect(self) -> None:
        lesson, panel, host = self.lesson, self.panel, self._host
        lesson.project_changed.connect(self._show_project)
        lesson.clips_changed.connect(self._show_clips)
        lesson.model_changed.connect(self._show_model)
        lesson.collecting.recording_changed.connect(self._show_recording)
        lesson.failed.connect(host.show_error)
        lesson.before_after.changed.connect(panel.show_change)
        panel.activity_wanted.connect(lesson.examples.add_activity)
        panel.project_wanted.connect(self._offer_project)
        panel.close_wanted.connect(self.stop)
        panel.shift_changed.connect(lesson.set_shift)
        panel.shift_chosen.connect(lesson.save_shift)
        panel.undo.clicked.connect(lesson.examples.undo)
        panel.refine.clicked.connect(self._refine)
        panel.countdown.setChecked(host.settings.get(COUNTDOWN))
        panel.countdown.toggled.connect(partial(host.settings.set, COUNTDOWN))
        self.refining.progressed.connect(panel.show_refining)
        self.refining.done.connect(self._refined)
        self.refining.failed.connect(self._not_refined)
        self._keys.pressed.connect(lambda number: self._by_key(number, self.press))
        self._keys.released.connect(lambda number: self._by_key(number, self.release))
        self._keys.last_wanted.connect(
            lambda number: self._by_key(number, lesson.collecting.add_last_seconds)
        )
        host.ticker.every(_LOOK, self._look)

    # What is shown

    def _show_project(self) -> None:
        project = self.lesson.project
        self._entry.setChecked(project is not None)
        self._side.setTabVisible(self._side.indexOf(self.panel), project is not None)
        self._keys.switch(project is not None)
        if project is not None:
            self._host.settings.set(FOLDER, str(project.folder))
            self.panel.show_shift(project.shift)
            self._side.setCurrentWidget(self.panel)
            self._host.places.workbench.show_side(True, always=True)
            self.panel.setFocus()
            self._show_clips()
            self._show_model()

    def _show_clips(self) -> None:
        project = self.lesson.project
        if project is None:
            return
        for card in self.panel.show_project(project.name, project.activities):
            card.pressed.connect(self.press)
            card.released.connect(self.release)
            card.renamed.connect(self.lesson.examples.rename_activity)
            card.more_wanted.connect(self._offers.for_card)
        for activity, card in self.panel.cards.items():
            for thumbnail in card.show_clips(project.clips(activity)):
                thumbnail.menu_wanted.connect(self._offers.for_clip)
                self._picture(thumbnail)
        self.panel.undo.setVisible(self.lesson.examples.can_undo)
        clips = {clip.activity for clip in project.clips()}
        self.panel.show_hint(wanted=not clips.issuperset(project.activities) or not clips)

    def _picture(self, thumbnail: Thumbnail) -> None:
        """Get the pictures of an example: one after the other, where a file has to be read."""
        path = thumbnail.clip.path
        recorded = self.lesson.collecting.pictures.pop(path, None)
        if recorded is not None:
            thumbnail.show_frames([small(image) for image in recorded])
            return
        self._unread.append(path)
        if len(self._unread) == 1:
            self._read_next()

    def _read_next(self) -> None:
        path = self._unread[0]

        def show(frames: list[QImage]) -> None:
            for card in self.panel.cards.values():
                for one in card.thumbnails:
                    if one.clip.path == path:
                        one.show_frames(frames)
            self._unread.popleft()
            if self._unread:
                self._read_next()

        # What cannot be read has no pictures: the model's notes say why.
        self._host.worker.run(
            partial(read_frames, path), show, lambda _: show([]), "pictures of an example"
        )

    def _show_model(self) -> None:
        lesson, taught = self.lesson, self.lesson.taught
        if taught is None:
            words = self.tr("Looking at the examples...") if lesson.busy else lesson.why
            self.panel.show_status(words, ())
        else:
            self.panel.show_status(self._verdict(taught), (*taught.material.notes, *taught.advice))
        self.panel.refine.setEnabled(taught is not None or self.refining.running)

    def _verdict(self, taught: Taught) -> str:
        verdict = taught.model.info.training.get("verdict")
        if isinstance(verdict, str):
            return verdict
        right, before = _clips_right(taught), _clips_right(self.lesson.before)
        if right is None:
            return self.tr("It knows them. Record two or more of each to see how well.")
        words = self.tr("{0:.0f} % of the examples are recognized by a model without them.")
        if before is not None and round(100 * before) != round(100 * right):
            words += self.tr(" Before: {1:.0f} %.")
            return words.format(100 * right, 100 * before)
        return words.format(100 * right)

    def _show_recording(self) -> None:
        recording, now = self.lesson.collecting.recording, time.monotonic()
        for activity, card in self.panel.cards.items():
            words = ""
            if self._starts is not None and activity == self._wanted:
                words = f"{max(1, int(np.ceil(self._starts - now)))} ..."
            elif recording is not None and recording.activity == activity:
                words = self.tr("Stop {0:.1f} s").format(recording.seconds)
            card.show_recording(words)

    def _look(self) -> None:
        if not self.open:
            return
        self.lesson.collecting.look()
        now = time.monotonic()
        if self._starts is not None and now >= self._starts:
            self._starts, self._ends = None, now + CLICK
            self.lesson.collecting.record(self._wanted)
        if self._ends is not None and now >= self._ends:
            self._ends = None
            self.lesson.collecting.stop()
        if self.lesson.collecting.recording is not None or self._starts is not None:
            self._show_recording()
        self._show_bars()

    def _show_bars(self) -> None:
        live = self._host.document.live
        prediction = live.latest if live is not None else None
        classes = live.recognizer.classes if live is not None else ()
        for activity, card in self.panel.cards.items():
            value = 0.0
            index = classes.index(activity) if activity in classes else 0
            if prediction is not None and activity in classes:
                value = float(prediction.probabilities[index])
            sure = prediction is not None and prediction.label is not None
            color = color_of(activity, classes) if activity in classes else QColor()
            card.bar.show_value(value, color, sure=sure)

    # What can be done

    def _offer_project(self, button: QToolButton) -> None:
        if self.open:
            self._offers.for_project(button)
        else:
            self.toggle()

    def _by_key(self, number: int, do: object) -> None:
        project = self.lesson.project
        if project is None or not callable(do):
            return
        if number == 0:
            do(OTHER)
        elif number <= len(project.activities):
            do(project.activities[number - 1])

    def _cancel(self) -> None:
        self._starts = self._ends = None
        self._show_recording()

    def _refine(self) -> None:
        project = self.lesson.project
        if self.refining.running:
            self.refining.stop()
        elif project is not None:
            self.refining.start(project.folder)

    def _refined(self, path: Path) -> None:
        self.panel.show_refining(None)
        self.lesson.take_refined(path)

    def _not_refined(self, sentence: str) -> None:
        self.panel.show_refining(None)
        if sentence:
            self._host.show_error(sentence)
        self._show_model()


def _clips_right(taught: Taught | None) -> float | None:
    from lrcn_desktop.recognition.teaching.sample import clips_right

    return clips_right(list(taught.left_out.values())) if taught is not None else None
