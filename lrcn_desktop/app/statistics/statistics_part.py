"""The statistics as an ability of the window: they follow the segments, and are saved as CSV."""

from functools import partial
from pathlib import Path

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.statistics.statistics_panel import StatisticsPanel
from lrcn_desktop.app.widgets.banner import NoteBanner
from lrcn_desktop.app.widgets.file_dialogs import ask_new_file
from lrcn_desktop.recognition.statistics import Statistics, statistics, write_statistics

_LOOK = 0.5  # seconds between updates


class StatisticsPart(Part):
    """Keeps the side's tab up to date while it is in front.

    Attributes:
        panel: The tab.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._document = host.document
        self.panel = StatisticsPanel()
        self._stale, self._note = True, NoteBanner(calm=True)
        host.places.add_notice(self._note)
        host.places.add_to_side(self.panel, self.tr("Statistics"))
        self.panel.save_wanted.connect(self._ask_file)
        for changed in (self._document.segments_changed, self._document.source_changed):
            changed.connect(self._grow_stale)
        host.ticker.every(_LOOK, self._look)

    def statistics(self) -> Statistics:
        """Return the statistics of what is open, as it stands."""
        return statistics(self._document.segments, self._document.covered)

    def _grow_stale(self) -> None:
        self._stale = True

    def _look(self) -> None:
        if self._stale and self.panel.isVisible():
            self._stale = False
            self.panel.show_statistics(self.statistics(), self._document.classes)

    def _ask_file(self) -> None:
        result = self._document.result()
        if result is not None:
            ask_new_file(
                self._host.window,
                self.tr("Save statistics"),
                f"{result.base}.statistics.csv",
                [self.tr("Tables (*.csv)")],
                self.save,
            )

    def save(self, file: str) -> None:
        """Write the statistics to a file."""
        self._host.worker.run(
            partial(write_statistics, Path(file), self.statistics()),
            lambda _: self._note.show_note(self.tr("Saved {0}").format(Path(file).name)),
            self._host.show_error,
            "save statistics",
        )
