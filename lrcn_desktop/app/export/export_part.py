"""Exporting as an ability of the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from lrcn_desktop.app.export.dialog import ExportDialog
from lrcn_desktop.app.export.job import ExportJob, Outcome
from lrcn_desktop.app.export.segment_clip import SegmentClip
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.confirm import LeaveQuestion

CHOSEN: Setting[list[object]] = Setting("export/formats", ["segments"])  # what was chosen last
FOLDER = Setting("export/folder", "")  # where the last ones went
_PROGRESS = 0.1  # seconds between looks at how far an export is
_LOOK = 0.5  # seconds between looks at what there is to export


class ExportPart(Part):
    """Adds File > Export..., asks what is wanted, and has it written in the background.

    Attributes:
        dialog: The one that is open, or None.
        job: The export that runs, or None.
        clip: Saves a segment alone.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document, self._settings = host.document, host.settings
        self.dialog: ExportDialog | None = None
        self.job: ExportJob | None = None
        self._leave = LeaveQuestion(host.window)
        host.document.source_changed.connect(self._show_source)
        host.ticker.every(_PROGRESS, self._show_progress)
        host.ticker.every(_LOOK, self._show_result)
        menus = host.menus
        text = self.tr("&Export...")
        menus.add(menus.file, text, self.open, "Ctrl+E", needs="source", before=menus.quit)
        self.clip = SegmentClip(host, self)
        menus.file.insertSeparator(menus.quit)

    def open(self) -> None:
        """Show the dialog for what is open."""
        result = self._document.result()
        if self.dialog is None and result is not None:
            chosen = self._settings.get(CHOSEN)
            ticked = [name for name in chosen if isinstance(name, str)]
            folder = result.folder(self._settings.get(FOLDER))
            dialog = ExportDialog(result, ticked, folder, self._host.window)
            dialog.wanted.connect(self._export)
            dialog.cancelled.connect(self.cancel)
            dialog.analyze_wanted.connect(self._document.analyze)
            dialog.finished.connect(self._closed)
            self.dialog = dialog
            dialog.show()
        elif self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()

    def cancel(self) -> None:
        """Give up the export that runs; nothing half-written stays."""
        if self.job is not None:
            self.job.cancel()

    def _show_source(self) -> None:
        """Close the dialog, which was about another source, unless it is still at work."""
        if self.dialog is not None and self.job is None:
            self.dialog.reject()
        elif self.dialog is not None:
            self.dialog.retire()

    def _show_progress(self) -> None:
        if self.dialog is not None and self.job is not None:
            self.dialog.show_running(self.job.share)

    def _show_result(self) -> None:
        if self.dialog is None or self.job is not None:
            return
        result = self._document.result()
        if result is not None:
            self.dialog.show_result(result, self._analyzing())

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether nothing is being written; else ask."""
        if self.job is None:
            return True
        return self._leave.agreed(
            close,
            self.tr("Quit while a video is being written?"),
            self.tr("The export is cancelled, and its file is not written."),
            self.tr("Quit"),
            self.tr("Continue"),
        )

    def close(self) -> None:
        """Give up what runs."""
        self.cancel()
        self.clip.cancel()
        if self.dialog is not None:
            self.dialog.done(QDialog.DialogCode.Rejected)

    def _export(self, files: dict[str, Path]) -> None:
        result = self._document.result()
        if result is None or self.job is not None or self.dialog is None:
            return
        chosen: list[object] = [*sorted(files)]
        self._settings.set(CHOSEN, chosen)
        self._settings.set(FOLDER, str(next(iter(files.values())).parent))
        self.job = job = ExportJob(result, files)
        self.dialog.show_running(None)
        self._host.worker.run(job.run, self._written, self._failed, "export")

    def _written(self, outcome: Outcome) -> None:
        self.job = None
        self._leave.dismiss()
        if self.dialog is not None:
            self.dialog.show_outcome(outcome)

    def _failed(self, sentence: str) -> None:
        self._written(Outcome(error=sentence))

    def _closed(self) -> None:
        self.dialog = None

    def _analyzing(self) -> str:
        """Return how far the analysis is that runs, "" where none does."""
        analysis, history = self._document.analysis, self._document.history
        if not self._document.analyzing or analysis is None or history is None:
            return ""
        share = min(analysis.position / history.duration, 1.0) if history.duration else 0.0
        return self.tr("The rest is being analyzed, {0:.0f} %").format(100 * share)
