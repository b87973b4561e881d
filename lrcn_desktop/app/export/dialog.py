"""The dialog of exports: what, in which formats, and where to."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QWidget,
)

from lrcn_desktop.app.document.result import Result
from lrcn_desktop.app.export.format_row import FormatRow
from lrcn_desktop.app.export.job import Outcome
from lrcn_desktop.app.widgets.banner import ErrorBanner
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    as_card,
    enlarge,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.file_dialogs import ask_folder
from lrcn_desktop.app.widgets.transport import clock
from lrcn_desktop.app.widgets.window import show_outside
from lrcn_desktop.recognition.export.formats import FORMATS

_PER_MILLE = 1000


class ExportDialog(QDialog):
    """Asks what is to be written, and shows how it goes and what the result was."""

    wanted = Signal(object)  # the files by the format's name, a dict
    cancelled = Signal()
    analyze_wanted = Signal()

    def __init__(
        self, result: Result, ticked: Iterable[str], folder: Path, parent: QWidget
    ) -> None:
        """Offer all formats with those `ticked`, to be written into `folder`."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(620)
        self._result = result
        self._running = self._retired = False
        self._written: set[Path] = set()  # since the dialog was opened
        self._about = new_label(style="muted", wraps=True)
        self.errors = ErrorBanner()
        self._part = new_label(wraps=True)
        self.analyze = new_button(self.tr("&Analyze the rest"), self.analyze_wanted)
        self._part_note = self._new_part_note()
        self.rows = [FormatRow(each) for each in FORMATS]
        self.name, self.folder = QLineEdit(result.base), QLineEdit(str(folder))
        self._choose = new_button(self.tr("C&hoose..."), self._choose_folder)
        self._choices = self._new_choices()
        self._bar = QProgressBar(textVisible=False)
        self._status = new_label(wraps=True)
        self.show_in_folder = new_button(
            self.tr("&Show in folder"), lambda: show_outside(self.folder.text())
        )
        self.stop = new_button(self.tr("Close"), self.reject)
        self.export = new_button(
            self.tr("&Export"), lambda: self.wanted.emit(self._files()), "primary"
        )
        self.export.setDefault(True)
        self._lay_out()
        ticked = set(ticked)
        for row in self.rows:
            row.box.setChecked(row.format.name in ticked)
            row.changed.connect(self._refresh)
        self._connect()
        self.show_result(result, "")
        self._show_idle()

    @property
    def status(self) -> str:
        """What the line at the bottom says."""
        return self._status.text()

    @property
    def part_note(self) -> str:
        """The remark that only a part was analyzed, "" where all was."""
        return "" if self._part_note.isHidden() else self._part.text()

    def row(self, name: str) -> FormatRow:
        """Return the row of the format of that name."""
        return next(row for row in self.rows if row.format.name == name)

    def show_result(self, result: Result, analyzing: str) -> None:
        """Say what there is to export; `analyzing`: how far the analysis is that runs, or ""."""
        if self._running or self._retired:
            return
        self._result = result
        self._about.setText(self._describe(result))
        self._part_note.setVisible(result.partial)
        self._part.setText(
            analyzing
            or self.tr("Only {0} of {1} was analyzed so far.").format(
                clock(result.known), clock(result.media.duration)
            )
        )
        self.analyze.setVisible(not analyzing)
        for row in self.rows:
            row.show_missing(self._reason(row))
        self._refresh()

    def show_running(self, share: float | None) -> None:
        """Show how much is done, 0..1; None: not to be reported."""
        if not self._running:
            self._running = True
            self.errors.hide()
            self._choices.setEnabled(False)
            self.analyze.setEnabled(False)
            self.export.setEnabled(False)
            self.stop.setText(self.tr("Cancel"))
            self.show_in_folder.hide()
            self._bar.show()
        self._bar.setRange(0, 0 if share is None else _PER_MILLE)
        self._bar.setValue(round(_PER_MILLE * (share or 0.0)))
        words = self.tr("Writing ...")
        if share is not None:
            words = self.tr("Writing the video, {0:.0f} %").format(100 * share)
        self._status.setText(words)

    def show_outcome(self, outcome: Outcome) -> None:
        """Say what was written, and what was not."""
        self._show_idle()
        if outcome.error:
            self.errors.show_error(outcome.error)
        self._written.update(outcome.written)
        count = len(outcome.written)
        one, many = self.tr("1 file written"), self.tr("{0} files written")
        words = one if count == 1 else many.format(count)
        if outcome.video:
            words = self.tr("{0}; the video is {1}").format(words, outcome.video)
        if outcome.cancelled:
            words = self.tr("Cancelled; {0}").format(words) if count else self.tr("Cancelled")
        self._status.setText(f"{words}." if count or outcome.cancelled else "")
        self.show_in_folder.setVisible(count > 0)
        self._refresh()

    def retire(self) -> None:
        """Offer nothing more: another source is open."""
        self._retired = True
        self._choices.setEnabled(False)
        self._part_note.hide()
        self._refresh()

    def reject(self) -> None:
        """Close, or cancel what runs."""
        if self._running:
            self.cancelled.emit()
        else:
            super().reject()

    def _files(self) -> dict[str, Path]:
        folder, base = Path(self.folder.text()).expanduser(), self.name.text().strip()
        return {
            row.format.name: folder / f"{base}{row.format.ending}"
            for row in self.rows
            if row.wanted
        }

    def _describe(self, result: Result) -> str:
        count = len(result.segments)
        none, one, many = self.tr("No activity"), self.tr("1 activity"), self.tr("{0} activities")
        seen = none if count == 0 else one if count == 1 else many.format(count)
        if not result.known and not count:
            return self.tr("Nothing has been recognized yet: play the video, or analyze all of it.")
        if result.corrected:
            return self.tr("{0} in {1}, as corrected by you.").format(seen, result.media.name)
        return self.tr("{0} in {1}, as {2} sees it.").format(seen, result.media.name, result.model)

    def _reason(self, row: FormatRow) -> str:
        """Return why a format cannot be had, "" where it can."""
        if row.format.needs_steps and not self._result.has_steps:
            return self.tr("Needs the steps of an analysis in this session")
        if row.format.write is None and self._result.live:
            return self.tr("Live frames are not stored: use Record > Record annotated")
        return ""

    def _refresh(self) -> None:
        files = self._files()
        for row in self.rows:
            path = files.get(row.format.name)
            written = path in self._written
            row.show_file(path.name if path else "", self._note_on(path), warns=not written)
        something = bool(self._result.known or self._result.segments)
        named = bool(self.name.text().strip()) and bool(self.folder.text().strip())
        ready = bool(files) and something and named
        self.export.setEnabled(ready and not self._running and not self._retired)

    def _note_on(self, path: Path | None) -> str:
        """Return what is to be known of a file before it is written, or after."""
        if path is None:
            return ""
        if path in self._written:
            return self.tr("written")
        return self.tr("replaces the existing one") if _exists(path) else ""

    def _show_idle(self) -> None:
        self._running = False
        self._choices.setEnabled(True)
        self.analyze.setEnabled(True)
        self.stop.setText(self.tr("Close"))
        self._status.setText("")
        self._bar.hide()
        self.show_in_folder.hide()

    def _connect(self) -> None:
        self.name.textChanged.connect(self._refresh)
        self.folder.textChanged.connect(self._refresh)

    def _choose_folder(self) -> None:
        ask_folder(self, self.folder.setText, self.tr("Export into"), self.folder.text())

    def _new_part_note(self) -> QWidget:
        note = QFrame()
        note.setObjectName("note")
        in_row((self._part, 1), self.analyze, margins=(14, 8, 10, 8), on=note)
        return note

    def _new_choices(self) -> QWidget:
        choices = QWidget()
        card = as_card(QWidget())
        in_column(*self.rows, spacing=12, margins=(18, 16, 18, 16), on=card)
        where = QGridLayout()
        where.setHorizontalSpacing(10)
        where.setVerticalSpacing(8)
        for line, (text, field) in enumerate(
            ((self.tr("&Name"), self.name), (self.tr("&Folder"), self.folder))
        ):
            label = QLabel(text)
            label.setBuddy(field)
            where.addWidget(label, line, 0)
        where.addWidget(self.name, 0, 1, 1, 2)
        where.addWidget(self.folder, 1, 1)
        where.addWidget(self._choose, 1, 2)
        in_column(card, where, spacing=14, margins=0, on=choices)
        return choices

    def _lay_out(self) -> None:
        title = enlarge(QLabel(self.tr("Export")))
        head = in_column(title, self._about, spacing=2)
        foot = in_row((self._status, 1), self.show_in_folder, self.stop, self.export, spacing=10)
        above = (head, self.errors, self._part_note, self._choices)
        in_column(*above, STRETCH, self._bar, foot, spacing=14, margins=(20, 18, 20, 18), on=self)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long
        return False
