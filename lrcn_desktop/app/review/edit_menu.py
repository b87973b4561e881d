"""The Edit menu: every correction with its key."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from lrcn_desktop.app.menus import Menus
from lrcn_desktop.app.review.editing import Editing
from lrcn_desktop.app.review.labels_menu import KEYS, swatch
from lrcn_desktop.app.widgets.class_colors import readable


class EditMenu(QObject):
    """Offers what can be done to the review, and only that.

    Attributes:
        give: The entry that gives the corrections to Retrain.
    """

    def __init__(self, menus: Menus, editing: Editing, give: Callable[[], object]) -> None:
        """Add the menu before the Playback menu."""
        super().__init__(editing)
        bar = menus.bar
        self._menus, self._editing = menus, editing
        self.menu = QMenu(self.tr("&Edit"), bar)
        bar.insertMenu(menus.playback.menuAction(), self.menu)
        keys = QKeySequence.StandardKey
        self._undo = self._add(self.tr("&Undo"), editing.undo, QKeySequence(keys.Undo))
        self._redo = self._add(self.tr("&Redo"), editing.redo, "Ctrl+Shift+Z")
        self.menu.addSeparator()
        self._add_labels()
        self._on_segment = [
            self._add(self.tr("&Other activity..."), editing.choose_label, "L"),
            self._add(self.tr("&Start at the playhead"), editing.start_here, "["),
            self._add(self.tr("&End at the playhead"), editing.end_here, "]"),
            self._add(self.tr("S&plit at the playhead"), editing.split, "S"),
            self._add(self.tr("&Delete segment"), editing.delete, "Del"),
            self._add(self.tr("&Confirm segment"), editing.confirm, "C"),
        ]
        self._on_segment.append(
            self._add(self.tr("Confirm a&ll segments"), editing.confirm_all, "Shift+C")
        )
        self._on_segment.append(
            self._add(
                self.tr("Select all in vie&w"), editing.select_all, QKeySequence(keys.SelectAll)
            )
        )
        self.menu.addSeparator()
        self._adding = self._add(self.tr("&Add segment..."), editing.add, "N")
        for text, step, too, key in (
            (self.tr("&Next segment"), 1, False, "Ctrl+Right"),
            (self.tr("Pre&vious segment"), -1, False, "Ctrl+Left"),
            (self.tr("Select the ne&xt one too"), 1, True, "Ctrl+Shift+Right"),
            (self.tr("Select the prev&ious one too"), -1, True, "Ctrl+Shift+Left"),
        ):
            wanted = partial(editing.select_next, step, too=too)
            self._on_segment.append(self._add(text, wanted, key))
        self.menu.addSeparator()
        text = self.tr("&Train on corrections...")
        self.give = self._add(text, give, "Ctrl+Alt+T")
        self.refresh(can_give=False)

    def refresh(self, *, can_give: bool) -> None:
        """Enable what can be done now."""
        review = self._editing.review
        self._menus.allow(self._undo, review is not None and review.can_undo)
        self._menus.allow(self._redo, review is not None and review.can_redo)
        self._menus.allow(self._adding, review is not None)
        some = review is not None and bool(review.items)
        for action in self._on_segment:
            self._menus.allow(action, some)
        self._menus.allow(self.give, can_give)
        labels = self._editing.labels
        for number, action in enumerate(self._labels):
            there = number < len(labels)
            action.setVisible(there)
            self._menus.allow(action, some and there)
            if there:
                action.setText(readable(labels[number]).replace("&", "&&"))
                action.setIcon(swatch(labels[number], labels))

    def _add_labels(self) -> None:
        submenu = self.menu.addMenu(self.tr("Set activit&y to"))
        self._labels: list[QAction] = []
        for number in range(KEYS):
            wanted = partial(self._relabel, number)
            action = self._menus.add(
                submenu, str(number + 1), wanted, str(number + 1), needs="source"
            )
            self._labels.append(action)

    def _relabel(self, number: int) -> None:
        labels = self._editing.labels
        if number < len(labels):
            self._editing.relabel(labels[number])

    def _add(self, text: str, wanted: Callable[[], object], key: str | QKeySequence) -> QAction:
        return self._menus.add(self.menu, text, wanted, key, needs="source")
